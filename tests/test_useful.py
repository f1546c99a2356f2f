"""Seen against useful on a few people each: every edge of docs/ownership.md, worked by hand."""

import csv
import json
import math
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

import inside
import pytest
import throwaway
from value_harness import People, day

from pipelines.config import Config
from pipelines.ownership import useful, useful_page
from pipelines.ownership.useful_words import WORDS
from pipelines.paper import html, text
from pipelines.places import DBT_PROJECT

pytestmark = pytest.mark.slow

NOW = 1000
MODELS = (
    "int_customer_events", "campaign_touches", "customer_campaigns", "order_campaigns", "campaign_costs",
    "campaign_results"
)  # fmt: skip


@pytest.fixture(scope="module")
def world() -> People:
    people = People(*MODELS)
    people.con.execute("use warehouse.marts")
    return people


@pytest.fixture
def people(world: People) -> Iterator[People]:
    world.forget()
    world.on(NOW)
    with (DBT_PROJECT / "seeds" / "channel_owners.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            world.add("seeds.channel_owners", **row)
    yield world


def ran(people: People, campaign: str, on: int = NOW - 300, platform: str = "meta", **facts: Any) -> None:
    """A day of a campaign."""
    told = {"campaign_name": campaign, "currency": "EUR"} | facts
    people.add("contracts.spend", platform=platform, campaign_id=campaign, spend_date=day(on), **told)


def did(
    people: People,
    who: str,
    what: str,
    on: int,
    *,
    campaign: str | None = None,
    platform: str = "meta",
    channel: str = "facebook",
    evidence: str | None = None,
    **details: Any,
) -> None:
    """An event of a person, who is known by it."""
    number = people.ask("select count(*) from contracts.events")[0][0]
    profile = f"{platform}:a:x:{who}"
    if not people.ask("select 1 from identity.int_customer_profiles where profile_id = ?", profile):
        people.add("identity.int_customer_profiles", profile_id=profile, customer_id=who)
    people.add(
        "contracts.events",
        profile_id=profile, event_id=f"t{number:04d}", event_type=what, platform=platform, channel=channel,
        campaign_id=campaign, occurred_at=f"{day(on)} 09:00:00+00", evidence=evidence,
        details=json.dumps(details),
    )  # fmt: skip


def known(people: People, *names: str, email: bool = True, kind: str = "rented", **facts: Any) -> None:
    for who in names:
        people.add(
            "marts.customer_ownership",
            customer_id=who, acquired_kind=kind, first_seen_on=day(0),
            owned_channels=["email"] if email else [], **facts,
        )  # fmt: skip


def bought(people: People, who: str | None, on: int, net: float, refunded: float = 0, **event: Any) -> str:
    number = people.ask("select count(*) from marts.orders")[0][0]
    order_id = f"o{number:03d}"
    people.add(
        "marts.orders",
        customer_id=who, order_id=order_id, order_date=day(on), ordered_at=f"{day(on)} 09:00:00+00",
        gross=net + refunded, gross_converted=net + refunded, refunded_converted=refunded, net_converted=net,
        platform="shopify", channel="shop",
    )  # fmt: skip
    did(
        people, who or f"nobody{number}", "order_paid", on, platform="shopify", channel="shop",
        evidence=order_id, **event,
    )  # fmt: skip
    if who is None:
        people.con.execute(
            "delete from identity.int_customer_profiles where customer_id = ?", [f"nobody{number}"]
        )
    return order_id


def result(people: People, key: str) -> dict[str, Any]:
    found = people.con.execute("select * from campaign_results where campaign_key = ?", [key])
    names = [column[0] for column in found.description]
    return dict(zip(names, found.fetchone(), strict=True))


def brought(people: People) -> dict[str, tuple[str | None, str | None]]:
    return {
        who: (key, how)
        for who, key, how in people.ask("select customer_id, campaign_key, named_by from customer_campaigns")
    }


def asked(people: People, **settings: Any) -> useful.Useful:
    return useful.ask(people.con, Config(company="M", **settings), day(NOW))


def test_the_first_day_tells_who_brought_them_and_nobody_is_brought_by_two(people: People) -> None:
    ran(people, "first", impressions=1)
    ran(people, "later", impressions=1)
    known(people, "ana", "ben", "cleo")
    did(people, "ana", "lead_created", NOW - 200, campaign="first")
    did(people, "ana", "lead_created", NOW - 100, campaign="later")
    # On no campaign at first: the later one did not bring him.
    did(people, "ben", "form_answered", NOW - 200, platform="typeform", channel="form")
    did(people, "ben", "lead_created", NOW - 100, campaign="later")
    # A mail tool and a form stamp the same day.
    did(people, "cleo", "newsletter_signup", NOW - 100, platform="brevo", channel="newsletter")
    did(people, "cleo", "lead_created", NOW - 100, campaign="later")
    assert brought(people) == {
        "ana": ("meta:campaign:first", "id"),
        "ben": (None, None),
        "cleo": ("meta:campaign:later", "id"),
    }
    assert (result(people, "meta:campaign:later")["lead_count"]) == 3, "leads are counted where they name it"
    assert result(people, "meta:campaign:later")["brought_count"] == 1
    assert result(people, "unknown")["brought_count"] == 1


def test_a_code_a_link_and_an_answer_tell_what_has_no_api(people: People) -> None:
    for channel, campaign, words in (
        ("podcast", "Voix", {"code": "voix10"}),
        ("radio", "Matin", {"link": "radio"}),
        ("salon", "Salon A1", {"heard": "salon de lyon"}),
        ("salon", "Salon A2", {"heard": "salon de lyon"}),
    ):
        on = NOW - 50 if campaign == "Salon A2" else NOW - 400
        ran(people, campaign, on, channel, cost=100)
        people.add("staging.stg_files__spend", platform=channel, campaign_id=campaign, **words)
    known(people, "code", "link", "answer", "answer later", "other answer", kind="unknown")
    bought(people, "code", NOW - 100, 30, codes=["VOIX10 ", "WELCOME"])
    bought(people, "link", NOW - 100, 40, campaign="Radio")
    for who, on, said in (
        ("answer", NOW - 100, "Au Salon de Lyon !"),
        ("answer later", NOW - 20, "salon de lyon"),
        ("other answer", NOW - 100, "un salon"),
    ):
        did(people, who, "form_answered", on, platform="typeform", channel="form", said=said)
    assert brought(people) == {
        "code": ("podcast:campaign:Voix", "code"),
        "link": ("radio:campaign:Matin", "link"),
        "answer": ("salon:campaign:Salon A1", "said"),
        "answer later": ("salon:campaign:Salon A2", "said"),
        "other answer": (None, None),
    }
    assert result(people, "podcast:campaign:Voix")["net"] == 30
    assert result(people, "salon:campaign:Salon A1")["lead_count"] == 0, "an answer is no lead of the fair's"


def test_a_name_that_two_campaigns_have_tells_nothing_and_their_own_number_does(people: People) -> None:
    ran(people, "1", campaign_name="Noël", impressions=1)
    ran(people, "1", platform="tiktok", campaign_name="Noël", impressions=1)
    known(people, "by number", "by name", "by name and source")
    did(people, "by number", "lead_created", NOW - 100, campaign="1", platform="tiktok", channel="tiktok")
    did(people, "by name", "form_answered", NOW - 100, campaign="NOËL", platform="typeform", channel="form")
    did(
        people, "by name and source", "form_answered", NOW - 100, campaign="noël", platform="typeform",
        channel="instagram",
    )  # fmt: skip
    assert brought(people) == {
        "by number": ("tiktok:campaign:1", "id"),
        "by name": (None, None),
        "by name and source": ("meta:campaign:1", "name"),
    }


def test_people_and_revenue_add_up_to_all_there_are(people: People) -> None:
    ran(people, "c", cost=10, reach=100)
    known(people, "ana", "ben", first_order_on=day(NOW - 90))
    did(people, "ana", "lead_created", NOW - 180, campaign="c")
    bought(people, "ana", NOW - 90, 100)
    bought(people, "ana", NOW - 89, 50, refunded=20)
    bought(people, "ben", NOW - 90, 7)
    # Nobody known, or erased: by what the order names itself, else unknown. In no list, in every sum.
    bought(people, None, NOW - 50, 1000, campaign="c")
    bought(people, None, NOW - 50, 500)
    told = result(people, "meta:campaign:c")
    assert (told["net"], told["refunded"], told["gross"]) == (1150, 20, 1170)
    orders = (told["first_order_count"], told["repeat_order_count"], told["nobodys_order_count"])
    assert orders == (1, 1, 1)
    # The ninetieth day counts, the ninety-first does not; whoever is not known has no first contact.
    assert told["net_90_days"] == 100
    assert result(people, "unknown")["net"] == 507
    [[total]] = people.ask("select sum(net) from campaign_results")
    assert total == people.ask("select sum(net_converted) from marts.orders")[0][0]
    sums = asked(people).applause
    assert (sums["unknown_net"], sums["net"]) == (500, 1657), "ben came by a firm: not unknown"
    assert sums["known_count"] == 2


def test_cost_is_converted_by_the_rate_of_its_day_and_left_out_without_one(people: People) -> None:
    for on, rate in ((NOW - 300, 0.5), (NOW - 200, 0.25)):
        people.add("staging.stg_files__rates", currency="CAD", rate_date=day(on), rate=rate)
    for on in (NOW - 300, NOW - 293, NOW - 292, NOW - 200):
        ran(people, "c", on, cost=100, currency="CAD")
    ran(people, "c", NOW - 100, cost=1)
    told = result(people, "meta:campaign:c")
    assert told["cost"] == Decimal("126.00"), "50 + 50 + 25 + 1; a rate of eight days ago says nothing"
    assert told["unconverted_days"] == 1


def test_reach_of_a_campaign_is_its_own_and_not_that_of_its_ads(people: People) -> None:
    ran(people, "c", reach=100)
    ran(people, "c", reach=100)
    people.add(
        "contracts.campaign_reach", platform="meta", campaign_id="c", spend_date=day(NOW - 300), reach=150
    )
    assert result(people, "meta:campaign:c")["reach"] == 150


def test_a_share_needs_thirty_people_and_owned_contacts_a_month(people: People) -> None:
    ran(people, "c", cost=300)
    for number in range(30):
        who = f"p{number:02d}"
        known(people, who, email=number < 12, stage="prospect" if number < 6 else "lead")
        did(people, who, "lead_created", NOW - (30 if number else 29), campaign="c")
    told = result(people, "meta:campaign:c")
    assert (told["brought_count"], told["reachable_count"]) == (30, 12)
    assert (told["mature_count"], told["mature_reachable_count"]) == (29, 11)
    assert told["reachable_share"] is None, "29 came a month ago"
    assert told["qualified_share"] == 0.2
    # Wilson for 6 of 30, from the formula.
    z, n, p = 1.959964, 30, 0.2
    middle, apart = p + z * z / 2 / n, z * math.sqrt(p * (1 - p) / n + z * z / 4 / n / n)
    for end, sign in (("low", -1), ("high", 1)):
        assert told[f"qualified_share_{end}"] == pytest.approx((middle + sign * apart) / (1 + z * z / n))


def campaigns(people: People, *told: tuple[int, int], orders: int = 10, ended: int = NOW - 200) -> None:
    """(reach, net of 90 days) each, with that many orders."""
    for number, (reach, net) in enumerate(told):
        ran(people, f"c{number}", ended, cost=1, reach=reach, interactions=reach // 10)
        who = f"w{number}"
        known(people, who, first_order_on=day(ended))
        did(people, who, "lead_created", ended, campaign=f"c{number}")
        for _ in range(orders):
            bought(people, who, ended, net / orders)


EIGHT = ((100, 10), (200, 80), (300, 30), (400, 40), (500, 50), (600, 60), (700, 70), (800, 20))


def test_loud_but_empty_and_quiet_but_fertile_are_quartiles_of_the_mature(people: People) -> None:
    campaigns(people, *EIGHT)
    verdicts = {row["campaign_name"]: row["verdict"] for row in asked(people).campaigns}
    assert verdicts.pop("c7") == "loud_but_empty"
    assert verdicts.pop("c1") == "quiet_but_fertile"
    assert set(verdicts.values()) == {"between"}


@pytest.mark.parametrize(
    ("orders", "ended", "verdict"), [(9, NOW - 200, "too_few"), (10, NOW - 89, "immature")]
)
def test_few_orders_and_young_campaigns_get_no_tag(
    people: People, orders: int, ended: int, verdict: str
) -> None:
    campaigns(people, *EIGHT, orders=orders, ended=ended)
    assert {row["verdict"] for row in asked(people).campaigns} == {verdict}


def test_thirty_leads_are_enough_for_a_tag_whatever_they_ordered(people: People) -> None:
    campaigns(people, *EIGHT, orders=1)
    for number in range(29):
        for campaign, fewer in (("c7", 0), ("c1", 1)):
            if number >= fewer:
                did(people, f"{campaign} {number}", "lead_created", NOW - 200, campaign=campaign)
    verdicts = {row["campaign_name"]: row["verdict"] for row in asked(people).campaigns}
    assert verdicts.pop("c7") == "loud_but_empty", "30 leads"
    assert set(verdicts.values()) == {"too_few"}, "29 of c1"


def test_applause_and_revenue_are_compared_by_rank_over_eight_or_more(people: People) -> None:
    campaigns(people, *EIGHT[:7])
    assert asked(people).status == "too_few"
    people.con.execute("delete from contracts.spend; delete from contracts.events; delete from marts.orders")
    people.con.execute("delete from marts.customer_ownership")
    campaigns(people, *EIGHT)
    found = asked(people)
    # Ranks 1..8 against 1 8 3 4 5 6 7 2: squares of differences 36 + 36, 1 - 6 * 72 / (8 * 63).
    assert found.status == "told"
    assert found.applause["by_reach"] == pytest.approx(1 - 6 * 72 / 504)
    low, high = useful.bounds(found.applause["by_reach"], 8)
    assert low == pytest.approx(math.tanh(math.atanh(1 / 7) - 1.959964 / math.sqrt(5)))
    assert low < 0 < high


def test_equal_values_share_their_mean_rank(people: People) -> None:
    campaigns(people, (100, 0), (200, 0), (300, 0), (400, 0), (500, 10), (600, 20), (700, 30), (800, 40))
    # 2.5 four times, then 5 to 8.
    x, y = [1, 2, 3, 4, 5, 6, 7, 8], [2.5] * 4 + [5, 6, 7, 8]
    top = sum((a - 4.5) * (b - 4.5) for a, b in zip(x, y, strict=True))
    under = math.sqrt(sum((a - 4.5) ** 2 for a in x) * sum((b - 4.5) ** 2 for b in y))
    assert asked(people).applause["by_reach"] == pytest.approx(top / under)


def test_above_two_fifths_of_unknown_source_nothing_is_compared(people: People) -> None:
    campaigns(people, *EIGHT)
    bought(people, None, NOW - 100, 240)
    assert asked(people).applause["unknown_share"] == pytest.approx(0.4)
    assert asked(people).status == "told", "two fifths are not more"
    bought(people, None, NOW - 100, 1)
    found = asked(people)
    assert found.status == "unknown"
    for language in ("en", "fr"):
        assert WORDS[language]["none"] in text.write(useful_page.page(found, "M", language))


def test_what_nothing_names_and_nobody_paid_cannot_be_followed(people: People) -> None:
    people.add("contracts.spend", platform="meta", post_id="9", spend_date=day(NOW - 300), reach=5000)
    people.add("contracts.spend", platform="meta", post_id="8", spend_date=day(NOW - 300), reach=50)
    known(people, "ana")
    did(people, "ana", "form_answered", NOW - 100, platform="typeform", channel="ig", link_code="8")
    # Its leads were gone before the first was read; a magazine nothing points to; one with a code, unused.
    ran(people, "before", NOW - 201, cost=9)
    ran(people, "while", NOW - 200, cost=9)
    did(people, "ana", "lead_created", NOW - 200, campaign="while")
    ran(people, "Belles", platform="presse", cost=9)
    ran(people, "Coupon", platform="presse", cost=9)
    people.add("staging.stg_files__spend", platform="presse", campaign_id="Coupon", code="belle")
    verdicts = {row["campaign_key"]: row["verdict"] for row in asked(people).campaigns}
    assert verdicts == {
        "meta:post:9": "not_followed",
        "meta:post:8": "too_few",
        "meta:campaign:before": "not_followed",
        "meta:campaign:while": "too_few",
        "presse:campaign:Belles": "not_followed",
        "presse:campaign:Coupon": "too_few",
    }


def test_what_platforms_claim_is_told_against_what_there_was(people: People) -> None:
    ran(people, "c", NOW - 300, leads_claimed=6, orders_claimed=4)
    # As `campaigns` counts them by day: a lead that was deleted before the first read was no lie.
    for on, claimed, held in ((NOW - 310, 100, 0), (NOW - 300, 4, 3), (NOW - 295, 2, 1)):
        people.add(
            "marts.campaigns", platform="meta", campaign_date=day(on), leads_claimed=claimed, lead_count=held
        )
    ran(people, "c", NOW - 290, leads_claimed=0, orders_claimed=2, platform="tiktok")
    known(people, *"abcd")
    for who in "abcd":
        did(people, who, "lead_created", NOW - 295, campaign="c")
    for on in (NOW - 301, NOW - 300, NOW - 290, NOW - 289):
        bought(people, "a", on, 10)
    sums = asked(people).applause
    assert sums["leads_overclaim"] == pytest.approx(6 / 4)
    assert (sums["orders_overclaim"], sums["order_count"]) == (3, 2)


@cache
def with_margin() -> str:
    costs = {"margin_rate": 0.5, "margins": {"VASE": 0.2, "d'art": 0.9}, "per_order": 3}
    costs["months"] = {"CARE": 36, "l'an": 12}
    file = throwaway.folder("margin") / "warehouse.duckdb"
    found = inside.dbt(file, "compile", "--select", "order_campaigns", costs=costs)
    return next(one.node.compiled_code for one in found if one.node.name == "order_campaigns")


def test_margin_is_by_product_else_one_rate_and_none_without(people: People) -> None:
    known(people, "ana", first_order_on=day(NOW - 90))
    bought(people, "ana", NOW - 90, 100)
    mixed = [{"sku": "VASE", "amount": 75}, {"sku": "OTHER", "amount": 25}]
    bought(people, "ana", NOW - 80, 80, goods=mixed)
    bought(people, "ana", NOW - 70, 0, refunded=60, goods=[{"sku": "d'art", "amount": 60}])
    assert people.ask("select distinct contribution from order_campaigns") == [(None,)]
    found = people.con.execute(
        f"select order_id, contribution from ({with_margin()}) order by all"
    ).fetchall()
    # A half of 100; of 80 three quarters at 0.2 and one at 0.5; a parcel that came back cost its postage.
    assert found == [("o000", Decimal("47.00")), ("o001", Decimal("19.00")), ("o002", Decimal("-3.00"))]


def test_goods_say_over_how_many_months_an_order_is_earned(people: People) -> None:
    known(people, "ana", first_order_on=day(NOW - 90))
    care, year = {"sku": "CARE", "amount": 60}, {"sku": "l'an", "amount": 15}
    bought(people, "ana", NOW - 90, 100)
    bought(people, "ana", NOW - 80, 100, goods=[{"sku": "VASE", "amount": 25}, care, year])
    bought(people, "ana", NOW - 70, 60, goods=[care])
    bought(people, "ana", NOW - 60, 25, goods=[{"sku": "VASE", "amount": 25}])
    bought(people, "ana", NOW - 50, 0, goods=[care | {"amount": 0}])
    found = people.con.execute(f"select term_months, term_shares from ({with_margin()}) order by order_id")
    assert found.fetchall() == [
        (None, None), ([1, 12, 36], [0.25, 0.15, 0.6]), ([36], [1.0]), (None, None), (None, None)
    ]  # fmt: skip
    assert people.ask("select distinct term_months, term_shares from order_campaigns") == [(None, None)]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_escapes_names_and_tells_what_it_left_out(people: People, language: str) -> None:
    ran(people, "<script>", NOW - 300, cost=5, currency="CAD", reach=3)
    did(people, "ana", "lead_created", NOW - 300, campaign="<script>")
    page = useful_page.page(asked(people), "M", language)
    shown = html.write(page)
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown
    assert WORDS[language]["unconverted"] in text.write(page)
    assert WORDS[language]["note.margin"] in text.write(page)


def test_every_text_is_there_in_both_languages() -> None:
    assert WORDS["en"].keys() == WORDS["fr"].keys()
    for name, columns in WORDS["en"].items():
        assert columns.count("|") == WORDS["fr"][name].count("|"), name


def test_nothing_at_all_is_told_as_such(people: People) -> None:
    found = asked(people)
    assert (found.status, found.campaigns) == ("too_few", [])
    assert WORDS["en"]["nothing"] in text.write(useful_page.page(found, "M", "en"))
