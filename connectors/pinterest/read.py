"""Pinterest's file of leads, whoever downloaded it: a line per lead, a column per question in its own words.

What heads its columns is documented nowhere: they are read on an assumption, and reported so. Where no column
numbers a lead, it gets a number made of what the line says.
"""

from collections.abc import Mapping

from connectors.cells import when
from connectors.form_tools import asked, line_id
from connectors.stream import Export, Reading, Row

ALIASES = {
    theirs: ours
    for ours, names in {
        "lead_id": "lead_id leadid id_du_prospect",
        "form_id": "form_id lead_form_id id_du_formulaire",
        "form_name": "form_name lead_form_name lead_form nom_du_formulaire",
        "ad_id": "ad_id promoted_pin_id id_de_l_annonce",
        "ad_name": "ad_name nom_de_l_annonce",
        "ad_group_id": "ad_group_id adgroup_id",
        "ad_group_name": "ad_group_name",
        "campaign_id": "campaign_id id_de_la_campagne",
        "campaign_name": "campaign_name nom_de_la_campagne",
        "created_time": "created_time created_at submission_time submitted_at date_submitted "
        "lead_created_time date_d_envoi",
    }.items()
    for theirs in names.split()
}
TEXTS = ("form_id", "ad_id", "campaign_id")
OWN = frozenset(ALIASES.values())


def to_row(cells: Mapping[str, str], reading: Reading) -> Row:
    """A line in one shape, whichever way it came: what is no column of Pinterest's is an answer."""
    told = {}
    for name, cell in cells.items():
        ours = reading.columns.get(name, name)
        told[ours if ours in OWN else name] = cell
    row: Row = {name: told[name] for name in TEXTS if name in told}
    if "created_time" in told:
        # In UTC, as all its days are; the file does not say so.
        row["created_time"] = when(told["created_time"], Reading())
    row["told_by"] = "file"
    row["answers"] = [column.in_words for column in asked(told, reading, OWN)]
    row["lead_id"] = told.get("lead_id") or line_id((row.get("created_time"),), row["answers"])
    return row


LEAD_EXPORT = Export(
    "leads",
    headers=frozenset({"created_time", "ad_id"}),
    to_row=to_row,
    known=ALIASES,
    assumed=frozenset(ALIASES),
    # Lead files of others have such columns, too.
    is_plain=True,
)
