"""Who brought the revenue, by four answers side by side; none of them is the truth.

First touch (who brought the person), last touch (the last source that was not direct, within thirty days),
what customers said, and what platforms claim of leads. --position adds 40/20/40 over all touches. Where too
few ordered there are sums and no share.

examples:
  firsthand attribution
  firsthand attribution --days 90 --position
  firsthand attribution --language fr --page attribution.html
  firsthand attribution --json
"""

import argparse

from pipelines import config
from pipelines.home import Home
from pipelines.ownership import shown


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--days", type=_days, default=365, help="how many, up to the published day (365)")
    parser.add_argument("--position", action="store_true", help="a column more: first 40, last 40, others 20")
    shown.options(parser, "one JSON object a source, then one a platform")


def _days(text: str) -> int:
    days = int(text)
    if days < 1:
        raise argparse.ArgumentTypeError("1 or more")
    return days


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines.ownership import attribution, attribution_page

    settings = config.read(home)
    language = args.language or settings.language
    found = attribution.run(home, args.days)
    page = attribution_page.page(found, settings.company, settings.currency, language, args.position)
    shown.show(args, page, (*found.sources, *found.claims), language)
    return 0
