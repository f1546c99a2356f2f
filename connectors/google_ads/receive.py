"""Google's webhook: one lead in a body with its answers, and in it the key typed into the form.

https://developers.google.com/google-ads/webhook/docs/implementation - nothing is signed: the key is compared,
and never kept. Fields not known here are kept as they are.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.google_ads.api import GoogleAds
from connectors.google_ads.read import KNOWN, answers
from connectors.json_text import parse
from connectors.signatures import is_same
from connectors.stream import BadAnswer, Hook, Row

# Theirs to ours; ids come as numbers that no double holds.
IDS = {
    "form_id": "form_id",
    "campaign_id": "campaign_id",
    "adgroup_id": "adgroup_id",
    "creative_id": "ad_id",
    "asset_group_id": "asset_group_id",
}
NOBODY = (None, "", 0, "0")
TEXTS = {"gcl_id": "gclid", "lead_submit_time": "submitted_at"}
DROPPED = frozenset({"google_key", "user_column_data", "lead_id", "is_test", "api_version", *IDS, *TEXTS})


def verify(headers: Mapping[str, str], body: bytes, secrets: Mapping[str, str]) -> bool:
    """The key in the body is ours."""
    key = secrets.get("GOOGLE_ADS_WEBHOOK_KEY", "")
    try:
        given = parse(body)["google_key"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
    return bool(key) and isinstance(given, str) and is_same(key, given)


def receive(body: bytes, google: GoogleAds) -> Iterator[Hook]:
    """The lead of a body."""
    try:
        row = _row(parse(body))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadAnswer(f"google_ads webhook: not the documented shape ({type(error).__name__})") from None
    yield Hook("leads", google.owner_of(row.get("form_id", "")), [row])


def _row(lead: Mapping[str, Any]) -> Row:
    if not isinstance(lead["lead_id"], str | int) or not lead["lead_id"]:
        raise KeyError("lead_id")
    row: Row = {name: value for name, value in lead.items() if name not in DROPPED}
    row["lead_id"] = str(lead["lead_id"])
    row |= {ours: str(lead[theirs]) for theirs, ours in IDS.items() if lead.get(theirs) not in NOBODY}
    row |= {ours: lead[theirs] for theirs, ours in TEXTS.items() if lead.get(theirs)}
    if lead.get("is_test") is True:  # said of tests only
        row["is_test"] = True
    row["told_by"] = "webhook"
    row["answers"] = answers((_field(one), one.get("string_value")) for one in lead["user_column_data"])
    return row


def _field(column: Mapping[str, Any]) -> Any:
    """Google's word for a person's field, for all others the words people saw where they are told."""
    word, name = column.get("column_id"), column.get("column_name")
    return word if word in KNOWN or not name else name
