"""The responses export: one line per response, one column per question, under the question's own words.

The column `#` holds the token. The form is named nowhere but in the file's name.
"""

import re
from collections.abc import Mapping
from typing import Any

from connectors.cells import PERSON_COLUMNS, truth, when
from connectors.stream import Export, Reading, Row

# responses-AbCd1234-01HX.csv: the form stands behind the first hyphen.
FORM_IN_NAME = re.compile(r"^(?:responses[-_])?([A-Za-z0-9]{6,12})(?:[-_ .(]|$)")
TIMES = {"submit_date_utc": "submitted_at", "start_date_utc": "landed_at", "stage_date_utc": "staged_at"}
OWN = frozenset({"number", "network_id", "tags", "response_type", "ending", "form_id", *TIMES})
HIDDEN = re.compile(r"^utm_\w+$")
KINDS = {"email": ("email", "email"), "phone": ("phone_number", "phone_number")}
REFS = {"phone": "phone_number"}  # the name forms give it, as Meta's do
BOX = "consent_"


def to_row(cells: Mapping[str, str], reading: Reading) -> Row | None:
    """A line in the shape of the API; a question's reference is guessed from its words unless mapped."""
    row: Row = {"token": cells.get("number", "")}
    if form := cells.get("form_id") or _form_of(reading.file):
        row["form_id"] = form
    for column, name in TIMES.items():
        if column in cells:
            # The header says UTC, whatever the company's zone.
            row[name] = when(cells[column], Reading())
    hidden = {name: cell for name, cell in cells.items() if HIDDEN.match(name)}
    if hidden:
        row["hidden"] = hidden
    row["answers"] = [
        _answer(name, cell, reading) for name, cell in cells.items() if name not in OWN and name not in hidden
    ]
    return row


def _answer(name: str, cell: str, reading: Reading) -> dict[str, Any]:
    ours = reading.columns.get(name) or PERSON_COLUMNS.get(name, name)
    if ours.startswith(BOX) and isinstance(ticked := truth(cell), bool):
        ref = ours.removeprefix(BOX)
        return {"field": {"type": "yes_no", "ref": ref}, "type": "boolean", "boolean": ticked}
    kind, key = KINDS.get(ours, ("short_text", "text"))
    return {"field": {"type": kind, "ref": REFS.get(ours, ours)}, "type": key, key: cell}


def _form_of(file: str) -> str | None:
    found = FORM_IN_NAME.match(file)
    return found.group(1) if found else None


RESPONSES_EXPORT = Export(
    "responses",
    headers=frozenset({"number", "submit_date_utc"}),
    to_row=to_row,
    assumed=frozenset({"network_id", "tags", "response_type", "ending", "stage_date_utc"}),
)
