"""How to ask Calendly: all is of an organisation, lists lead on by a token, a header says what is left."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from connectors.client import Answer, Env
from connectors.declared import Api, judging
from connectors.stream import BadAnswer

LARGEST = 100  # the largest page of every list
# Links that cancel or move somebody's appointment for whoever has them: no place for that in a log.
LINKS = frozenset({"cancel_url", "reschedule_url"})


class Calendly(Api):
    """One organisation by one token."""

    @cached_property
    def organization(self) -> str:
        """What every list asks for."""
        told = self.get("users/me").get("resource")
        found = told.get("current_organization") if isinstance(told, dict) else None
        if not isinstance(found, str):
            raise BadAnswer("calendly users/me: no organization in the answer")
        return found

    def pages(self, path: str, **params: Any) -> Iterator[list[Any]]:
        """The lists of all pages; one of them may be empty and still lead on."""
        asked = {**params, "count": LARGEST}
        while True:
            data = self.get(path, asked)
            rows, paging = data.get("collection"), data.get("pagination")
            if not isinstance(rows, list) or not isinstance(paging, dict):
                raise BadAnswer(f"calendly {path}: no collection in the answer")
            if rows:
                yield rows
            if not paging.get("next_page_token"):
                return
            asked["page_token"] = str(paging["next_page_token"])


def client(env: Env) -> Calendly:
    token = env.secret("CALENDLY_TOKEN")
    return Calendly(
        env,
        "calendly",
        "https://api.calendly.com",
        per_second=500 / 60,  # of each user of a paid plan, as its headers say; 50 a minute without one
        at_once=4,  # events whose invitees are asked for side by side
        headers={"Authorization": f"Bearer {token}"},
        judge=judging(
            "the token is refused: make a new one (Integrations, API and webhooks), into CALENDLY_TOKEN",
            "the token's user must be an owner or admin of the organisation",
        ),
        ease=ease,
        secrets=(token,),
    )


def ease(answer: Answer) -> float:
    """Seconds to breathe where the answer says that nothing is left of this minute."""
    if str(answer.headers.get("X-RateLimit-Remaining", "")).strip() != "0":
        return 0.0
    try:
        return max(0.0, float(answer.headers.get("X-RateLimit-Reset", "")))
    except ValueError:
        return 1.0


def last_part(uri: Any) -> str | None:
    """What an address ends in: Calendly names everything by its address."""
    found = uri.rstrip("/").rpartition("/")[2] if isinstance(uri, str) else ""
    return found or None


def named(invitee: Any, event: Any) -> Any:
    """The invitee with ids of its own and of the event type, and with the event as webhooks bring it.

    What is no object goes on as it is: the door holds it and says so.
    """
    if not isinstance(invitee, dict):
        return invitee
    kept = {name: value for name, value in invitee.items() if name not in LINKS}
    booked = event if isinstance(event, dict) else {}
    ids = {"id": last_part(invitee.get("uri")), "form_id": last_part(booked.get("event_type"))}
    return {**kept, **{name: one for name, one in ids.items() if one}, "scheduled_event": booked}
