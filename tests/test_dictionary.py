"""The dictionary: whatever is published is described in both languages, and every number says what it is."""

import re
from pathlib import Path

import pytest
import yaml

from pipelines.audiences import vocabulary
from pipelines.dictionary import described, pages, words
from pipelines.dictionary.described import LANGUAGES, Table, tables
from pipelines.places import ROOT
from pipelines.serving import aggregates

NUMBER = re.compile(r"(integer|bigint|double|decimal\(\d+, \d+\))$")
FILES = [*sorted(described.MARTS.glob("[!_]*.yml")), aggregates.QUESTIONS / "_aggregates.yml"]
EXPOSURES = {
    one["name"]: one for one in yaml.safe_load((described.MARTS / "_exposures.yml").read_text())["exposures"]
}


def named(table: Table) -> str:
    return table.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_what_the_contracts_say(language: str) -> None:
    assert pages.path(language).read_text() == pages.page(language), "stale: `make dictionary`"


@pytest.mark.parametrize("table", tables(), ids=named)
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_published_lacks_a_language(table: Table, language: str) -> None:
    assert table.text[language].strip()
    assert table.rows[language].strip()
    lacking = [one.name for one in table.columns if not (one.label.get(language) and one.text[language])]
    assert not lacking


@pytest.mark.parametrize("table", tables(), ids=named)
def test_what_a_table_says_of_itself_it_has(table: Table) -> None:
    columns = {column.name: column for column in table.columns}
    assert {*table.grain, *filter(None, (table.person, table.time, table.summary_where_empty))} <= set(
        columns
    )
    for column in table.columns:
        if (measure := column.measure) is None:
            continue
        assert measure.by in words.WAYS and measure.unit in words.UNITS, column.name
        assert set(measure.not_over) <= set(columns), column.name
        assert measure.unit != "money_of_row" or "currency" in columns, column.name
        assert (measure.by == "count") == (column.kind == "boolean"), column.name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_number_says_whether_it_is_a_figure(path: Path) -> None:
    """Also that it is none: forgotten and meant are two things."""
    for model in yaml.safe_load(path.read_text())["models"]:
        for column in model["columns"]:
            if NUMBER.match(column["data_type"]):
                assert "measure" in column["config"]["meta"], f"{model['name']}.{column['name']}"


def test_every_aggregate_is_described() -> None:
    there = [table.name for table in tables() if table.is_aggregate]
    assert there == [aggregates.PREFIX + name for name in aggregates.names()]


# -- who reads what ----------------------------------------------------------------------------------


def refs(exposure: str) -> set[str]:
    said = EXPOSURES[exposure]["depends_on"]
    return {re.fullmatch(r"ref\('(\w+)'\)", one)[1] for one in said}


def marts() -> dict[str, Table]:
    """Those that dbt makes."""
    return {path.stem: next(t for t in tables() if t.name == path.stem) for path in FILES[:-1]}


def test_bi_mirror_and_questions_are_of_all_that_is_there() -> None:
    assert refs("mirror") == set(marts())
    public = {name for name, table in marts().items() if not table.is_marketing_only}
    assert refs("bi") == refs("questions") == public


def test_aggregates_are_of_what_their_questions_read() -> None:
    assert refs("aggregates") == {t for name in aggregates.names() for t in aggregates.reads(name)}


def test_the_console_is_of_what_its_pages_and_what_they_call_read() -> None:
    folders = ("console/pages", "pipelines/ownership", "pipelines/audiences")
    modules = (
        "funnel",
        "judging",
        "portrait",
        "portrait_fields",
        "portrait_life",
        "portrait_story",
        "reading",
    )
    files = [path for name in folders for path in (ROOT / name).rglob("*") if path.suffix in (".py", ".sql")]
    files += [
        ROOT / f"pipelines/{name}.py"
        for name in (*modules, "consequences", "doubtful", "foresight", "refused", "review")
    ]
    text = "\n".join(path.read_text() for path in files)
    read = {name for name in marts() if re.search(rf"\b(from|join) {name}\b", text)}
    read |= {
        vocabulary.PEOPLE,
        *vocabulary.THINGS,
        *(f"funnel_{name}" for name in ("conversion", "stays", "flow")),
    }
    assert refs("console") == read


def test_exports_lean_on_whatever_an_audience_may_ask_of() -> None:
    assert refs("exports") == {vocabulary.PEOPLE, *vocabulary.THINGS, "allowed"}


@pytest.mark.parametrize("exposure", EXPOSURES)
def test_an_exposure_is_described_in_both_languages(exposure: str) -> None:
    text = described.spoken(EXPOSURES[exposure]["description"])
    assert all(text[language] for language in LANGUAGES)
