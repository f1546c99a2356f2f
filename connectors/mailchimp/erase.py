"""Having Mailchimp erase a member, with all that was kept of their reading."""

from connectors.erasing import Outcome, Row
from connectors.mailchimp.api import Mailchimp, audiences
from connectors.stream import NotThere


def erase_member(mailchimp: Mailchimp, key: str, row: Row) -> Outcome:
    """`delete-permanent`: the address cannot be brought into that audience again by an import. A row from a
    file names no audience, so all are asked."""
    named = str(row.get("list_id") or "")
    told = [_erased(mailchimp, one, key) for one in ([named] if named.isalnum() else audiences(mailchimp))]
    return "erased" if any(told) else "not_there"


def _erased(mailchimp: Mailchimp, audience: str, key: str) -> bool:
    try:
        mailchimp.http.post(f"lists/{audience}/members/{key}/actions/delete-permanent")
    except NotThere:
        return False
    return True
