"""Seen against useful over a whole company equals a reading of its truth apart."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from campaign_oracle import Campaigns, day_of, fisher, spearman, wilson
from money_oracle import Money
from town import Town

from pipelines import reading
from pipelines.home import Home
from pipelines.ownership import useful
from pipelines.ownership.published import opened, sql
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
        seen = (row["impressions"] or 0, row["interactions"] or 0, row["clicks"] or 0)
        assert seen == (one.impressions, one.interactions, one.clicks), key


def test_each_campaign_left_the_margin_and_the_prospects_the_truth_says(
    oracle: Campaigns, told: tuple[dict, dict[str, dict]], whole: Town
) -> None:
    stage = dict(whole.published("select customer_id, stage from customers"))
    left: dict[str, Decimal] = {}
    for who, _, margin in Money(oracle, TODAY).left:
        key = oracle.brought_by[who]
        left[key] = left.get(key, Decimal(0)) + margin
    for key, row in told[1].items():
        assert Decimal(row["contribution"] or 0) == left.get(key, 0), key
        one = oracle.found[key]
        assert row["qualified_count"] == sum(stage[who] != "lead" for who in one.people), key
    assert left.keys() - {"unknown"}


def test_each_post_was_seen_as_the_truth_says(oracle: Campaigns, told: tuple[dict, dict[str, dict]]) -> None:
    # A younger one is still being seen.
    posts = [post for post in oracle.company.posts if day_of(post.at) < TODAY - timedelta(11)]
    for post in posts:
        key = f"meta:post:{post.post_id}"
        row, one = told[1][key], oracle.found[key]
        assert (row["impressions"], row["reach"]) == (one.impressions, one.reach), key
        assert (row["interactions"], row["clicks"] or 0) == (one.interactions, one.clicks), key
    assert len(posts) > 100


def test_shares_have_the_bounds_of_the_truth(oracle: Campaigns, whole: Town) -> None:
    """Of those no campaign brought, for only they are thirty."""
    [unknown] = rows(whole, "from campaign_results where campaign_key = 'unknown'")
    stood = rows(whole, "select customer_id, stage, owned_channels from customer_ownership")
    people = oracle.found["unknown"].people
    reached = {one["customer_id"] for one in stood if one["owned_channels"]} & people
    old = {who for who in people if oracle.first_day[who] <= TODAY - timedelta(30)}
    qualified = {one["customer_id"] for one in stood if one["stage"] != "lead"} & people
    bought = oracle.found["unknown"].customers
    for name, hits, trials in (
        ("reachable", reached & old, old), ("qualified", qualified, people), ("customer", bought, people)
    ):  # fmt: skip
        assert unknown[f"{name}_share"] == pytest.approx(len(hits) / len(trials)), name
        low, high = wilson(len(hits), len(trials))
        assert unknown[f"{name}_share_low"] == pytest.approx(low), name
        assert unknown[f"{name}_share_high"] == pytest.approx(high), name
    assert len(old) < len(people)


@pytest.mark.parametrize("enough", [(30, 10), (1, 1), (0, 0)])
def test_loud_and_quiet_are_those_of_the_truth(
    oracle: Campaigns, whole: Town, enough: tuple[int, int]
) -> None:
    """As it is told, and as it would be if less were enough, for the made-up company is small."""
    leads, orders = enough
    limits = useful.LIMITS | {"fewest_leads": leads, "fewest_orders": orders}
    found = {row["campaign_key"]: row["verdict"] for row in rows(whole, sql("seen"), limits)}
    expected = oracle.verdicts(leads, orders)
    assert {key: verdict for key, verdict in found.items() if not key.startswith("brevo:")} == expected
    assert {"loud_but_empty", "quiet_but_fertile", "between"} <= set(expected.values()) or leads


def rows(whole: Town, query: str, *values: object) -> list[dict]:
    with opened(Home.at(whole.root)) as con:
        return reading.rows(con, query, *values)


def test_what_no_campaign_brought_is_the_rest_and_nothing_is_lost(
    oracle: Campaigns, told: tuple[dict, dict[str, dict]], whole: Town
) -> None:
    sums, unknown = told[0], oracle.found["unknown"]
    people = len(oracle.brought_by)
    assert (sums["known_count"], sums["brought_count"]) == (people, people - len(unknown.people))
    all_net = sum(one.net for one in oracle.found.values())
    assert (Decimal(sums["net"]), Decimal(sums["campaign_net"])) == (all_net, all_net - unknown.net)
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
        one = oracle.found[key]
        pairs.append((one.reach, one.interactions, float(oracle.net_of_90_days(key))))
    assert sums["compared_count"] == len(pairs) >= 8
    assert sums["by_reach"] == pytest.approx(spearman([(reach, net) for reach, _, net in pairs]))
    assert sums["by_interactions"] == pytest.approx(spearman([(liked, net) for _, liked, net in pairs]))
    for told_as, place in (("by_reach", 0), ("by_interactions", 1)):
        rho = spearman([(pair[place], pair[2]) for pair in pairs])
        assert useful.bounds(sums[told_as], len(pairs)) == pytest.approx(fisher(rho, len(pairs)), abs=1e-6)
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
