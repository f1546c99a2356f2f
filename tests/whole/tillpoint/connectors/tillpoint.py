"""Tillpoint: members of a till, from its REST API v2. The toy of the README's recipe; no such till exists."""

from collections.abc import Iterator
from dataclasses import dataclass

from connectors.client import Client, Env
from connectors.stream import Announced, BadAnswer, Page, Promise, Since, Stream

NAME = "tillpoint"
SECRETS = ("TILLPOINT_KEY",)


@dataclass(frozen=True)
class Till:
    http: Client
    account: str


def client(env: Env) -> Till:
    key = env.secret("TILLPOINT_KEY")
    base = env.settings.get("base_url", "https://api.tillpoint.example/v2")
    http = Client.of(
        env, NAME, base, headers={"Authorization": f"Bearer {key}"}, per_second=5, secrets=(key,)
    )
    return Till(http, str(env.settings.get("account", "till")))


def members(till: Till, account: str, since: Since) -> Iterator[Page | Announced]:
    """Members changed at or after `since`, oldest change first."""
    # By change and not by id: a row edited while we read moves to the end, where we still meet it.
    params = {"sort": "changed_at", "limit": 2}
    if since.moment:
        params["changed_from"] = since.moment.isoformat()
    while True:
        body = till.http.get("members", params).data
        if not isinstance(body, dict) or not isinstance(body.get("items"), list):
            raise BadAnswer("tillpoint members: no list of items in the answer")
        yield Page(body["items"])
        if not body.get("next_cursor"):
            return
        params["cursor"] = body["next_cursor"]


STREAMS = (
    Stream(
        "members",
        members,
        changed_at="changed_at",
        occurred_at="joined_at",
        promises=(
            Promise("id", type="text"),
            Promise("joined_at", type="time"),
            Promise("newsletter", required=False, values=frozenset({"Y", "N"})),
        ),
    ),
)
