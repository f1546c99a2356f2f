"""Reviews from where they are kept to the contracts: by API and file, beside the truth.

The warehouse is the one of shopped.py.
"""

from datetime import UTC, datetime

import duckdb
import pytest
import requests
from shopped import Rows, Shops, all_comes
from tape import fetched, module, stream
from ways import client_of, of

from connectors.stream import Page, Since
from simulator.model import Company, Review
from simulator.platforms.trustpilot.nodes import is_invited, key_of
from simulator.platforms.yotpo.nodes import left, number
from simulator.server import running

pytestmark = pytest.mark.slow

MIXES = ("a", "f", "af")
WRITTEN = "event_type = 'review_written'"


@pytest.fixture
def company(shops: Shops) -> Company:
    return shops.company


@pytest.fixture
def rows(shops: Shops) -> Rows:
    return shops.rows["yotpo"]


@pytest.fixture
def told(shops: Shops) -> duckdb.DuckDBPyConnection:
    return shops.told


def truth(one: Review) -> tuple:
    """What a review is worth: when, how many stars, how much was said, and that nothing was given for it."""
    return one.at.replace(microsecond=0), str(one.stars), str(len(one.text.strip())), "false"


COLUMNS = "occurred_at, details ->> '$.stars', details ->> '$.characters', details ->> '$.is_rewarded'"


def key_at(tool: str, one: Review) -> str:
    return str(number("review", one.review_id)) if tool == "yotpo" else key_of(one.review_id)


@pytest.mark.parametrize("tool", ["yotpo", "trustpilot"])
@pytest.mark.parametrize("mix", MIXES)
def test_what_people_wrote_is_told_by_every_way(told, company, mix, tool):
    found = {(row[0], row[1:]) for row in of(told, tool, mix, COLUMNS, "contracts.events", WRITTEN)}
    assert found == {(key_at(tool, one), truth(one)) for one in company.reviews}


def test_reviewers_are_known_by_their_address_and_never_by_a_short_name(told, company):
    who = "email, full_name, first_name, created_at"
    people = of(told, "yotpo", "a", who, "contracts.profiles", "object = 'review'")
    assert {row[1] for row in people} == {one.email for one in company.reviews}
    assert {row[2:4] for row in people} == {(None, None)}


def test_who_was_invited_has_an_address_and_an_order_and_who_came_by_themselves_none(told, company):
    invited = [one for one in company.reviews if is_invited(one.review_id)]
    people = of(told, "trustpilot", "a", "email, full_name", "contracts.profiles")
    assert {row[1:] for row in people if row[1]} == {(one.email, None) for one in invited}
    assert len(people) == len(company.reviews)
    names = of(told, "trustpilot", "a", "details ->> '$.order_name'", "contracts.events", WRITTEN)
    assert {row for row in names if row[1]} == {(key_of(one.review_id), one.order_name) for one in invited}


def test_an_edited_review_says_what_it_says_now(company):
    with running(company) as base_url:
        client, key = client_of("trustpilot", base_url), key_of(company.reviews[0].review_id)
        wish = {"platform": "trustpilot", "edit": key}
        requests.post(f"{base_url}/_sim/settings", json=wish, timeout=5).raise_for_status()
        found, _ = fetched(stream("trustpilot", "reviews"), client, "maison", Since(None))
        [row] = [row for row in found if row["id"] == key]
        assert (row["stars"], row["changed_at"]) == (1, row["updatedAt"])


def test_who_left_its_mails_said_no(told, company):
    gone = left(company, datetime(2026, 11, 20, 23, tzinfo=UTC))
    acts = of(told, "yotpo", "a", "act, channel, purpose", "contracts.int_platform_acts")
    assert acts == {(str(row["id"]), "asserted_optout", "email", "marketing") for row in gone}
    assert gone


@pytest.mark.parametrize("tool", ["yotpo", "trustpilot"])
def test_answers_of_any_shape_are_built_or_held_with_a_reason(told, tool):
    """Landed and built with the rest; here only that they were there."""
    spoilt = f"platform = '{tool}' and regexp_matches(profile_id, '^{tool}:[0-9]+:')"
    assert told.execute(f"select count(*) from contracts.profiles where {spoilt}").fetchone()[0] > 0


def test_what_was_taken_back_is_gone(company, rows):
    with running(company) as base_url:
        key = rows["reviews", "a"][0]["id"]
        wish = {"platform": "yotpo", "delete": key}
        requests.post(f"{base_url}/_sim/settings", json=wish, timeout=5).raise_for_status()
        since = Since(datetime(2026, 11, 18, tzinfo=UTC))
        pages = list(stream("yotpo", "reviews").fetch(client_of("yotpo", base_url), "maison", since))
        gone = [page.rows for page in pages if isinstance(page, Page) and page.op == "delete"]
        assert [[row["id"] for row in some] for some in gone] == [[key]]
        # By day, and nothing older.
        changed = [row for page in pages if page.op == "upsert" for row in page.rows]
        assert {row["id"] for row in changed} == {
            row["id"] for row in rows["reviews", "a"] if row["updated_at"] >= "2026-11-18"
        } - {key}


@pytest.mark.parametrize(("tool", "secret"), [("yotpo", "YOTPO_SECRET"), ("trustpilot", "TRUSTPILOT_KEY")])
def test_at_its_nastiest_all_of_it_comes(company, shops, tool, secret):
    rows = shops.rows[tool]
    keys = {one.name: {str(row["id"]) for row in rows[one.name, "a"]} for one in module(tool).STREAMS}
    all_comes(company, tool, secret, keys)


@pytest.mark.parametrize("tool", ["yotpo", "trustpilot"])
def test_an_old_token_is_renewed_once(company, tool):
    with running(company, faults="expired_token", seed=1) as base_url:
        found, _ = fetched(stream(tool, "reviews"), client_of(tool, base_url), "maison", Since(None))
        assert len(found) == len(company.reviews)
