"""Before a rule, a list or a threshold is changed: who would merge, who would part, which numbers redirect.

It takes the records of the last run, matches them anew as you would have it, and compares. The rules are
those of the code as it is, so an edited rule needs no option. Everything happens in a private folder (under
TMPDIR) that is removed afterwards; nothing of the company is written. See docs/identity.md.

examples:
  firsthand preview --threshold 13
  firsthand preview --seed role_addresses=mine.csv --limit 20
  firsthand preview --config changed.yaml --json
  firsthand preview                       a rule was edited in dbt_project, or Firsthand itself is newer
"""

import argparse
import dataclasses
import json
import signal
import sys
from pathlib import Path

from pipelines.config import ConfigError
from pipelines.home import Home


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--threshold", type=float, metavar="BITS", help="matching.threshold_bits to try")
    parser.add_argument("--weights", type=Path, metavar="FILE", help="weights of `firsthand train-matcher`")
    parser.add_argument(
        "--seed", action="append", default=[], metavar="NAME=FILE.csv", help="a list to try in place of ours"
    )
    parser.add_argument("--most-per-key", type=int, metavar="N", help="matching.most_per_key to try")
    parser.add_argument("--config", type=Path, metavar="FILE", help="a changed firsthand.yaml")
    parser.add_argument("--limit", type=int, default=10, help="examples of each; 0: all (default: 10)")
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.add_argument("--language", choices=["fr", "en"], help="default: as configured")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the warehouse it was done in")


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines.company import Company
    from pipelines.matching import MatchError
    from pipelines.matching.engine import EngineFailed
    from pipelines.previewing import changes, words
    from pipelines.previewing.preview import preview

    # Ended by a signal, the folder with everybody's data is removed as well.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if args.limit < 0:
        raise ConfigError("--limit: 0 shows all")
    company = Company.at(home)
    wanted = changes.read(
        home,
        company.config,
        settings=args.config,
        threshold=args.threshold,
        most_per_key=args.most_per_key,
        weights_file=args.weights,
        lists=args.seed,
    )
    try:
        found = preview(company, wanted, limit=args.limit, keep=args.keep, say=_say)
    except EngineFailed as failure:
        _say(f"firsthand: {failure}")
        return 1
    except MatchError as error:
        raise ConfigError(str(error)) from None
    if args.json:
        print(json.dumps({"tried": wanted.told, **dataclasses.asdict(found)}, ensure_ascii=False, indent=1))
    else:
        threshold = wanted.config.matching.threshold_bits
        language = args.language or company.config.language
        print("\n".join(words.report(found, wanted.told, threshold, language)))
    return 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
