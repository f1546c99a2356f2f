"""A faulty run leaves no secret and nobody behind: in no log, not in Dagster's storage, not in what it says.

Every fault of every platform strikes, and one record is such that the database quotes it in its error.
"""

import json
from collections.abc import Iterator

import duckdb
import pytest
from scanner import mailbox, needles, scan, texts_of
from town import Ran, Town

from simulator.home import SECRETS
from simulator.model import Company
from simulator.server import running

pytestmark = pytest.mark.slow
SEED = 5
# What a run writes of itself: databases of Dagster, its captured output, dbt's files, our own notes.
KEPT = ("data/dagster", "data/logs", "data/dbt", "data/state")
MAIL = "yolande.ducharme@courriel.example"
WHO = f"Yolande Ducharme <{MAIL}> +33 6 39 98 77 11"


@pytest.fixture(scope="module")
def faulty(
    whole: Town, company: Company, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Town, Ran]]:
    """A town whose next run meets both: platforms at their nastiest, and a record no table can hold."""
    with running(company, faults="nasty", seed=SEED) as base_url:
        copy = whole.copy(tmp_path_factory.mktemp("discretion") / "home")
        text = (copy.root / "firsthand.yaml").read_text()
        (copy.root / "firsthand.yaml").write_text(text.replace(whole.base_url, base_url))
        town = Town(copy.root, company, base_url)
        town.operate("faults", wait_seconds=0.05, slow_seconds=0.2)
        poison(town)
        yield town, town.firsthand("run", "--full", "--rebuild-identity")


def poison(town: Town) -> None:
    """As if a promise of the door had been too weak: a day that is none, with somebody's name in it."""
    with duckdb.connect(str(town.root / "data" / "warehouse.duckdb")) as con:
        con.execute(
            """
            insert into raw_shopify.orders by name
            select
                * replace (
                    '8999' as _key, 'poison' as _version,
                    json_merge_patch(payload, json_object('legacyResourceId', '8999', 'cancelledAt', ?))
                        as payload
                )
            from raw_shopify.orders limit 1
            """,
            [WHO],
        )


@pytest.fixture(scope="module")
def everybody(company: Company) -> dict[str, set[str]]:
    found = {
        person.person_id: needles(
            person.emails,
            [person.mobile, *filter(None, [person.landline])],
            [f"{person.first_name} {person.last_name}"],
        )
        for person in company.people
    }
    return found | {"poison": needles([MAIL], ["+33639987711"], ["Yolande Ducharme"])}


def test_the_run_broke_where_it_was_to(faulty: tuple[Town, Ran]) -> None:
    _, ran = faulty
    assert ran.code == 1
    assert "Conversion Error" in ran.text
    assert "stg_shopify__orders" in ran.text or "shopify" in ran.text


def test_nobody_is_in_what_it_left_and_said(faulty: tuple[Town, Ran], everybody: dict[str, set[str]]) -> None:
    town, ran = faulty
    # The scanner sees them where they belong.
    assert len(scan(town.root / "data", {"poison": everybody["poison"]})["warehouse.duckdb"]) == 1
    found = {kept: scan(town.root / kept, everybody) for kept in KEPT}
    assert found == {kept: {} for kept in KEPT}
    folded = ran.text.casefold()
    assert [n for wanted in everybody.values() for n in wanted if "@" in n and n in folded] == []
    assert mailbox(MAIL) not in folded


def test_no_secret_is_either(faulty: tuple[Town, Ran]) -> None:
    town, ran = faulty
    tokens = json.loads((town.root / "data" / "state" / "tokens.json").read_text())
    given, made = {value for name, value in SECRETS.items() if not name.endswith("_ID")}, set(_texts(tokens))
    assert made - given, "the rotating tokens are looked for as well"
    secrets = given | made
    places: dict[str, list[str]] = {"said": [ran.text]}
    for kept in (*KEPT, "serving"):
        for path in (town.root / kept).rglob("*"):
            if path.is_file() and path.name != "tokens.json":
                places[str(path)] = list(texts_of(path))
    leaked = {
        (place, secret[:6])
        for place, texts in places.items()
        for text in texts
        for secret in secrets
        if secret in text
    }
    assert leaked == set()


def _texts(found: object) -> Iterator[str]:
    """Every text of a JSON that is long enough to be a token."""
    if isinstance(found, dict):
        for value in found.values():
            yield from _texts(value)
    elif isinstance(found, list):
        for value in found:
            yield from _texts(value)
    elif isinstance(found, str) and len(found) > 15 and not found[:4].isdigit():
        yield found
