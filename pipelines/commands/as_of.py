"""Where everybody stood on any day: stage, commercial stage, activity, advocacy.

Restated, as a rule: with all that is known today, so late news and merges correct the past. With --known-on,
what we would have said that day, from nothing that reached us later; that builds a warehouse of its own,
which is thrown away, and takes as long as a build does.

examples:
  firsthand as-of 2026-06-30
  firsthand as-of 2026-06-30 --known-on 2026-07-01
  firsthand as-of 2026-06-30 --customer 3f2b7c1a-...
"""

import argparse
import json
import sys
from datetime import date

from pipelines import config
from pipelines.config import ConfigError
from pipelines.home import Home


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("day", type=date.fromisoformat, metavar="DAY")
    parser.add_argument("--known-on", type=date.fromisoformat, metavar="DAY", help="default: today")
    parser.add_argument("--customer", metavar="NUMBER", help="one customer instead of counts")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines import as_known, clock, company
    from pipelines.matching.engine import EngineFailed

    settings = config.read(home)
    for name in ("day", "known_on"):
        if (given := getattr(args, name)) and given > clock.today(settings):
            raise ConfigError(f"{given} is still to come")
    if args.known_on:
        told = as_known.as_known(
            company.Company.at(home), args.day, args.known_on, lambda text: print(text, file=sys.stderr)
        )
    else:
        told = as_known.restated(home, args.day)
    try:
        with told as con:
            rows = as_known.one(con, args.customer) if args.customer else as_known.everybody(con)
    except EngineFailed as failed:
        print(failed, file=sys.stderr)
        return 1
    if not rows:
        print("nobody was known then", file=sys.stderr)
    for row in rows:
        if args.json:
            print(json.dumps(row, default=str, ensure_ascii=False))
        elif args.customer:
            print("{axis:<17} {value:<20} {valid_from}  {cause:<17} {evidence}".format(**row))
        else:
            print("{axis:<17} {value:<20} {customers:>9,}".format(**row))
    return 0
