"""Having Jotform erase a submission."""

from connectors.erasing import Outcome, Row
from connectors.jotform.api import Jotform
from connectors.stream import NotThere


def erase_response(jotform: Jotform, key: str, row: Row) -> Outcome:
    """DELETE /submission/{id}: gone at once. The key needs full access."""
    try:
        jotform.http.delete(f"submission/{key}")
    except NotThere:
        return "not_there"
    return "erased"
