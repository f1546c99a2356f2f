"""What people did, kind by kind, made only when it is asked for: of a large company it is very much."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, cached_property
from typing import Any

from simulator.model import Company, MailContact
from simulator.platforms.klaviyo import nodes
from simulator.platforms.klaviyo.nodes import Node, short

CUSTOM = {
    "quote_requested": "Quote Requested",
    "add_to_cart": "Added to Cart",
    "site_visit": "Active on Site",
}
LEFT = {"unsubscribed": "Unsubscribed from Email Marketing", "complaint": "Marked Email as Spam"}
OF_LETTERS = ("Received Email", "Opened Email", "Clicked Email", "Bounced Email")
MERGED = "Merged Profile"
METRICS = (
    *CUSTOM.values(), *LEFT.values(), *OF_LETTERS, "Subscribed to Email Marketing", "Placed Order", MERGED,
)  # fmt: skip
URL = "https://maison-exemple.example/collection"


@cache
def metric_key(name: str) -> str:
    return short("metric", name, size=4)[:6]


@dataclass(frozen=True)
class Act:
    """One event: whose it was when it happened, when, when it was first shown, what it tells besides."""

    metric: str
    contact: MailContact
    at: datetime
    visible_at: datetime
    properties: Node

    @cached_property
    def key(self) -> str:
        told = self.properties.get("$message", "") or sorted(map(str, self.properties.values()))
        return short("event", self.metric, self.contact.contact_id, self.at.isoformat(), told, size=8)


def made(name: str, company: Company, there: list[MailContact], now: datetime) -> list[Act]:
    """All acts of one kind, by time."""
    if name in CUSTOM.values():
        found = _custom(name, company, {one.contact_id: one for one in there}, now)
    elif name in OF_LETTERS:
        found = _of_letters(name, company, there, now)
    elif name == "Placed Order":
        orders = (one for one in there if one.shop_customer_id)
        found = (Act(name, one, one.created_at, one.visible_at, {"$value": 90.0}) for one in orders)
    else:
        found = _of_consent(name, company, there, now)
    return sorted(found, key=lambda act: (act.at, act.key))


def _custom(name: str, company: Company, by_id: dict[int, MailContact], now: datetime) -> Iterator[Act]:
    for event in company.mail_events:
        if CUSTOM[event.name] == name and event.visible_at <= now and event.contact_id in by_id:
            properties = {**event.properties, "$event_id": short("own", event.contact_id, event.at)}
            yield Act(name, by_id[event.contact_id], event.at, event.visible_at, properties)


def _of_letters(name: str, company: Company, there: list[MailContact], now: datetime) -> Iterator[Act]:
    for letter in company.mail_campaigns:
        for one in there:
            if letter.sent_at > now or one.created_at >= letter.sent_at or not one.email:
                continue
            dice = (one.contact_id * 7 + letter.campaign_id) % 10
            hours = {"Received Email": 0, "Opened Email": 1, "Clicked Email": 2, "Bounced Email": 0}[name]
            at = letter.sent_at + timedelta(hours=hours)
            is_so = {
                "Received Email": dice != 9,
                "Opened Email": dice < 4,
                "Clicked Email": dice < 2,
                "Bounced Email": dice == 9,
            }
            if not is_so[name] or at > now:
                continue
            properties: Node = {
                "Subject": letter.subject,
                "Campaign Name": letter.name,
                "$message": nodes.message_key(letter),
            }
            if name == "Clicked Email":
                properties["URL"] = URL
            if name == "Bounced Email":
                properties["Bounce Type"] = "Hard" if _is_dead(one, now) else "Soft"
            yield Act(name, one, at, at, properties)


def _is_dead(contact: MailContact, now: datetime) -> bool:
    told = nodes.states(contact, "email", now)
    return bool(told) and told[-1].reason == "hard_bounce"


def _of_consent(name: str, company: Company, there: list[MailContact], now: datetime) -> Iterator[Act]:
    letters = sorted((letter for letter in company.mail_campaigns if letter.sent_at <= now),
                     key=lambda letter: letter.sent_at)  # fmt: skip
    times = [letter.sent_at for letter in letters]
    for one in there:
        for state in nodes.states(one, "email", now):
            is_in = state.state == "subscribed"
            kind = "Subscribed to Email Marketing" if is_in else LEFT.get(state.reason or "unsubscribed")
            if kind != name:
                continue
            last = bisect_right(times, state.at)
            told: Node = {"method": nodes.method(one)} if is_in else {}
            if not is_in and last:
                told["$message"] = nodes.message_key(letters[last - 1])
            yield Act(name, one, state.at, max(state.at, one.visible_at), told)


def event(act: Act, owner: str, base: str) -> dict[str, Any]:
    """`owner`: whose it is now."""
    key, is_spaced = act.key, act.contact.contact_id % 4 == 0
    here, metric = f"{base}/api/events/{key}", metric_key(act.metric)
    return {
        "type": "event",
        "id": key,
        "attributes": {
            "timestamp": int(act.at.timestamp()),
            "event_properties": act.properties,
            "datetime": nodes.stamp(act.at, is_spaced),
            "uuid": short("uuid", key),
        },
        "relationships": {
            "profile": {
                "data": {"type": "profile", "id": owner},
                "links": {"self": f"{here}/relationships/profile/", "related": f"{here}/profile/"},
            },
            "metric": {
                "data": {"type": "metric", "id": metric},
                "links": {"self": f"{here}/relationships/metric/", "related": f"{here}/metric/"},
            },
        },
        "links": {"self": f"{here}/"},
    }


def metric(name: str, base: str) -> dict[str, Any]:
    key = metric_key(name)
    origin, category = ("API", "API") if name in CUSTOM.values() else ("Klaviyo", "Internal")
    integration = {"object": "integration", "id": "0rG4eQ", "name": origin, "category": category}
    return {
        "type": "metric",
        "id": key,
        "attributes": {
            "name": name,
            "created": "2024-01-10T09:00:00+00:00",
            "updated": "2024-01-10T09:00:00+00:00",
            "integration": integration,
        },
        "links": {"self": f"{base}/api/metrics/{key}/"},
    }
