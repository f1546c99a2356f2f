"""The funnel: who reaches the next stage and in how many days, how long people stay, who came and who left.

Rates come with the interval in which the true one lies in 95 of 100 cases, and with the share that was taken
back by refunds. Of fewer than 30 people no rate is shown, nor of a cohort that has not had the time. With
--as-of the same is asked of any day in the past, with all that is known today: that two records are one
person is in it, though it was learned later.

examples:
  firsthand funnel
  firsthand funnel --as-of 2026-06-30
  firsthand funnel --table conversion --cohorts
  firsthand funnel --table flow --csv > flow.csv
"""

import argparse
import json
from datetime import date

from pipelines import config
from pipelines.config import ConfigError
from pipelines.home import Home

TABLES = ("conversion", "stays", "flow")


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as-of", type=date.fromisoformat, metavar="DAY", help="default: that of the last run"
    )
    parser.add_argument("--table", choices=TABLES, help="default: all three; conversion for --json and --csv")
    parser.add_argument("--cohorts", action="store_true", help="every month of entry, not only all together")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help="one JSON object a line, every column and row")
    how.add_argument("--csv", action="store_true", help="the same as CSV")
    parser.add_argument("--language", choices=["fr", "en"], help="default: as configured")


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines import clock, funnel
    from pipelines.exporting import files

    settings = config.read(home)
    if args.as_of and args.as_of > clock.today(settings):
        raise ConfigError(f"--as-of: {args.as_of} is still to come")
    is_data = args.json or args.csv
    tables = [args.table] if args.table else ["conversion"] if is_data else list(TABLES)
    found = {table: funnel.read(home, table, args.as_of) for table in tables}
    if is_data:
        rows = found[tables[0]]
        if args.json:
            for row in rows:
                print(json.dumps(row, default=str, ensure_ascii=False))
        elif rows:
            # The mark of a file's beginning has no place in a pipe.
            print(files.as_csv(list(rows[0]), rows).decode("utf-8-sig"), end="")
        return 0
    language = args.language or settings.language
    words = funnel.WORDS[language]
    if args.as_of:
        print(words["day"].format(day=args.as_of), end="\n\n")
    print(funnel.report(found, language, with_cohorts=args.cohorts))
    print(f"\n{words['hidden']}")
    return 0
