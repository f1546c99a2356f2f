"""Questions in plain words: tools of the Model Context Protocol over standard input and output.

For a program that talks with a language model and starts this command by itself; by hand there is nothing to
see. It reads bi.duckdb of what is published and nothing else of people: no names, no addresses, no SQL; of
small groups nothing is told, and other counts are rounded. Whatever is told goes to that program, and to
whom that program sends it (docs/bi.md).

examples, for the program's own configuration:
  {"mcpServers": {"firsthand": {"command": "firsthand", "args": ["--home", "/srv/maison", "mcp"]}}}
"""

import argparse

from pipelines import config
from pipelines.home import Home


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="say which tools there are, and end")


def run(args: argparse.Namespace, home: Home) -> int:
    config.read(home)
    if args.check:
        from pipelines.answering.tools import Tools

        for tool in Tools(home).all():
            print(f"{tool.__name__:<20}{(tool.__doc__ or '').splitlines()[0]}")
        return 0
    # The protocol's own library takes a second to load.
    from pipelines.answering.server import server

    server(home).run("stdio")
    return 0
