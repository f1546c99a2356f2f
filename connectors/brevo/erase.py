"""Having Brevo erase a contact, with its history and its place on every list."""

from connectors.brevo.fetch import Brevo
from connectors.erasing import Outcome, Row
from connectors.stream import NotThere


def erase_contact(brevo: Brevo, key: str, row: Row) -> Outcome:
    """DELETE /v3/contacts/{id}. That they were block-listed there goes with it: our tombstone remembers."""
    try:
        brevo.http.delete(f"contacts/{key}")
    except NotThere:
        return "not_there"
    return "erased"
