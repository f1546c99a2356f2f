"""Having Pipedrive delete a person."""

from connectors.erasing import Outcome, Row
from connectors.pipedrive.api import Pipedrive
from connectors.stream import NotThere


def erase_person(pipedrive: Pipedrive, key: str, row: Row) -> Outcome:
    """Marked as deleted, and gone for good 30 days later."""
    try:
        pipedrive.http.delete(f"persons/{key}")
    except NotThere:
        return "not_there"
    return "requested"
