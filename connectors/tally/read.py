"""The submissions export: one line per submission, one column per question, under the question's own words.

A question with boxes has a column of its own, and behind it one per box, `Question (Box)`, that says TRUE or
FALSE. The form is named only in the file's name, by a name people change: it stays unknown.
"""

import re
from collections.abc import Mapping
from typing import Any

from connectors.cells import truth, when
from connectors.form_tools import Asked, asked
from connectors.stream import Export, Reading, Row

OWN = frozenset({"submission_id", "respondent_id", "submitted_at", "form_id"})
BOXED = re.compile(r"(?P<question>.*?) ?\((?P<box>.+)\)$", re.DOTALL)


def to_row(cells: Mapping[str, str], reading: Reading) -> Row | None:
    """A line in the shape of the webhook, whose fields name their own questions too."""
    row: Row = {"id": cells.get("submission_id", "")}
    if "respondent_id" in cells:
        row["respondentId"] = cells["respondent_id"]
    if "form_id" in cells:
        row["formId"] = cells["form_id"]
    if "submitted_at" in cells:
        row["submittedAt"] = when(cells["submitted_at"], Reading())
    labels = frozenset(reading.headers.values())
    columns = list(asked(cells, reading, OWN))
    boxes = {column.name: box for column in columns if (box := _box(column, labels))}
    # What was chosen stands in the question's own column once more, run together.
    told = {question for question, _ in boxes.values()}
    row["fields"] = [
        _boxed(column, *boxes[column.name]) if column.name in boxes else _field(column)
        for column in columns
        if column.label not in told
    ]
    return row


def _box(column: Asked, labels: frozenset[str]) -> tuple[str, str] | None:
    parts = BOXED.match(column.label)
    if parts and parts["question"] in labels and isinstance(truth(column.cell), bool):
        return parts["question"], parts["box"]
    return None


def _boxed(column: Asked, question: str, box: str) -> dict[str, Any]:
    return {"label": question, "type": "CHECKBOXES", "value": [box] if truth(column.cell) is True else []}


def _field(column: Asked) -> dict[str, Any]:
    if column.is_hidden:
        return {"label": column.name, "type": "HIDDEN_FIELDS", "value": column.cell}
    if column.box:
        return {"label": column.label, "value": "yes" if column.box[1] else "no"}
    return {"label": column.ours or column.label, "value": column.cell}


SUBMISSIONS_EXPORT = Export(
    "responses",
    headers=frozenset({"submission_id", "respondent_id", "submitted_at"}),
    to_row=to_row,
    # The file does not say in which zone; the API's is UTC.
    assumed=frozenset({"submitted_at"}),
)
