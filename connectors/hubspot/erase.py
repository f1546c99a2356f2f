"""Having HubSpot erase somebody, with everything it ties to them."""

from connectors.erasing import Outcome, Row
from connectors.hubspot.api import HubSpot
from connectors.landing import at
from connectors.stream import NotThere


def erase_contact(hubspot: HubSpot, key: str, row: Row) -> Outcome:
    """The deletion HubSpot keeps for such wishes: the contact goes with its answers and mails, and the
    address is taken no more."""
    return _erased(hubspot, {"objectId": key})


def erase_response(hubspot: HubSpot, key: str, row: Row) -> Outcome:
    """An answer goes with its contact, which is found by the address that was typed."""
    told = row.get("values")
    for one in told if isinstance(told, list) else ():
        if at(one, "name") == "email" and "@" in str(at(one, "value")):
            return _erased(hubspot, {"objectId": str(at(one, "value")).strip(), "idProperty": "email"})
    return "not_there"


def _erased(hubspot: HubSpot, whom: Row) -> Outcome:
    try:
        hubspot.http.post(f"{hubspot.contacts}/gdpr-delete", whom)
    except NotThere:
        # The same is said of everybody by a version that is served no more: the list tells which it is, for
        # that is always there. What errors name themselves by may be left out.
        hubspot.call(hubspot.contacts, {"limit": 1, "properties": "hs_object_id"})
        return "not_there"
    return "erased"
