"""Square's webhook: an event signed together with the address it is sent to. What it names is read anew, but
for a merge: that two profiles became a third is told here and nowhere else.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.declared import documented
from connectors.json_text import parse
from connectors.landing import at
from connectors.signatures import is_signed_in_base64
from connectors.square.api import Square
from connectors.square.fetch import order_of, whole_order
from connectors.stream import BadAnswer, Hook, NotThere, Row

ORDERS = ("order.created", "order.updated", "order.fulfillment.updated")
REFUNDS = ("refund.created", "refund.updated")
CUSTOMERS = ("customer.created", "customer.updated", "customer.deleted")


def verify(headers: Mapping[str, str], body: bytes, secrets: Mapping[str, str]) -> bool:
    """The address is part of what is signed: the one that was given to Square, to the letter."""
    key, address = secrets.get("SQUARE_WEBHOOK_KEY", ""), secrets.get("SQUARE_WEBHOOK_URL", "")
    given = headers.get("x-square-hmacsha256-signature", "")
    return bool(address) and is_signed_in_base64(address.encode() + body, key, given, prefix="")


def receive(body: bytes, square: Square) -> Iterator[Hook]:
    """The record as it is now: events come twice, late and in any order."""
    with documented("square webhook"):
        event: Any = parse(body)
        kind, key = event["type"], event["data"]["id"]
        if not isinstance(kind, str) or not isinstance(key, str):
            raise TypeError
        told = at(event, "data.object")
    if kind in CUSTOMERS:
        yield from _customer(square, kind, key, told)
    elif kind in ORDERS:
        try:
            yield Hook("orders", square.account, [whole_order(square, key)])
        except NotThere:
            yield Hook("orders", square.account, [{"id": key}], "delete")
    elif kind in REFUNDS:
        payment = at(told, "refund.payment_id")
        order = order_of(square, payment) if isinstance(payment, str) else None
        if order:
            yield Hook("orders", square.account, [order])


def _customer(square: Square, kind: str, key: str, told: Any) -> Iterator[Hook]:
    if kind == "customer.deleted":
        yield Hook("customers", square.account, [{"id": key}], "delete")
        return
    try:
        row = square.get(f"customers/{key}").get("customer")
    except NotThere:
        # Deleted, or merged into another, since; of a merge it was the result, which we keep.
        row = at(told, "customer")
    if not isinstance(row, dict):
        raise BadAnswer("square webhook: no customer in it, nor at Square")
    yield Hook("customers", square.account, [row | _merge(told)])


def _merge(told: Any) -> Row:
    """The profiles that became this one."""
    sources = at(told, "event_context.merge.from_customer_ids")
    names = [one for one in sources if isinstance(one, str)] if isinstance(sources, list) else []
    return {"merged_from": names} if names else {}
