"""Being written."""

import argparse

from pipelines.home import Home


def add(parser: argparse.ArgumentParser) -> None:
    """No arguments yet."""


def run(args: argparse.Namespace, home: Home) -> int:
    return 2
