"""The Dagster pages alone, on loopback, for a server whose daemon runs apart.

example:
  firsthand --home /srv/maison pages --port 3000
"""

import argparse

from pipelines.commands.dev import LOOPBACK, start
from pipelines.home import Home


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=3000)


def run(args: argparse.Namespace, home: Home) -> int:
    return start(home, ["dagster-webserver", "--host", LOOPBACK, "--port", str(args.port)])
