"""What is read from Stripe: lists newest first, later only what its events say was touched."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from connectors.landing import at
from connectors.side_by_side import split
from connectors.stream import Announced, BadAnswer, NotThere, Page, Row, Since
from connectors.stripe.api import Stripe

LARGEST = 100
FOUNDED = 1262304000  # 2010: nothing on Stripe is older
# Events are kept for 30 days, and are told late by up to a minute.
EVENTS_REACH, EVENTS_LATE = timedelta(days=29), timedelta(minutes=2)
Fetch = Callable[[Stripe, str, Since], Iterator[Page | Announced]]


@dataclass(frozen=True)
class Kind:
    """One kind of object: where its list is, which events tell of it, and what else is asked for with it.

    `of(object)` gives the id of ours in an event's object, which may be another one (a refund's charge).
    """

    path: str
    events: tuple[str, ...]
    expand: tuple[str, ...] = ()
    params: tuple[tuple[str, str], ...] = ()
    of: tuple[str, ...] = ("id",)
    volatile: tuple[str, ...] = ()

    def is_told_by(self, event: str) -> bool:
        return any(event == one or (one.endswith("*") and event.startswith(one[:-1])) for one in self.events)


KINDS = {
    "customers": Kind("customers", ("customer.created", "customer.updated", "customer.deleted")),
    "charges": Kind(
        "charges",
        ("charge.*", "refund.created", "refund.updated", "refund.failed"),
        expand=("refunds",),
        # A refund and a dispute name their charge.
        of=("charge", "id"),
        volatile=("receipt_url",),
    ),
    "subscriptions": Kind("subscriptions", ("customer.subscription.*",), params=(("status", "all"),)),
    "invoices": Kind(
        "invoices",
        ("invoice.*",),
        expand=("payments",),
        # Signed anew with each answer.
        volatile=("hosted_invoice_url", "invoice_pdf"),
    ),
    "checkout_sessions": Kind("checkout/sessions", ("checkout.session.*",), volatile=("url",)),
}


def fetcher(kind: Kind) -> Fetch:
    def fetch(stripe: Stripe, account: str, since: Since) -> Iterator[Page | Announced]:
        if since.moment is None or stripe.now() - since.moment > EVENTS_REACH:
            yield from _whole(stripe, kind)
        else:
            yield from _changed(stripe, kind, since.moment - EVENTS_LATE)

    return fetch


def _walk(stripe: Stripe, path: str, params: Row) -> Iterator[list[Any]]:
    """Pages, newest first: what comes meanwhile stands before the first one and is met the next time."""
    last: Row | None = None
    while True:
        rows, last = _page(stripe, path, params, last)
        if rows:
            yield rows
        if last is None:
            return


def _page(stripe: Stripe, path: str, params: Row, last: Row | None) -> tuple[list[Any], Row | None]:
    """The page behind `last`, and its own last object where there are more."""
    more = {"starting_after": last["id"]} if last else {}
    try:
        data = stripe.get(path, {**params, **more, "limit": LARGEST})
    except NotThere:
        if last is None:
            raise
        # The last one met was deleted meanwhile: on from its moment.
        since = {name: value for name, value in params.items() if name != "created[lt]"}
        data = stripe.get(path, {**since, "created[lte]": last.get("created"), "limit": LARGEST})
    rows = data.get("data")
    if not isinstance(rows, list):
        raise BadAnswer(f"stripe {path}: no list in the answer")
    if data.get("has_more") is not True:
        return rows, None
    last = rows[-1] if rows and isinstance(rows[-1], dict) else {}
    if not isinstance(last.get("id"), str):
        raise BadAnswer(f"stripe {path}: more is announced, but nothing leads to it")
    return rows, last


def _whole(stripe: Stripe, kind: Kind) -> Iterator[Page]:
    params: Row = {**dict(kind.params), "expand[]": [f"data.{name}" for name in kind.expand]}
    if stripe.at_once < 2:
        for rows in _walk(stripe, kind.path, params):
            yield Page([complete(stripe, row) for row in rows])
        return
    for page in split(partial(_stretch, stripe, kind, params), FOUNDED, stripe.at_once):
        if page.rows:
            yield page


def _stretch(
    stripe: Stripe, kind: Kind, params: Row, begin: int, end: int | None, last: Row | None
) -> tuple[Page, Row | None, int]:
    """A page of what was made from `begin` on and before `end`, behind `last`."""
    asked = params | ({"created[gte]": begin} if begin > FOUNDED else {})
    asked |= {"created[lt]": end} if end else {}
    rows, last = _page(stripe, kind.path, asked, last)
    oldest = last.get("created") if last else None
    if last and not isinstance(oldest, int):
        raise BadAnswer(f"stripe {kind.path}: an object without its moment")
    return Page([complete(stripe, row) for row in rows]), last, oldest or begin


def _changed(stripe: Stripe, kind: Kind, moment: datetime) -> Iterator[Page]:
    """Each object that an event names, read once as it is now. Events hold it as it was, in an old shape."""
    met: set[str] = set()
    params = {"types[]": list(_types(kind)), "created[gte]": int(moment.timestamp())}
    for events in _walk(stripe, "events", params):
        fresh = [key for event in events if (key := touched(kind, event)) and key not in met]
        keys = list(dict.fromkeys(fresh))
        met.update(keys)
        for key in keys:
            page = read(stripe, kind, key)
            if page:
                yield page


def _types(kind: Kind) -> Iterator[str]:
    """A star is only understood by itself, so families are written out."""
    for one in kind.events:
        if one.endswith("*"):
            yield from (f"{one[:-1]}{word}" for word in FAMILIES[one])
        else:
            yield one


FAMILIES = {
    "charge.*": (
        "captured", "expired", "failed", "pending", "refunded", "succeeded", "updated", "dispute.created",
        "dispute.updated", "dispute.closed", "dispute.funds_withdrawn", "dispute.funds_reinstated",
        "refund.updated",
    ),
    "customer.subscription.*": (
        "created", "updated", "deleted", "paused", "resumed", "trial_will_end", "pending_update_applied",
        "pending_update_expired",
    ),
    "invoice.*": (
        "created", "updated", "deleted", "finalized", "paid", "payment_failed", "payment_succeeded", "voided",
        "marked_uncollectible",
    ),
    "checkout.session.*": (
        "completed", "expired", "async_payment_succeeded", "async_payment_failed",
    ),
}  # fmt: skip


def touched(kind: Kind, event: Any) -> str | None:
    """The id of the object of that kind which an event tells of."""
    if not kind.is_told_by(str(at(event, "type"))):
        return None
    told = at(event, "data.object")
    keys = (at(told, path) for path in kind.of)
    return next((key for key in keys if isinstance(key, str) and key), None)


def read(stripe: Stripe, kind: Kind, key: str) -> Page | None:
    """One object as it is now; a deletion where it is gone; None where it never was a thing to keep."""
    try:
        row = stripe.get(f"{kind.path}/{key}", {"expand[]": list(kind.expand)} if kind.expand else None)
    except NotThere:
        return Page([{"id": key}], "delete")
    if row.get("deleted") is True:
        return Page([{"id": key}], "delete")
    return Page([complete(stripe, row)])


def complete(stripe: Stripe, row: Any) -> Any:
    """The object with what its list leaves out: disputes of a charge, all its refunds, the words of a box."""
    if not isinstance(row, dict):
        return row
    if row.get("disputed") is True and row.get("object") == "charge":
        row = row | {"disputes": _all(stripe, "disputes", {"charge": row.get("id")})}
    if at(row, "refunds.has_more") is True:
        row = row | {"refunds": {"data": _all(stripe, "refunds", {"charge": row.get("id")})}}
    if row.get("object") == "checkout.session" and stripe.promotions_wording:
        row = row | {"promotions_wording": str(stripe.promotions_wording)}
    return row


def _all(stripe: Stripe, path: str, params: Row) -> list[Any]:
    return [row for rows in _walk(stripe, path, params) for row in rows]
