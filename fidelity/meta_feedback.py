"""What `firsthand feedback` writes for Meta, against what Meta's own client makes of the same facts."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace

from facebook_business.adobjects.serverside.action_source import ActionSource
from facebook_business.adobjects.serverside.custom_data import CustomData
from facebook_business.adobjects.serverside.event import Event
from facebook_business.adobjects.serverside.user_data import UserData

from fidelity.report import Report, must
from pipelines.feedback.files import TOOL, meta

AT = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
NAMES = {"lead": "Lead", "first_time_customer": "First order"}
MOVES = [
    SimpleNamespace(
        stage="lead", moved_at=AT, own_id="1234567890123456", reference="a", amount=None, currency=None
    ),
    SimpleNamespace(
        stage="first_time_customer", moved_at=AT, own_id="12345678901234567", reference="b",
        amount=Decimal("120.50"), currency="EUR",
    ),
]  # fmt: skip


def feedback(report: Report) -> None:
    with report.check("feedback: the body equals what the SDK makes of the same moves") as notes:
        ours = json.loads(meta(MOVES, NAMES))["data"]
        theirs = [json.loads(json.dumps(_by_sdk(move).normalize())) for move in MOVES]
        must([_plain(one) for one in ours] == [_plain(one) for one in theirs], f"{ours} is not {theirs}")
        notes.append(f"{len(ours)} events")


def _by_sdk(move: SimpleNamespace) -> Event:
    worth = {"value": float(move.amount), "currency": move.currency} if move.amount is not None else {}
    return Event(
        event_name=NAMES[move.stage],
        event_time=int(move.moved_at.timestamp()),
        event_id=move.reference,
        action_source=ActionSource.SYSTEM_GENERATED,
        user_data=UserData(lead_id=move.own_id),
        custom_data=CustomData(custom_properties={"event_source": "crm", "lead_event_source": TOOL}, **worth),
    )


def _plain(event: dict) -> dict:
    """The SDK writes a currency in small letters and a lead's number as text: Meta reads both."""
    custom, user = dict(event["custom_data"]), dict(event["user_data"])
    if "currency" in custom:
        custom["currency"] = custom["currency"].lower()
    return event | {"custom_data": custom, "user_data": user | {"lead_id": str(user["lead_id"])}}
