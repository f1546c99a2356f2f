"""Would switching a channel off for some weeks tell what it brings? And afterwards: what did it tell?

Without dates a plan: how large a loss two, four and eight weeks would show, from how much the weeks before
varied. With the days of a pause, what was sold against what was to be expected, its interval, and a verdict:
less, more, or cannot tell. With --country the channel is off there, and the other countries are what it is
held against. Below eight weeks or 30 orders it refuses.

examples:
  firsthand holdout meta
  firsthand holdout google --country BE --page pause.html
  firsthand holdout google --from 2026-10-05 --to 2026-10-18
"""

import argparse
from dataclasses import asdict
from datetime import date

from pipelines import config
from pipelines.config import ConfigError
from pipelines.home import Home
from pipelines.ownership import shown


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("platform", nargs="+", help="what is off, as in drill: meta, google, brevo ...")
    parser.add_argument("--from", dest="first", type=date.fromisoformat, metavar="DAY", help="first day off")
    parser.add_argument("--to", dest="last", type=date.fromisoformat, metavar="DAY", help="last day off")
    parser.add_argument(
        "--country", nargs="+", default=[], metavar="CC", help="where it is off; else everywhere"
    )
    shown.options(parser, "all of it as one JSON object")


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines.ownership import holdout, holdout_page, losses, published

    if (args.first is None) != (args.last is None):
        raise ConfigError("--from and --to go together")
    settings = config.read(home)
    language = args.language or settings.language
    countries = [country.upper() for country in args.country]
    found = holdout.run(home, losses.of(args.platform, settings), countries, args.first, args.last)
    page = holdout_page.page(found, published.day_of(home), settings.company, language)
    shown.show(args, page, [asdict(found)], language)
    return 0
