"""Bring a backup into an empty folder; it never overwrites a warehouse. `firsthand run` builds the rest.

A backup knows only the erasures before it. With --erasures, a copy of data/state/erasures.jsonl, whoever was
erased since stays out as well.

examples:
  firsthand --home /srv/maison restore /mnt/safe/maison.backup
  firsthand --home /srv/maison restore /mnt/safe/maison.backup --dry-run    is it whole, can it be opened
"""

import argparse
from pathlib import Path

from pipelines import config
from pipelines.config import ConfigError
from pipelines.home import Home


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--erasures", type=Path, help="the newest copy of erasures.jsonl")
    parser.add_argument("--dry-run", action="store_true", help="check every byte, write nothing")


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines import audit_trail, backup
    from pipelines.archive import BackupRefused
    from pipelines.commands.backup import contents

    home.root.mkdir(parents=True, exist_ok=True)
    try:
        made = backup.restore(
            home, args.file, config.secrets(home), erasures=args.erasures, dry_run=args.dry_run
        )
    except BackupRefused as refusal:
        raise ConfigError(str(refusal)) from None
    print(contents(made))
    if args.dry_run:
        print("it is whole; nothing was written")
        return 0
    audit_trail.note_by_hand(home, "restore", {"made_at": made.made_at.isoformat()})
    if not args.erasures:
        print(
            "erased since it was made? Then bring their ledger: --erasures FILE, into an empty folder again"
        )
    print("restored; next: `firsthand run`")
    return 0
