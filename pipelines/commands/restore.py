"""Bring a backup into an empty folder; it never overwrites a warehouse. `firsthand run` builds the rest.

A backup knows only the erasures before it: ask again for those since.

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
    parser.add_argument("--dry-run", action="store_true", help="check every byte, write nothing")


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines import backup
    from pipelines.archive import BackupRefused
    from pipelines.commands.backup import contents

    home.root.mkdir(parents=True, exist_ok=True)
    try:
        made = backup.restore(home, args.file, config.secrets(home), dry_run=args.dry_run)
    except BackupRefused as refusal:
        raise ConfigError(str(refusal)) from None
    print(contents(made))
    print("it is whole; nothing was written" if args.dry_run else "restored; next: `firsthand run`")
    return 0
