"""The Dagster pages at http://127.0.0.1:3000, with schedules and sensors at work. Stop with Ctrl-C.

examples:
  firsthand dev
  firsthand --home /srv/maison dev --port 3001
"""

import argparse
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from pipelines import config
from pipelines.home import Home
from pipelines.places import ROOT

LOOPBACK = "127.0.0.1"  # the pages have no login: never another address
STOP_SECONDS = 10


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=3000)


def run(args: argparse.Namespace, home: Home) -> int:
    return start(home, ["dagster", "dev", "--host", LOOPBACK, "--port", str(args.port)])


def start(home: Home, command: list[str]) -> int:
    """Run a Dagster process of this company until it ends or is told to."""
    from pipelines import instance

    config.read(home)  # a wrong setting is said here, in one line, and not by four processes
    instance.prepare(home)
    program = str(Path(sys.executable).parent / command[0])
    # workspace.yaml names its folder relative to where we start.
    child = subprocess.Popen(
        [program, *command[1:], "--workspace", "workspace.yaml"], cwd=ROOT, start_new_session=True
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return child.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Dagster goes and leaves its servers behind: end by number what descends from what we started."""
    family = list(_descendants(child.pid))
    child.send_signal(signal.SIGINT)
    try:
        child.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
    for pid in family:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)


def _descendants(pid: int) -> Iterator[int]:
    """Children, their children and so on; nothing where the system does not tell."""
    for tasks in Path("/proc", str(pid), "task").glob("*/children"):
        for child in tasks.read_text().split():
            yield int(child)
            yield from _descendants(int(child))
