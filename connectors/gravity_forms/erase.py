"""Having a site erase an entry."""

from connectors.erasing import Outcome, Row
from connectors.gravity_forms.api import GravityForms
from connectors.stream import NotThere


def erase_response(gravity: GravityForms, key: str, row: Row) -> Outcome:
    """DELETE entries/{id}, past the bin: gone at once, its notes and files too. The key needs to write."""
    try:
        gravity.delete(f"entries/{key}", {"force": "1"})
    except NotThere:
        return "not_there"
    return "erased"
