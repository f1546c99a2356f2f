"""The export of the list of people: one line per person, the columns somebody chose, named in the account's
language.

What was chosen may be anything: this way is poorer than the API and never overrules it.
"""

from collections.abc import Mapping
from typing import Any

from connectors.cells import when
from connectors.stream import Export, Reading, Row

TEXTS = {
    "person_name": "name",
    "person_first_name": "first_name",
    "person_last_name": "last_name",
    "person_job_title": "job_title",
}
TIMES = {"person_person_created": "add_time", "person_update_time": "update_time"}
# The first that is filled is the first address, or number.
MAILS = {f"person_email_{label}": label for label in ("work", "home", "other")}
PHONES = {f"person_phone_{label}": label for label in ("mobile", "work", "home", "other")}
STATUSES = {
    "subscribed": "subscribed",
    "unsubscribed": "unsubscribed",
    "no consent": "no_consent",
    "archived": "archived",
    "bounced": "bounced",
}


def to_row(cells: Mapping[str, str], reading: Reading) -> Row | None:
    """A line in the shape of the API. What is empty is left out: it may be a column nobody exported."""
    number = cells.get("person_id", "")
    row: Row = {"id": int(number) if number.isascii() and number.isdigit() else number}
    row |= {ours: cells[theirs] for theirs, ours in TEXTS.items() if theirs in cells}
    row |= {ours: when(cells[theirs], reading) for theirs, ours in TIMES.items() if theirs in cells}
    if mails := _listed(cells, MAILS):
        row["emails"] = mails
    if phones := _listed(cells, PHONES):
        row["phones"] = phones
    if "person_organization" in cells:
        row["organization_name"] = cells["person_organization"]
    if "person_marketing_status" in cells:
        word = cells["person_marketing_status"]
        row["marketing_status"] = STATUSES.get(word.strip().lower(), word)
    return row


def _listed(cells: Mapping[str, str], columns: Mapping[str, str]) -> list[dict[str, Any]]:
    found = [(label, cells[name].lstrip("'")) for name, label in columns.items() if name in cells]
    return [
        {"value": told, "primary": not place, "label": label} for place, (label, told) in enumerate(found)
    ]


PERSONS_EXPORT = Export(
    "persons",
    headers=frozenset({"person_id", "person_name"}),
    to_row=to_row,
    assumed=frozenset({"person_marketing_status"}),
    # In the zone of whoever exports.
    zoneless=frozenset(TIMES),
)
