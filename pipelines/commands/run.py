"""One run: read what is configured, land it and the inbox, build, publish, judge.

What can be published is published even where a platform fails; then the run ends red (exit code 1) and
an alert goes out. A run with nothing new ends within seconds.

examples:
  firsthand run
  firsthand run --only meta                 one platform; the rest is built from what is there
  firsthand run --only meta/leads --full    everything the platform still holds
  firsthand run --rebuild-identity          who is who, computed anew for everybody, as once a week anyway
  firsthand run --only meta/leads --backfill --from 2026-01-01    again from a day; cursors stay
"""

import argparse
import os
import sys
from datetime import datetime
from typing import TYPE_CHECKING

from pipelines.config import ConfigError
from pipelines.home import Home

if TYPE_CHECKING:
    from pipelines.running import Outcome

RED, BOLD, PLAIN = "\033[31m", "\033[1m", "\033[0m"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", metavar="PLATFORM[/STREAM]", help="read only this one, e.g. meta/leads")
    parser.add_argument("--full", action="store_true", help="read everything, as on the first day")
    parser.add_argument("--backfill", action="store_true", help="read again from --from on; cursors stay")
    parser.add_argument("--from", dest="since", metavar="DAY", help="ISO day or time, with --backfill")
    parser.add_argument("--rebuild-identity", action="store_true", help="compute anew who is who")


def run(args: argparse.Namespace, home: Home) -> int:
    since = _since(args)
    from pipelines.company import Company

    company = Company.at(home)
    only = company.chosen(args.only) if args.only else None
    from pipelines import running
    from pipelines.extract import Pull
    from pipelines.warehouse import Build

    try:
        pull, build = Pull(full=args.full, backfill_from=since), Build(rebuild_identity=args.rebuild_identity)
        outcome = running.run(company, only, pull, build)
    except KeyboardInterrupt:
        print("\nfirsthand: stopped; nothing is lost, the next run goes on from here", file=sys.stderr)
        # Threads may wait minutes for a platform; any moment is safe to die at.
        os._exit(130)
    print(summary(outcome, is_colored=sys.stdout.isatty()))
    return 0 if outcome.succeeded else 1


def _since(args: argparse.Namespace) -> str | None:
    """Checked before anything starts."""
    if bool(args.backfill) != bool(args.since):
        raise ConfigError("--backfill and --from go together: --backfill --from 2026-01-01")
    if args.since and args.full:
        raise ConfigError("--full reads everything: leave --backfill away")
    if args.since:
        try:
            datetime.fromisoformat(args.since)
        except ValueError as error:
            raise ConfigError(f"--from {args.since} is no ISO day such as 2026-01-01") from error
    return args.since


def summary(outcome: "Outcome", is_colored: bool = False) -> str:
    """What the run did, on one screen."""
    red, bold, plain = (RED, BOLD, PLAIN) if is_colored else ("", "", "")
    lines = [f"{bold}{'stream':<22}{'read':>10}{'new':>10}{'refused':>10}{'seconds':>10}{plain}"]
    for word, stream in sorted(outcome.streams.items()):
        read = "" if stream.read is None else f"{stream.read:,}"
        line = f"{word:<22}{read:>10}{stream.new:>10,}{stream.refused:>10,}{stream.seconds:>10.1f}"
        lines.append(f"{red}{line}  FAILED{plain}" if stream.trouble else line)
    for word, stream in sorted(outcome.streams.items()):
        lines += [f"{red}FAILED {word}: {text}{plain}" for text in stream.trouble]
    lines += [f"{red}FAILED {text}{plain}" for text in outcome.troubles]
    lines.append("")
    lines.append(_customers(outcome))
    color, word = ("", "green") if outcome.succeeded else (red, "RED: see above")
    lines.append(f"{color}run {outcome.run_id[:8]}: {word}{plain}")
    return "\n".join(lines)


def _customers(outcome: "Outcome") -> str:
    before, after = (_count(m) for m in (outcome.before, outcome.after))
    if not outcome.after:
        return "nothing is published yet"
    snapshot = outcome.after.get("snapshot", "?")
    if outcome.before.get("snapshot") == snapshot:
        return f"nothing new: {after} customers, publication {snapshot} stays"
    grown = f" (before: {before})" if outcome.before else ""
    changed = outcome.after.get("changes") or {}
    told = ", ".join(f"{count:,} {kind}" for kind, count in changed.items() if kind != "since")
    if lost := outcome.after.get("not_compared_with"):
        told = f"not known, {lost} cannot be read"
    return f"{after} customers{grown}, publication {snapshot}" + (f"\nsince the last: {told}" if told else "")


def _count(manifest: dict) -> str:
    count = manifest.get("counts", {}).get("customers")
    return "?" if count is None else f"{count:,}"
