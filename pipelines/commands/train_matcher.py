"""Learn from your own records what each agreement is worth, beside the weights that ship with Firsthand.

Never part of a run, and never needed: the shipped weights serve. What is learned goes into a numbered
file in data/matcher/ and is used once `matching: {weights: ...}` in firsthand.yaml names it. Splink
learns on pairs that share a key (two keys at least). Keys nearly constant or too empty, a prior that
cannot be and weights without sense are refused.

examples:
  firsthand train-matcher --dry-run
  firsthand train-matcher --key email --key first_name,last_name --recall 0.6
"""

import argparse
import sys

from pipelines import config
from pipelines.home import Home


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--key", action="append", default=[], metavar="COLUMN[,COLUMN]", help="learn on pairs equal in these"
    )
    parser.add_argument(
        "--recall", type=float, help="what share of true pairs the surest rules find, a guess (default: 0.7)"
    )
    parser.add_argument("--most-pairs", type=int, help="the most pairs a key may make (default: 5,000,000)")
    parser.add_argument("--dry-run", action="store_true", help="show the weights, write nothing")
    parser.add_argument("--language", choices=["fr", "en"], help="default: as configured")


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines.training import Refused, table
    from pipelines.warehouse_file import WarehouseBusy

    language = args.language or config.read(home).language
    try:
        return _train(args, home, language)
    except Refused as refused:
        print(f"firsthand: {refused}", file=sys.stderr)
    except WarehouseBusy:
        print(f"firsthand: {table.WORDS[language]['busy']}", file=sys.stderr)
    return 1


def _train(args: argparse.Namespace, home: Home, language: str) -> int:
    from pipelines import clock
    from pipelines.resemblance import weights
    from pipelines.training import em, kept, keys, lessons, prior, records, table

    words = table.WORDS[language]
    shipped = weights.read()
    with records.taken(home) as con:
        expected = prior.count(con, prior.RECALL if args.recall is None else args.recall)
        _say(
            f"{expected.records:,} records; {expected.others:.1f} others of the same person each, as a guess"
        )
        fit, unfit = keys.choose(con, args.key, args.most_pairs or keys.MOST_PAIRS)
        for fault in unfit:
            _say(f"left out: {fault}")
        drawn = lessons.draw(em.learn(con, fit, expected, _say), shipped)
    print("\n".join(table.lines(drawn, language)))
    if args.dry_run:
        print(f"\n{words['dry_run']}")
        return 0
    path = kept.write(home, drawn, shipped.threshold, expected, fit, clock.today(config.read(home)))
    print(f"\n{words['written'].format(path=path.relative_to(home.root))}")
    return 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
