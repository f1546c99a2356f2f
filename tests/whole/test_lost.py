"""What losing a platform costs, over a whole company: outage, closure, recovery, trapped, a planned pause.

Each equals a reading of the truth apart (`loss_oracle.py`).
"""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import duckdb
import pytest
import yaml
from loss_oracle import T_25, WEEKS, Z_80, Weeks, caught_up, closure, outage, recovery, sales, struck
from ownership_oracle import Decision, Oracle, day_of
from test_owned import DECISIONS
from town import MORNING, Town

from simulator.marketing import PARIS
from simulator.model import Company

pytestmark = pytest.mark.slow

TODAY = date(2026, 11, 20)
LIMITS = {"email": 40, "sms": 7, "post": 3, "phone": 2}
FOLLOWERS = {"instagram": {"count": 900, "told_on": "2026-11-01"}}
CATCH_UP = 0.3
STOOD_ON = "select customer_id, {cut} from customer_ownership"


@pytest.fixture(scope="module")
def oracle(company: Company, whole: Town) -> Oracle:
    whose = dict(whole.published("select profile_id, customer_id from customer_profiles"))
    return Oracle(company, whose, [Decision(*row) for row in whole.published(DECISIONS)], TODAY)


@pytest.fixture(scope="module")
def town(whole: Town, tmp_path_factory: pytest.TempPathFactory) -> Town:
    """Which has settings of its own, and read Meta's leads last a day and a half ago."""
    town = whole.copy(tmp_path_factory.mktemp("lost") / "town")
    settings = town.root / "firsthand.yaml"
    told = yaml.safe_load(settings.read_text())
    told["ownership"] = {"daily_limits": LIMITS, "followers": FOLLOWERS, "catch_up": CATCH_UP}
    settings.write_text(yaml.safe_dump(told))
    reads = town.root / "data" / "state" / "reads.json"
    at = datetime.fromisoformat(MORNING) - timedelta(hours=36)
    reads.write_text(json.dumps(json.loads(reads.read_text()) | {"meta/leads": at.isoformat()}))
    return town


@pytest.fixture(scope="module")
def told(town: Town) -> dict:
    return drill(town, "meta")


def drill(town: Town, *words: str) -> dict:
    ran = town.firsthand("drill", *words, "--json")
    assert ran.code == 0, ran.text
    return json.loads(ran.out)


def test_an_outage_costs_what_the_truth_says(oracle: Oracle, told: dict) -> None:
    found, lost = told["outage"], sales(oracle, "meta")
    recent = [one for one in lost if one.week < WEEKS]
    assert found["order_count"] == len(recent) > 0
    by_mean = sum(one.net for one in recent) * 6 / (WEEKS * 7 * 24)
    assert found["by_mean"] == pytest.approx(by_mean * (1 - CATCH_UP))
    low, usual, high = outage(lost, 6)
    assert (found["low"], found["usual"], found["high"]) == pytest.approx(
        (low * (1 - CATCH_UP), usual * (1 - CATCH_UP), high)
    )
    # Two orders a week: by the hour there is nothing to tell, and it says so.
    assert (high, found["status"]) == (0, "too_sparse")


@pytest.mark.parametrize(("firm", "hours"), [("meta", 24), ("meta", 168), ("shopify", 6), ("shopify", 30)])
def test_so_it_does_when_two_years_are_sold_in_eight_weeks(
    oracle: Oracle, busy: Town, firm: str, hours: int
) -> None:
    """Each order keeps its weekday and hour, so that hours and quarters of days have medians."""
    lost = sales(oracle, None if firm == "shopify" else firm)
    folded = [replace(one, week=one.week % WEEKS) for one in lost]
    low, usual, high = outage(folded, hours)
    found = drill(busy, firm, "--hours", str(hours))["outage"]
    assert (found["status"], found["order_count"]) == ("told", len(folded))
    assert (found["low"], found["usual"], found["high"]) == pytest.approx(
        (low * (1 - CATCH_UP), usual * (1 - CATCH_UP), high)
    )
    assert high > 0


@pytest.fixture(scope="module")
def busy(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Town:
    busy = town.copy(tmp_path_factory.mktemp("busy") / "town")
    published = (busy.root / "serving" / "current" / "marketing.duckdb").resolve()
    published.chmod(0o600)
    with duckdb.connect(str(published)) as con:
        con.execute(
            "update order_ownership set order_date = $today::date - 1"
            " - (($today::date - 1 - order_date) % $days::integer)::integer where order_date < $today::date",
            {"today": TODAY, "days": WEEKS * 7},
        )
    return busy


# Two days of the week before last, and how much later some of theirs were bought.
BEGAN, OUT_HOURS, LATE = datetime(2026, 11, 8, 18, 30), 48, timedelta(hours=36)
FOLDED = """
    update order_ownership set
        ordered_at
        = (ordered_at at time zone 'Europe/Paris' + to_days(moved::integer)) at time zone 'Europe/Paris',
        order_date = order_date + moved::integer
    from (
        select order_id as id, ago - ((ago - 1) % $days::integer + 1) as moved
        from (select order_id, $today::date - order_date as ago from order_ownership)
        where ago > 0
    )
    where order_id = id
"""
MET = "ordered_at >= $began::timestamptz and ordered_at < $began::timestamptz + to_hours($hours::integer)"


@pytest.fixture(scope="module")
def hit(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Town:
    """All years in ten weeks, and an outage in the ninth: some came later, some never."""
    hit = town.copy(tmp_path_factory.mktemp("hit") / "town")
    published = (hit.root / "serving" / "current" / "marketing.duckdb").resolve()
    published.chmod(0o600)
    out = {"began": BEGAN.replace(tzinfo=PARIS), "hours": OUT_HOURS}
    with duckdb.connect(str(published)) as con:
        con.execute(FOLDED, {"today": TODAY, "days": 70})
        con.execute(f"delete from order_ownership where minute(ordered_at) >= 50 and {MET}", out)
        con.execute(
            "update order_ownership set ordered_at = ordered_at + to_hours($late::integer)"
            f" where minute(ordered_at) >= 20 and {MET}",
            out | {"late": LATE // timedelta(hours=1)},
        )
    return hit


@pytest.mark.parametrize(("firm", "status"), [("shopify", "told"), ("meta", "too_sparse")])
def test_what_was_bought_after_an_outage_is_what_the_truth_says(
    oracle: Oracle, hit: Town, firm: str, status: str
) -> None:
    left = struck(oracle, None if firm == "shopify" else firm, 10, BEGAN, OUT_HOURS, LATE)
    usual, sold, usual_after, sold_after, part = caught_up(left, BEGAN, OUT_HOURS)
    found = drill(hit, firm, "--was-out", f"{BEGAN:%Y-%m-%d %H:%M}", "--hours", str(OUT_HOURS))
    assert (found["usual"], found["sold"]) == pytest.approx((usual, sold))
    assert (found["usual_after"], found["sold_after"]) == pytest.approx((usual_after, sold_after))
    assert found["configured"] == CATCH_UP
    assert found["status"] == status
    # Two orders a week are too few for a share, as for a drill by the hour.
    assert found["catch_up"] == (pytest.approx(part) if status == "told" else None)
    assert status != "told" or 0 < part < 1


def test_a_closure_costs_what_the_truth_says(oracle: Oracle, told: dict) -> None:
    found = told["closure"]
    by_first, by_last, lost, count = closure(oracle, "meta", oracle.only_through_meta())
    assert (Decimal(found["by_first_touch"]), Decimal(found["by_last_touch"])) == (by_first, by_last)
    assert (Decimal(found["lost"]), found["lost_count"]) == (lost, count)
    neither = [who for who in oracle.new() if "meta" not in (oracle.first_touch(who), oracle.last_touch(who))]
    assert found["new_of_others_count"] == len(neither)
    assert by_first != by_last


def test_everybody_left_is_told_in_the_days_the_truth_says(oracle: Oracle, told: dict, whole: Town) -> None:
    rows = {row["channel"]: row for row in told["recovery"]}
    found = {name: (row["person_count"], row["first_count"], row["days"]) for name, row in rows.items()}
    assert found == recovery(oracle, LIMITS)
    assert sum(row["first_count"] for row in rows.values()) == len(oracle.reachable())
    basis = (
        "select customer_id, channel, basis from customer_permissions"
        " where purpose = 'marketing' and is_allowed and is_deliverable"
    )
    bases: dict[str, dict[str, set[str]]] = {name: {} for name in rows}
    for who, channel, on in whole.published(basis):
        bases[channel].setdefault(who, set()).add(on)
    for channel, row in rows.items():
        # Whose two addresses stand on two bases is told of one of them.
        sure = Counter(*[[next(iter(on)) for on in bases[channel].values() if len(on) == 1]])
        assert sum(row["bases"].values()) == row["person_count"]
        assert sure <= Counter(row["bases"]), channel


def test_leads_and_followers_that_are_trapped_are_those_of_the_truth(
    oracle: Oracle, company: Company, told: dict
) -> None:
    rows = {row["platform"]: row for row in told["trapped"]}
    since = TODAY - timedelta(28)
    came = [
        one
        for one in company.leads
        if one.platform == "meta" and one.person_id and since <= day_of(one.created_at) < TODAY
    ]
    meta, instagram = rows["meta"], rows["instagram"]
    assert (meta["four_weeks_count"], meta["hours_since"], meta["missing_count"]) == (len(came), 36, 0)
    assert meta["expected"] == pytest.approx(len(came) / (28 * 24) * 36)
    # Whoever refused is as good as a stranger: what is left is an upper bound all the same.
    matched = oracle.on_meta - oracle.refused
    assert (instagram["followers"], instagram["unknown_followers"]) == (900, 900 - len(matched))


@pytest.mark.parametrize("cut", ["stage", "country", "activity"])
def test_each_group_is_reached_as_the_truth_says(oracle: Oracle, told: dict, whole: Town, cut: str) -> None:
    stood = dict(whole.published(STOOD_ON.format(cut=cut)))
    reached, sole = oracle.reachable(), oracle.only_through_meta()
    for row in told["by"][cut]:
        here = {who for who, value in stood.items() if value == row["value"]}
        assert (row["known_count"], row["reachable_count"]) == (len(here), len(here & reached))
        assert (row["reachable_after_count"], row["sole_count"]) == (len(here & reached), len(here & sole))
        assert Decimal(row["revenue"]) == sum(map(oracle.revenue, here))
        assert Decimal(row["revenue_covered"]) == sum(map(oracle.revenue, here & reached))
    assert {row["value"] for row in told["by"][cut]} == set(stood.values())


@pytest.fixture(scope="module")
def held(whole: Town) -> Callable[..., dict]:
    def ask(*words: str) -> dict:
        ran = whole.firsthand("holdout", "meta", "--json", *words)
        assert ran.code == 0, ran.text
        return json.loads(ran.out)

    return ask


def test_a_pause_is_planned_as_the_truth_says(oracle: Oracle, held: Callable[..., dict]) -> None:
    found, weeks = held(), Weeks(oracle, TODAY, 26, {})
    weekly = sum(weeks.here) / 26
    assert (found["status"], found["week_count"]) == ("told", 26)
    assert found["order_count"] == sum(map(len, weeks.sold))
    assert (found["weekly"], found["claimed"]) == pytest.approx((weekly, weeks.claimed("meta")))
    assert [plan["weeks"] for plan in found["plans"]] == [2, 4, 8]
    for plan in found["plans"]:
        off = plan["weeks"]
        seen = (T_25 + Z_80) * weeks.error(off, off)
        assert plan["smallest_seen"] == pytest.approx(seen, rel=1e-3)
        assert plan["expected"] == pytest.approx(weekly * off)
        assert plan["smallest_share"] == pytest.approx(seen / (weekly * off), rel=1e-3)
        would = weeks.claimed("meta") * off >= seen
        assert plan["verdict"] == ("would_be_seen" if would else "too_small")


def test_a_pause_in_one_country_is_held_against_the_others(
    oracle: Oracle, held: Callable[..., dict], whole: Town
) -> None:
    country = dict(whole.published("select customer_id, country from customer_ownership"))
    first, off = date(2026, 9, 7), 4
    weeks = Weeks(oracle, first, 26, country, "FR")
    days = ("--from", str(first), "--to", str(first + timedelta(7 * off - 1)))
    found = held("--country", "FR", *days)
    assert (found["status"], found["order_count"]) == ("told", sum(map(len, weeks.sold)))
    during = weeks.of(first, 7 * off)
    held_against = weeks.held_against(during, off)
    expected = weeks.ratio * held_against
    effect = sum(float(o.total - sum(r.amount for r in o.refunds)) for w, o in during if country[w] == "FR")
    effect -= expected
    wide = T_25 * weeks.error(off, held_against)
    read = found["reading"]
    assert (read["expected"], read["effect"]) == pytest.approx((expected, effect))
    assert (read["low"], read["high"]) == pytest.approx((effect - wide, effect + wide), rel=1e-3)
    assert held_against > 0
    assert found["claimed"] == pytest.approx(weeks.claimed("meta"))
    verdict = "cannot_tell" if abs(effect) < wide else "less" if effect < 0 else "more"
    assert read["verdict"] == verdict
