"""What commands with a printable page have in common: three options, what is printed, what is written."""

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipelines.paper.blocks import Page


def options(parser: argparse.ArgumentParser, as_json: str) -> None:
    """`as_json`: what --json prints."""
    parser.add_argument("--page", type=Path, metavar="FILE", help="write the printable page: FILE.html")
    parser.add_argument("--json", action="store_true", help=as_json)
    parser.add_argument("--language", "--lang", choices=["fr", "en"], help="default: as configured")


def show(args: argparse.Namespace, page: "Page", rows: Iterable[Any], language: str) -> None:
    """The page as text, or `rows` as one JSON object a line; and as a file where one was asked for."""
    from pipelines.ownership.words import WORDS
    from pipelines.paper import html, text

    if args.json:
        for row in rows:
            print(json.dumps(row, default=str, ensure_ascii=False))
    else:
        print(text.write(page))
    if args.page:
        html.save(args.page, page)
        print(WORDS[language]["page"].format(file=args.page))
