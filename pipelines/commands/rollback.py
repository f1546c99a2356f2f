"""Show an older publication again, in one step; readers see no error.

It is looked through for anybody erased first. The next run publishes anew: put right what was wrong before,
or hold the schedules.

examples:
  firsthand rollback --dry-run              what is kept, and which would be shown
  firsthand rollback                        the one before
  firsthand rollback --to 000012
"""

import argparse
import sys

from pipelines.home import Home


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", metavar="SNAPSHOT", help="its name or its number (default: the one before)")
    parser.add_argument("--dry-run", action="store_true", help="look at it, show nothing")


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines import rollback
    from pipelines.company import Company
    from pipelines.config import ConfigError
    from pipelines.keyed import MissingKey
    from pipelines.mirror.server import MirrorFailed
    from pipelines.warehouse_file import WarehouseBusy

    company = Company.at(home)
    for one in rollback.kept(company):
        mark = "  <- shown" if one.is_shown else ""
        print(f"{one.name}  {one.customers:>9,} customers  built {one.built_at[:16]}{mark}")
    try:
        chosen = rollback.roll_back(company, args.to, dry_run=args.dry_run)
    except rollback.RollbackRefused as refusal:
        print(f"firsthand: {refusal}", file=sys.stderr)
        return 1
    except MirrorFailed as failed:
        shown = next(one.name for one in rollback.kept(company) if one.is_shown)
        print(f"{shown} is shown now; the next run publishes anew")
        print(f"firsthand: the mirror is as it was: {failed}", file=sys.stderr)
        return 1
    except WarehouseBusy:
        print("firsthand: a run holds the warehouse: wait for its end, nothing was changed", file=sys.stderr)
        return 1
    except MissingKey as missing:
        raise ConfigError(str(missing)) from None
    if args.dry_run:
        print(f"{chosen.name} would be shown; nothing was changed")
    else:
        print(f"{chosen.name} is shown now; the next run publishes anew")
    return 0
