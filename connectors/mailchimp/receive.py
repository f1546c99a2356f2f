"""Mailchimp's webhook: a form that nobody signs. The address it is sent to holds a secret of ours; of what it
says only audience and address are believed, and how they stand is read from the platform."""

from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl

from connectors.declared import known_by
from connectors.mailchimp.api import Mailchimp, dated, member_key
from connectors.stream import BadAnswer, Hook, NotThere, Row

ABOUT_MEMBERS = frozenset({"subscribe", "unsubscribe", "profile", "cleaned", "upemail"})
MOST_FIELDS = 500


knows_address = known_by("MAILCHIMP_WEBHOOK_SECRET")


def verify(headers: Mapping[str, str], body: bytes, secrets: Mapping[str, str]) -> bool:
    """Nothing is signed; what is no form of theirs is refused all the same."""
    is_form = headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    return is_form and b"type=" in body and b"fired_at=" in body


def receive(body: bytes, mailchimp: Mailchimp) -> Iterator[Hook]:
    """How the member stands now, whatever the body says; one that is not there any more is a deletion."""
    told = _fields(body)
    if told.get("type") not in ABOUT_MEMBERS:
        return
    audience = told.get("data[list_id]", "")
    addresses = [told.get(f"data[{name}]", "") for name in ("email", "new_email", "old_email")]
    keys = dict.fromkeys(member_key(address) for address in addresses if "@" in address)
    if not (audience.isascii() and audience.isalnum()) or not keys:
        raise BadAnswer("mailchimp webhook: no audience or no address in it")
    if mailchimp.chosen and audience not in mailchimp.chosen:
        return
    for key in keys:
        yield _standing(mailchimp, audience, key)


def _standing(mailchimp: Mailchimp, audience: str, key: str) -> Hook:
    try:
        row = mailchimp.get(f"lists/{audience}/members/{key}", exclude_fields="_links")
    except NotThere:
        gone: Row = {"id": key, "list_id": audience}
        return Hook("members", audience, [gone], "delete")
    if row.get("id") != key:
        raise BadAnswer("mailchimp: another member than the one asked for")
    return Hook("members", audience, [dated(row)])


def _fields(body: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except (ValueError, UnicodeError):
        raise BadAnswer("mailchimp webhook: no form") from None
