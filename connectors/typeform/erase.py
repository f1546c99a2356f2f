"""Having Typeform erase an answer."""

from connectors.erasing import Outcome, Row
from connectors.stream import BadAnswer
from connectors.typeform.api import Typeform


def erase_response(typeform: Typeform, key: str, row: Row) -> Outcome:
    """DELETE /forms/{form}/responses: it is noted, whether the answer is there or not, and done later."""
    form = row.get("form_id")
    if not form:
        raise BadAnswer("typeform: the form of this answer is not known any more")
    typeform.delete(f"forms/{form}/responses", {"included_tokens": key})
    return "requested"
