"""Signed words in links: whoever can read a mail may confirm, and nobody else can make one up.

A link names no address: only the response it confirms, which is a keyed hash as well.
"""

import base64
import hashlib
import hmac
import json
from binascii import Error
from dataclasses import asdict, dataclass

from connectors.signatures import is_same

LONGEST = 600


@dataclass(frozen=True)
class Token:
    """What a link says: the response, its form, its language, when the mail was written (epoch seconds)."""

    response: str
    form: str
    language: str
    sent_at: int


def keyed(secret: str, purpose: str, text: str) -> str:
    """HMAC-SHA256 in hex; of one purpose it is no use for another."""
    return hmac.new(secret.encode(), f"{purpose}|{text}".encode(), hashlib.sha256).hexdigest()


def written(token: Token, secret: str) -> str:
    said = base64.urlsafe_b64encode(json.dumps(list(asdict(token).values())).encode()).decode().rstrip("=")
    return f"{said}.{keyed(secret, 'confirm', said)}"


def read(text: str, secret: str) -> Token | None:
    """None for whatever was not written with this secret."""
    said, _, signature = text.partition(".")
    if not secret or len(text) > LONGEST or not is_same(keyed(secret, "confirm", said), signature):
        return None
    try:
        response, form, language, sent_at = json.loads(
            base64.urlsafe_b64decode(said + "=" * (-len(said) % 4))
        )
        return Token(str(response), str(form), str(language), int(sent_at))
    except (ValueError, TypeError, Error):
        return None
