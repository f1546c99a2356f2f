"""The export of a list or segment: one line per profile.

No page of the vendor lists its columns; these are what users' published files show, hence `assumed`. How a
yes was given is not in it, nor what lists somebody left: this way is poorer than the API and never
overrules it.
"""

from collections.abc import Mapping
from typing import Any

from connectors.cells import when
from connectors.stream import Export, Reading, Row

ATTRIBUTES = {
    "email": "email", "first_name": "first_name", "last_name": "last_name", "phone_number": "phone_number",
    "organization": "organization", "title": "title",
}  # fmt: skip
PLACES = {
    "address": "address1", "city": "city", "state_region": "region", "country": "country", "zip_code": "zip",
}  # fmt: skip
CREATED, CONSENT, CONSENT_AT = (
    "profile_created_on",
    "email_marketing_consent",
    "email_marketing_consent_timestamp",
)
SUPPRESSED, SUPPRESSED_AT = "email_suppressions", "email_suppressions_timestamp"


def to_row(cells: Mapping[str, str], reading: Reading) -> Row | None:
    """A line in the shape of the API. What is empty is left out: it may be a column nobody exported."""
    attributes: dict[str, Any] = {
        ours: cells[theirs] for theirs, ours in ATTRIBUTES.items() if theirs in cells
    }
    if place := {ours: cells[theirs] for theirs, ours in PLACES.items() if theirs in cells}:
        attributes["location"] = place
    if CREATED in cells:
        attributes["created"] = when(cells[CREATED], reading)
    if standing := _standing(cells, reading):
        attributes["subscriptions"] = {"email": {"marketing": standing}}
    return {"type": "profile", "id": cells.get("klaviyo_id", ""), "attributes": attributes}


def _standing(cells: Mapping[str, str], reading: Reading) -> dict[str, Any]:
    """Some accounts export the word, some the day somebody subscribed in its place."""
    told: dict[str, Any] = {}
    word = cells.get(CONSENT, "").strip()
    if word.replace("_", "").isalpha():
        told["consent"] = word.upper()
    elif word:
        told |= {"consent": "SUBSCRIBED", "consent_timestamp": when(word, reading)}
    if CONSENT_AT in cells:
        told["consent_timestamp"] = when(cells[CONSENT_AT], reading)
    reasons = [
        one for word in cells.get(SUPPRESSED, "").strip("[]").split(",") if (one := word.strip(" '\""))
    ]
    if reasons:
        moment = when(cells[SUPPRESSED_AT], reading) if SUPPRESSED_AT in cells else None
        told["suppression"] = [{"reason": one.upper(), "timestamp": moment} for one in reasons]
    return told


PROFILES_EXPORT = Export(
    "profiles",
    headers=frozenset({"klaviyo_id", "email"}),
    to_row=to_row,
    assumed=frozenset({CREATED, CONSENT, CONSENT_AT, SUPPRESSED, SUPPRESSED_AT}),
)
