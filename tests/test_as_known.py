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
        number, today = _odile(con), as_known.everybody(con)
    with as_known.as_known(company, DAY, DAY, lambda text: None) as con:
        then = {row["axis"]: row["value"] for row in as_known.one(con, number)}
        known = as_known.everybody(con)
        (late,) = con.execute(
            "select count(*) from raw_shopify.orders where _ingested_at::date > ?", [DAY]
        ).fetchone()
    assert then == {"stage": "prospect", "commercial_stage": "prospect", "activity": "engaged"}
    assert late == 0
    # Lists dropped later tell of people who were there before: today we know more of them than we did.
    assert _customers(known) < _customers(today)


def _odile(con) -> str:
    (number,) = con.execute(
        "select customer_id from identity.int_customer_profiles where profile_id = ?",
        [stories.profile(STORY, "meta lead 1")],
    ).fetchone()
    return number


def _customers(rows) -> int:
    return sum(row["customers"] for row in rows if row["axis"] == "stage")
