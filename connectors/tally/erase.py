"""Having Tally erase a submission."""

from connectors.erasing import Outcome, Row
from connectors.stream import BadAnswer, NotThere
from connectors.tally.api import Tally


def erase_response(tally: Tally, key: str, row: Row) -> Outcome:
    """DELETE /forms/{form}/submissions/{submission}: gone at once."""
    form = row.get("formId")
    if not form:
        raise BadAnswer("tally: the form of this submission is not known any more")
    try:
        tally.http.delete(f"forms/{form}/submissions/{key}")
    except NotThere:
        return "not_there"
    return "erased"
