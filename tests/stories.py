"""Stories for the dbt project: lines of given.csv become raw rows, as the door would have written them.

given.csv     record, key, at, said: what kind of record, its id, when it happened, and what it says, as
              `name=value; name=value`. `seen=` is when it first reached us (else `at`), `via=` the way.
expected.csv  record, customer, ...: records under the same letter are one customer, other letters are
              others; `-` is nobody. In the columns household and account, the same letter is the same
              one. Any further column is one of the customer table, or `<axis> on <day>`; an empty cell is
              not looked at, `none` means empty.

judged.csv    optional; left, right, verdict, at: what people decided, records as in expected.csv.

Each story is an account of its own on every platform, so that all live in one warehouse.
"""

import csv
import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines.door.judgements import Said, judgement

Row = dict[str, Any]
FOLDER = Path(__file__).parent / "scenarios"
BOXES = [
    {"key": "news", "text": "J'accepte de recevoir la lettre par e-mail."},
    {"key": "sms", "text": "J'accepte de recevoir des offres par SMS."},
    {"key": "preticked", "text": "Recevoir nos actualités par e-mail.", "is_checked_by_default": True},
    {"key": "required", "text": "J'accepte de recevoir la lettre par e-mail.", "is_required": True},
]
MONEY = {"total": "totalPriceSet", "refunded": "totalRefundedSet", "shipping": "totalShippingPriceSet"}


def money(amount: str, currency: str = "EUR") -> Row:
    return {"shopMoney": {"amount": amount, "currencyCode": currency}}


def meta_lead(key: str, at: str, said: Row) -> Row:
    ticked = [box for box in said.pop("ticked", "").split("+") if box]
    return {
        "id": key,
        "form_id": "1",
        "campaign_id": said.pop("campaign", None),
        "field_data": [{"name": name, "values": [value]} for name, value in said.items()],
        "custom_disclaimer_responses": [{"checkbox_key": box, "is_checked": "1"} for box in ticked],
    }


def typeform_response(key: str, at: str, said: Row) -> Row:
    answers = [
        {"field": {"ref": name, "type": "yes_no"}, "type": "boolean", "boolean": value == "yes"}
        if value in {"yes", "no"}
        else {"field": {"ref": name}, "type": kind, kind: value}
        for name, value in said.items()
        for kind in ["email" if name == "email" else "phone_number" if name == "phone_number" else "text"]
    ]
    return {"token": key, "form_id": "f", "answers": answers, "hidden": {}}


def shop_customer(key: str, at: str, said: Row) -> Row:
    state = {"marketingState": said.get("state", "NOT_SUBSCRIBED"), "marketingOptInLevel": said.get("level")}
    state["marketingUpdatedAt"] = said.get("state_at", at)
    return {
        "legacyResourceId": key,
        "createdAt": said.get("created", at),
        "firstName": said.get("first_name"),
        "lastName": said.get("last_name"),
        "defaultEmailAddress": {"emailAddress": said["email"], **state} if "email" in said else None,
        "defaultPhoneNumber": {"phoneNumber": said["phone"]} if "phone" in said else None,
        "defaultAddress": {"countryCodeV2": said.get("country", "FR")},
        "tags": [],
    }


def shop_order(key: str, at: str, said: Row) -> Row:
    """`refunds=2025-03-09 60.00+2025-03-12 1.00`; `customer=` names the account, else it is a guest."""
    given = [refund.split(" ") for refund in said.get("refunds", "").split("+") if refund]
    refunds = [
        {
            "legacyResourceId": f"{key}{i}",
            "createdAt": f"{day}T12:00:00Z",
            "totalRefundedSet": money(amount, said.get("currency", "EUR")),
        }
        for i, (day, amount) in enumerate(given)
    ]
    address = {"firstName": said.get("first_name"), "lastName": said.get("last_name")}
    row = {
        "legacyResourceId": key,
        "name": said.get("name", f"#{key}"),
        "createdAt": said.get("created", at),
        "test": said.get("test") == "yes",
        "email": said.get("email"),
        "phone": said.get("phone"),
        "displayFinancialStatus": said.get("status", "PAID"),
        "customer": {"legacyResourceId": said["customer"]} if "customer" in said else None,
        "billingAddress": {**address, "countryCodeV2": said.get("country", "FR")},
        "cancelledAt": said.get("cancelled"),
        "refunds": refunds,
        "disputes": [{"status": status} for status in said.get("disputes", "").split("+") if status],
        "discountCodes": [code for code in said.get("codes", "").split("+") if code],
    }
    said.setdefault("refunded", f"{sum(float(amount) for _, amount in given):.2f}")
    currency = said.get("currency", "EUR")
    return row | {name: money(said.get(word, "0.00"), currency) for word, name in MONEY.items()}


def mail_contact(key: str, at: str, said: Row) -> Row:
    attributes = {
        "FIRSTNAME": said.get("first_name"),
        "LASTNAME": said.get("last_name"),
        "SMS": said.get("sms"),
    }
    attributes |= {"EXT_ID": said.get("shop_id"), "DOUBLE_OPT-IN": said.get("confirmed")}
    attributes |= {"COUNTRY": said.get("country"), "LANDLINE_NUMBER": said.get("landline")}
    return {
        "id": int(key),
        "email": said.get("email"),
        "emailBlacklisted": said.get("blocked") == "yes",
        "smsBlacklisted": False,
        "createdAt": said.get("created", at),
        "modifiedAt": at,
        "listIds": [7] if said.get("listed", "yes") == "yes" else [],
        "listUnsubscribed": None,
        "attributes": {name: value for name, value in attributes.items() if value},
    }


def mail_event(key: str, at: str, said: Row) -> Row:
    return {"contact_id": int(said["contact"]), "event_name": said["event"], "event_date": at}


def as_said(key: str, at: str, said: Row) -> Row:
    return {"id": key, "created_at": at, **said}


def sale(key: str, at: str, said: Row) -> Row:
    return as_said(key, at, said) | {name: float(said[name]) for name in ("amount", "tax") if name in said}


# The stream a record is landed in, what its profile is called, and how its payload is made.
RECORDS: dict[str, tuple[str, str, Callable[[str, str, Row], Row]]] = {
    "meta lead": ("meta.leads", "lead", meta_lead),
    "typeform response": ("typeform.responses", "response", typeform_response),
    "shop customer": ("shopify.customers", "customer", shop_customer),
    "shop order": ("shopify.orders", "guest_order", shop_order),
    "mail contact": ("brevo.contacts", "contact", mail_contact),
    "mail event": ("brevo.events", "event", mail_event),
    "file lead": ("files.leads", "lead", as_said),
    "referral": ("files.referrals", "referral", as_said),
    "review": ("files.reviews", "review", as_said),
    "nps answer": ("files.nps", "nps", as_said),
    "content": ("files.content", "content", as_said),
    "sale": ("files.sales", "sale", sale),
    "rate": ("files.rates", "rate", as_said),
}


def moment(text: str) -> str:
    """A day alone is its noon."""
    return f"{text}T12:00:00Z" if len(text) == 10 else text


def raw_rows(story: str) -> Iterator[tuple[str, tuple]]:
    """Stream, and the values of one raw row."""
    form = {
        "id": "1",
        "name": story,
        "locale": "fr_FR",
        "legal_content": {"custom_disclaimer": {"checkboxes": BOXES}},
    }
    yield "meta.forms", raw_row(story, "1", form, "2024-01-01T00:00:00Z", {})
    for line in read(story, "given"):
        stream, _, make = RECORDS[line["record"]]
        said = dict(part.strip().split("=", 1) for part in line["said"].split(";") if part.strip())
        how = {name: said.pop(name) for name in ("seen", "via", "op", "fetched") if name in said}
        at = moment(line["at"])
        yield stream, raw_row(story, line["key"], make(line["key"], at, said), at, how)


def raw_row(account: str, key: str, payload: Row, at: str, how: Row) -> tuple:
    text = json.dumps(payload, sort_keys=True, ensure_ascii=False)
    version = hashlib.sha256(text.encode()).hexdigest()
    seen, via = moment(how.get("seen", at)), how.get("via", "api")
    # A file's record has no time of change: it is as old as the export.
    changed, fetched = (None, moment(how.get("fetched", at))) if via == "file" else (at, at)
    return account, key, how.get("op", "upsert"), version, text, changed, at, fetched, seen, seen, via, "b"


def judgements(story: str) -> Iterator[Said]:
    """What people decided in it, as the command line would have sent it."""
    if not (FOLDER / story / "judged.csv").exists():
        return
    for line in read(story, "judged"):
        pair = (profile(story, line["left"]), profile(story, line["right"]))
        made_at = datetime.fromisoformat(moment(line["at"]))
        yield judgement(*pair, line["verdict"], "ines", made_at)


def read(story: str, name: str) -> list[dict[str, str]]:
    with (FOLDER / story / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def profile(story: str, record: str) -> str:
    """`meta lead 1` as the pipeline names it."""
    kind, key = record.rsplit(" ", 1)
    stream, word, _ = RECORDS.get(kind, ("files.referrals", kind, as_said))
    return f"{stream.split('.')[0]}:{story}:{word}:{key}"


def names() -> list[str]:
    return sorted(path.parent.name for path in FOLDER.glob("*/given.csv"))
