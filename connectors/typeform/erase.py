"""Having Typeform erase an answer."""

from connectors.declared import form_of
from connectors.erasing import Outcome, Row
from connectors.typeform.api import Typeform


def erase_response(typeform: Typeform, key: str, row: Row) -> Outcome:
    """DELETE /forms/{form}/responses: it is noted, whether the answer is there or not, and done later."""
    typeform.delete(f"forms/{form_of(row, 'form_id')}/responses", {"included_tokens": key})
    return "requested"
