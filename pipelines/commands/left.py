"""What the money left behind: what a contact of your own and a customer cost, what they left and may leave.

Cost per owned contact, cost of a new customer (media alone and with tools and people), the month it is paid
back, what cohorts left and still bring, what those you reach are expected to leave in a year, what part of it
hangs on paid contacts, and whether a campaign's customers went on buying when it had ended. Margin and costs:
`costs:` in firsthand.yaml. Where there is too little to tell, it says so.

examples:
  firsthand left
  firsthand left --language fr --page left.html
  firsthand left --json
"""

import argparse
import json
from pathlib import Path

from pipelines import config
from pipelines.home import Home


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--page", type=Path, metavar="FILE", help="write the printable page: FILE.html")
    parser.add_argument(
        "--json", action="store_true", help="the sums, then one object a month, cohort, campaign"
    )
    parser.add_argument("--language", "--lang", choices=["fr", "en"], help="default: as configured")


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines.ownership import left, left_page
    from pipelines.ownership.words import WORDS
    from pipelines.paper import html, text

    settings = config.read(home)
    language = args.language or settings.language
    found = left.run(home, settings)
    page = left_page.page(found, settings.company, language)
    if args.json:
        for row in (found.figures(), *found.months, *found.cohorts, *found.assets, *found.campaigns):
            print(json.dumps(row, default=str, ensure_ascii=False))
    else:
        print(text.write(page))
    if args.page:
        html.save(args.page, page)
        print(WORDS[language]["page"].format(file=args.page))
    return 0
