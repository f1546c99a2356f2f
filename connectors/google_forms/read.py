"""The download of a form's responses: one line each, one column per question, under the question's own words.

Neither a response nor the form is numbered in it, so a line gets a number made of what it says. Boxes that
were ticked stand as their own words, parted by semicolons. The time's column is called in the language of
whoever downloads; it is in their zone and says so.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.cells import when
from connectors.form_tools import Asked, asked, line_id
from connectors.stream import Export, Reading, Row

TIME = "timestamp"
# What the column of collected addresses is called; a question of the form may be called so, too.
ADDRESS = "collected_address"
OWN = frozenset({TIME, ADDRESS})
# 2026/11/19 9:15:30 AM GMT+1: the download's own way, whatever the language.
CLOCK = re.compile(
    r"(\d{4})/(\d{1,2})/(\d{1,2}) (\d{1,2}):(\d{2}):(\d{2}) ([AP])M (?:GMT|UTC)([+-]\d{1,2})?(?::?(\d{2}))?$"
)


def to_row(cells: Mapping[str, str], reading: Reading) -> Row | None:
    told = {
        reading.columns.get(name, name) if name in ALIASES else name: cell for name, cell in cells.items()
    }
    columns = [_answer(column) for column in asked(told, reading, OWN)]
    row: Row = {"told_by": "file", "columns": columns}
    if TIME in told:
        row["createTime"] = row["lastSubmittedTime"] = _moment(told[TIME], reading)
    if address := told.get(ADDRESS):
        row["respondentEmail"] = address
    said = [{"value": str(one["answer"])} for one in columns] + [{"value": address or ""}]
    return row | {"responseId": line_id((row.get("createTime"),), said)}


def _moment(text: str, reading: Reading) -> str:
    parts = CLOCK.match(text.strip())
    if not parts:
        return when(text, reading)
    year, month, day, hour, minute, second = map(int, parts.groups()[:6])
    offset = timedelta(hours=int(parts[8] or 0))
    offset += (-1 if (parts[8] or "").startswith("-") else 1) * timedelta(minutes=int(parts[9] or 0))
    hour = hour % 12 + 12 * (parts[7] == "P")
    try:
        return (datetime(year, month, day, hour, minute, second, tzinfo=UTC) - offset).isoformat()
    except (ValueError, OverflowError):
        return text


def _answer(column: Asked) -> dict[str, Any]:
    if column.box:  # keeps the words people saw
        return {"title": column.label, "answer": "yes" if column.box[1] else "no"}
    if column.is_accepted:
        return {"title": column.label, "type": "CHECKBOX", "answer": column.cell.split(";")}
    return {"title": column.ours or column.label, "answer": column.cell}


ALIASES = {
    "timestamp": TIME,
    "horodateur": TIME,
    "email_address": ADDRESS,
    "username": ADDRESS,
    "adresse_e_mail": ADDRESS,
    "nom_d_utilisateur": ADDRESS,
}
RESPONSES_EXPORT = Export(
    "responses",
    headers=frozenset({TIME}),
    to_row=to_row,
    known=ALIASES,
    is_plain=True,
)
