"""The Dagster pages at http://127.0.0.1:3000, with schedules and sensors at work. Stop with Ctrl-C.

examples:
  firsthand dev
  firsthand --home /srv/maison dev --port 3001
"""

import argparse
import os
import signal
import subprocess
import sys
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
    # workspace.yaml names its folder relative to where we start; sessions end with all their children.
    child = subprocess.Popen(
        [program, *command[1:], "--workspace", "workspace.yaml"], cwd=ROOT, start_new_session=True
    )
    signal.signal(signal.SIGTERM, lambda *_: _interrupt(child))
    try:
        return child.wait()
    except KeyboardInterrupt:
        _interrupt(child)
        return 0
    finally:
        _end(child)


def _interrupt(child: subprocess.Popen[bytes]) -> None:
    child.send_signal(signal.SIGINT)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Dagster leaves children behind: end what is left of the session we made."""
    try:
        child.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
    try:
        os.killpg(child.pid, signal.SIGTERM)
    except ProcessLookupError:
        return
