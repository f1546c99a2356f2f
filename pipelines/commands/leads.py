"""Leads: days until platforms delete what we have not read, and what they sold against what landed, by form.

Ends with 1 where a stream is late (fewer than seven days), was never read to its end, or a lead is missing.

examples:
  firsthand leads
  firsthand leads --language fr --page leads.html
  firsthand leads --json
"""

import argparse

from pipelines.home import Home
from pipelines.ownership import shown

ALARMING = ("late", "lost", "never")


def add(parser: argparse.ArgumentParser) -> None:
    shown.options(parser, "one JSON object a line: streams, then forms")


def run(args: argparse.Namespace, home: Home) -> int:
    from datetime import UTC, datetime

    from pipelines.company import Company
    from pipelines.ownership import leads, leads_page

    company = Company.at(home)
    language = args.language or company.config.language
    # As freshness: how long ago a read was is the machine's to say, whatever day the company is given.
    watch = leads.run(company, datetime.now(UTC))
    page = leads_page.page(watch, company.config.company, language)
    shown.show(args, page, (*watch.streams, *watch.forms), language)
    is_missing = any(form["missing"] for form in watch.forms)
    return 1 if is_missing or any(row["status"] in ALARMING for row in watch.streams) else 0
