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

from pipelines import config
from pipelines.home import Home
from pipelines.ownership import shown


def add(parser: argparse.ArgumentParser) -> None:
    shown.options(parser, "one JSON object a campaign, the sums first")


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines.ownership import useful, useful_page

    settings = config.read(home)
    language = args.language or settings.language
    found = useful.run(home, settings)
    page = useful_page.page(found, settings.company, language)
    shown.show(args, page, ({"status": found.status, **found.applause}, *found.campaigns), language)
    return 0
