"""What the money left behind over a whole company equals a reading of its truth apart."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from campaign_oracle import Campaigns, Money
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
        if row["payback_month"]:
            left = [float(money.left_in(people, month)) / len(people) for month in range(1, 25)]
            paid_back = next(month for month, so_far in enumerate(left, 1) if so_far >= row["cac"])
            assert row["payback_month"] == paid_back
        if row["value_12"] is not None:
            assert row["value_12"] == pytest.approx(float(money.left_in(people, 12)) / len(people))
            month = float(money.left_in(people, 12) - money.left_in(people, 11))
            assert row["retained_12"] == pytest.approx(month / float(money.left_in(people, 1)))


def test_what_is_left_to_come_is_what_people_like_them_left(
    money: Money, told: list[dict], whole: Town
) -> None:
    stood = {who: (stage, activity) for who, stage, activity in whole.published(STOOD, TODAY, TODAY)}
    reached = whole.published("select stage, activity from customer_ownership where len(owned_channels) > 0")
    asset = told[0]["asset"]
    assert asset["person_count"] == len(reached)
    assert float(asset["asset"]) == pytest.approx(money.expected(stood, reached, 30))


def test_rent_is_what_paid_contacts_touched(money: Money, told: list[dict]) -> None:
    rent = told[0]["rent"]
    year = sum(left for _, on, left in money.left if money.in_year(on))
    assert Decimal(rent["value"]) == year
    assert Decimal(rent["paid_for"]) == money.paid_for() > 0


def test_each_campaign_left_what_the_truth_says(campaigns: Campaigns, told: list[dict], whole: Town) -> None:
    query = "select customer_id from customer_ownership where len(owned_channels) > 0"
    reached = {who for (who,) in whole.published(query)}
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
            old = {w for w in one.people & reached if campaigns.first_day[w] <= TODAY - timedelta(30)}
            assert row["owned_count"] == len(old)
        if key in days:
            start, end = days[key]
            assert (row["stop_status"] == "immature") == (end > TODAY - timedelta(90)), key
            during = sum(paid - back for _, on, paid, back in one.orders if start <= on <= end)
            assert Decimal(row["net_during"] or 0) == during, key
    assert any(row["owned_status"] == "told" and row["owned_count"] for row in rows.values())
