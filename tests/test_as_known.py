"""Where everybody stood: with what we know today, and with what we knew then, from raw, by a real build."""

import shutil
from datetime import date
from pathlib import Path

import pytest
import stories
from homes import make_company

from pipelines import as_known

pytestmark = pytest.mark.slow

# Of the golden replay: the quote is requested by then, and no order has reached us.
STORY, DAY = "golden_replay", date(2025, 1, 15)


@pytest.fixture
def company(told: Path, tmp_path: Path):
    made = make_company(tmp_path)
    made.home.warehouse.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(told, made.home.warehouse)
    return made


def test_restated_any_day_is_a_cut_through_the_histories(company) -> None:
    with as_known.restated(company.home, date(2025, 3, 8)) as con:
        number = _odile(con)
        then = {row["axis"]: row["value"] for row in as_known.one(con, number)}
        counts = as_known.everybody(con)
    assert then == {"stage": "repeat_customer", "commercial_stage": "repeat_customer", "activity": "active"}
    assert {row["axis"] for row in counts} >= {"stage", "activity"}


def test_as_known_is_what_had_reached_us_by_then_and_nothing_later(company) -> None:
    with as_known.restated(company.home, DAY) as con:
        first_heard = con.execute(
            "select event_id, ingested_at from contracts.events where ingested_at < ?::date + 1", [DAY]
        ).fetchall()
        number, today = _odile(con), as_known.everybody(con)
    with as_known.as_known(company, DAY, DAY, lambda text: None) as con:
        then = {row["axis"]: row["value"] for row in as_known.one(con, number)}
        known = as_known.everybody(con)
        heard = dict(con.execute("select event_id, ingested_at from contracts.events").fetchall())
        (late,) = con.execute(
            "select count(*) from raw_shopify.orders where _ingested_at::date > ?", [DAY]
        ).fetchone()
    assert then == {"stage": "prospect", "commercial_stage": "prospect", "activity": "engaged"}
    assert late == 0
    # An order comes again with each refund, and keeps the moment at which it was first told.
    assert heard == dict(first_heard)
    # Lists dropped later tell of people who were there before: today we know more of them than we did.
    assert _customers(known) < _customers(today)


def test_what_is_told_again_was_known_since_it_was_first_told(company) -> None:
    with as_known.restated(company.home, DAY) as con:
        found = con.execute(
            """
            select regexp_extract(event_id, ':([a-z]+(:\\w+)?)$', 1), ingested_at::date from contracts.events
            where split_part(event_id, ':', 2) = 'told_again' order by 2, 1
            """
        ).fetchall()
    assert found == [
        ("subscribed", date(2025, 1, 8)),
        ("paid", date(2025, 1, 10)),
        ("refund:10", date(2025, 2, 2)),
        ("cancelled", date(2025, 3, 2)),
        ("refund:11", date(2025, 3, 2)),
    ]


def _odile(con) -> str:
    (number,) = con.execute(
        "select customer_id from identity.int_customer_profiles where profile_id = ?",
        [stories.profile(STORY, "meta lead 1")],
    ).fetchone()
    return number


def _customers(rows) -> int:
    return sum(row["customers"] for row in rows if row["axis"] == "stage")
