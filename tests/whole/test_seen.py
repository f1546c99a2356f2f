"""Seen against useful over a whole company equals a reading of its truth apart."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from campaign_oracle import Campaigns, spearman
from town import Town

from simulator.model import Company

pytestmark = pytest.mark.slow

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def oracle(company: Company, whole: Town) -> Campaigns:
    return Campaigns(
        company, dict(whole.published("select profile_id, customer_id from customer_profiles")), TODAY
    )


@pytest.fixture(scope="module")
def told(whole: Town) -> tuple[dict, dict[str, dict]]:
    """The sums, and each campaign by its key."""
    ran = whole.firsthand("useful", "--json")
    assert ran.code == 0, ran.text
    sums, *rows = map(json.loads, ran.out.splitlines())
    return sums, {row["campaign_key"]: row for row in rows}


def test_each_campaign_brought_whom_the_truth_says(
    oracle: Campaigns, told: tuple[dict, dict[str, dict]], whole: Town
) -> None:
    reached = {
        who
        for (who,) in whole.published(
            "select customer_id from customer_ownership where len(owned_channels) > 0"
        )
    }
    paid = {key: one for key, one in oracle.found.items() if one.cost}
    assert paid.keys() <= told[1].keys()
    assert any(one.customers for key, one in paid.items() if key.startswith("meta:"))
    assert any(one.customers for key, one in paid.items() if not key.startswith("meta:"))
    for key, one in paid.items():
        row = told[1][key]
        assert (row["brought_count"], row["lead_count"]) == (len(one.people), one.leads), key
        assert row["reachable_count"] == len(one.people & reached), key
        old = {who for who in one.people if oracle.first_day[who] <= TODAY - timedelta(30)}
        assert (row["mature_count"], row["mature_reachable_count"]) == (len(old), len(old & reached)), key
        assert (Decimal(row["cost"]), row["reach"]) == (one.cost, one.reach), key
        assert row["first_order_count"] == len(one.customers), key
        assert row["repeat_order_count"] == len(one.orders) - len(one.customers), key
        assert Decimal(row["net"]) == one.net, key
        assert Decimal(row["refunded"]) == sum(back for *_, back in one.orders), key
        assert Decimal(row["net_90_days"]) == oracle.net_of_90_days(key), key


def test_what_no_campaign_brought_is_the_rest_and_nothing_is_lost(oracle: Campaigns, whole: Town) -> None:
    [[brought, net]] = whole.published(
        "select brought_count, net from campaign_results where campaign_key = 'unknown'"
    )
    assert (brought, net) == (len(oracle.found["unknown"].people), oracle.found["unknown"].net)
    [[brought, net]] = whole.published("select sum(brought_count), sum(net) from campaign_results")
    [[customers]] = whole.published("select count(*) from customers")
    [[revenue]] = whole.published("select sum(net_converted) from orders")
    assert (brought, net) == (customers, revenue)


def test_applause_and_revenue_are_correlated_as_the_truth_ranks_them(
    oracle: Campaigns, told: tuple[dict, dict[str, dict]]
) -> None:
    sums, rows = told
    compared = [
        row for row in rows.values() if row["is_mature"] and row["is_followed"] and row["reach"] is not None
    ]
    ends = {f"meta:campaign:{one.campaign_id}": one.ends_on for one in oracle.company.campaigns}
    ends |= {f"{one.channel}:campaign:{one.campaign}": one.last_day for one in oracle.company.offline_spend}
    pairs = []
    for row in compared:
        key = row["campaign_key"]
        assert ends[key] <= TODAY - timedelta(90)
        pairs.append((oracle.found[key].reach, float(oracle.net_of_90_days(key))))
    assert sums["compared_count"] == len(pairs) >= 8
    assert sums["by_reach"] == pytest.approx(spearman(pairs))
    # A magazine that nothing points to sold nobody knows what.
    assert rows["presse:campaign:Belles Maisons A1"]["verdict"] == "not_followed"


def test_platforms_claim_what_they_told_of_leads(
    oracle: Campaigns, told: tuple[dict, dict[str, dict]]
) -> None:
    days = [one for one in oracle.company.campaign_days if one.platform == "meta"]
    first = min(at.date() for named in oracle.named.values() for at, _ in named)
    assert told[0]["leads_claimed"] == sum(one.leads for one in days if one.day >= first)
    assert told[0]["lead_count"] == sum(
        one.leads for key, one in oracle.found.items() if key.startswith("meta:")
    )


def test_platforms_claim_more_orders_than_they_brought(
    oracle: Campaigns, told: tuple[dict, dict[str, dict]]
) -> None:
    days = [one for one in oracle.company.campaign_days if one.orders_claimed]
    claiming = {one.campaign_id for one in days}
    campaigns = [one for one in oracle.company.campaigns if one.campaign_id in claiming]
    first, last = min(one.starts_on for one in campaigns), max(one.ends_on for one in campaigns)
    real = sum(first <= on <= last for one in oracle.found.values() for _, on, *_ in one.orders)
    claimed = sum(one.orders_claimed for one in days)
    assert (told[0]["orders_claimed"], told[0]["order_count"]) == (claimed, real)
    assert told[0]["orders_overclaim"] == pytest.approx(claimed / real)
    brought = sum(len(one.orders) for key, one in oracle.found.items() if key.startswith("meta:"))
    assert claimed > brought > 0
