"""A page as one HTML file that needs nothing else: style inside, pictures inside, no script."""

import re
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from connectors.landing import write_durably
from pipelines.paper import charts
from pipelines.paper.blocks import Line, Page, Stack, Table

HERE = Path(__file__).resolve().parent
# What no line may begin with, and a space stands before. French has one before most marks.
MARKS = {"en": re.compile(r" (?=%)"), "fr": re.compile(r" (?=[:;?!%])")}


def environment(language: str, *folders: Path) -> Environment:
    """For templates in `folders` and in ours: body.html draws a page's blocks wherever it stands.

    There the filter `linked` may make a link of a cell; on paper a cell is its text.
    """
    made = Environment(
        loader=FileSystemLoader([*folders, HERE]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=partial(_unbroken, MARKS[language]),
    )
    made.filters["linked"] = str
    return made


@cache
def _template(language: str) -> Template:
    return environment(language).get_template("paper.html")


def _unbroken(marks: re.Pattern[str], said: Any) -> Any:
    """Words only: a picture is markup already."""
    return marks.sub("\N{NO-BREAK SPACE}", said) if type(said) is str else said


def write(page: Page) -> str:
    return _template(page.language).render(page=page, blocks=drawn(page))


def drawn(page: Page) -> list[tuple[str, Table]]:
    """Each block's picture, empty where it has none, and its table."""
    return [
        (_picture(block, page.language), block if isinstance(block, Table) else block.table)
        for block in page.blocks
    ]


def save(path: Path, page: Page) -> None:
    """All of it or nothing, 0600: people may be named in it."""
    write_durably(path, write(page).encode())


def _picture(block: Table | Stack | Line, language: str) -> str:
    if isinstance(block, Stack):
        return charts.stack(block, language)
    return charts.line(block) if isinstance(block, Line) else ""
