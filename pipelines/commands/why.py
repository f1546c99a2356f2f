"""Why two records are one person, or why they are two: the links between them, and what each is worth.

A and B are records (platform:account:object:key, as `firsthand customer` shows them), customer numbers,
e-mail addresses or phone numbers. A number stands for the record it came with, so an old number and the one
that answers for it show how the two were merged. Reads the private warehouse, and prints names and
addresses.

examples:
  firsthand why files:files:lead:17 shopify:maison.myshopify.test:customer:2
  firsthand why marie@maison.example "06 39 98 12 34" --language fr
"""

import argparse
import sys

from pipelines import config
from pipelines.home import Home


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("one", metavar="A", help="a record, customer number, e-mail address or phone number")
    parser.add_argument("other", metavar="B")
    parser.add_argument("--language", choices=["fr", "en"], help="default: as configured")


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines.warehouse_file import WarehouseBusy
    from pipelines.why import case, shown, whom
    from pipelines.why.words import say

    settings = config.read(home)
    language = args.language or settings.language
    try:
        with whom.opened(home) as con:
            found = case.explain(con, args.one, args.other, settings.phone_regions)
    except whom.Unclear as unclear:
        print(say(language, unclear.key, **unclear.values))
        return 1
    except WarehouseBusy:
        print(f"firsthand: {say(language, 'busy')}", file=sys.stderr)
        return 1
    print("\n".join(shown.lines(found, language)))
    return 0
