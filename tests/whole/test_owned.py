"""The drill over a whole company equals a reading of its truth apart; its page prints and asks nobody."""

import csv
import json
import math
import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import stdev

import pytest
from ownership_oracle import Decision, Oracle, day_of
from town import Town

from pipelines.home import Home
from pipelines.ownership import attribution
from simulator.model import Company
from simulator.stages import returned

pytestmark = pytest.mark.slow

TODAY = date(2026, 11, 20)
DECISIONS = """
    select customer_id, channel, is_allowed and is_deliverable, reason from customer_permissions
    where purpose = 'marketing' and channel <> 'ad_upload'
"""


@pytest.fixture(scope="module")
def oracle(company: Company, whole: Town) -> Oracle:
    whose = dict(whole.published("select profile_id, customer_id from customer_profiles"))
    return Oracle(company, whose, [Decision(*row) for row in whole.published(DECISIONS)], TODAY)


def drill(town: Town, folder: Path, *words: str) -> tuple[dict, set[str]]:
    """The figures printed and the numbers listed."""
    listed = folder / "win.csv"
    ran = town.firsthand("drill", *words, "--json", "--list", str(listed))
    assert ran.code == 0, ran.text
    with listed.open(encoding="utf-8-sig", newline="") as file:
        return json.loads(ran.out.splitlines()[0]), {row["customer_id"] for row in csv.DictReader(file)}


def test_metas_drill_is_what_the_truth_says(oracle: Oracle, whole: Town, tmp_path: Path) -> None:
    town = whole.copy(tmp_path / "town")
    told, listed = drill(town, tmp_path, "meta")
    assert listed == oracle.only_through_meta()
    assert listed
    assert (told["known"], told["reachable_after"]) == (len(oracle.known), len(oracle.reachable()))
    revenue = {who: oracle.revenue(who) for who in oracle.known}
    assert Decimal(told["revenue"]) == sum(revenue.values())
    assert Decimal(told["revenue_covered"]) == sum(revenue[who] for who in oracle.reachable())
    for cut, groups in told["by"].items():
        assert sum(group["known_count"] for group in groups) == told["known"], cut
    assert told["by"].keys() == {"stage", "country", "activity"}
    new = oracle.new()
    first = {who for who in new if oracle.first_touch(who) == "meta"}
    last = {who for who in new if oracle.last_touch(who) == "meta"}
    cost = told["closure"]
    assert (cost["new_count"], cost["first_touch_count"]) == (len(new), len(first))
    assert cost["last_touch_count"] == len(last)
    assert Decimal(cost["first_touch"]) == sum(revenue[who] for who in first)
    assert Decimal(cost["last_touch"]) == sum(revenue[who] for who in last)
    kept = (town.root / "data" / "ownership.jsonl").read_text().splitlines()
    assert len(kept) == 1
    assert not set(re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", kept[0])), (
        "no number is kept, so none need be erased"
    )


def test_the_mail_tool_and_meta_together_are_more_than_each(
    oracle: Oracle, whole: Town, tmp_path: Path
) -> None:
    town = whole.copy(tmp_path / "town")
    _, mail = drill(town, tmp_path, "brevo", "--closed")
    assert mail == oracle.only_through_the_mail_tool()
    told, both = drill(town, tmp_path, "brevo", "meta", "--closed")
    left = oracle.reachable({"email", "sms"})
    assert told["reachable_after"] == len(left)
    everybody = oracle.reachable() | (oracle.on_meta - oracle.refused)
    assert both == everybody - left
    assert both > mail | oracle.only_through_meta()


def test_the_index_is_told_of_what_is_published(oracle: Oracle, whole: Town, tmp_path: Path) -> None:
    town = whole.copy(tmp_path / "town")
    ran = town.firsthand("dependence", "--json")
    assert ran.code == 0, ran.text
    now = json.loads(ran.out.splitlines()[-1])
    new = oracle.new()
    by_meta = sum(oracle.first_touch(who) == "meta" for who in new)
    assert (now["day"], now["new_total"], now["most_on"]) == (str(TODAY), len(new), "meta")
    assert now["most_share"] == pytest.approx(by_meta / len(new))


def test_how_much_hangs_on_whom_is_what_the_truth_says(oracle: Oracle, whole: Town, tmp_path: Path) -> None:
    now = json.loads(whole.copy(tmp_path / "town").firsthand("dependence", "--json").out.splitlines()[-1])
    new, revenue = oracle.new(), {who: float(oracle.revenue(who)) for who in oracle.known}
    brought = {
        who: oracle.first_touch(who) or "unknown" for who in oracle.known if who in new or revenue[who]
    }
    won = {firm: sum(brought[who] == firm for who in new) / len(new) for firm in set(brought.values())}
    earned = {
        firm: sum(revenue[who] for who in brought if brought[who] == firm) / sum(revenue.values())
        for firm in won
    }
    squares = sum(won.get(firm, 0) ** 2 for firm in ("meta", "google"))
    assert now["concentration"] == pytest.approx(10_000 * squares)
    rented = won["meta"] + won.get("google", 0)
    assert now["effective_platforms"] == pytest.approx(rented**2 / squares)
    assert now["unknown_acquisition"] == pytest.approx(won.get("unknown", 0))
    assert now["unknown_revenue"] == pytest.approx(earned.get("unknown", 0))
    reach = len(oracle.only_through_meta()) / len(oracle.known)
    index = 100 * (0.3 * won["meta"] + 0.4 * earned["meta"] + 0.3 * reach)
    assert now["dependence"] == pytest.approx(index)
    year = [
        (float(order.total - returned(order)), oracle.is_own_initiated(who, order))
        for who, orders in oracle.orders.items()
        for order in orders
        if day_of(order.created_at) > TODAY - timedelta(365)
    ]
    own = sum(net for net, is_own in year if is_own) / sum(net for net, _ in year)
    assert now["own_initiated_share"] == pytest.approx(own)
    assert 0 < own < 1


def test_a_pause_told_what_the_truth_says(oracle: Oracle, whole: Town) -> None:
    first, weeks, before = date(2026, 8, 3), 4, 26
    last = first + timedelta(7 * weeks - 1)
    ran = whole.firsthand("holdout", "meta", "--from", str(first), "--to", str(last), "--json")
    assert ran.code == 0, ran.text
    told = json.loads(ran.out)
    sales = [
        (day_of(order.created_at), float(order.total - returned(order)), who, order)
        for who, orders in oracle.orders.items()
        for order in orders
    ]

    def of(start: date, days: int) -> list[tuple]:
        return [one for one in sales if start <= one[0] < start + timedelta(days)]

    held = [of(first - timedelta(7 * week), 7) for week in range(1, before + 1)]
    weekly = [sum(net for _, net, *_ in week) for week in held]
    assert (told["status"], told["week_count"], told["order_count"]) == ("told", before, sum(map(len, held)))
    assert told["weekly"] == pytest.approx(sum(weekly) / before)
    by_meta = sum(
        net
        for week in held
        for _, net, who, order in week
        if "meta" in (oracle.first_touch(who), oracle.last_touch(who, order))
    )
    assert told["claimed"] == pytest.approx(by_meta / before)
    read = told["reading"]
    effect = sum(net for _, net, *_ in of(first, 7 * weeks)) - weeks * sum(weekly) / before
    assert read["effect"] == pytest.approx(effect)
    # Student's t for 25 degrees of freedom, from a table.
    wide = 2.0595 * stdev(weekly) * math.sqrt(weeks + weeks**2 / before)
    assert (read["low"], read["high"]) == pytest.approx((effect - wide, effect + wide), rel=1e-3)
    assert read["verdict"] == ("cannot_tell" if abs(effect) < wide else "less" if effect < 0 else "more")
    spent = sum(float(one.spend) for one in oracle.company.campaign_days if first <= one.day <= last)
    assert read["spent"] == pytest.approx(spent)


def test_the_four_answers_are_what_the_truth_says(oracle: Oracle, whole: Town) -> None:
    ran = whole.firsthand("attribution", "--days", "200", "--json")
    assert ran.code == 0, ran.text
    told = [json.loads(line) for line in ran.out.splitlines()]
    for figure, expected in (
        ("revenue", oracle.attributed(200)), ("new", oracle.attributed(200, new=True))
    ):  # fmt: skip
        for answer in ("first_touch", "last_touch", "said", "position"):
            found: dict[str, float] = {}
            for row in told:
                if "source" in row and float(row[f"{answer}_{figure}"]):
                    # The truth knows whose it is, not which channel of ours.
                    source = "own" if row["source"].startswith("own") else row["source"]
                    found[source] = found.get(source, 0) + float(row[f"{answer}_{figure}"])
            those = {name: count for name, count in expected[answer].items() if count}
            assert found == pytest.approx(those), (answer, figure)
    assert len(expected["last_touch"]) > 2
    claims = {row["platform"]: (row["claimed_count"], row["held_count"]) for row in told if "platform" in row}
    since, company = TODAY - timedelta(199), oracle.company
    claimed = sum(one.leads for one in company.campaign_days if one.platform == "meta" and since <= one.day)
    held = [lead for lead in company.leads if lead.platform == "meta" and lead.campaign_id and lead.person_id]
    assert claims["meta"] == (claimed, sum(day_of(lead.created_at) >= since for lead in held))


def test_the_answers_differ_most_where_the_truth_says(oracle: Oracle, whole: Town) -> None:
    found = attribution.run(Home(whole.root), 200).farthest()
    assert found
    brought = oracle.attributed(200)
    revenue = sum(brought["last_touch"].values())
    asked = [
        name for name in ("first_touch", "last_touch", "said") if brought[name]["unknown"] <= 0.4 * revenue
    ]
    firms = {firm for name in asked for firm in brought[name]} - {"own", "unknown", "direct"}
    spans = {firm: sorted(brought[name][firm] / revenue for name in asked) for firm in firms}
    widest = max(shares[-1] - shares[0] for shares in spans.values())
    word, low, high = found
    if word.startswith("own"):  # the truth does not know which channel of ours
        assert high - low >= widest - 1e-9
    else:
        assert (low, high) == pytest.approx((spans[word][0], spans[word][-1]))
        assert high - low == pytest.approx(widest)


@pytest.fixture(scope="module", params=["en", "fr"])
def page(whole: Town, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """The drill's, as long as it gets: with a trend, and drills before this one."""
    folder = tmp_path_factory.mktemp("page")
    town, page = whole.copy(folder / "town"), folder / "drill.html"
    earlier = {"subject": "meta", "known": 180, "reachable_after": 120, "sole": 30}
    with (town.root / "data" / "ownership.jsonl").open("w") as file:
        for days in range(30, 300, 30):
            file.write(json.dumps(earlier | {"day": str(TODAY - timedelta(days))}) + "\n")
    ran = town.firsthand("drill", "meta", "--lang", request.param, "--page", str(page))
    assert ran.code == 0, ran.text
    return page


def test_the_page_asks_nobody_for_anything_and_tells_each_picture_as_a_table(page: Path) -> None:
    assert page.stat().st_mode & 0o077 == 0
    shown = page.read_text(encoding="utf-8")
    assert "<polyline" in shown
    assert shown.count("<table") >= shown.count('role="img"')
    assert not re.findall(r"(?:src|href)=|url\((?!#)|@import", shown)
