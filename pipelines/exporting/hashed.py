"""Customer lists as ad platforms take them: hashed contact points and nothing else, in the columns they name.

    meta     email, phone: small letters; digits with the country's code and no plus
    google   Email, Phone: small letters; E.164, with its plus

https://developers.facebook.com/docs/marketing-api/audiences/guides/custom-audiences
https://support.google.com/google-ads/answer/7476159

SHA-256 in small hexadecimal, as both ask. It hides nobody from whoever has the same address: it is no
anonymisation, and so both ad permissions are asked for each.
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence

from pipelines.permission import Answer

COLUMNS = {"meta": ("email", "phone"), "google": ("Email", "Phone")}
RECIPIENTS = tuple(COLUMNS)


def content(recipient: str, answers: Iterable[Answer]) -> bytes:
    """The file of the allowed, in the order of their hashes, which tells nothing."""
    lines = sorted(
        {line_of(recipient, one.contact_type, one.contact_value) for one in answers if one.is_allowed}
    )
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([COLUMNS[recipient], *lines])
    # No mark of UTF-8 before it: it would be part of the first column's name.
    return text.getvalue().encode("ascii")


def line_of(recipient: str, contact_type: str | None, value: str | None) -> Sequence[str]:
    """One of the two columns is filled."""
    if contact_type == "email" and value:
        return (sha256(value.strip().lower()), "")
    if contact_type == "phone" and value:
        return ("", sha256(value.removeprefix("+") if recipient == "meta" else value))
    raise ValueError(f"{contact_type} is nothing an ad platform knows")


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
