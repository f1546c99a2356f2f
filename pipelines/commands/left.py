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

from pipelines import config
from pipelines.home import Home
from pipelines.ownership import shown


def add(parser: argparse.ArgumentParser) -> None:
    shown.options(parser, "the sums, then one object a month, cohort, campaign")


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines.ownership import left, left_page

    settings = config.read(home)
    language = args.language or settings.language
    found = left.run(home, settings)
    page = left_page.page(found, settings.company, language)
    shown.show(
        args,
        page,
        (found.figures(), *found.months, *found.cohorts, *found.assets, *found.campaigns),
        language,
    )
    return 0
