"""What is read from Google Forms: each form with its questions, responses page by page."""

from collections.abc import Iterator
from datetime import UTC
from typing import Any

from connectors.google_forms.api import GoogleForms
from connectors.stream import Announced, BadAnswer, NotThere, Page, Since

LARGEST = 5000  # the largest page of responses
FILES = 1000  # of Drive's list
# Forms in the bin still take answers and are still read by nobody.
MINE = "mimeType = 'application/vnd.google-apps.form' and trashed = false"


def _forms(google: GoogleForms) -> Iterator[str]:
    """The forms named in the settings, else every one that Drive shows."""
    if google.chosen:
        yield from google.chosen
        return
    fields = "nextPageToken,files(id)"
    for files in google.pages("drive/v3/files", "files", FILES, q=MINE, fields=fields):
        for one in files:
            if not isinstance(one, dict) or not isinstance(one.get("id"), str):
                raise BadAnswer("google_forms drive/v3/files: a file without an id")
            yield one["id"]


def forms(google: GoogleForms, account: str, since: Since) -> Iterator[Page | Announced]:
    """Every form with its items: a consent is worth what its text says."""
    for form in dict.fromkeys(_forms(google)):
        try:
            yield Page([google.get(f"v1/forms/{form}")])
        except NotThere:
            if google.chosen:
                raise
            # Shared with us to be looked at, or deleted since the list was read.


def responses(google: GoogleForms, account: str, since: Since) -> Iterator[Page | Announced]:
    """Responses submitted, or submitted once more, since; form by form."""
    for form in dict.fromkeys(_forms(google)):
        try:
            asked = _window(form, since)
            for rows in google.pages(f"v1/forms/{form}/responses", "responses", LARGEST, **asked):
                yield Page([_named(form, row) for row in rows], form=form)
        except NotThere:
            if google.chosen:
                raise


def _window(form: str, since: Since) -> dict[str, str]:
    # Named or shared with us only now, a form may have been answered long before: of one we hold nothing of,
    # all is read.
    if since.moment is None or not since.landed.get(form):
        return {}
    # At that moment is asked for, too: times are of a microsecond, and answers come in the same one.
    return {"filter": f"timestamp >= {since.moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"}


def _named(form: str, row: Any) -> Any:
    # Lists leave the form out. What is no object goes on as it is: the door holds it and says so.
    return {"formId": form, **row, "told_by": "api"} if isinstance(row, dict) else row
