"""Take webhooks: check the signature, write the body to disk, then answer. Put a proxy with TLS before it.

It reads nothing and knows no secret but those that signatures need; the inbox sensor lands what it wrote.

examples:
  firsthand --home /srv/maison receiver
  firsthand --home /srv/maison receiver --port 8091
"""

import argparse
import subprocess
import sys

from pipelines import config
from pipelines.home import Home


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="where to listen (default: loopback)")
    parser.add_argument("--port", type=int, default=8090)


def run(args: argparse.Namespace, home: Home) -> int:
    config.read(home)
    # A process of its own, as on a server: it shares no memory with anything that holds people.
    command = [sys.executable, "-m", "receiver", "--home", str(home.root)]
    command += ["--host", args.host, "--port", str(args.port)]
    return subprocess.run(command, check=False).returncode
