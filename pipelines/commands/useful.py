"""What was seen against what was useful: campaigns and posts from reach to the revenue of those they brought.

Loud but empty: much seen, little sold. Quiet but fertile: the reverse. Both only of what ended ninety days
ago and has 30 leads or 10 orders. Whether applause sells is told over eight campaigns or more, and not where
more than 40 % of revenue is of unknown source.

examples:
  firsthand useful
  firsthand useful --language fr --page useful.html
  firsthand useful --json
"""

import argparse
import json
from pathlib import Path

from pipelines import config
from pipelines.home import Home


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--page", type=Path, metavar="FILE", help="write the printable page: FILE.html")
    parser.add_argument("--json", action="store_true", help="one JSON object a campaign, the sums first")
    parser.add_argument("--language", "--lang", choices=["fr", "en"], help="default: as configured")


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines.ownership import useful, useful_page
    from pipelines.ownership.words import WORDS
    from pipelines.paper import html, text

    settings = config.read(home)
    language = args.language or settings.language
    found = useful.run(home, settings)
    page = useful_page.page(found, settings.company, language)
    if args.json:
        for row in ({"status": found.status, **found.applause}, *found.campaigns):
            print(json.dumps(row, default=str, ensure_ascii=False))
    else:
        print(text.write(page))
    if args.page:
        html.save(args.page, page)
        print(WORDS[language]["page"].format(file=args.page))
    return 0
