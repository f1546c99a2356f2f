"""Schedules, the inbox sensor and the watchers, without pages: what a server runs all day.

example:
  firsthand --home /srv/maison daemon
"""

import argparse

from pipelines.commands.dev import start
from pipelines.home import Home


def add(parser: argparse.ArgumentParser) -> None:
    """No arguments of its own."""


def run(args: argparse.Namespace, home: Home) -> int:
    return start(home, ["dagster-daemon", "run"])
