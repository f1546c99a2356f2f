"""Leads: days until platforms delete what we have not read, and what they sold against what landed, by form.

Ends with 1 where a stream is late (fewer than seven days), was never read to its end, or a lead is missing.

examples:
  firsthand leads
  firsthand leads --language fr --page leads.html
  firsthand leads --json
"""

import argparse
import json
from pathlib import Path

from pipelines.home import Home

ALARMING = ("late", "lost", "never")


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--page", type=Path, metavar="FILE", help="write the printable page: FILE.html")
    parser.add_argument("--json", action="store_true", help="one JSON object a line: streams, then forms")
    parser.add_argument("--language", "--lang", choices=["fr", "en"], help="default: as configured")


def run(args: argparse.Namespace, home: Home) -> int:
    from datetime import UTC, datetime

    from pipelines.company import Company
    from pipelines.ownership import leads, leads_page
    from pipelines.ownership.words import WORDS
    from pipelines.paper import html, text

    company = Company.at(home)
    language = args.language or company.config.language
    # As freshness: how long ago a read was is the machine's to say, whatever day the company is given.
    watch = leads.run(company, datetime.now(UTC))
    page = leads_page.page(watch, company.config.company, language)
    if args.json:
        for row in (*watch.streams, *watch.forms):
            print(json.dumps(row, default=str, ensure_ascii=False))
    else:
        print(text.write(page))
    if args.page:
        html.save(args.page, page)
        print(WORDS[language]["page"].format(file=args.page))
    is_missing = any(form["missing"] for form in watch.forms)
    return 1 if is_missing or any(row["status"] in ALARMING for row in watch.streams) else 0
