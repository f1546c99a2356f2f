"""What the money left behind over a whole company equals a reading of its truth apart."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from campaign_oracle import Campaigns
from money_oracle import Money
from town import Town

from simulator.model import Company

pytestmark = pytest.mark.slow

TODAY = date(2026, 11, 20)
STOOD = """
    select customer_id, max(value) filter (where axis = 'stage'), max(value) filter (where axis = 'activity')
    from customer_stages
    where valid_from <= ?::date - 365 and coalesce(valid_to > ?::date - 365, true)
    group by customer_id
    having max(value) filter (where axis = 'stage') is not null
"""


@pytest.fixture(scope="module")
def campaigns(company: Company, whole: Town) -> Campaigns:
    whose = dict(whole.published("select profile_id, customer_id from customer_profiles"))
    return Campaigns(company, whose, TODAY)


@pytest.fixture(scope="module")
def money(campaigns: Campaigns) -> Money:
    return Money(campaigns, TODAY)


@pytest.fixture(scope="module")
def told(whole: Town) -> list[dict]:
    ran = whole.firsthand("left", "--json")
    assert ran.code == 0, ran.text
    return [json.loads(line) for line in ran.out.splitlines()]


def test_a_customer_costs_what_the_truth_says(money: Money, told: list[dict]) -> None:
    year = told[0]["year"]
    assert year["new_count"] == money.won() > 0
    assert float(year["media"]) == pytest.approx(float(money.spend(money.in_year)), abs=0.05)
    assert year["cac_media"] == pytest.approx(float(money.spend(money.in_year)) / money.won(), abs=0.01)
    assert year["cac"] == pytest.approx(
        (float(money.spend(money.in_year)) + money.other(365)) / money.won(), abs=0.01
    )


def test_cohorts_left_what_the_truth_says(money: Money, told: list[dict], whole: Town) -> None:
    active = {
        who for (who,) in whole.published("select customer_id from customers where activity = 'active'")
    }
    cohorts = [row for row in told if "cohort" in row]
    assert sum(row["customer_count"] for row in cohorts) == len(money.first)
    assert any(row["value_12"] is not None for row in cohorts)
    for row in cohorts:
        start = date.fromisoformat(row["cohort"])
        people = set(money.cohort(start))
        assert (row["customer_count"], row["active_count"]) == (len(people), len(people & active))
        end = date(start.year + start.month // 10, (start.month + 2) % 12 + 1, 1)
        spent = money.spend(lambda on, start=start, end=end: start <= on < end)
        spent = float(spent) + money.other((min(end, TODAY + timedelta(1)) - start).days)
        assert row["cac"] == pytest.approx(spent / len(people), abs=0.01)
        lived = lived_by_all(min(end - timedelta(1), TODAY))
        assert row["mature_months"] == (lived or None)
        so_far = [float(money.left_in(people, month)) for month in range(lived + 1)]
        paid_back = (month for month in range(1, lived + 1) if so_far[month] / len(people) >= row["cac"])
        assert row["payback_month"] == next(paid_back, None)
        for months in (12, 24):
            left = so_far[months] / len(people) if lived >= months else None
            assert row[f"value_{months}"] == (left and pytest.approx(left)), start
        for months in (6, 12):
            part = (so_far[months] - so_far[months - 1]) / so_far[1] if lived >= months else None
            assert row[f"retained_{months}"] == (part if part is None else pytest.approx(part)), start
        status = "too_few" if len(people) < 30 else "told" if lived else "immature"
        assert row["status"] == status


def lived_by_all(last: date) -> int:
    """Whole months since the last day on which one may have begun; a month ends on the same date."""
    months = (TODAY.year - last.year) * 12 + TODAY.month - last.month
    return max(0, months - (min(last.day, 30) > TODAY.day))


def test_a_customer_of_each_month_costs_what_the_truth_says(money: Money, told: list[dict]) -> None:
    rows = [row for row in told if row.get("month")]
    for row in rows:
        month = row["month"][:7]

        def was(on: date, month: str = month) -> bool:
            return money.in_year(on) and f"{on:%Y-%m}" == month

        won, spent = sum(map(was, money.first.values())), float(money.spend(was))
        assert (row["new_count"], float(row["media"])) == (won, pytest.approx(spent, abs=0.05)), month
        other = money.other(row["day_count"])
        assert row["cac_media"] == (pytest.approx(spent / won, abs=0.05) if won else None), month
        assert row["cac"] == (pytest.approx((spent + other) / won, abs=0.05) if won else None), month
    assert sum(row["new_count"] for row in rows) == money.won()
    assert sum(row["day_count"] for row in rows) == 365


def test_what_is_left_to_come_is_what_people_like_them_left(
    money: Money, told: list[dict], whole: Town
) -> None:
    stood = {who: (stage, activity) for who, stage, activity in whole.published(STOOD, TODAY, TODAY)}
    reached = whole.published("select stage, activity from customer_ownership where len(owned_channels) > 0")
    cells = [row for row in told if "asset" in row and "stage" in row]
    for row in [told[0]["asset"], *cells]:
        here = [one for one in reached if row["stage"] is None or one == (row["stage"], row["activity"])]
        assert row["person_count"] == len(here)
        found = (row["asset_low"], row["asset"], row["asset_high"])
        assert found == pytest.approx(money.bounds(stood, here, 30))
    assert len(cells) > 5


def test_rent_is_what_paid_contacts_touched(money: Money, told: list[dict]) -> None:
    rent = told[0]["rent"]
    year = sum(left for _, on, left in money.left if money.in_year(on))
    assert Decimal(rent["value"]) == year
    assert Decimal(rent["paid_for"]) == money.paid_for() > 0
    # Nobody is erased, and each order has somebody: the bounds are one.
    ratio = pytest.approx(float(money.paid_for() / year))
    assert (rent["rent_ratio"], rent["rent_ratio_high"], rent["unknown_share"]) == (ratio, ratio, 0)


def test_each_campaign_left_what_the_truth_says(
    campaigns: Campaigns, money: Money, told: list[dict], whole: Town
) -> None:
    query = "select customer_id, stage, activity from customer_ownership where len(owned_channels) > 0"
    reached = {who: (stage, activity) for who, stage, activity in whole.published(query)}
    stood = {who: (stage, activity) for who, stage, activity in whole.published(STOOD, TODAY, TODAY)}
    rows = {row["campaign_key"]: row for row in told if "campaign_key" in row}
    days = {
        f"meta:campaign:{one.campaign_id}": (one.starts_on, one.ends_on)
        for one in campaigns.company.campaigns
    }
    for key, row in rows.items():
        one = campaigns.found[key]
        if row["cost_per_lead"] is not None:
            assert float(row["cost_per_lead"]) == pytest.approx(float(one.cost) / one.leads)
        if row["owned_status"] == "told":
            old = {w for w in one.people & reached.keys() if campaigns.first_day[w] <= TODAY - timedelta(30)}
            assert row["owned_count"] == len(old)
            each = float(one.cost) / len(old) if old else None
            assert row["cost_per_owned_contact"] == (each and pytest.approx(each)), key
        won = len(one.customers)
        assert row["cac_media"] == (pytest.approx(float(one.cost) / won) if won else None), key
        here = [reached[who] for who in one.people & reached.keys()]
        capital = [left / float(one.cost) for left in money.bounds(stood, here, 30)]
        named = (row["capital_low"], row["capital_per_unit"], row["capital_high"])
        assert named == (pytest.approx(tuple(capital)) if here else (None, None, None)), key
        if key in days:
            start, end = days[key]
            assert (row["stop_status"] == "immature") == (end > TODAY - timedelta(90)), key
            during = sum(paid - back for _, on, paid, back in one.orders if start <= on <= end)
            assert Decimal(row["net_during"] or 0) == during, key
            if row["stop_status"] == "told":
                after = sum(
                    paid - back for _, on, paid, back in one.orders if end < on <= end + timedelta(90)
                )
                assert Decimal(row["net_after"]) == after, key
                part = pytest.approx(float(after / during)) if during else None
                assert row["after_stop"] == part, key
    assert any(row["owned_status"] == "told" and row["owned_count"] for row in rows.values())
    assert any(row["after_stop"] for row in rows.values())
