"""What the money left behind on a few people each: every edge of docs/ownership.md, worked by hand."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from pipelines.config import Config
from pipelines.ownership import left, left_page
from pipelines.ownership.left_words import WORDS
from pipelines.ownership.published import sql
from pipelines.paper import html, text

TODAY = date(2026, 9, 30)
TABLES = {
    "order_campaigns": "order_id varchar, customer_id varchar, order_date date, is_purchase boolean,"
    " brought_by varchar, is_paid_for boolean, net_converted decimal(18, 2), contribution decimal(18, 2),"
    " term_months integer[], term_shares double[]",
    "customer_campaigns": "customer_id varchar, campaign_key varchar",
    "campaign_costs": "campaign_key varchar, cost_date date, cost_converted decimal(18, 2)",
    "campaign_results": "campaign_key varchar, campaign_name varchar, platform varchar, starts_on date,"
    " ends_on date, cost decimal(18, 2), unconverted_days bigint default 0, lead_count bigint default 0,"
    " mature_reachable_count bigint default 0, customer_count bigint default 0,"
    " is_followed boolean default true",
    "customer_stages": "customer_id varchar, axis varchar, value varchar, valid_from date, valid_to date",
    "customer_ownership": "customer_id varchar, stage varchar, activity varchar, owned_channels varchar[]",
}
Con = duckdb.DuckDBPyConnection


@pytest.fixture
def con() -> Iterator[Con]:
    """The marts these questions read, empty."""
    with duckdb.connect() as made:
        for name, columns in TABLES.items():
            made.execute(f"create table {name} ({columns})")
        yield made


def add(con: Con, table: str, **row: Any) -> None:
    marks = ", ".join("?" * len(row))
    con.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values()))


def bought(con: Con, who: str | None, on: date, net: float, margin: float | None = None, **more: Any) -> None:
    told = {"is_purchase": True, "is_paid_for": False} | more
    number = con.execute("select count(*) from order_campaigns").fetchone()[0]
    add(
        con, "order_campaigns", order_id=f"o{number}", customer_id=who, order_date=on, net_converted=net,
        contribution=margin, **told,
    )  # fmt: skip


def known(
    con: Con, who: str, stage: str = "lead", activity: str | None = None, *, email: bool = True
) -> None:
    channels = ["email"] if email else []
    add(con, "customer_ownership", customer_id=who, stage=stage, activity=activity, owned_channels=channels)


def stood(con: Con, who: str, stage: str, activity: str | None = None) -> None:
    """Where they stood a year ago."""
    for axis, value in (("stage", stage), ("activity", activity)):
        if value:
            add(con, "customer_stages", customer_id=who, axis=axis, value=value, valid_from=date(2024, 1, 1))


def asked(con: Con, **costs: Any) -> left.Left:
    return left.ask(con, Config(company="M", costs=costs), TODAY)


def cohort(found: left.Left, start: date) -> dict[str, Any]:
    return next(row for row in found.cohorts if row["cohort"] == start)


def test_a_customer_costs_the_spend_of_the_year_by_those_it_won(con: Con) -> None:
    for on, cost in (
        (date(2025, 9, 30), 999),
        (date(2025, 10, 1), 100),
        (TODAY, 200),
        (date(2026, 3, 1), None),
    ):
        add(con, "campaign_costs", campaign_key="c", cost_date=on, cost_converted=cost)
    bought(con, "ana", date(2026, 3, 1), 10)
    bought(con, "ana", date(2026, 4, 1), 10)
    bought(con, "ben", TODAY, 10)
    bought(con, "old", date(2025, 9, 30), 10)
    bought(con, None, TODAY, 10)
    year = asked(con, tools_per_month=10, people_per_month=40).year
    assert (year["media"], year["new_count"], year["unconverted_days"]) == (300, 2, 1)
    assert year["cac_media"] == 150
    assert year["cac"] == pytest.approx((300 + 600) / 2)
    months = {row["month"]: row for row in asked(con).months}
    assert months[date(2026, 3, 1)]["new_count"] == 1
    assert months[date(2026, 9, 1)]["cac_media"] == 200
    assert sum(row["day_count"] for month, row in months.items() if month) == 365


def test_the_cost_of_no_customer_is_undefined(con: Con) -> None:
    add(con, "campaign_costs", campaign_key="c", cost_date=TODAY, cost_converted=50)
    add(con, "campaign_results", campaign_key="c", campaign_name="C", starts_on=TODAY, ends_on=TODAY, cost=50)
    found = asked(con)
    assert (found.year["cac"], found.year["cac_media"], found.campaigns[0]["cac_media"]) == (None, None, None)
    for language in ("en", "fr"):
        shown = text.write(left_page.page(found, "M", language))
        assert WORDS[language]["undefined"] in shown
        assert "inf" not in shown.replace("infini", "").lower()


def campaign(con: Con, ended: date, **told: Any) -> None:
    facts = {"starts_on": ended - timedelta(9), "campaign_name": "C", "campaign_key": "c", "cost": 3000}
    add(con, "campaign_results", ends_on=ended, **(facts | told))


def test_an_owned_contact_costs_more_than_a_lead(con: Con) -> None:
    # As the reference: 3,000 for 240 leads, of whom 150 are ours a month later.
    campaign(con, TODAY - timedelta(30), lead_count=240, mature_reachable_count=150)
    [row] = asked(con).campaigns
    assert (row["cost_per_lead"], row["cost_per_owned_contact"]) == (12.5, 20)


def test_an_owned_contact_has_no_price_before_a_month(con: Con) -> None:
    campaign(con, TODAY - timedelta(29), lead_count=240, mature_reachable_count=150)
    [row] = asked(con).campaigns
    assert (row["owned_status"], row["cost_per_owned_contact"]) == ("immature", None)


def test_what_a_campaigns_people_buy_when_it_has_ended(con: Con) -> None:
    ended = TODAY - timedelta(90)
    campaign(con, ended, customer_count=30)
    for on, net in (
        (ended - timedelta(10), 1000), (ended - timedelta(9), 100), (ended, 100), (ended + timedelta(1), 40),
        (ended + timedelta(90), 10), (ended + timedelta(91), 1000),
    ):  # fmt: skip
        bought(con, "ana", on, net, brought_by="c")
    [row] = asked(con).campaigns
    assert (row["stop_status"], row["net_during"], row["net_after"]) == ("told", 200, 50)
    assert row["after_stop"] == 0.25


def test_a_campaign_of_yesterday_has_not_stopped_for_long_enough(con: Con) -> None:
    campaign(con, TODAY - timedelta(89), customer_count=30)
    [row] = asked(con).campaigns
    assert (row["stop_status"], row["after_stop"]) == ("immature", None)


def quarter(con: Con, count: int = 30, first: date = date(2025, 1, 1)) -> None:
    """All began on that day: 20 left then, 8 in the third month, 12 in the twelfth; one refund of 30."""
    for number in range(count):
        who = f"w{number}"
        known(con, who, activity="active" if number < 6 else "lost")
        bought(con, who, first, 40, 20)
        bought(con, who, date(first.year, first.month + 2, 5), 16, 8)
        bought(con, who, date(first.year, 12, 5), 24, 12)
    bought(con, "w0", date(first.year, first.month, 5), 0, -30, is_purchase=False)


def test_a_cohort_is_paid_back_in_the_month_its_margin_covers_its_cost(con: Con) -> None:
    quarter(con)
    add(con, "campaign_costs", campaign_key="c", cost_date=date(2025, 2, 1), cost_converted=30 * 26)
    found = asked(con)
    row = cohort(found, date(2025, 1, 1))
    assert (row["status"], row["customer_count"], row["cac"]) == ("told", 30, 26)
    # 19 after the first month, 27 after the third.
    assert row["payback_month"] == 3
    assert row["value_12"] == pytest.approx(39)
    assert row["value_24"] is None
    assert row["first_month"] == pytest.approx(30 * 19)
    assert row["retained_12"] == pytest.approx(12 / 19)
    assert row["retained_6"] == 0
    assert row["active_share"] == 0.2
    shown = text.write(left_page.page(found, "M", "en"))
    [line] = [one for one in shown.splitlines() if one.strip().startswith("2025Q1")]
    assert "month 3" in line
    assert "1.50" in line, "39 / 26"
    assert "immature" in line, "nobody has lived two years"


def test_a_cohort_that_is_not_paid_back_is_not_yet(con: Con) -> None:
    quarter(con)
    row = cohort(asked(con, people_per_month=30 * 40), date(2025, 1, 1))
    assert row["cac"] == pytest.approx(30 * 40 * 12 / 365 * 90 / 30)
    assert row["payback_month"] is None
    # Everybody of the quarter has lived eighteen months by 30 September, as the quarter ended in March.
    assert row["mature_months"] == 18


def test_of_few_people_nothing_is_told_and_of_young_ones_it_is_immature(con: Con) -> None:
    quarter(con, 29)
    assert cohort(asked(con), date(2025, 1, 1))["status"] == "too_few"
    for number in range(30):
        bought(con, f"new{number}", date(2026, 9, 1), 10, 5)
    found = asked(con)
    assert cohort(found, date(2026, 7, 1))["status"] == "immature"
    shown = text.write(left_page.page(found, "M", "fr"))
    lines = {line.split()[0]: line for line in shown.splitlines() if line.startswith("  202")}
    assert WORDS["fr"]["immature"] in lines["2026T3"]
    assert WORDS["fr"]["too_few"] in lines["2025T1"]


def test_without_a_margin_it_is_revenue_and_nothing_is_paid_back(con: Con) -> None:
    quarter(con)
    con.execute("update order_campaigns set contribution = null")
    add(con, "campaign_costs", campaign_key="c", cost_date=date(2025, 2, 1), cost_converted=30)
    found = asked(con)
    assert not found.is_margin
    assert cohort(found, date(2025, 1, 1))["value_12"] == pytest.approx(80)
    for language in ("en", "fr"):
        shown = text.write(left_page.page(found, "M", language))
        assert WORDS[language]["note.margin"] in shown
        assert (
            WORDS[language]["month"].format(month=1)
            not in shown.split("2025Q1" if language == "en" else "2025T1")[1].splitlines()[0]
        )


def test_a_contract_of_several_years_is_earned_month_by_month(con: Con) -> None:
    add(con, "campaign_costs", campaign_key="c", cost_date=date(2025, 10, 1), cost_converted=30 * 120)
    for number in range(30):
        bought(
            con, f"w{number}", date(2025, 10, 15), 3600, 1800, is_paid_for=number < 6,
            term_months=[36], term_shares=[1.0],
        )  # fmt: skip
    found = asked(con)
    # Twelve parts of thirty-six by 15 September, and none beyond today.
    assert (found.rent["order_count"], found.rent["value"], found.rent["paid_for"]) == (30, 18000, 3600)
    row = cohort(found, date(2025, 10, 1))
    assert (row["customer_count"], row["cac"], row["payback_month"]) == (30, 120, 3), "50 a month"
    assert (row["first_month"], row["mature_months"], row["retained_6"]) == (1500, 9, 1)
    con.execute("update order_campaigns set term_months = null, term_shares = null")
    assert cohort(asked(con), date(2025, 10, 1))["payback_month"] == 1, "were it all earned when it is signed"


def test_what_else_is_in_such_an_order_is_earned_on_its_day_and_no_cent_is_lost(con: Con) -> None:
    signed = date(2025, 12, 31)
    bought(con, "ana", signed, 100, term_months=[1, 3, 24], term_shares=[0.4, 0.1, 0.5])
    bought(con, "ana", date(2026, 2, 1), 7)
    con.execute(sql("earned"), {"day": date(2028, 1, 1)})
    rows = con.execute("select order_date, is_purchase, net from earned order by all").fetchall()
    assert len(rows) == 1 + 3 + 24 + 1
    assert sum(net for *_, net in rows) == 107
    assert [on for on, is_purchase, _ in rows if is_purchase] == [signed, date(2026, 2, 1)]
    by_day: dict[date, Decimal] = defaultdict(Decimal)
    for on, _, net in rows:
        by_day[on] += net
    # 40, a third of 10 and a twenty-fourth of 50; on the last of shorter months where there is no 31st.
    assert by_day[signed] == pytest.approx(Decimal("45.41"), abs=Decimal("0.01"))
    assert by_day[date(2026, 2, 28)] == pytest.approx(Decimal("5.42"), abs=Decimal("0.01"))
    assert by_day[date(2027, 11, 30)] == pytest.approx(Decimal("2.08"), abs=Decimal("0.01"))
    assert con.execute("select distinct first_order_on from earned").fetchall() == [(signed,)]
    con.execute("drop table temp.earned")


def test_what_is_left_to_come_is_what_people_like_them_left(con: Con) -> None:
    for number in range(30):
        stood(con, f"a{number}", "loyal", "active")
        bought(con, f"a{number}", TODAY, 2 * (10 if number % 2 else 20), 10 if number % 2 else 20)
        # Before the year that is looked at.
        bought(con, f"a{number}", TODAY - timedelta(365), 500, 500)
    for number in range(29):
        stood(con, f"b{number}", "loyal", "at_risk")
    for number in range(5):
        stood(con, f"l{number}", "lead")
    known(con, "like many", "loyal", "active")
    known(con, "like few", "loyal", "at_risk")
    known(con, "like nobody", "ambassador", "active")
    known(con, "not ours", "loyal", "active", email=False)
    asset = {row["stage"]: row for row in asked(con).assets if row["stage"] != "loyal"}
    each = {
        (row["stage"], row["activity"]): (row["width"], float(row["asset"]))
        for row in asked(con).assets
        if row["stage"]
    }
    assert each == {
        ("loyal", "active"): (1, 15),
        ("loyal", "at_risk"): (2, pytest.approx(450 / 59)),
        ("ambassador", "active"): (3, pytest.approx(450 / 64)),
    }
    assert asset[None]["person_count"] == 3
    [one] = [row for row in asked(con).assets if row["activity"] == "active" and row["stage"] == "loyal"]
    # 30 values of 10 and 20: deviation 5 times the root of 30 over 29; 1.96 of it by the root of 30.
    assert one["asset_high"] - one["asset"] == pytest.approx(1.96 * 5 * (30 / 29) ** 0.5 / 30**0.5)


def test_of_nobody_known_for_a_year_nothing_is_expected(con: Con) -> None:
    known(con, "new")
    found = asked(con)
    assert (found.asset["asset"], found.asset["untold_count"]) == (None, 1)
    assert WORDS["en"]["asset.none"] in text.write(left_page.page(found, "M", "en"))


def test_capital_is_what_its_people_may_leave_by_what_it_cost(con: Con) -> None:
    for number in range(30):
        stood(con, f"a{number}", "lead")
        bought(con, f"a{number}", TODAY, 60)
    campaign(con, TODAY - timedelta(100), cost=40)
    for who in ("ours", "ours too", "not reached"):
        known(con, who, email=who != "not reached")
        add(con, "customer_campaigns", customer_id=who, campaign_key="c")
    [row] = asked(con).campaigns
    assert row["capital_per_unit"] == pytest.approx(3)


def orders(con: Con, paid: int, free: int, nobodys: int) -> None:
    for count, who, is_paid in ((paid, "ana", True), (free, "ben", False), (nobodys, None, False)):
        for _ in range(count):
            bought(con, who, TODAY, 10, is_paid_for=is_paid)


def test_rent_is_the_part_that_something_paid_for_had_touched(con: Con) -> None:
    orders(con, 12, 18, 20)
    bought(con, "ana", TODAY - timedelta(365), 900, is_paid_for=True)
    found = asked(con)
    assert found.rent_status == "told", "two fifths are not more"
    assert found.rent["rent_ratio"] == pytest.approx(0.24)
    assert found.rent["rent_ratio_high"] == pytest.approx(0.64), "if all of nobody known were"


@pytest.mark.parametrize(("nobodys", "status"), [(21, "unknown"), (0, "told")])
def test_above_two_fifths_of_nobody_known_there_is_no_rent(con: Con, nobodys: int, status: str) -> None:
    orders(con, 12, 18, nobodys)
    found = asked(con)
    assert found.rent_status == status
    for language in ("en", "fr"):
        told = WORDS[language]["none"] in text.write(left_page.page(found, "M", language)).split("\n\n")[1]
        assert told


def test_of_fewer_than_thirty_orders_there_is_no_rent(con: Con) -> None:
    orders(con, 12, 17, 0)
    assert asked(con).rent_status == "too_few"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_stands_with_nothing_at_all_and_every_name_is_text(con: Con, language: str) -> None:
    page = left_page.page(asked(con), "M", language)
    assert WORDS[language]["nobody"] in text.write(page)
    campaign(con, TODAY, campaign_name="<script>")
    shown = html.write(left_page.page(asked(con), "M", language))
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown


def test_every_text_is_there_in_both_languages() -> None:
    assert WORDS["en"].keys() == WORDS["fr"].keys()
    for name, columns in WORDS["en"].items():
        assert columns.count("|") == WORDS["fr"][name].count("|"), name
