"""The files, as each ad platform takes them.

    google   CSV of conversions from clicks; a second one of those to retract, by their order id
    meta     the body of one call of the Conversions API, at most a thousand events

https://support.google.com/google-ads/answer/7014069
https://support.google.com/google-ads/answer/7686447
https://developers.facebook.com/docs/marketing-api/conversions-api/conversion-leads-integration
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipelines.feedback.moves import Move

# Of one file; what is beyond is told by the next.
MOST = {"meta": 1000, "google": 100_000}
ENDINGS = {"meta": ".json", "google": ".csv"}
TOOL = "Firsthand"
CONVERSIONS = (
    "Google Click ID", "Conversion Name", "Conversion Time", "Conversion Value", "Conversion Currency",
    "Order ID", "Ad User Data", "Ad Personalization",
)  # fmt: skip
RETRACTIONS = ("Order ID", "Conversion Name", "Adjustment Time", "Adjustment Type")
Names = Mapping[str, str]


def google(moves: "Sequence[Move]", names: Names) -> bytes:
    """`names`: of the conversion actions, by stage, as they are called in the account."""
    return _csv(
        CONVERSIONS,
        (
            (
                move.click_id, names[move.stage], _moment(move.moved_at),
                move.amount if move.amount is not None else "", move.currency or "",
                # Both were asked of `allowed`: nobody is in this file without.
                move.reference, "Granted", "Granted",
            )
            for move in moves
        ),
    )  # fmt: skip


def retractions(taken_back: Iterable[tuple[str, str]], at: datetime) -> bytes:
    """Of what Google was told and did not last."""
    return _csv(
        RETRACTIONS,
        ((reference, name, _moment(at), "RETRACT") for reference, name in taken_back),
    )


def meta(moves: "Sequence[Move]", names: Names) -> bytes:
    return json.dumps({"data": [_event(move, names) for move in moves]}, indent=1).encode()


def _event(move: "Move", names: Names) -> dict[str, Any]:
    worth = {"value": float(move.amount), "currency": move.currency} if move.amount is not None else {}
    return {
        "event_name": names[move.stage],
        "event_time": int(move.moved_at.timestamp()),
        # The same one sent twice counts once.
        "event_id": move.reference,
        "action_source": "system_generated",
        "user_data": {"lead_id": int(move.own_id)},
        "custom_data": {"event_source": "crm", "lead_event_source": TOOL, **worth},
    }


WRITERS: "dict[str, Callable[[Sequence[Move], Names], bytes]]" = {"google": google, "meta": meta}


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}+00:00"


def _csv(header: Sequence[str], lines: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([header, *lines])
    return text.getvalue().encode()
