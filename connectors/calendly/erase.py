"""Having Calendly erase an invitee."""

from connectors.calendly.api import Calendly
from connectors.erasing import Outcome, Row
from connectors.stream import BadAnswer


def erase_invitee(calendly: Calendly, key: str, row: Row) -> Outcome:
    """POST /data_compliance/deletion/invitees: all that was ever booked with the address; noted, done within
    a week. It says the same of an address nobody knows."""
    address = row.get("email")
    if not isinstance(address, str) or "@" not in address:
        raise BadAnswer("the address of this invitee is not known any more")
    calendly.http.post("data_compliance/deletion/invitees", {"emails": [address]})
    return "requested"
