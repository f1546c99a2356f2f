"""Every page there is, in a real browser: nothing in it shuts anybody out, and it prints on two sheets of A4.

A page is whatever a command writes with `--page`: a new one is found here by itself. `make pages` looks at
both languages, `make test` at the longer one.
"""

import argparse
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from browser import needs_axe, needs_browser, sheets, violations
from town import Town

from pipelines.cli import parser
from pipelines.paper import html
from pipelines.paper.blocks import Figure, Line, Page, Table

pytestmark = [pytest.mark.slow, needs_browser]

LANGUAGES = ("fr", "en")  # French is longer: what fits in it fits in English
SUBJECTS = {"drill": ["meta"], "holdout": ["meta"]}
TODAY = date(2026, 11, 20)
# axe's rule, what our pages write, and the same spoilt.
FAULTS = {
    "color-contrast": ("color: #4a4a4a", "color: #bbb"),
    "html-has-lang": ('<html lang="en">', "<html>"),
    "svg-img-alt": (' role="img" aria-label="Months"', ' role="img"'),
    "scrollable-region-focusable": ('tabindex="0" role="region"', 'role="region"'),
    "page-has-heading-one": ("<h1>", "<h4>"),
}


def commands() -> list[str]:
    """Those that write a page."""
    [chosen] = [one for one in parser()._actions if isinstance(one, argparse._SubParsersAction)]
    return [name for name, sub in chosen.choices.items() if "--page" in sub._option_string_actions]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "page" in metafunc.fixturenames:
        languages = LANGUAGES[: metafunc.config.getoption("--page-languages")]
        pages = [(command, language) for command in commands() for language in languages]
        metafunc.parametrize("page", pages, indirect=True, scope="module", ids="-".join)


@pytest.fixture(scope="module")
def town(whole: Town, tmp_path_factory: pytest.TempPathFactory) -> Town:
    """With months before this one, so that every page is as long as it gets."""
    town = whole.copy(tmp_path_factory.mktemp("pages") / "town")
    earlier = {"subject": "meta", "known": 180, "reachable_after": 120, "sole": 30}
    with (town.root / "data" / "ownership.jsonl").open("w") as file:
        for days in range(30, 300, 30):
            file.write(json.dumps(earlier | {"day": str(TODAY - timedelta(days))}) + "\n")
    return town


@pytest.fixture(scope="module")
def page(town: Town, request: pytest.FixtureRequest) -> Path:
    command, language = request.param
    page = town.root / f"{command}-{language}.html"
    ran = town.firsthand(command, *SUBJECTS.get(command, ()), "--lang", language, "--page", str(page))
    # 1: written, but something in it needs somebody.
    assert ran.code in (0, 1) and page.exists(), ran.text
    return page


@needs_axe
def test_axe_finds_nothing_against_it(page: Path) -> None:
    assert violations(page) == []


def test_it_prints_on_two_sheets(page: Path) -> None:
    assert sheets(page) <= 2


@needs_axe
def test_faults_are_found(tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole.html", tmp_path / "broken.html"
    wide = Table("Months", [f"column {n}" for n in range(30)], [["unbroken" * 3] * 30])
    page = Page("en", "Maison", "A page", "Today.", [Figure("a", "1")], [Line([("a", 0.5)], wide)], ["b"])
    html.save(whole, page)
    assert violations(whole) == []
    shown = whole.read_text(encoding="utf-8")
    for good, spoilt in FAULTS.values():
        assert good in shown
        shown = shown.replace(good, spoilt)
    broken.write_text(shown, encoding="utf-8")
    assert {one.split(":")[0] for one in violations(broken)} >= FAULTS.keys()


def test_a_page_that_is_too_long_is_seen(tmp_path: Path) -> None:
    rows = [[str(n), "x"] for n in range(400)]
    html.save(
        tmp_path / "long.html",
        Page("en", "Maison", "A page", "Today.", [], [Table("Long", ["a", "b"], rows)]),
    )
    assert sheets(tmp_path / "long.html") > 2
