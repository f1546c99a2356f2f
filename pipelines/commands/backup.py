"""Save what cannot be pulled again, in one file: raw with its first-seen times, quarantine, erasures, inbox.

Encrypted with FIRSTHAND_BACKUP_KEY. Neither .env nor rotating tokens are in it (--with-tokens adds those);
keep FIRSTHAND_KEY and FIRSTHAND_BACKUP_KEY elsewhere. Whatever dbt builds is built again after a restore.

examples:
  firsthand backup                                   into ./firsthand-<company>-<time>.backup
  firsthand backup /mnt/safe/maison.backup
  firsthand backup --dry-run                         what would be in it
"""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import config
from pipelines.config import ConfigError
from pipelines.home import Home

if TYPE_CHECKING:
    from pipelines.backup import Backup


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--plain", action="store_true", help="not encrypted: guard the file yourself")
    parser.add_argument("--with-tokens", action="store_true", help="rotating tokens as well")
    parser.add_argument("--dry-run", action="store_true", help="write nothing")


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines import audit_trail, backup
    from pipelines.archive import BackupRefused

    now = datetime.now(UTC)
    name = "".join(c if c.isalnum() else "-" for c in config.read(home).company.lower())
    target = args.file or Path(f"firsthand-{name}-{now:%Y%m%dT%H%M%S}.backup")
    try:
        made = backup.write(
            home,
            target,
            config.secrets(home),
            now,
            plain=args.plain,
            with_tokens=args.with_tokens,
            dry_run=args.dry_run,
        )
    except BackupRefused as refusal:
        raise ConfigError(str(refusal)) from None
    print(contents(made))
    if args.dry_run:
        print("nothing was written")
        return 0
    audit_trail.note_by_hand(home, "backup", {"encrypted": made.is_encrypted, "made_at": now.isoformat()})
    print(f"{target}: {made.bytes / 1024**2:.1f} MB")
    return 0


def contents(made: "Backup") -> str:
    """What is in it, on a few lines."""
    rows, sealed = sum(made.tables.values()), "encrypted" if made.is_encrypted else "NOT encrypted"
    return (
        f"{rows:,} rows of {len(made.tables)} tables, {len(made.files)} files, "
        f"of {made.made_at:%Y-%m-%d %H:%M} UTC, {sealed}"
    )
