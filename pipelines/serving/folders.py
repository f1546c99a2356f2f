"""Snapshots on disk: built aside, shown in one step, kept for a while.

serving/.building-<name>/   being written; after a crash, removed by the next publication
serving/<name>/             complete and audited; names sort by age
serving/current             link to the one that is shown
"""

import json
import os
import shutil
from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines import one_at_a_time
from pipelines.home import Home

FILE_MODE, FOLDER_MODE = 0o640, 0o750
BUILDING, LINKING = ".building-", ".linking-"


def alone(home: Home) -> AbstractContextManager[None]:
    """One publication at a time."""
    return one_at_a_time.alone(home.state / "publish.lock")


def current(serving: Path) -> Path | None:
    """The folder that is shown; None before the first publication."""
    link = serving / "current"
    return link.resolve() if link.is_symlink() and link.exists() else None


def snapshots(serving: Path) -> list[Path]:
    """Complete ones, oldest first."""
    return sorted(
        path
        for path in serving.iterdir()
        if path.is_dir()
        and not path.is_symlink()
        and (path / "manifest.json").exists()
        and path.name[0] != "."
    )


def next_name(serving: Path, built_at: datetime) -> str:
    """A number that only grows, then the time: the clock may be given, and be the same twice."""
    numbers = [int(path.name.partition("-")[0]) for path in snapshots(serving)]
    return f"{max(numbers, default=0) + 1:06d}-{built_at:%Y%m%dT%H%M%S}"


def clear_leftovers(serving: Path) -> int:
    """Remove what a killed publication left; how many."""
    left = [path for path in serving.iterdir() if path.name.startswith((BUILDING, LINKING))]
    for path in left:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    return len(left)


def start(serving: Path, name: str) -> Path:
    folder = serving / f"{BUILDING}{name}"
    folder.mkdir(mode=FOLDER_MODE)
    folder.chmod(FOLDER_MODE)
    return folder


def finish(serving: Path, building: Path) -> Path:
    """Make the folder durable and give it its name; nobody is shown it yet."""
    for path in building.iterdir():
        path.chmod(FILE_MODE)
        sync(path)
    sync(building)
    folder = serving / building.name.removeprefix(BUILDING)
    building.rename(folder)
    sync(serving)
    return folder


def show(serving: Path, folder: Path) -> None:
    """Point `current` at it in one step: a reader sees the old one or the new one."""
    link = serving / f"{LINKING}{os.getpid()}"
    link.unlink(missing_ok=True)
    # Relative: the home may be mounted elsewhere in a container.
    link.symlink_to(folder.name)
    link.replace(serving / "current")
    sync(serving)


def prune(serving: Path, keep: int) -> list[str]:
    """Delete all but the newest `keep`, and never what `current` shows. Names of the deleted.

    A reader that has one of them open keeps reading: the disk frees a file when its last reader closes it.
    """
    return delete(serving, snapshots(serving)[:-keep])


def delete(serving: Path, folders: Iterable[Path]) -> list[str]:
    """Delete snapshots, but never what `current` shows. Names of the deleted."""
    shown = current(serving)
    gone = [path for path in folders if path.resolve() != shown]
    for path in gone:
        # Renamed first: a crash half way leaves a leftover, not half a snapshot.
        doomed = path.rename(serving / f"{BUILDING}{path.name}")
        shutil.rmtree(doomed)
    return [path.name for path in gone]


def witnesses(serving: Path) -> list[dict[str, Any]]:
    """What each publication knows of the audit log: how many entries, and the newest one's hash."""
    texts = [(path / "manifest.json").read_text(encoding="utf-8") for path in snapshots(serving)]
    return [said["audit"] for said in map(json.loads, texts) if "audit" in said]


def sync(path: Path) -> None:
    """A file, or the entries of a folder, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
