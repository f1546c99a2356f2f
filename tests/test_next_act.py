"""What to do next for one person: each rule on its first and last day, and nobody whom we may not contact."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from value_harness import People, day

pytestmark = pytest.mark.slow

NOW = 1000
# Somebody who bought twice, long enough ago that nothing is due, and will be back.
QUIET = {
    "first_seen_on": day(0), "first_order_on": day(100), "last_order_on": day(NOW - 50), "order_count": 2,
    "stage": "repeat_customer", "stage_since": day(200), "commercial_stage": "repeat_customer",
    "activity": "active", "last_nps": None,
}  # fmt: skip
JUST_SENT = {"given_on": day(NOW - 100), "status": "waiting"}
LEAD = {
    "first_seen_on": day(0), "first_order_on": None, "last_order_on": None, "order_count": 0,
    "stage": "lead", "commercial_stage": "lead", "activity": "engaged",
}  # fmt: skip
ONCE = {"commercial_stage": "first_time_customer", "stage": "first_time_customer", "order_count": 1}
AMBASSADOR = {"stage": "ambassador", "is_ambassador": True}


@pytest.fixture(scope="module")
def world() -> People:
    return People("int_customer_events", "next_acts")


@pytest.fixture
def people(world: People) -> Iterator[People]:
    world.forget()
    world.on(NOW)
    yield world


def suggested(people: People, sent: dict[str, Any] | None = JUST_SENT, **facts: Any) -> str | None:
    """For one who is QUIET but for these facts."""
    people.forget()
    people.person("her")
    people.add("marts.customers", customer_id="her", **(QUIET | facts))
    if sent:
        people.add("marts.referrals", referrer_customer_id="her", **sent)
    found = people.ask("select act from marts.next_acts")
    return found[0][0] if found else None


@pytest.mark.parametrize(
    ("facts", "act"),
    [
        ({}, None),
        ({"permission_expires_on": day(NOW + 60)}, "ask_for_permission"),
        ({"permission_expires_on": day(NOW + 61)}, None),
        (LEAD, None),
        (LEAD | {"first_seen_on": day(NOW - 13)}, "welcome"),
        (LEAD | {"first_seen_on": day(NOW - 14)}, None),
        (ONCE | {"first_order_on": day(NOW - 13), "last_order_on": day(NOW - 13)}, "welcome"),
        (ONCE | {"first_order_on": day(NOW - 14), "last_order_on": day(NOW - 14)}, "ask_for_review"),
        (AMBASSADOR | {"stage_since": day(NOW - 29)}, "thank_ambassador"),
        (AMBASSADOR | {"stage_since": day(NOW - 30)}, None),
        ({"last_order_on": day(NOW - 6)}, None),
        ({"last_order_on": day(NOW - 7)}, "ask_for_review"),
        ({"last_order_on": day(NOW - 45)}, "ask_for_review"),
        ({"last_order_on": day(NOW - 46)}, None),
        ({"last_order_on": day(NOW - 20), "last_nps": 6}, None),
        ({"last_order_on": day(NOW - 20), "last_nps": 7}, "ask_for_review"),
        (ONCE, "second_purchase"),
        (ONCE | {"activity": "at_risk"}, "second_purchase"),
        (ONCE | {"activity": "lapsed"}, "win_back"),
        ({"activity": "at_risk"}, "win_back"),
        ({"activity": "lapsed"}, "win_back"),
        ({"activity": "lost"}, None),
        (LEAD | {"activity": "dormant"}, None),
    ],
)
def test_a_suggestion_begins_and_ends_on_its_day(
    people: People, facts: dict[str, Any], act: str | None
) -> None:
    assert suggested(people, **facts) == act


@pytest.mark.parametrize(
    ("facts", "given", "act"),
    [
        ({}, NOW - 180, None),
        ({}, NOW - 181, "ask_for_referral"),
        ({}, None, "ask_for_referral"),
        ({"last_nps": 6}, None, None),
        ({"average_stars": 2}, None, None),
        ({"activity": "at_risk"}, None, "win_back"),
        (LEAD | {"last_nps": 10}, None, None),
    ],
)
def test_a_recommendation_is_asked_of_those_who_come_back_and_are_content(
    people: People, facts: dict[str, Any], given: int | None, act: str | None
) -> None:
    sent = given and {"given_on": day(given), "status": "waiting"}
    assert suggested(people, sent or None, **facts) == act


def test_an_ambassador_is_thanked_for_a_friend_who_bought(people: People) -> None:
    won = {"given_on": day(NOW - 40), "converted_on": day(NOW - 29), "status": "converted"}
    assert suggested(people, won, **AMBASSADOR) == "thank_ambassador"
    assert people.ask("select reason_en, reason_fr from marts.next_acts") == [
        ("somebody they sent bought on 2026-08-29", "une personne recommandée a acheté le 29/08/2026")
    ]
    assert suggested(people, won | {"status": "undone"}, **AMBASSADOR) is None
    assert suggested(people, won | {"converted_on": day(NOW - 30)}, **AMBASSADOR) is None


def test_a_review_given_since_is_not_asked_for_again(people: People) -> None:
    facts = {"last_order_on": day(NOW - 20)}
    assert suggested(people, **facts) == "ask_for_review"
    people.event("her", "review_written", NOW - 21)
    assert people.ask("select act from marts.next_acts") == [("ask_for_review",)]
    people.event("her", "review_written", NOW - 20)
    assert people.ask("select act from marts.next_acts") == []


def test_nothing_is_suggested_for_whom_we_may_not_contact(people: People) -> None:
    for email, sms, post, call in product((True, False), repeat=4):
        may = {"can_email": email, "can_sms": sms, "can_post": post, "can_call": call}
        assert (suggested(people, activity="lapsed", **may) == "win_back") == any(may.values())
    assert suggested(people, permission_expires_on=day(NOW + 5), activity="deceased") is None
    assert suggested(people, permission_expires_on=day(NOW + 5), activity="closed") is None


def test_the_reason_says_when_and_how_often(people: People) -> None:
    suggested(people, activity="lapsed", usual_days_between_purchases=30, last_order_on=day(800))
    assert people.ask("select channel, reason_en, reason_fr from marts.next_acts") == [
        (
            "email",
            "last bought on 2026-03-11, usually every 30 days",
            "dernier achat le 11/03/2026, d'habitude tous les 30 jours",
        )
    ]
