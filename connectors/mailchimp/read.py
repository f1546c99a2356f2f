"""The audience export: a zip of one CSV per state, or any one of them. Only the file's name tells the state.

Which audience it is stands nowhere: the folder tells (`inbox/files/mailchimp/<audience>/`), or there is but
one. Marketing permissions and groups are columns under their own words, which the API tells better: they are
not read.
"""

from collections.abc import Mapping
from typing import Any

from connectors.archives import ARCHIVE_MEMBER
from connectors.cells import when
from connectors.mailchimp.api import Mailchimp, audiences, dated, member_key
from connectors.stream import Export, Reading, Row

# In this order: "unsubscribed" holds the word "subscribed".
STATES = {
    "unsubscribed": "unsubscribed",
    "nonsubscribed": "transactional",
    "non_subscribed": "transactional",
    "cleaned": "cleaned",
    "archived": "archived",
    "pending": "pending",
    "subscribed": "subscribed",
}
MERGED = {"first_name": "FNAME", "last_name": "LNAME", "phone_number": "PHONE", "birthday": "BIRTHDAY"}
TIMES = {"optin_time": "timestamp_signup", "confirm_time": "timestamp_opt", "last_changed": "last_changed"}
PLACES = {"optin_ip": "ip_signup", "confirm_ip": "ip_opt", "euid": "unique_email_id"}


def to_row(cells: Mapping[str, str], reading: Reading) -> Row | None:
    """A line in the shape of the API. A file whose name was changed tells no state, and is refused by it."""
    address = cells.get("email_address", "")
    row: Row = {"id": member_key(address), "email_address": address}
    merged: dict[str, Any] = {MERGED[name]: cell for name, cell in cells.items() if name in MERGED}
    for name, cell in cells.items():
        if name in TIMES:
            row[TIMES[name]] = when(cell, reading)
        elif name in PLACES:
            row[PLACES[name]] = cell
        elif name == "address":
            # One cell for all of it; where the street ends nobody can tell.
            merged["ADDRESS_LINE"] = cell
    if "unsub_time" in cells or "clean_time" in cells:
        row["last_changed"] = when(cells.get("unsub_time") or cells["clean_time"], reading)
    return dated(row | {"merge_fields": merged, "status": _state(cells, reading)})


def _state(cells: Mapping[str, str], reading: Reading) -> str:
    if "unsub_time" in cells:
        return "unsubscribed"
    if "clean_time" in cells:
        return "cleaned"
    name = (cells.get(ARCHIVE_MEMBER) or reading.file).lower()
    return next((state for word, state in STATES.items() if word in name), "unknown")


def audience_of(row: Row, mailchimp: Mailchimp) -> str | None:
    """Whose row it is where there is one audience only."""
    found = list(audiences(mailchimp))
    return found[0] if len(found) == 1 else None


AUDIENCE_EXPORT = Export(
    "members",
    headers=frozenset({"email_address", "member_rating", "euid"}),
    to_row=to_row,
    assumed=frozenset({"confirm_time", "last_changed"}),
    account=audience_of,
)
