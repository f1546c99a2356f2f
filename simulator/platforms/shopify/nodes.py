"""What the resolvers of customers and orders share: money, places, lists and consent, as plain dicts."""

import base64
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from graphql import GraphQLError

from simulator.model import ConsentState

Node = dict[str, Any]
LARGEST_PAGE = 250
COUNTRIES = {"FR": "France", "CA": "Canada", "BE": "Belgium"}


def stamp(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def gid(kind: str, key: str) -> str:
    return f"gid://shopify/{kind}/{key}"


def amount(value: Decimal) -> str:
    """A decimal string without needless zeros but always with one place: "45.9", "12.0"."""
    text = f"{value:.2f}"
    return text[:-1] if text.endswith("0") else text


def money(value: Decimal, currency: str) -> Node:
    return {"amount": amount(value), "currencyCode": currency}


def bag(value: Decimal, currency: str) -> Node:
    """Shop and customer use one currency here."""
    return {"shopMoney": money(value, currency), "presentmentMoney": money(value, currency)}


def encode_cursor(place: Sequence[Any]) -> str:
    return base64.b64encode(json.dumps(list(place), default=str).encode()).decode()


def decode_cursor(text: str) -> list[Any]:
    """Raises GraphQLError for text that is no cursor."""
    try:
        place = json.loads(base64.b64decode(text, validate=True))
    except ValueError as error:
        raise GraphQLError("Invalid cursor for current pagination sort.") from error
    if not isinstance(place, list):
        raise GraphQLError("Invalid cursor for current pagination sort.")
    return place


def check_first(first: int | None) -> int:
    if first is None:
        raise GraphQLError("you must provide one of first or last", extensions={"code": "BAD_REQUEST"})
    if not 0 <= first <= LARGEST_PAGE:
        raise GraphQLError(f"first cannot exceed {LARGEST_PAGE}", extensions={"code": "BAD_REQUEST"})
    return first


def inner_connection(nodes: Sequence[Node]) -> Callable[..., Node]:
    """A connection inside a node: short, paged by offset."""

    def resolve(
        info: Any, first: int | None = None, after: str | None = None, reverse: bool | None = False
    ) -> Node:
        size = check_first(first)
        ordered = list(reversed(nodes)) if reverse else list(nodes)
        start = int(decode_cursor(after)[0]) + 1 if after else 0
        shown = ordered[start : start + size]
        cursors = [encode_cursor([start + i]) for i in range(len(shown))]
        return connection(shown, cursors, has_next=start + size < len(ordered), has_previous=start > 0)

    return resolve


def connection(nodes: Sequence[Node], cursors: Sequence[str], has_next: bool, has_previous: bool) -> Node:
    return {
        "nodes": list(nodes),
        "edges": [{"cursor": cursor, "node": node} for cursor, node in zip(cursors, nodes, strict=True)],
        "pageInfo": {
            "hasNextPage": has_next,
            "hasPreviousPage": has_previous,
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
        },
    }


def inner_list(nodes: Sequence[Node]) -> Callable[..., Sequence[Node]]:
    """A plain list that may be cut by `first`."""
    return lambda info, first=None: nodes if first is None else nodes[:first]


def address(source: Any, key: str) -> Node | None:
    """The postal address of a customer or order; None where nothing of it is known."""
    if not (source.street or source.city or source.postcode):
        return None
    names = [name for name in (source.first_name, source.last_name) if name]
    return {
        "__typename": "MailingAddress",
        "id": f"{gid('MailingAddress', key)}?model_name=CustomerAddress",
        "address1": source.street,
        "address2": None,
        "city": source.city,
        "company": None,
        "coordinatesValidated": False,
        "country": COUNTRIES.get(source.country or ""),
        "countryCodeV2": source.country,
        "firstName": source.first_name,
        "lastName": source.last_name,
        "name": " ".join(names) or None,
        "phone": source.phone,
        "province": None,
        "provinceCode": None,
        "zip": source.postcode,
    }


def state_at(consents: Sequence[ConsentState], channel: str, now: datetime) -> ConsentState | None:
    """The latest consent state of a channel by then."""
    past = [consent for consent in consents if consent.channel == channel and consent.at <= now]
    return max(past, key=lambda consent: consent.at, default=None)
