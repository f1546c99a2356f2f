"""The lead export of Ads Manager or the page: tab-separated UTF-16, or CSV; one line per lead.

Ids and phones carry a prefix (`l:`, `ag:`, `p:`) that keeps spreadsheets from making numbers of them.
"""

import re
from collections.abc import Mapping
from typing import Any

from connectors.cells import PERSON_COLUMNS, truth, when
from connectors.meta.graph import Meta
from connectors.stream import Export, Reading, Row

PREFIX = re.compile(r"^(?:l|ag|as|c|f|p|z):")
TEXTS = (
    "ad_id",
    "ad_name",
    "adset_id",
    "adset_name",
    "campaign_id",
    "campaign_name",
    "form_id",
    "form_name",
    "platform",
)
# Columns the platform adds for its own use; no answers.
NOT_ANSWERS = frozenset({"id", "created_time", "is_organic", "lead_status", "inbox_url", *TEXTS})
BOX = "consent_"
TICKS = {"true": True, "false": False}
# A form in French exports French headers, while the API always says:
API_NAMES = {
    "email": "email",
    "phone": "phone_number",
    "first_name": "first_name",
    "last_name": "last_name",
    "full_name": "full_name",
    "company": "company_name",
}


def to_row(cells: Mapping[str, str], reading: Reading) -> Row | None:
    """A line in the shape of the API: every column we do not know is an answer or, mapped, a box."""
    row: Row = {"id": PREFIX.sub("", cells["id"])} if "id" in cells else {}
    if "created_time" in cells:
        row["created_time"] = when(cells["created_time"], reading)
    if "is_organic" in cells:
        row["is_organic"] = truth(cells["is_organic"])
    row |= {name: PREFIX.sub("", cells[name]) for name in TEXTS if name in cells}
    answers: list[dict[str, Any]] = []
    boxes: list[dict[str, Any]] = []
    for name, cell in cells.items():
        if name in NOT_ANSWERS:
            continue
        ours = reading.columns.get(name) or API_NAMES.get(PERSON_COLUMNS.get(name, ""), name)
        ticked = truth(cell) if ours.startswith(BOX) else TICKS.get(cell)
        if isinstance(ticked, bool):
            box = {"checkbox_key": ours.removeprefix(BOX), "is_checked": "1" if ticked else ""}
            # Not mapped by anybody: it counts where the form has a box of that key, and says it is a guess.
            boxes.append(box if ours.startswith(BOX) else {**box, "is_assumed": True})
        else:
            answers.append({"name": ours, "values": [PREFIX.sub("", cell)]})
    row["field_data"] = answers
    if boxes:
        row["custom_disclaimer_responses"] = boxes
    return row


def page_of(row: Row, meta: Meta) -> str | None:
    """The page a lead belongs to; the export names its form only."""
    return meta.form_pages().get(row.get("form_id", ""))


LEAD_EXPORT = Export(
    "leads",
    headers=frozenset({"id", "created_time", "form_id"}),
    to_row=to_row,
    # No page of the vendor says how boxes are exported either: see TICKS.
    assumed=frozenset({"lead_status", "inbox_url"}),
    account=page_of,
)
