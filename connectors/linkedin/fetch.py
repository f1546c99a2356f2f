"""What is read from LinkedIn's lead forms: the forms as they are now, and leads with the form they answered.

A lead names its answers by the numbers of questions, and a form that is edited gets new ones: each lead is
asked for together with the version of the form that its person saw.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from connectors.landing import at
from connectors.linkedin.api import LARGEST, PAGE, LinkedIn, owner
from connectors.linkedin.restli import Raw, form_of, key_of
from connectors.offsets import walk
from connectors.stream import Announced, ConnectorError, MissingPermission, NotThere, Page, Row, Since

FIELDS = Raw(
    "id,owner,submitter,leadType,testLead,submittedAt,versionedLeadGenFormUrn,associatedEntity,leadMetadata,"
    "formResponse,form:(id,name,creationLocale,hiddenFields,content)"
)
KINDS = ("SPONSORED",)
PAGE_KINDS = ("EVENT", "COMPANY", "ORGANIZATION_PRODUCT")
AHEAD = timedelta(days=1)  # the window ends where no clock behind theirs hides anybody


def forms(linkedin: LinkedIn, account: str, since: Since) -> Iterator[Page | Announced]:
    """Every form of an account, archived ones too, with its questions and the wording of its consents."""
    yield from forms_of(linkedin, account)


def forms_of(linkedin: LinkedIn, account: str) -> Iterator[Page]:
    """A form is put away and never deleted, so no page need overlap the next."""
    asked = {"q": "owner", "owner": owner(account), "count": LARGEST}
    return walk(partial(_ask, linkedin, "leadForms", asked, _named), LARGEST, overlap=0)


def _named(form: Any) -> Any:
    """A form with its number as text: longer ones than a double holds come as numbers."""
    key = form.get("id") if isinstance(form, dict) else None
    is_number = isinstance(key, int) and not isinstance(key, bool)
    return form | {"form_id": str(key)} if is_number else form


def leads(linkedin: LinkedIn, account: str, since: Since) -> Iterator[Page | Announced]:
    """Leads of an account, kind by kind; one kind out of reach does not stop the others."""
    hidden: list[ConnectorError] = []
    for kind in PAGE_KINDS if account.startswith(PAGE) else KINDS:
        asked = {
            "q": "owner",
            "owner": owner(account),
            "leadType": {"leadType": kind},
            "limitedToTestLeads": False,
            **_window(linkedin, since),
            "fields": FIELDS,
            "count": LARGEST,
        }
        try:
            ask = partial(_ask, linkedin, "leadFormResponses", asked, placed)
            yield from walk(ask, LARGEST, at_once=linkedin.at_once)
        except (NotThere, MissingPermission) as error:
            hidden.append(error)
    if hidden:
        raise type(hidden[0])(f"{len(hidden)} kinds of leads of {account} cannot be read, first: {hidden[0]}")


def _window(linkedin: LinkedIn, since: Since) -> dict[str, Any]:
    """From a moment on; asked for the first time, all that LinkedIn still has."""
    if since.moment is None:
        return {}
    end = max(linkedin.now(), since.moment) + AHEAD
    begin, end_ms = (int(moment.timestamp() * 1000) for moment in (since.moment, end))
    return {"submittedAtTimeRange": {"start": begin, "end": end_ms}}


def _ask(
    linkedin: LinkedIn, path: str, asked: dict[str, Any], told: Callable[[Any], Any], start: int
) -> tuple[list[Any], int | None]:
    rows, total = linkedin.elements(path, {**asked, "start": start})
    return [told(row) for row in rows], total


def lead(linkedin: LinkedIn, key: str) -> Row:
    """One lead, as a list would tell it."""
    return placed(linkedin.get(f"leadFormResponses/{key}", {"fields": FIELDS}))


def placed(row: Any) -> Any:
    """A lead, and apart from its URNs: which form in which version it answered, which ad of which campaign
    brought it."""
    if not isinstance(row, dict):
        return row
    form = form_of(row.get("versionedLeadGenFormUrn"))
    told = {
        "form_id": form[0] if form else None,
        "form_version": form[1] if form else None,
        "campaign_id": key_of(at(row, "leadMetadata.sponsoredLeadMetadata.campaign"), "sponsoredCampaign"),
        "creative_id": key_of(at(row, "associatedEntity.associatedCreative"), "sponsoredCreative"),
    }
    return row | {name: value for name, value in told.items() if value is not None}
