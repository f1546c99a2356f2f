"""The owner's letter on a few people each: the month's sums, the acts and their order, every refusal."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import pytest

from pipelines.config import Config
from pipelines.ownership import letter, letter_page
from pipelines.ownership.leads import Watch
from pipelines.ownership.letter_words import WORDS
from pipelines.paper import html, text

TODAY, NOW = date(2026, 9, 30), datetime(2026, 9, 30, 12, tzinfo=UTC)
AUGUST = date(2026, 8, 1)
A_YEAR_AGO = TODAY - timedelta(365)
TABLES = {
    "order_campaigns": "order_id varchar, customer_id varchar, order_date date, is_purchase boolean,"
    " brought_by varchar, is_paid_for boolean, net_converted decimal(18, 2), contribution decimal(18, 2),"
    " term_months integer[], term_shares double[]",
    "order_ownership": "order_id varchar, customer_id varchar, order_date date, is_purchase boolean,"
    " net_converted decimal(18, 2), is_own_initiated boolean",
    "customer_campaigns": "customer_id varchar, campaign_key varchar, first_contact_on date",
    "campaign_costs": "campaign_key varchar, cost_date date, cost_converted decimal(18, 2)",
    "campaign_results": "campaign_key varchar, campaign_name varchar, is_post boolean default false,"
    " ends_on date, cost decimal(18, 2), contribution decimal(18, 2), net decimal(18, 2) default 0,"
    " net_90_days decimal(18, 2) default 0, reach bigint, lead_count bigint default 0,"
    " first_order_count bigint default 0, repeat_order_count bigint default 0,"
    " brought_count bigint default 0, is_mature boolean default true, is_followed boolean default true",
    "customer_stages": "customer_id varchar, axis varchar, value varchar, valid_from date, valid_to date",
    "customer_ownership": "customer_id varchar, stage varchar, activity varchar, owned_channels varchar[],"
    " rented_from varchar[], first_seen_on date, first_order_on date, acquired_from varchar,"
    " acquired_kind varchar, has_refused boolean default false",
    "customer_permissions": "customer_id varchar, channel varchar, purpose varchar, contact_value varchar,"
    " is_allowed boolean, is_deliverable boolean, expires_on date",
    "lead_ledger": "platform varchar, lead_date date, landed bigint default 0, tests bigint default 0,"
    " refused bigint default 0, missing bigint default 0, expired_unread bigint default 0",
    "touchpoints": "platform varchar, touch_type varchar, touch_date date",
}
Con = duckdb.DuckDBPyConnection


@pytest.fixture
def con() -> Iterator[Con]:
    """The marts a letter reads, empty."""
    with duckdb.connect() as made:
        for name, columns in TABLES.items():
            made.execute(f"create table {name} ({columns})")
        yield made


def add(con: Con, table: str, **row: Any) -> None:
    marks = ", ".join("?" * len(row))
    con.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values()))


def known(con: Con, who: str, *owned: str, rented: tuple[str, ...] = (), **more: Any) -> None:
    facts = {"stage": "lead", "first_seen_on": date(2025, 1, 1), "acquired_from": "meta"}
    facts |= {"acquired_kind": "rented"} | more
    add(
        con,
        "customer_ownership",
        customer_id=who,
        owned_channels=list(owned),
        rented_from=list(rented),
        **facts,
    )


def bought(con: Con, who: str | None, on: date, net: float, *, own: bool = False, **more: Any) -> None:
    number = con.execute("select count(*) from order_campaigns").fetchone()[0]
    told = {"order_id": f"o{number}", "customer_id": who, "order_date": on, "is_purchase": True}
    told |= {"net_converted": net}
    add(con, "order_campaigns", is_paid_for=False, **told, **more)
    add(con, "order_ownership", is_own_initiated=own, **told)


def worth(con: Con, value: float, *, stage: str = "lead", count: int = 30) -> None:
    """`count` people who stood there a year ago and left `value` each since."""
    for number in range(count):
        who = f"{stage}{number}"
        add(con, "customer_stages", customer_id=who, axis="stage", value=stage, valid_from=date(2024, 1, 1))
        bought(con, who, A_YEAR_AGO + timedelta(1), value)


def permitted(con: Con, who: str, channel: str, ends: date | None, **more: Any) -> None:
    told = {"purpose": "marketing", "contact_value": f"{who}@maison.example", "is_allowed": True}
    told |= {"is_deliverable": True} | more
    add(con, "customer_permissions", customer_id=who, channel=channel, expires_on=ends, **told)


def stream(word: str, read: datetime | None, window: float, status: str) -> dict[str, Any]:
    return {"word": word, "read_at": read, "window_days": window, "slack_days": None, "status": status}


def asked(con: Con, *streams: dict[str, Any], month: date = AUGUST, **costs: Any) -> letter.Letter:
    settings = Config(company="Maison", costs=costs)
    return letter.ask(con, settings, month, TODAY, Watch(NOW, list(streams), []))


def acts(found: letter.Letter) -> list[tuple]:
    return [(act["act"], act["subject"], act["person_count"], act["value"]) for act in found.acts]


def shown(found: letter.Letter, language: str = "en", *earlier: dict[str, Any]) -> str:
    return text.write(letter_page.page(found, list(earlier), "Maison", language))


def line(found: letter.Letter, label: str) -> list[str]:
    """The three months' cells of a figure."""
    page = letter_page.page(found, [], "Maison", "en")
    table = next(one for one in page.blocks if getattr(one, "title", "") == WORDS["en"]["changed"])
    [row] = [row for row in table.rows if row[0] == label]
    return list(row[1:4])


def test_a_month_is_its_own_days_and_the_erased_stay_in_its_sums(con: Con) -> None:
    for on in (date(2026, 7, 31), AUGUST, date(2026, 8, 31), date(2026, 9, 1), date(2025, 8, 15)):
        known(con, f"came {on}", "email", first_seen_on=on)
        bought(con, f"came {on}", on, 10)
    bought(con, None, date(2026, 8, 9), 100)
    found = asked(con)
    assert [row["first_day"] for row in found.months] == [AUGUST, date(2026, 7, 1), date(2025, 8, 1)]
    assert [row["new_people"] for row in found.months] == [2, 1, 1]
    assert [row["new_customers"] for row in found.months] == [2, 1, 1]
    assert [row["net"] for row in found.months] == [120, 10, 10]
    assert [row["order_count"] for row in found.months] == [3, 1, 1]


def test_what_came_back_is_taken_off_and_is_no_order(con: Con) -> None:
    known(con, "ana", "email")
    bought(con, "ana", AUGUST, 50)
    con.execute("insert into order_ownership values ('back', 'ana', '2026-08-03', false, -20, true)")
    assert (asked(con).month["net"], asked(con).month["order_count"]) == (30, 1)


def test_a_new_customer_costs_the_month_and_none_costs_nothing_that_can_be_said(con: Con) -> None:
    known(con, "ana", "email")
    bought(con, "ana", date(2026, 8, 9), 10)
    for on, cost in ((AUGUST, 40), (date(2026, 8, 31), 20), (date(2026, 7, 31), 7), (date(2026, 8, 2), None)):
        add(con, "campaign_costs", campaign_key="c", cost_date=on, cost_converted=cost)
    found = asked(con, tools_per_month=30, people_per_month=10)
    assert [row["cac"] for row in found.months] == [100, None, None]
    assert [row["media"] for row in found.months] == [60, 7, 0]
    assert line(found, "cost of a new customer") == ["100.00", "undefined", "undefined"]
    assert line(found, "advertising")[0] == "60*", "a day without a rate is left out, and seen to be"
    assert "inf" not in shown(found)


def test_who_came_is_judged_when_a_month_has_gone_by(con: Con) -> None:
    for number in range(40):
        channels = ["email"] if number < 10 else []
        known(con, f"july {number}", *channels, first_seen_on=date(2026, 7, 5))
        known(con, f"august {number}", *channels, first_seen_on=AUGUST)
    # August's last day is exactly thirty days before; were it later, nobody could tell.
    assert line(asked(con), "of them by a channel of ours") == ["25 %", "25 %", "0 / 0"]
    con.execute(
        "update customer_ownership set first_seen_on = '2026-07-05' where first_seen_on = '2026-08-01'"
    )
    found = letter.ask(con, Config(company="Maison"), AUGUST, TODAY - timedelta(1), Watch(NOW, [], []))
    assert line(found, "of them by a channel of ours") == ["immature", "25 %", "0 / 0"]


def test_a_share_of_few_orders_is_not_told(con: Con) -> None:
    known(con, "ana", "email")
    for _ in range(29):
        bought(con, "ana", AUGUST, 1, own=True)
    assert line(asked(con), "of our own initiative") == ["too few", "too few", "too few"]
    bought(con, "ana", AUGUST, 1)
    assert line(asked(con), "of our own initiative")[0] == "97 %"


@pytest.mark.parametrize(("unknown", "told"), [(40, "60 %"), (41, "unknown source")])
def test_above_forty_of_a_hundred_of_unknown_source_no_share_hangs_on_sources(
    con: Con, unknown: int, told: str
) -> None:
    known(con, "ana", "email")
    known(con, "nobody knows", "email", acquired_from="unknown", acquired_kind="unknown")
    for number in range(100):
        is_unknown = number < unknown
        bought(con, "nobody knows" if is_unknown else "ana", AUGUST, 1, own=not is_unknown)
    assert line(asked(con), "of our own initiative")[0] == told
    assert line(asked(con), "of unknown source")[0] == f"{unknown} %"


def test_dependence_is_not_told_of_few_and_of_the_unknown(con: Con) -> None:
    assert "cannot be told: fewer than 30" in shown(asked(con))
    for number in range(40):
        kind = "unknown" if number < 17 else "rented"
        source = "unknown" if kind == "unknown" else "meta"
        known(
            con,
            f"w{number}",
            "email",
            acquired_from=source,
            acquired_kind=kind,
            first_order_on=date(2026, 8, 1),
        )
        bought(con, f"w{number}", AUGUST, 10)
    assert "cannot be told: 42 % of unknown source, more than 40 %" in shown(asked(con))
    assert asked(con).figures()["index"] is None


def test_dependence_is_told_of_the_months_end_and_of_the_one_before(con: Con) -> None:
    for number in range(100):
        source = "meta" if number < 60 else "google"
        on = date(2026, 7, 20) if number < 50 else AUGUST
        known(con, f"w{number}", "email", acquired_from=source, first_order_on=on)
        bought(con, f"w{number}", on, 10)
    page = shown(asked(con))
    assert "meta brought 60 % of the year's new customers; 100 % a month before." in page
    # First of what moved alike: google came from nothing to 40.
    assert "google: +40.0 points of new customers" in page


def test_they_are_worth_what_people_like_them_left(con: Con) -> None:
    worth(con, 5)
    worth(con, 80, stage="loyal_customer")
    known(con, "ana", rented=("meta",))
    known(con, "ben", rented=("meta",), stage="loyal_customer")
    known(con, "cat", rented=("google",))
    known(con, "dan", "email", rented=("meta",))
    known(con, "eve", has_refused=True)
    found = asked(con)
    assert acts(found) == [("win_over", "meta", 2, 85), ("win_over", "google", 1, 5)]
    assert (found.reach["known"], found.reach["reachable"], found.reach["rented_only"]) == (5, 1, 3)


def test_whom_nothing_reaches_is_asked_when_they_come_unless_they_said_no_or_are_dead(con: Con) -> None:
    worth(con, 5)
    known(con, "eve")
    known(con, "said no", has_refused=True)
    known(con, "dead", activity="deceased")
    known(con, "here", "email")
    assert acts(asked(con)) == [("ask_when_they_come", None, 1, 5)]


def test_reached_through_two_firms_and_no_channel_of_ours_is_an_act_of_its_own(con: Con) -> None:
    worth(con, 5)
    known(con, "ana", rented=("google", "meta"))
    assert acts(asked(con)) == [("win_over", "google + meta", 1, 5)]


def test_ask_again_whom_no_other_channel_reaches_in_ninety_days(con: Con) -> None:
    worth(con, 5)
    soon, late = TODAY + timedelta(90), TODAY + timedelta(91)
    for who, channels in {
        "soon": [("email", soon)],
        "sooner": [("email", TODAY + timedelta(3)), ("sms", TODAY + timedelta(20))],
        "late": [("email", late)],
        "other channel": [("email", soon), ("sms", None)],
        "other address": [("email", soon), ("email", late)],
        "for ever": [("email", None)],
    }.items():
        known(con, who, "email")
        for channel, ends in channels:
            permitted(con, who, channel, ends)
    known(con, "another purpose", "email")
    permitted(con, "another purpose", "email", None)
    permitted(con, "another purpose", "email", soon, purpose="newsletter:1")
    known(con, "bounced", "email")
    permitted(con, "bounced", "email", soon)
    permitted(con, "bounced", "sms", None, is_deliverable=False)
    [act] = asked(con).acts
    assert (act["act"], act["person_count"], act["value"]) == ("ask_again", 3, 15)
    assert act["deadline"] == TODAY + timedelta(19), "the last day before the first of them is lost"


def test_an_address_that_a_firm_passes_on_keeps_nobody(con: Con) -> None:
    worth(con, 5)
    known(con, "ana", "email")
    permitted(con, "ana", "email", TODAY + timedelta(9))
    permitted(con, "ana", "email", None, contact_value="x@privaterelay.appleid.com")
    assert acts(asked(con)) == [("ask_again", None, 1, 5)]


def test_leads_that_are_missing_are_worth_what_a_lead_is(con: Con) -> None:
    worth(con, 5)
    known(con, "ana", "email")
    add(con, "lead_ledger", platform="meta", missing=4)
    add(con, "lead_ledger", platform="meta", lead_date=AUGUST, landed=9, tests=2, refused=1)
    add(con, "lead_ledger", platform="tiktok", missing=0)
    found = asked(con, stream("meta/leads", NOW - timedelta(1), 90, "good"))
    assert acts(found) == [("fetch_leads", "meta", 4, 20)]
    assert found.acts[0]["deadline"] == TODAY + timedelta(89)
    assert (found.month["lead_count"], found.month["refused_count"], found.reach["missing"]) == (7, 1, 4)


@pytest.mark.parametrize(("status", "count"), [("good", 0), ("warning", 0), ("late", 6), ("lost", 6)])
def test_what_came_since_a_late_read_is_missing_too(con: Con, status: str, count: int) -> None:
    worth(con, 5)
    known(con, "ana", "email")
    for _ in range(28):
        add(con, "touchpoints", platform="meta", touch_type="lead_created", touch_date=TODAY - timedelta(1))
    found = asked(con, stream("meta/leads", NOW - timedelta(6), 10, status))
    assert acts(found) == ([("fetch_leads", "meta", count, 5 * count)] if count else [])


def loud(con: Con, name: str, cost: float, **more: Any) -> None:
    """Eight that can be compared, of which that one was seen most and sold least."""
    for number in range(7):
        add(
            con, "campaign_results", campaign_key=f"{name}{number}", campaign_name="x",
            ends_on=date(2024, 1, 1), cost=1, reach=10 + number, net_90_days=500, lead_count=30,
        )  # fmt: skip
    told = {"ends_on": date(2026, 5, 1), "brought_count": 40} | more
    add(
        con, "campaign_results", campaign_key=name, campaign_name=name, cost=cost, reach=1000, lead_count=40,
        **told,
    )  # fmt: skip


def test_what_was_loud_and_empty_is_worth_what_it_lost(con: Con) -> None:
    loud(con, "Noise", 900, net=200, net_90_days=100)
    assert acts(asked(con)) == [("stop_spending", "Noise", 40, 700)]
    con.execute("update campaign_results set contribution = 50 where campaign_key = 'Noise'")
    assert acts(asked(con))[0][3] == 850, "of margin where there is one"
    con.execute("update campaign_results set net = 950, contribution = null where campaign_key = 'Noise'")
    assert acts(asked(con)) == [], "it has paid for itself since"


def test_what_was_not_loud_and_cost_more_than_it_left_is_worth_that_too(con: Con) -> None:
    loud(con, "Noise", 900, net=200, net_90_days=600)
    assert acts(asked(con)) == [("spend_less", "Noise", 40, 700)]
    for change in ("is_mature = false", "lead_count = 29", "is_followed = false"):
        con.execute("create or replace temp table kept as from campaign_results")
        con.execute(f"update campaign_results set {change} where campaign_key = 'Noise'")
        assert acts(asked(con)) == [], change
        con.execute("delete from campaign_results; insert into campaign_results from kept")


def test_what_ended_over_a_year_ago_will_hardly_be_bought_again(con: Con) -> None:
    loud(con, "Noise", 900, ends_on=A_YEAR_AGO)
    assert acts(asked(con)) == []


def test_the_three_with_most_at_stake_are_named(con: Con) -> None:
    worth(con, 5)
    loud(con, "Noise", 12)
    for number in range(4):
        known(con, f"m{number}", rented=("meta",))
    known(con, "g", rented=("google",))
    known(con, "ending", "email")
    known(con, "ending too", "email")
    for who in ("ending", "ending too"):
        permitted(con, who, "email", TODAY + timedelta(9))
    found = asked(con)
    assert acts(found) == [
        ("win_over", "meta", 4, 20), ("stop_spending", "Noise", 40, 12), ("ask_again", None, 2, 10),
        ("win_over", "google", 1, 5),
    ]  # fmt: skip
    page = shown(found)
    assert "only through meta" in page
    assert "only through google" not in page


def test_of_equal_ones_the_nearest_end_comes_first(con: Con) -> None:
    worth(con, 5)
    known(con, "ending", "email")
    permitted(con, "ending", "email", TODAY + timedelta(9))
    known(con, "g", rented=("google",))
    assert [act["act"] for act in asked(con).acts] == ["ask_again", "win_over"]


def test_where_nobody_can_say_what_people_leave_most_people_come_first(con: Con) -> None:
    worth(con, 5, count=29)
    known(con, "ana", rented=("google",))
    for number in range(3):
        known(con, f"m{number}", rented=("meta",))
    add(con, "lead_ledger", platform="tiktok", missing=2)
    found = asked(con)
    assert acts(found) == [
        ("win_over", "meta", 3, None), ("fetch_leads", "tiktok", 2, None), ("win_over", "google", 1, None),
    ]  # fmt: skip
    assert shown(found).count("not told") == 3


def test_nothing_at_stake_is_said(con: Con) -> None:
    known(con, "ana", "email")
    permitted(con, "ana", "email", None)
    found = asked(con)
    assert found.acts == []
    for language in ("en", "fr"):
        assert WORDS[language]["said.acts.none"] in shown(found, language)
        assert WORDS[language]["acts.none"] in shown(found, language)


def test_campaigns_of_the_month_by_revenue_of_their_people(con: Con) -> None:
    for key in ("a", "b", "c", "d"):
        add(con, "campaign_results", campaign_key=f"meta:campaign:{key}", campaign_name=key, cost=1, reach=1)
    bought(con, "ana", AUGUST, 30, brought_by="meta:campaign:a")
    bought(con, "ben", AUGUST, 50, brought_by="meta:campaign:b")
    bought(con, "ben", date(2026, 9, 1), 50, brought_by="meta:campaign:a")
    add(con, "campaign_costs", campaign_key="meta:campaign:c", cost_date=AUGUST, cost_converted=5)
    add(con, "campaign_costs", campaign_key="meta:campaign:d", cost_date=TODAY, cost_converted=5)
    add(con, "customer_campaigns", customer_id="x", campaign_key="meta:campaign:c", first_contact_on=AUGUST)
    found = asked(con)
    told = [(row["campaign_name"], row["net"], row["new_people"], row["cost"]) for row in found.campaigns]
    assert told == [("b", 50, 0, 0), ("a", 30, 0, 0), ("c", 0, 1, 5)]


def test_reach_is_told_beside_what_an_earlier_month_kept(con: Con) -> None:
    for number in range(40):
        known(con, f"w{number}", *(["email"] if number < 10 else []))
    found = asked(con)
    assert "25 % (10 of 40; no earlier figure was kept)" in shown(found)
    kept = {"day": "2026-08-30", "known": 30, "reachable": 15, "index": 12.3}
    this_month = kept | {"day": "2026-09-02", "reachable": 1}
    assert "25 % (10 of 40; 50 % on 2026-08-30)" in shown(found, "en", kept, this_month)
    assert found.figures()["reachable"] == 10
    assert not {"customer_id", "w0"} & {*map(str, found.figures()), *map(str, found.figures().values())}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_figure_points_at_the_table_it_stands_in(con: Con, language: str) -> None:
    worth(con, 5)
    loud(con, "Noise", 900)
    known(con, "Zoe", rented=("meta",))
    bought(con, "Zoe", AUGUST, 900, brought_by="Noise")
    page = letter_page.page(asked(con), [], "Maison", language)
    assert all(figure.block for figure in page.figures)
    written = html.write(page)
    assert (written.count("<table"), written.count('role="img"')) == (3, 2)
    for figure in page.figures:
        assert f'href="#block-{figure.block}"' in written
    assert "Zoe" not in written, "nobody is named"
    tables = {row[-1] for row in page.blocks[0].table.rows} | {row[4] for row in page.blocks[1].rows}
    assert tables <= set(TABLES)


def test_no_line_of_french_begins_with_a_mark(con: Con) -> None:
    page = letter_page.page(asked(con), [], "Maison", "fr")
    assert any(" ;" in figure.note for figure in page.figures)
    _, _, body = html.write(page).partition("<body>")
    assert not re.findall(r">[^<]* [:;?!%][^<]*<", body)
    assert "Lettre au propriétaire\N{NO-BREAK SPACE}:" in body


def test_both_languages_say_the_same() -> None:
    def places(said: str) -> set[str]:
        return {part.split("}")[0] for part in said.split("{")[1:]}

    assert WORDS["en"].keys() == WORDS["fr"].keys()
    for key, said in WORDS["en"].items():
        assert places(said) == places(WORDS["fr"][key]), key
        assert said.count("|") == WORDS["fr"][key].count("|"), key
