"""The submissions export: one line per submission, one column per question, under the question's own words.

The column Submission ID must be among those shown in the table the file was downloaded from.
"""

from collections.abc import Mapping
from typing import Any

from connectors.cells import when
from connectors.form_tools import Asked, asked
from connectors.stream import Export, Reading, Row

OWN = frozenset({"submission_id", "submission_date", "last_update_date", "form_id", "ip", "submission_ip"})


def to_row(cells: Mapping[str, str], reading: Reading) -> Row | None:
    row: Row = {"id": cells.get("submission_id", "")}
    if "form_id" in cells:
        row["form_id"] = cells["form_id"]
    if "submission_date" in cells:
        row["created_at_utc"] = when(cells["submission_date"], reading)
        row["changed_at_utc"] = when(cells.get("last_update_date") or cells["submission_date"], reading)
    row["columns"] = [_answer(column) for column in asked(cells, reading, OWN)]
    return row


def _answer(column: Asked) -> dict[str, Any]:
    if column.is_hidden:
        return {"name": column.name, "type": "control_hidden", "answer": column.cell}
    if column.box:
        return {"text": column.label, "answer": "yes" if column.box[1] else "no"}
    if column.is_accepted:
        return {"text": column.label, "type": "control_checkbox", "answer": column.cell.splitlines()}
    return {"text": column.ours or column.label, "answer": column.cell}


SUBMISSIONS_EXPORT = Export(
    "responses",
    headers=frozenset({"submission_id", "submission_date"}),
    to_row=to_row,
    zoneless=frozenset({"submission_date", "last_update_date"}),
)
