"""How much hangs on one platform: the index, concentration, what is your own; month by month.

No index is told where more than 40 % is of unknown source, or of fewer than 30 new customers in the year. The
index of each month is kept, for whom only a platform reached is known of today alone: run it once a month.

examples:
  firsthand dependence
  firsthand dependence --language fr --page dependence.html
  firsthand dependence --json
"""

import argparse
import json
from pathlib import Path

from pipelines import config
from pipelines.home import Home

SUBJECT = "dependence"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--page", type=Path, metavar="FILE", help="write the printable page: FILE.html")
    parser.add_argument("--json", action="store_true", help="one JSON object a month, the last is today's")
    parser.add_argument("--language", "--lang", choices=["fr", "en"], help="default: as configured")


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines.ownership import dependence, dependence_page, kept
    from pipelines.ownership.words import WORDS
    from pipelines.paper import html, text

    settings = config.read(home)
    language = args.language or settings.language
    found = dependence.run(home, settings)
    earlier = kept.earlier(home, SUBJECT, found.day)
    kept.keep(home, SUBJECT, found.day, found.figures())
    page = dependence_page.page(found, earlier, settings.company, language)
    if args.json:
        for month in found.months:
            print(json.dumps(month, default=str))
    else:
        print(text.write(page))
    if args.page:
        html.save(args.page, page)
        print(WORDS[language]["page"].format(file=args.page))
    return 0
