"""The owner's letter over a whole company equals a reading of its truth apart: the month's sums, the acts."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from campaign_oracle import Campaigns
from money_oracle import Money
from ownership_oracle import Decision, Oracle, day_of, net_of
from test_left_behind import STOOD
from test_owned import DECISIONS
from town import Town

from simulator.home import COSTS
from simulator.model import Company

pytestmark = pytest.mark.slow

TODAY = date(2026, 11, 20)
MONTHS = ("2026-10", "2026-09", "2025-10")


@pytest.fixture(scope="module")
def whose(whole: Town) -> dict[str, str]:
    return dict(whole.published("select profile_id, customer_id from customer_profiles"))


@pytest.fixture(scope="module")
def money(company: Company, whose: dict[str, str]) -> Money:
    return Money(Campaigns(company, whose, TODAY), TODAY)


@pytest.fixture(scope="module")
def oracle(company: Company, whole: Town, whose: dict[str, str]) -> Oracle:
    return Oracle(company, whose, [Decision(*row) for row in whole.published(DECISIONS)], TODAY)


@pytest.fixture(scope="module")
def told(whole: Town, tmp_path_factory: pytest.TempPathFactory) -> list[dict]:
    town = whole.copy(tmp_path_factory.mktemp("letter") / "town")
    ran = town.firsthand("letter", "--json")
    assert ran.code == 0, ran.text
    kept = (town.root / "data" / "ownership.jsonl").read_text().splitlines()
    assert len(kept) == 1 and json.loads(kept[0])["subject"] == "dependence"
    return [json.loads(line) for line in ran.out.splitlines()]


def within(month: str) -> Callable[[date], bool]:
    return lambda on: f"{on:%Y-%m}" == month


def test_the_months_sums_are_what_the_truth_says(money: Money, company: Company, told: list[dict]) -> None:
    months = {row["first_day"][:7]: row for row in told if "first_day" in row}
    assert tuple(months) == MONTHS
    for month, row in months.items():
        was = within(month)
        assert Decimal(row["net"]) == sum(net for _, on, net in money.orders if was(on)), month
        assert row["order_count"] == sum(was(on) for _, on, _ in money.orders), month
        assert row["new_customers"] == sum(was(on) for on in money.first.values()), month
        assert float(row["media"]) == pytest.approx(float(money.spend(was)), abs=0.05), month
        answered = [lead for lead in company.leads if lead.person_id and was(day_of(lead.created_at))]
        assert row["lead_count"] + row["refused_count"] == len(answered), month
    assert any(row["order_count"] for row in months.values())


def test_the_months_people_and_shares_are_what_the_truth_says(
    oracle: Oracle, money: Money, told: list[dict]
) -> None:
    campaigns, reached = money.campaigns, oracle.reachable()
    for row in told:
        if "first_day" not in row:
            continue
        month = row["first_day"][:7]
        was = within(month)
        came = {who for who, on in campaigns.first_day.items() if was(on)}
        assert (row["new_people"], row["new_owned"]) == (len(came), len(came & reached)), month
        assert row["is_reach_mature"] == (date.fromisoformat(row["last_day"]) <= TODAY - timedelta(30))
        orders = [
            (who, order)
            for who, theirs in oracle.orders.items()
            for order in theirs
            if was(day_of(order.created_at))
        ]
        net = sum(net_of(order) for _, order in orders)
        parts = {
            "own_share": [oracle.is_own_initiated(who, order) for who, order in orders],
            "campaign_share": [campaigns.brought_by[who] != "unknown" for who, _ in orders],
            "unknown_share": [
                campaigns.brought_by[who] == "unknown" and oracle.first_touch(who) is None
                for who, _ in orders
            ],
        }
        for name, counts in parts.items():
            part = sum(net_of(order) for (_, order), is_one in zip(orders, counts, strict=True) if is_one)
            assert row[name] == pytest.approx(part / net), (month, name)
        won = sum(was(on) for on in money.first.values())
        each = (float(money.spend(was)) + COSTS["tools_per_month"] + COSTS["people_per_month"]) / (won or 1)
        assert row["cac"] == (pytest.approx(each, abs=0.05) if won else None), month


def test_the_acts_are_those_worth_most_by_the_truth(
    oracle: Oracle, money: Money, told: list[dict], whole: Town
) -> None:
    stood = {who: (stage, activity) for who, stage, activity in whole.published(STOOD, TODAY, TODAY)}
    standing = {
        who: (stage, activity)
        for who, stage, activity in whole.published("select customer_id, stage, activity from customers")
    }
    meta = oracle.only_through_meta()
    nobody = oracle.known - oracle.reachable() - oracle.on_meta - oracle.refused
    expected = {
        ("win_over", "meta"): meta,
        ("ask_when_they_come", None): nobody,
    }
    found = {(row["act"], row["subject"]): row for row in told if "act" in row}
    for act, people in expected.items():
        assert people and found[act]["person_count"] == len(people), act
        worth = money.expected(stood, [standing[who] for who in people], 30)
        assert float(found[act]["value"]) == pytest.approx(worth), act
    values = [float(row["value"]) for row in told if "act" in row]
    assert values == sorted(values, reverse=True)
    first = next(row for row in told if "known" in row)
    assert (first["known"], first["reachable"]) == (len(oracle.known), len(oracle.reachable()))


def test_campaigns_bring_the_month_what_the_truth_says(money: Money, told: list[dict]) -> None:
    was = within("2026-10")
    rows = {row["campaign_key"]: row for row in told if "campaign_key" in row}
    assert any(row["new_people"] for row in rows.values())
    for key, one in money.campaigns.found.items():
        if key == "unknown":
            continue
        net = sum((paid - back for _, on, paid, back in one.orders if was(on)), Decimal(0))
        came = sum(was(money.campaigns.first_day[who]) for who in one.people)
        row = rows.get(key, {"net": 0, "new_people": 0})
        assert (Decimal(row["net"]), row["new_people"]) == (net, came), key
