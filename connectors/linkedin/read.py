"""The file of leads that Campaign Manager lets somebody download: a line per lead, a column per question.

No page of the vendor that we found names its columns: those below are read where they are there.
"""

from collections.abc import Mapping

from connectors.cells import truth, when
from connectors.form_tools import asked, line_id
from connectors.linkedin.api import LinkedIn, accounts
from connectors.linkedin.fetch import forms_of
from connectors.stream import Export, Reading, Row

# What may be called differently.
ALIASES = {
    "response_id": "lead_id",
    "lead_gen_form_response_id": "lead_id",
    "submitted_date": "submitted_at",
    "submission_date": "submitted_at",
    "date_submitted": "submitted_at",
    "lead_gen_form_id": "form_id",
    "lead_gen_form_name": "form_name",
    "ad_id": "creative_id",
    "is_test": "test_lead",
}
TEXTS = ("form_id", "form_name", "campaign_id", "campaign_name", "creative_id")
OWN = frozenset(
    {"lead_id", "submitted_at", "test_lead", "lead_type", "account_name", "campaign_group_name", *TEXTS}
)


def to_row(cells: Mapping[str, str], reading: Reading) -> Row:
    """A line in the shape of a lead, with its answers under the words of their questions."""
    told = {
        reading.columns.get(name, name) if reading.columns.get(name) in OWN else name: cell
        for name, cell in cells.items()
    }
    row: Row = {name: told[name] for name in TEXTS if name in told}
    if "submitted_at" in told:
        # In Greenwich's time, as all that LinkedIn reports.
        row["submittedAt"] = when(told["submitted_at"], Reading(day_first=reading.day_first))
    if "test_lead" in told:
        row["testLead"] = truth(told["test_lead"])
    row["answers"] = [column.in_words for column in asked(told, reading, OWN)]
    # By names, which every such file tells; numbers only some.
    places = (told.get("form_name"), told.get("campaign_name"), row.get("submittedAt"))
    row["id"] = told.get("lead_id") or line_id(places, row["answers"])
    return row


def account_of(row: Row, linkedin: LinkedIn) -> str | None:
    """The account a lead belongs to; the file names its form only."""
    if len(chosen := accounts(linkedin)) == 1:
        return chosen[0]
    if linkedin.form_accounts is None:
        linkedin.form_accounts = {
            str(form["form_id"]): account
            for account in chosen
            for page in forms_of(linkedin, account)
            for form in page.rows
            if isinstance(form, dict) and form.get("form_id")
        }
    return linkedin.form_accounts.get(str(row.get("form_id") or ""))


LEAD_EXPORT = Export(
    "leads",
    headers=frozenset({"submitted_at", "campaign_name", "form_name"}),
    to_row=to_row,
    known=ALIASES,
    assumed=OWN | ALIASES.keys(),
    account=account_of,
)
