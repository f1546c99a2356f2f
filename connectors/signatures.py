"""Is this body really from the platform? Judged over the raw bytes, in constant time.

A missing secret verifies nothing: the answer is then no, never yes.
"""

import base64
import hashlib
import hmac


def is_signed_in_hex(body: bytes, secret: str, given: str, prefix: str = "sha256=") -> bool:
    """HMAC-SHA256 as hex digits after a prefix, as Meta sends it."""
    expected = prefix + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return bool(secret) and is_same(expected, given)


def is_signed_in_base64(body: bytes, secret: str, given: str, prefix: str = "sha256=") -> bool:
    """HMAC-SHA256 in base64 after a prefix: Typeform's with, Shopify's without."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    expected = prefix + base64.b64encode(digest).decode()
    return bool(secret) and is_same(expected, given)


def is_same(expected: str, given: str) -> bool:
    """Compare secrets without telling by the time taken how much of them is right."""
    return hmac.compare_digest(expected.encode(), given.encode())


def proof(token: str, secret: str) -> str:
    """Meta's appsecret_proof: shows that the caller of a token knows the app's secret."""
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
