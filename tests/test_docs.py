"""Stale prose is a defect: what README and docs name must exist."""

import re
from pathlib import Path

import pytest

from pipelines import cli

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


def code(text: str) -> list[str]:
    """Fenced blocks and inline spans, where commands stand."""
    fenced = re.findall(r"```[a-z]*\n(.*?)```", text, re.S)
    return fenced + [
        span + "`" for span in re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.S))
    ]
