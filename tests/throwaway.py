"""Folders that a process of tests makes once and no single test owns; they go when pytest's own go."""

import tempfile
from pathlib import Path

# conftest.py says where; whoever is no test (benchmarks share a harness) has the machine's temporary folder.
BELOW: list[Path] = []


def folder(what: str) -> Path:
    return Path(tempfile.mkdtemp(prefix=f"{what}-", dir=BELOW[-1] if BELOW else None))
