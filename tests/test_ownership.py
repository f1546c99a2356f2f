"""The blackout drill on five to ten people each: every edge of docs/ownership.md, worked by hand."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from owned import known, order, touch, with_seeds
from value_harness import People, day

from pipelines import fingerprint
from pipelines.config import Config, ConfigError
from pipelines.home import Home
from pipelines.ownership import drill, drill_page, losses, published
from pipelines.ownership.words import WORDS
from pipelines.paper import html, text

pytestmark = pytest.mark.slow

NOW = 1000
READ = datetime(2026, 9, 27, tzinfo=UTC)  # DAY_0 and a thousand days


@pytest.fixture(scope="module")
def world() -> People:
    people = People("int_customer_events", "order_ownership", "customer_ownership")
    people.con.execute("use warehouse.marts")
    return people


@pytest.fixture
def people(world: People) -> Iterator[People]:
    world.forget()
    world.on(NOW)
    with_seeds(world)
    yield world


def settings(**more: Any) -> Config:
    return Config(company="Maison", platforms={"meta": {}, "tiktok": {}, "brevo": {}, "shopify": {}}, **more)


def drilled(people: People, *words: str, hours: int | None = 6, **more: Any) -> drill.Drill:
    setting = settings(**more)
    reads = {"meta/leads": "2026-09-26T12:00:00+00:00"}
    return drill.ask(people.con, setting, losses.of(words, setting), hours, day(NOW), reads, READ)


def names(found: drill.Drill) -> list[str]:
    return sorted(row["customer_id"] for row in found.sole)


def test_two_platforms_together_are_not_the_sum_of_each(people: People) -> None:
    known(people, "meta only")
    known(people, "tiktok only", on=("tiktok",))
    known(people, "both", on=("meta", "tiktok"))
    known(people, "ours", "email")
    known(people, "a guest of the shop", on=("shopify",))
    assert names(drilled(people, "meta")) == ["meta only"]
    assert names(drilled(people, "tiktok")) == ["tiktok only"]
    both = drilled(people, "meta", "tiktok")
    assert names(both) == ["both", "meta only", "tiktok only"]
    assert (both.people["known_count"], both.people["reachable_after_count"]) == (5, 1)


def test_whatsapp_and_relay_addresses_are_rented_and_a_number_with_a_yes_to_sms_is_ours(
    people: People,
) -> None:
    known(people, "whatsapp", "whatsapp", on=("shopify",))
    known(people, "whatsapp and sms", "whatsapp", "sms", on=("shopify",))
    known(people, "relayed", "email", on=("shopify",), email="x1@privaterelay.appleid.com")
    known(people, "bounced", "email", on=("shopify",), bounced=True)
    found = drilled(people, "instagram")
    assert names(found) == ["whatsapp"], "Instagram's firm closes WhatsApp too"
    assert found.people["reachable_count"] == 1
    assert names(drilled(people, "apple")) == ["relayed"]


def test_who_refused_or_is_gone_is_in_no_list_and_stays_in_the_sums(people: People) -> None:
    known(people, "objected", no="objected", net_revenue_12m=10, order_count=1)
    known(people, "complained", no="complained", net_revenue_12m=20, order_count=1)
    known(people, "said no to all", no="unsubscribed", net_revenue_12m=30, order_count=1)
    known(people, "dead", "email", activity="deceased", net_revenue_12m=40, order_count=1)
    known(people, "silent", net_revenue_12m=50, order_count=1)
    found = drilled(people, "meta")
    assert names(found) == ["silent"]
    assert found.people["known_count"] == 5
    assert found.people["revenue"] == Decimal(150)
    assert found.people["revenue_covered"] == 0


def test_orders_of_nobody_known_are_told_beside_and_never_as_anybodys(people: People) -> None:
    known(people, "her", "email", net_revenue_12m=100, order_count=1)
    order(people, None, 990, 70)
    found = drilled(people, "meta")
    assert (found.people["revenue"], found.unknown_revenue) == (Decimal(100), Decimal(70))


def test_a_mail_tool_takes_its_channels_only_while_there_is_no_other(people: People) -> None:
    known(people, "mail only", "email", on=())
    known(people, "texts too", "email", "sms", on=())
    known(people, "letters too", "email", "post", on=())
    known(people, "mail and meta", "email")
    one = drilled(people, "brevo")
    assert one.loss.channels == ("email", "sms")
    assert names(one) == ["mail only", "texts too"]
    assert one.people["reachable_after_count"] == 1
    two = drilled(
        people, "brevo", ownership={"senders": {"sms": ["another"], "email": ["brevo", "mailchimp"]}}
    )
    assert two.loss.channels == ()
    assert names(two) == []
    assert names(drilled(people, "brevo", "meta")) == ["mail and meta", "mail only", "texts too"]


def test_a_tool_that_only_the_settings_name_goes_as_well(people: People) -> None:
    known(people, "mail only", "email", on=())
    known(people, "texts too", "email", "sms", on=())
    senders = {"email": ["SendGrid"], "sms": ["brevo"]}
    found = drilled(people, "sendgrid", ownership={"senders": senders})
    assert found.loss.channels == ("email",)
    assert names(found) == ["mail only"]
    with pytest.raises(ConfigError, match=r"no platform: sendgrid"):
        losses.of(["sendgrid"], settings())


def test_everybody_left_is_told_once_by_the_cheapest_channel_within_its_days(people: People) -> None:
    known(people, "a", "email", "sms", "post")
    known(people, "b", "sms", "phone")
    known(people, "c", "post", "phone")
    known(people, "d", "phone")
    known(people, "e", "phone")
    found = drilled(people, "meta", ownership={"daily_limits": {"email": 5, "sms": 5, "phone": 1}})
    assert [(r["channel"], r["person_count"], r["first_count"], r["days"]) for r in found.channels] == [
        ("email", 1, 1, 1), ("sms", 2, 1, 1), ("post", 2, 1, None), ("phone", 4, 2, 2),
    ]  # fmt: skip
    assert found.channels[0]["bases"] == {"consent": 1}


def test_an_hour_is_worth_the_median_of_eight_weeks_and_an_empty_one_its_share_of_the_quarter(
    people: People,
) -> None:
    order(people, None, 500, 1)
    # Seven weeks of 60 and one of 600 at ten in the morning of one weekday; the other hours never sold.
    for week in range(8):
        order(people, None, NOW - 7 - 7 * week, 600 if week == 0 else 60, channel="facebook")
    one = drilled(people, "meta", hours=1).outage
    assert (one["status"], one["order_count"]) == ("told", 8)
    # Dearest: that hour itself. An empty hour of the same quarter is worth a sixth of it, others nothing.
    assert one["high"] == pytest.approx(60)
    assert one["low"] == 0
    assert one["usual"] == pytest.approx((60 + 5 * 10) / 168 * 0.5)
    six = drilled(people, "meta", hours=6, ownership={"catch_up": 0.25}).outage
    assert six["high"] == pytest.approx(60 + 5 * 10)
    assert six["usual"] == pytest.approx((60 + 5 * 10) * 6 / 168 * 0.75)
    week = drilled(people, "meta", hours=168).outage
    assert week["low"] == pytest.approx(110 * 0.5)


def test_a_median_between_two_weeks_keeps_its_half_cent(people: People) -> None:
    order(people, None, 500, 1)
    for week in range(8):
        order(people, None, NOW - 7 - 7 * week, Decimal("60.01") if week % 2 else 60, channel="facebook")
    assert drilled(people, "meta", hours=1).outage["high"] == pytest.approx(60.005, abs=1e-6)


def test_only_orders_with_a_touch_within_seven_days_are_lost(people: People) -> None:
    order(people, None, 500, 1)
    for who, gap in (("in time", 7), ("too late", 8)):
        touch(people, who, NOW - 20 - gap, "form_answered", "instagram", hour=11)
        order(people, who, NOW - 20, 100, hour=10)
    touch(people, "after", NOW - 10, "form_answered", "instagram", hour=12)
    order(people, "after", NOW - 10, 100, hour=10)
    order(people, "refunded", NOW - 9, 0, channel="facebook")
    assert drilled(people, "meta").outage["order_count"] == 2
    assert drilled(people, "shopify").outage["order_count"] == 4, "a shop takes all that is placed in it"
    assert people.ask("select count(*) from order_ownership where not is_own_initiated") == [(2,)]


def test_less_than_eight_weeks_of_orders_are_not_enough(people: People) -> None:
    order(people, None, NOW - 55, 100, channel="facebook")
    assert drilled(people, "meta").outage["status"] == "not_enough_data"
    order(people, None, NOW - 56, 100)
    assert drilled(people, "meta").outage["status"] == "too_sparse"
    assert drilled(people, "klaviyo").outage["status"] == "no_source"


def test_a_closure_costs_between_first_and_last_touch_and_nobody_counts_twice(people: People) -> None:
    new = {"first_order_on": day(NOW - 100), "order_count": 1}
    known(people, "by both", "email", net_revenue_12m=10, first_source="facebook", **new)
    known(people, "by first", "email", net_revenue_12m=20, first_source="instagram", **new)
    known(people, "by last", "email", on=("shopify",), net_revenue_12m=40, first_source="google", **new)
    old = {"first_order_on": day(NOW - 365), "order_count": 2, "net_revenue_12m": 80}
    known(people, "comes again, lost", first_source="facebook", **old)
    known(people, "comes again, ours", "email", first_source="facebook", **old)
    known(people, "new and lost", net_revenue_12m=160, first_source="facebook", **(new | {"order_count": 2}))
    for who, channel in (("by both", "facebook"), ("by first", "google"), ("by last", "facebook")):
        order(people, who, NOW - 100, 1, channel=channel)
    cost = drilled(people, "meta", hours=None).closure
    assert (cost["first_touch"], cost["last_touch"], cost["lost"]) == (190, 50, 240)
    assert (cost["by_first_touch"], cost["by_last_touch"]) == (270, 290)
    assert (cost["new_count"], cost["new_of_others_count"]) == (4, 0)


def test_who_brought_them_is_the_first_contact_then_its_platform_then_their_word(people: People) -> None:
    known(people, "utm", on=("typeform",), first_source="Instagram")
    known(people, "lead form", first_source="form")
    known(people, "said", on=("typeform",), first_source="form", said_they_heard_from="Vu sur Google !")
    known(people, "a friend", on=("typeform",), said_they_heard_from="Bouche-à-oreille")
    known(people, "nothing", on=("shopify",), first_source="shop", said_they_heard_from="je ne sais plus")
    found = people.ask(
        "select customer_id, acquired_from, acquired_kind from customer_ownership order by all"
    )
    assert found == [
        ("a friend", "own", "referral"),
        ("lead form", "meta", "rented"),
        ("nothing", "unknown", "unknown"),
        ("said", "google", "rented"),
        ("utm", "meta", "rented"),
    ]


def test_a_source_nobody_has_a_line_for_is_unknown_and_neither_ours_nor_passed_over(people: People) -> None:
    for who, channel in (("unlisted", "Affilae"), ("ours", "newsletter"), ("direct", "shop")):
        known(people, who, on=(), first_order_on=day(NOW - 10), order_count=1)
        order(people, who, NOW - 10, 10, channel=channel)
    known(people, "first mail, then unlisted", on=(), first_order_on=day(NOW - 10), order_count=1)
    touch(people, "first mail, then unlisted", NOW - 14, "form_answered", "newsletter")
    touch(people, "first mail, then unlisted", NOW - 12, "form_answered", "fb_ads")
    order(people, "first mail, then unlisted", NOW - 10, 10)
    found = people.ask(
        "select customer_id, last_kind, is_own_initiated, closed_from, closed_kind from order_ownership"
        " inner join customer_ownership using (customer_id) order by all"
    )
    assert found == [
        ("direct", None, True, "direct", "direct"),
        ("first mail, then unlisted", "unknown", False, "unknown", "unknown"),
        ("ours", "owned", True, "own_mail", "owned"),
        ("unlisted", "unknown", False, "unknown", "unknown"),
    ]
    [[unlisted]] = people.ask("select touched_by from order_ownership where customer_id = 'unlisted'")
    assert unlisted == ["shopify", "unknown"]


def test_leads_trapped_are_the_usual_rate_since_the_last_pull(people: People) -> None:
    for n in range(56):
        people.add(
            "marts.touchpoints", platform="meta", touch_type="lead_created", touch_date=day(NOW - 1 - n)
        )
    people.add("marts.lead_ledger", platform="meta", lead_date=None, missing=3)
    known(people, "follows")
    more = {"followers": {"meta": {"count": 900, "told_on": "2026-09-01"}}}
    (row,) = drilled(people, "meta", ownership=more).trapped
    assert (row["four_weeks_count"], row["hours_since"], row["missing_count"]) == (28, 12, 3)
    assert row["expected"] == pytest.approx(0.5)
    assert (row["followers"], row["matched_count"]) == (900, 1)
    (never,) = drilled(people, "tiktok").trapped
    assert never["expected"] is None


def test_whom_we_know_is_taken_off_the_followers_of_their_own_firm(people: People) -> None:
    known(people, "on meta")
    known(people, "on meta too")
    known(people, "on tiktok", on=("tiktok",))
    told = {"told_on": "2026-09-01"}
    counts = {"Instagram": {"count": 900, **told}, "tiktok": {"count": 50, **told}}
    found = drilled(people, "meta", "tiktok", ownership={"followers": counts}).trapped
    assert [(row["platform"], row["holds_leads"], row["unknown_followers"]) for row in found] == [
        ("instagram", False, 898), ("meta", True, None), ("tiktok", True, 49),
    ]  # fmt: skip
    # Both may be Instagram's, or both Facebook's.
    counts["facebook"] = {"count": 10, **told}
    found = drilled(people, "meta", ownership={"followers": counts}).trapped
    assert [(row["platform"], row["unknown_followers"]) for row in found] == [
        ("facebook", 10), ("instagram", 900), ("meta", None),
    ]  # fmt: skip
    with pytest.raises(ConfigError, match=r"ownership\.followers: no platform: instagrm; known: .*instagram"):
        drilled(people, "meta", ownership={"followers": {"instagrm": counts["facebook"]}})


def test_a_shop_keeps_no_leads_and_less_than_one_is_said_in_words(people: People) -> None:
    known(people, "her")
    assert drilled(people, "shopify").trapped == []
    people.add("marts.touchpoints", platform="meta", touch_type="lead_created", touch_date=day(NOW - 1))
    for language in ("en", "fr"):
        shown = text.write(drill_page.page(drilled(people, "meta"), [], "M", language))
        assert WORDS[language]["trapped.few"] in shown


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_page_of_few_tells_no_share_and_every_name_is_text(people: People, language: str) -> None:
    known(people, "<script>alert(1)</script>")
    known(people, "b", "email", country=None)
    found = drilled(people, "meta")
    page = drill_page.page(
        found, [{"day": "2026-08-01", "known": 2, "reachable_after": 1, "sole": 1}], "M", language
    )
    shown = html.write(page)
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown
    assert f'lang="{language}"' in shown
    assert "http" not in shown.replace("http-equiv", "")
    assert WORDS[language]["few"] in shown
    assert "%" not in text.write(page).split(WORDS[language]["note.range"][:6])[0]


def test_a_word_that_is_no_platform_is_answered_with_those_that_are(people: People) -> None:
    with pytest.raises(ConfigError, match=r"no platform: mata; known: .*meta"):
        losses.of(["mata"], settings())


def test_the_day_is_that_of_the_marts_whenever_their_data_landed(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    with pytest.raises(ConfigError, match="firsthand run"):
        published.day_of(home)
    fingerprint.note_published(home, {"day": "2026-11-20"})
    assert published.day_of(home) == date(2026, 11, 20)


def test_one_loss_is_one_trend_whatever_it_was_called() -> None:
    asked = [losses.of(words, settings()) for words in (["meta", "google"], ["Google", "facebook"])]
    assert {loss.key for loss in asked} == {"google + meta"}
    assert [loss.name for loss in asked] == ["meta + google", "google + facebook"]
    assert losses.of(["brevo"], settings()).key == "email + sms"
    assert losses.of(["klaviyo"], settings()).key == "nothing"


def test_every_text_is_there_in_both_languages() -> None:
    assert WORDS["en"].keys() == WORDS["fr"].keys()
    for name, columns in WORDS["en"].items():
        assert columns.count("|") == WORDS["fr"][name].count("|"), name
