"""How much hangs on one platform: the index, concentration, what is your own; month by month.

No index is told where more than 40 % is of unknown source, or of fewer than 30 new customers in the year. The
index of each month is kept, for whom only a platform reached is known of today alone: run it once a month.

examples:
  firsthand dependence
  firsthand dependence --language fr --page dependence.html
  firsthand dependence --json
"""

import argparse

from pipelines import config
from pipelines.home import Home
from pipelines.ownership import shown

SUBJECT = "dependence"


def add(parser: argparse.ArgumentParser) -> None:
    shown.options(parser, "the audience, then one JSON object a source and a month, the last is today's")


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines.ownership import dependence, dependence_page, kept

    settings = config.read(home)
    language = args.language or settings.language
    found = dependence.run(home, settings)
    earlier = kept.earlier(home, SUBJECT, found.day)
    kept.keep(home, SUBJECT, found.day, found.figures())
    page = dependence_page.page(found, earlier, settings.company, language)
    shown.show(args, page, (found.audience(), *found.sources, *found.months), language)
    return 0
