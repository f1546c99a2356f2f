"""Is this body really from the platform? Judged over the raw bytes, in constant time.

A missing secret verifies nothing: the answer is then no, never yes.
"""

import base64
import hashlib
import hmac

SIGNED_SECONDS_AGO = 300  # what the vendor's own clients allow between signing and checking


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
    # JSON may hold half a character, which has no bytes of its own: another text it is all the same.
    mine, theirs = (text.encode(errors="surrogatepass") for text in (expected, given))
    return hmac.compare_digest(mine, theirs)


def proof(text: str, secret: str) -> str:
    """Shows that one knows the app's secret: Meta's appsecret_proof of a token, LinkedIn's of a challenge."""
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def is_signed_with_time(
    body: bytes, secret: str, given: str, now: float, tolerance: float = SIGNED_SECONDS_AGO
) -> bool:
    """Stripe's header `t=<epoch seconds>,v1=<hex>[,v1=<hex>]`: the time is signed too, and is not long ago.

    While a secret is changed there are several v1, of which one must be right.
    """
    pairs = [part.strip().partition("=") for part in given.split(",")]
    stamp = next((value for name, _, value in pairs if name == "t"), "")
    if not (secret and stamp.isascii() and stamp.isdigit() and len(stamp) < 15):
        return False
    signed = f"{stamp}.".encode() + body
    expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    is_right = any(is_same(expected, value) for name, _, value in pairs if name == "v1")
    return is_right and abs(now - int(stamp)) <= tolerance


def is_signed_with_request(
    body: bytes,
    secret: str,
    given: str,
    method: str,
    url: str,
    stamp: str,
    now: float,
    tolerance: float = SIGNED_SECONDS_AGO,
) -> bool:
    """HubSpot's third version: method, whole address, bytes and time (epoch milliseconds) signed together, in
    base64; the time is not long ago."""
    if not (secret and url and stamp.isascii() and stamp.isdigit() and len(stamp) < 15):
        return False
    signed = f"{method}{url}".encode() + body + stamp.encode()
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).digest()
    is_right = is_same(base64.b64encode(digest).decode(), given)
    return is_right and abs(now - int(stamp) / 1000) <= tolerance
