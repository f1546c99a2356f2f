"""Stale prose is a defect: what README and docs name must exist."""

import re
from pathlib import Path

import pytest
import yaml

from connectors import files
from connectors.tables import normalise
from pipelines import cli
from pipelines.company import connector

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
SUBCOMMANDS = set(cli.COMMANDS)
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
TRACKED_FOLDERS = {p.name for p in ROOT.iterdir()}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_command_named_is_a_command(page):
    text = page.read_text()
    named = set(
        re.findall(
            r"\bfirsthand (?:--home \S+ )?([a-z]+(?:-[a-z]+)*)\b(?=[^\n]*[`\n])", "\n".join(code(text))
        )
    )
    assert named <= SUBCOMMANDS
    assert set(re.findall(r"\bmake ([a-z][a-z-]+)", "\n".join(code(text)))) <= TARGETS


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_path_named_is_there(page):
    for span in re.findall(r"`([\w./-]+/[\w./-]*)`", page.read_text()):
        # Tillpoint is the toy of the recipe, which a test of its own follows.
        if span.split("/")[0] in TRACKED_FOLDERS - {"data", "inbox", "serving"} and "tillpoint" not in span:
            assert (ROOT / span).exists(), f"{page.name} names {span}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_link_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize(
    ("mart", "column", "title"),
    [("referrals", "status", "status"), ("next_acts", "act", "act")],
)
def test_what_lifecycle_tells_is_what_the_tables_hold(mart, column, title):
    contract = yaml.safe_load((ROOT / f"dbt_project/models/marts/{mart}.yml").read_text())
    columns = {one["name"]: one for one in contract["models"][0]["columns"]}
    (values,) = (
        test["accepted_values"]["arguments"]["values"]
        for test in columns[column]["data_tests"]
        if "accepted_values" in test
    )
    text = (ROOT / "docs/lifecycle.md").read_text()
    table = text.split(f"| {title} |")[1].split("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.M)) == set(values) - {"converted"}


def test_the_files_shown_are_read_as_the_page_says():
    text = (ROOT / "docs/platforms/files.md").read_text()
    shown = re.findall(r"```csv\n(.*?)```", text, re.S)
    assert shown
    for lines in shown:
        is_spend = "amp" in lines.splitlines()[0]
        names = [normalise(header) for header in re.split("[;,]", lines.splitlines()[0])]
        fit = next(one for one in files.EXPORTS if one.headers <= {one.known.get(name) for name in names})
        assert fit.stream == ("spend" if is_spend else "sales")
        assert all(name in fit.known for name in names)
    table = text.split("| Stream | needs |")[1].split("\n\n")[0]
    for line in table.splitlines()[2:]:
        stream, needed = (re.findall(r"`(\w+)`", cell) for cell in line.split("|")[1:3])
        known = {name for one in files.EXPORTS if one.stream in stream for name in one.known}
        assert needed and known.issuperset(needed), line
    named = set(re.findall(r"`(\w+)`", text.split("`stream` is one of")[1].split(";")[0]))
    assert named == {stream.name for stream in files.STREAMS}


def code(text: str) -> list[str]:
    """Fenced blocks and inline spans, where commands stand."""
    fenced = re.findall(r"```[a-z]*\n(.*?)```", text, re.S)
    return fenced + [
        span + "`" for span in re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.S))
    ]


def test_the_first_page_leads_to_every_platforms():
    linked = re.findall(
        r"docs/platforms/(\w+)\.md", (ROOT / "README.md").read_text().partition("How it flows")[0]
    )
    assert sorted(linked) == sorted(page.stem for page in (ROOT / "docs/platforms").glob("*.md"))


@pytest.mark.parametrize("page", sorted((ROOT / "docs/platforms").glob("*.md")), ids=lambda p: p.stem)
def test_a_platforms_page_names_all_of_it_and_nothing_else(page):
    """Its streams, its variables, what it keeps how long, and the way by file in both languages."""
    found, text = connector(page.stem), page.read_text()
    table = text.split("| Stream |")[1].split("\n\n")[0]
    named = [name for row in table.splitlines()[2:] for name in re.findall(r"`(\w+)`", row.split("|")[1])]
    assert sorted(named) == sorted(stream.name for stream in found.STREAMS)
    hook = getattr(found, "WEBHOOK", None)
    for variable in {*found.SECRETS, *(hook.secrets if hook else ())}:
        assert f"`{variable}`" in text
    for days in {stream.retention_days for stream in found.STREAMS} - {None}:
        assert f"{days} days" in text
    if getattr(found, "EXPORTS", ()):
        assert "**English.**" in text
        assert "**Français.**" in text
    version = getattr(found, "api_version", lambda settings: None)({})
    assert version is None or f"`{version.name}`" in text
