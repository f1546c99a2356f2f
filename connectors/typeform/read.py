"""The responses export: one line per response, one column per question, under the question's own words.

The column `#` holds the token. The form is named nowhere but in the file's name.
"""

import re
from collections.abc import Mapping
from typing import Any

from connectors.cells import when
from connectors.form_tools import Asked, asked
from connectors.stream import Export, Reading, Row

# responses-AbCd1234-01HX.csv: the form stands behind the first hyphen.
FORM_IN_NAME = re.compile(r"^(?:responses[-_])?([A-Za-z0-9]{6,12})(?:[-_ .(]|$)")
TIMES = {"submit_date_utc": "submitted_at", "start_date_utc": "landed_at", "stage_date_utc": "staged_at"}
OWN = frozenset({"number", "network_id", "tags", "response_type", "ending", "form_id", *TIMES})
KINDS = {"email": ("email", "email"), "phone": ("phone_number", "phone_number")}
TICKS = {"1": True, "0": False}
REFS = {"phone": "phone_number"}  # the name forms give it, as Meta's do


def to_row(cells: Mapping[str, str], reading: Reading) -> Row | None:
    """A line in the shape of the API; a question's reference is guessed from its words unless mapped."""
    row: Row = {"token": cells.get("number", "")}
    if form := cells.get("form_id") or _form_of(reading.file):
        row["form_id"] = form
    for column, name in TIMES.items():
        if column in cells:
            # The header says UTC, whatever the company's zone.
            row[name] = when(cells[column], Reading())
    columns = list(asked(cells, reading, OWN))
    hidden = {column.name: column.cell for column in columns if column.is_hidden}
    if hidden:
        row["hidden"] = hidden
    row["answers"] = [_answer(column) for column in columns if not column.is_hidden]
    return row


def _answer(column: Asked) -> dict[str, Any]:
    if column.box:
        ref, ticked = column.box
        return {"field": {"type": "yes_no", "ref": ref}, "type": "boolean", "boolean": ticked}
    if column.cell in TICKS and column.ours is None:
        # Yes, no and accepted conditions; a count of one reads the same, and no model asks for counts.
        field = {"ref": column.name, "title": column.label}
        return {"field": field, "type": "boolean", "boolean": TICKS[column.cell]}
    ours = column.ours or column.name
    kind, key = KINDS.get(ours, ("short_text", "text"))
    field = {"type": kind, "ref": REFS.get(ours, ours), "title": column.label}
    return {"field": field, "type": key, key: column.cell}


def _form_of(file: str) -> str | None:
    found = FORM_IN_NAME.match(file)
    return found.group(1) if found else None


RESPONSES_EXPORT = Export(
    "responses",
    headers=frozenset({"number", "submit_date_utc"}),
    to_row=to_row,
    assumed=frozenset({"network_id", "tags", "response_type", "ending", "stage_date_utc"}),
)
