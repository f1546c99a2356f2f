"""Who brought it, by four answers: each edge on a few people, worked by hand."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from owned import known, order, touch, with_seeds
from value_harness import People, day

from pipelines.ownership import attribution, attribution_page
from pipelines.ownership.attribution_words import WORDS
from pipelines.paper import html, text

pytestmark = pytest.mark.slow

NOW = 1000


@pytest.fixture(scope="module")
def world() -> People:
    people = People("int_customer_events", "order_ownership", "customer_ownership", "order_attribution")
    people.con.execute("use warehouse.marts")
    return people


@pytest.fixture
def people(world: People) -> Iterator[People]:
    world.forget()
    world.on(NOW)
    with_seeds(world)
    yield world


def bought(people: People, who: str, on: int = NOW - 10, net: int = 10, **more: object) -> None:
    known(people, who, on=(), **more)
    order(people, who, on, net)


def told(people: People, who: str) -> tuple:
    [found] = people.ask(
        "select first_touch, last_touch, said, position_sources, position_shares from order_attribution"
        " where customer_id = ? order by order_date desc limit 1",
        who,
    )
    return (*found[:3], dict(zip(found[3], map(pytest.approx, found[4]), strict=True)))


def asked(people: People, days: int = 365) -> attribution.Attribution:
    return attribution.ask(people.con, day(NOW - days + 1), day(NOW))


def by(found: attribution.Attribution, answer: str) -> dict[str, Decimal]:
    return {row["source"]: row[f"{answer}_revenue"] for row in found.sources if row[f"{answer}_revenue"]}


def test_one_order_has_four_answers(people: People) -> None:
    bought(people, "her", first_source="instagram", said_they_heard_from="Par une amie")
    touch(people, "her", NOW - 200, "lead_created", "instagram")
    touch(people, "her", NOW - 60, "form_answered", "google")
    touch(people, "her", NOW - 12, "form_answered", "newsletter")
    assert told(people, "her") == (
        "meta", "own_mail", "referral", {"meta": 0.4, "google": 0.2, "own_mail": 0.4}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("channels", "shares"),
    [
        (["facebook"], {"meta": 1}),
        (["facebook", "google"], {"meta": 0.5, "google": 0.5}),
        (["facebook", "google", "instagram"], {"meta": 0.8, "google": 0.2}),
        (["facebook", "google", "tiktok", "newsletter", "sms"],
         {"meta": 0.4, "google": 0.2 / 3, "tiktok": 0.2 / 3, "own_mail": 0.2 / 3, "own_sms": 0.4}),
        (["form", "site"], {"direct": 1}),
        (["facebook", "affilae"], {"meta": 0.5, "unknown": 0.5}),
    ],
)  # fmt: skip
def test_by_position_forty_forty_and_twenty_between(
    people: People, channels: list[str], shares: dict[str, float]
) -> None:
    bought(people, "her")
    for number, channel in enumerate(channels):
        touch(people, "her", NOW - 90 + number, "form_answered", channel)
    assert told(people, "her")[3] == shares


def test_a_touch_counts_for_the_first_purchase_after_it_and_for_no_other(people: People) -> None:
    bought(people, "her", on=NOW - 100)
    touch(people, "her", NOW - 120, "form_answered", "google")
    touch(people, "her", NOW - 20, "form_answered", "tiktok")
    order(people, "her", NOW - 10, 10)
    touch(people, "her", NOW - 5, "form_answered", "facebook")
    touch(people, "her", NOW + 5, "form_answered", "linkedin")
    order(people, "her", NOW - 15, 10, cancelled=True)
    found = people.ask("select order_date, position_sources, is_first from order_attribution order by all")
    assert found == [(day(NOW - 100), ["google"], True), (day(NOW - 10), ["tiktok"], False)]


def test_nothing_new_since_the_purchase_before_is_direct_by_position(people: People) -> None:
    bought(people, "her", on=NOW - 20)
    touch(people, "her", NOW - 25, "form_answered", "google")
    order(people, "her", NOW - 10, 10)
    assert told(people, "her")[1:] == ("google", "unknown", {"direct": 1})


def test_the_last_touch_is_of_thirty_days_and_no_direct_one(people: People) -> None:
    for who, ago in (("in time", 29), ("too late", 31)):
        bought(people, who)
        touch(people, who, NOW - 10 - ago, "form_answered", "google")
        touch(people, who, NOW - 11, "form_answered", "form")
    assert told(people, "in time")[1] == "google"
    assert told(people, "too late")[1] == "direct"


def test_of_two_in_one_second_the_one_that_is_believed_more_is_the_last(people: People) -> None:
    bought(people, "her")
    touch(people, "her", NOW - 12, "form_answered", "google", platform="brevo")
    touch(people, "her", NOW - 12, "form_answered", "newsletter", platform="typeform")
    assert told(people, "her")[1] == "google", "survivorship.sources names brevo before typeform"


def test_refunds_subtract_and_the_cancelled_never_were(people: People) -> None:
    bought(people, "kept", net=100, first_source="facebook")
    bought(people, "half refunded", net=50, first_source="facebook")
    bought(people, "refunded", net=0, first_source="facebook")
    bought(people, "long ago", on=NOW - 365, net=7, first_source="facebook")
    known(people, "cancelled", on=(), first_source="facebook")
    order(people, "cancelled", NOW - 10, 0, cancelled=True)
    found = asked(people)
    assert (found.order_count, found.new_count, found.revenue) == (3, 3, 150)
    assert by(found, "first_touch") == {"meta": 150}


def test_unknown_is_an_answer_and_the_sums_of_all_are_the_same(people: People) -> None:
    bought(people, "known", net=10, first_source="facebook", said_they_heard_from="je ne sais plus")
    bought(people, "of no source", net=20)
    order(people, None, NOW - 10, 40, channel="google")
    order(people, None, NOW - 10, 80)
    found = asked(people)
    assert by(found, "first_touch") == {"meta": 10, "unknown": 140}
    assert by(found, "last_touch") == {"direct": 110, "google": 40}
    assert by(found, "said") == {"unknown": 150}
    assert by(found, "position") == pytest.approx({"direct": 110, "google": 40})
    assert [sum(by(found, answer).values()) for answer in attribution.ANSWERS] == [150] * 3


def test_of_few_orders_there_are_sums_and_no_share(people: People) -> None:
    for number in range(29):
        bought(people, f"c{number}", first_source="facebook")
    thin = asked(people)
    assert thin.is_thin and thin.share("meta", "first_touch") is None and thin.farthest() is None
    shown = text.write(attribution_page.page(thin, "M", "EUR", "en"))
    assert WORDS["en"]["orders.thin"] in shown and "%" not in shown.split(WORDS["en"]["note.answers"][:20])[0]
    bought(people, "one more", said_they_heard_from="Google")
    found = asked(people)
    assert found.share("meta", "first_touch") == pytest.approx(29 / 30)
    assert found.farthest() == ("meta", 0.0, pytest.approx(29 / 30))


def test_what_most_said_nothing_to_is_no_answer_to_differ_from(people: People) -> None:
    for number in range(30):
        known(
            people,
            f"c{number}",
            on=(),
            first_source="google",
            said_they_heard_from=["Instagram", None][number > 17],
        )
        order(people, f"c{number}", NOW - 10, 10, channel="google")
    # Two fifths said nothing: asked all the same.
    assert asked(people).farthest() == ("google", 0.0, 1.0)
    bought(people, "one more of no word", first_source="google")
    word, low, _ = asked(people).farthest()
    assert (word, low) == ("google", pytest.approx(30 / 31)), "what they said is not asked any more"


def test_claims_are_told_apart_and_nothing_held_is_no_ratio(people: People) -> None:
    for platform, on, claimed, held in (
        ("meta", NOW - 1, 30, 10), ("meta", NOW - 400, 99, 9), ("tiktok", NOW - 1, 5, 0),
        ("brevo", NOW - 1, None, 3),
    ):  # fmt: skip
        people.add(
            "marts.campaigns",
            platform=platform,
            campaign_date=day(on),
            leads_claimed=claimed,
            lead_count=held,
        )
    found = asked(people)
    assert [(row["platform"], row["claimed_count"], row["over_claim"]) for row in found.claims] == [
        ("meta", 30, 3), ("tiktok", 5, None)
    ]  # fmt: skip
    assert found.sources == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_has_a_column_for_each_answer(people: People, language: str) -> None:
    bought(people, "her", first_source="<b>")
    for has_position in (False, True):
        page = attribution_page.page(asked(people), "M", "EUR", language, has_position)
        assert (WORDS[language]["position"] in page.blocks[1].columns) == has_position
        assert "<b>" not in html.write(page)
    assert WORDS["en"].keys() == WORDS["fr"].keys()
