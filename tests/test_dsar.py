"""An answer's form: cells no spreadsheet runs, a page that runs nothing, the day it is due, languages."""

import html
import re
from datetime import date

import pytest
from homes import make_company

from pipelines.dsar import write
from pipelines.dsar.gather import PUBLISHED, Section
from pipelines.dsar.words import TEXTS, TITLES

TODAY = date(2026, 11, 20)
NAMES = [*PUBLISHED, "as_received", "held_back", "handed_out"]


def sections(**rows):
    return [Section(name, rows.get(name, []), is_provided=name == "orders") for name in NAMES]


@pytest.fixture
def company(tmp_path):
    settings = {"contact": "privacy@maison.example", "stored_in": "France", "recipients": ["our accountant"]}
    return make_company(tmp_path, privacy=settings)


@pytest.mark.parametrize("cell", ["=1+1", "+SUM(A1)", "-2", "@cmd", "\t=1", "\r=1", "＝1"])
def test_no_cell_of_theirs_is_a_formula(cell):
    section = Section("identity", [{"field": "first_name", "value": cell, "said_at": None}], is_provided=True)
    head, _, line = write.as_csv(section).decode("utf-8-sig").partition("\r\n")
    assert head == '"field","value","said_at","art_20"'
    assert line.startswith('"first_name","\'')
    assert line.endswith('"","yes"\r\n')


@pytest.mark.parametrize(
    ("received", "is_extended", "due"),
    [
        ("2026-11-12", False, "2026-12-12"),
        ("2027-01-31", False, "2027-02-28"),
        ("2026-11-30", True, "2027-02-28"),
    ],
)
def test_the_day_it_is_due(received, is_extended, due):
    assert write.Clock(date.fromisoformat(received), is_extended).due == date.fromisoformat(due)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_runs_nothing_and_says_all_that_must_be_said(company, tmp_path, language):
    bad = "<script>alert(1)</script>"
    found = sections(identity=[{"field": "first_name", "value": bad, "is_in_use": True}])
    write.write(company, tmp_path / "answer", found, write.Clock(TODAY, is_extended=True), TODAY, language)
    page = (tmp_path / "answer" / "summary.html").read_text()
    assert bad not in page
    assert not re.search(r"(?i)<script|<link|<img|src=|href=|@import|url\(", page)
    read = html.unescape(page)
    assert bad in read
    for name in NAMES:
        assert f"<h2>{TITLES[language][name]}</h2>" in read
    for said in ("privacy@maison.example", "France", "our accountant", "2026-12-20", "2027-02-20"):
        assert said in read
    for key in ("rights", "computing", "left_out", "accounts"):
        assert TEXTS[language][key] in read


def test_both_languages_say_the_same_things():
    assert TITLES["en"].keys() == TITLES["fr"].keys() == set(NAMES)
    assert TEXTS["en"].keys() == TEXTS["fr"].keys()
