"""How much hangs on whom, month by month, over a whole company equals a reading of its truth apart."""

import json
import math
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import yaml
from ownership_oracle import OURS, Decision, Oracle, net_of
from test_owned import DECISIONS
from town import Town

from simulator.model import Company

pytestmark = pytest.mark.slow

TODAY = date(2026, 11, 20)
FOLLOWERS = {
    "instagram": {"count": 900, "told_on": "2026-11-01"}, "tiktok": {"count": 60, "told_on": "2026-11-01"}
}  # fmt: skip


@pytest.fixture(scope="module")
def oracle(company: Company, whole: Town) -> Oracle:
    whose = dict(whole.published("select profile_id, customer_id from customer_profiles"))
    return Oracle(company, whose, [Decision(*row) for row in whole.published(DECISIONS)], TODAY)


@pytest.fixture(scope="module")
def told(whole: Town, tmp_path_factory: pytest.TempPathFactory) -> list[dict]:
    town = whole.copy(tmp_path_factory.mktemp("depended") / "town")
    settings = town.root / "firsthand.yaml"
    settings.write_text(settings.read_text() + yaml.safe_dump({"ownership": {"followers": FOLLOWERS}}))
    ran = town.firsthand("dependence", "--json")
    assert ran.code == 0, ran.text
    return [json.loads(line) for line in ran.out.splitlines()]


class Parts:
    """By source: part of the new customers and of the revenue of the year up to a day."""

    def __init__(self, oracle: Oracle, day: date) -> None:
        self.new = oracle.new(day)
        revenue = {who: float(oracle.revenue(who, day)) for who in oracle.orders if oracle.year(who, day)}
        source = {who: oracle.first_touch(who) or "unknown" for who in {*self.new, *revenue}}
        self.revenue = sum(revenue.values())
        self.won = {one: sum(source[who] == one for who in self.new) for one in source.values()}
        self.earned = {
            one: sum(net for who, net in revenue.items() if source[who] == one) for one in self.won
        }
        self.acquired = {one: count / len(self.new) for one, count in self.won.items()}
        self.rented = {
            one: part for one, part in self.acquired.items() if part and one not in (*OURS, "unknown")
        }
        self.unknown = self.acquired.get("unknown", 0)

    @property
    def squares(self) -> float:
        return sum(part**2 for part in self.rented.values())

    @property
    def diversification(self) -> float:
        """Shannon's entropy of all sources, ours and unknown too, by that of as many alike."""
        parts = [part for part in self.acquired.values() if part]
        return -sum(part * math.log(part) for part in parts) / math.log(len(parts))


def months() -> Iterator[date]:
    """The last days of the twelve months before."""
    for month in range(11, -1, -1):
        year, last = divmod(TODAY.year * 12 + TODAY.month - 1 - month, 12)
        yield date(year, last + 1, 1) - timedelta(1)


def test_each_month_is_what_the_truth_says(oracle: Oracle, told: list[dict]) -> None:
    rows = {row["day"]: row for row in told if "concentration" in row}
    days = [*months(), TODAY]
    assert list(rows) == [str(day) for day in days]
    for day in days:
        row, parts = rows[str(day)], Parts(oracle, day)
        most = max(parts.rented, key=lambda one: (parts.rented[one], one))
        assert (row["new_total"], row["most_on"]) == (len(parts.new), most), day
        assert float(row["revenue_total"]) == pytest.approx(parts.revenue), day
        m, u, squares = parts.rented[most], parts.unknown, parts.squares
        assert (row["most_share"], row["unknown_acquisition"]) == pytest.approx((m, u)), day
        unknown_revenue = parts.earned.get("unknown", 0) / parts.revenue
        assert row["unknown_revenue"] == pytest.approx(unknown_revenue), day
        assert row["concentration"] == pytest.approx(10_000 * squares), day
        assert row["concentration_pro_rata"] == pytest.approx(
            10_000 * sum((part / (1 - u)) ** 2 for part in parts.rented.values())
        ), day
        assert row["concentration_as_one_block"] == pytest.approx(10_000 * (squares - m**2 + (m + u) ** 2)), (
            day
        )
        assert row["effective_platforms"] == pytest.approx(sum(parts.rented.values()) ** 2 / squares), day
        assert row["diversification"] == pytest.approx(parts.diversification), day
        year = [(who, order) for who in oracle.orders for order in oracle.year(who, day)]
        own = sum(net_of(order) for who, order in year if oracle.is_own_initiated(who, order))
        assert row["own_initiated_share"] == pytest.approx(own / parts.revenue), day
        is_told = len(parts.new) >= 30 and max(u, unknown_revenue) <= 0.4
        assert (row["status"] == "told") == is_told, day
    assert {row["status"] for row in rows.values()} == {"told", "too_few"}


def test_the_index_has_the_bounds_of_the_truth(oracle: Oracle, told: list[dict]) -> None:
    now, parts = told[-1], Parts(oracle, TODAY)
    won, earned = parts.acquired["meta"], parts.earned["meta"] / parts.revenue
    unknown_revenue = parts.earned["unknown"] / parts.revenue
    reach = 30 * len(oracle.only_through_meta()) / len(oracle.known)
    assert now["pro_rata"] == pytest.approx(
        30 * won / (1 - parts.unknown) + 40 * earned / (1 - unknown_revenue) + reach
    )
    assert now["as_one_block"] == pytest.approx(
        30 * (won + parts.unknown) + 40 * (earned + unknown_revenue) + reach
    )
    assert now["dependence"] < now["pro_rata"] < now["as_one_block"]


def test_each_source_brought_what_the_truth_says(oracle: Oracle, told: list[dict]) -> None:
    parts = Parts(oracle, TODAY)
    rows = {row["source"]: row for row in told if "source" in row}
    sole = {"meta": len(oracle.only_through_meta())}
    assert rows.keys() == parts.won.keys()
    for one, row in rows.items():
        assert (row["new_count"], row["sole_count"]) == (parts.won[one], sole.get(one, 0)), one
        assert float(row["revenue"]) == pytest.approx(parts.earned[one]), one
        assert row["is_rented"] == (one not in (*OURS, "unknown")), one
        assert row["acquisition_share"] == pytest.approx(parts.acquired[one]), one
        assert row["revenue_share"] == pytest.approx(parts.earned[one] / parts.revenue), one
    assert rows.keys() > OURS


def test_the_audience_and_what_moved_are_those_of_the_truth(oracle: Oracle, told: list[dict]) -> None:
    reached, known = len(oracle.reachable()), len(oracle.known)
    first = told[0]
    assert (first["known"], first["reachable"], first["followers"]) == (known, reached, 960)
    assert first["reachable_per_follower"] == pytest.approx(reached / 960)
    then, now = Parts(oracle, TODAY.replace(day=1) - timedelta(1)), Parts(oracle, TODAY)
    moves = {
        one: (
            now.acquired.get(one, 0) - then.acquired.get(one, 0),
            now.earned.get(one, 0) / now.revenue - then.earned.get(one, 0) / then.revenue,
        )
        for one in {*then.won, *now.won}
    }
    most = max(moves, key=lambda one: max(map(abs, moves[one])))
    moved = first["moved"]
    assert (moved["source"], moved["acquisition"], moved["revenue"]) == (
        most, pytest.approx(moves[most][0]), pytest.approx(moves[most][1])
    )  # fmt: skip
