"""Make a company's folder: firsthand.yaml with every setting explained, .env for the secrets, the inbox.

Nothing that is already there is touched.

example:
  firsthand --home /srv/maison init
"""

import argparse
import secrets
from pathlib import Path

from pipelines.home import Home
from pipelines.places import ROOT

MADE_HERE = ("FIRSTHAND_KEY", "FIRSTHAND_BACKUP_KEY")


def add(parser: argparse.ArgumentParser) -> None:
    """No arguments of its own."""


def run(args: argparse.Namespace, home: Home) -> int:
    home.root.mkdir(mode=0o750, parents=True, exist_ok=True)
    wrote = [
        _write(home.config, (ROOT / "firsthand.yaml").read_text(encoding="utf-8")),
        _write(home.env_file, with_own_keys((ROOT / ".env.example").read_text(encoding="utf-8")), 0o600),
    ]
    for folder in (home.webhooks, home.files, home.commands, home.outbox, home.state, home.serving):
        print(f"folder   {folder}")
    print(f"\nNext: edit {home.config}, put secrets into {home.env_file}, then `firsthand doctor`.")
    if wrote[1]:
        print(f"Keep a copy of {' and '.join(MADE_HERE)} outside this machine: they were made just now.")
    return 0


def with_own_keys(example: str) -> str:
    """The example, its own two keys filled: nobody else issues them, and doctor asks for them."""
    for name in MADE_HERE:
        example = example.replace(f"\n{name}=\n", f"\n{name}={secrets.token_hex(32)}\n")
    return example


def _write(path: Path, content: str, mode: int = 0o640) -> bool:
    if path.exists():
        print(f"kept     {path}")
        return False
    path.touch(mode=mode)
    path.write_text(content, encoding="utf-8")
    print(f"written  {path}")
    return True
