"""The owner's letter: what changed in a month, in plain words, and the three acts worth most.

Who came, what was ordered, what it cost and what campaigns brought, beside the month before and the same
month a year ago; every figure names its table and the command that tells more. The acts: win over those whom
only a platform reaches, ask again before permissions end, read leads before they vanish, stop paying for what
was loud but empty; those with most at stake in twelve months come first. Each letter's sums are kept for the
next.

examples:
  firsthand letter
  firsthand letter --month 2026-10 --language fr --page letter.html
  firsthand letter --json
"""

import argparse
from datetime import date, datetime

from pipelines.home import Home
from pipelines.ownership import shown


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--month", type=_month, metavar="YYYY-MM", help="default: the last that has ended")
    shown.options(parser, "the sums, then one JSON object a month, an act, a campaign")


def _month(text: str) -> date:
    return datetime.strptime(text, "%Y-%m").date()


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines import clock
    from pipelines.commands.dependence import SUBJECT
    from pipelines.company import Company
    from pipelines.ownership import kept, letter, letter_page

    company = Company.at(home)
    language = args.language or company.config.language
    found = letter.run(company, args.month, clock.ingest_time())
    earlier = kept.earlier(home, SUBJECT, found.day)
    kept.keep(home, SUBJECT, found.day, found.figures())
    page = letter_page.page(found, earlier, company.config.company, language)
    told = {"day": found.day, **found.figures()}
    shown.show(args, page, (told, *found.months, *found.acts, *found.campaigns), language)
    return 0
