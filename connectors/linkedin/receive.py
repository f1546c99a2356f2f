"""LinkedIn's webhook: a signed hint that a lead came, or that it was deleted; the lead itself is read."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.json_text import parse
from connectors.linkedin.api import PAGE, LinkedIn
from connectors.linkedin.fetch import lead
from connectors.linkedin.restli import key_of
from connectors.signatures import is_signed_in_hex, proof
from connectors.stream import BadAnswer, Hook

SIGNED = b"hmacsha256="  # stands before the body when it is signed
# What LinkedIn challenges with is a UUID. Whoever asks is answered with a signature, so nothing may be asked
# that could be a body with what stands before it.
CHALLENGE = re.compile(r"[0-9A-Za-z-]{8,64}")
KEY = re.compile(r"[\w-]{1,200}", re.ASCII)


def verify(headers: Mapping[str, str], body: bytes, secrets: Mapping[str, str]) -> bool:
    secret, given = secrets.get("LINKEDIN_CLIENT_SECRET", ""), headers.get("x-li-signature", "")
    return is_signed_in_hex(SIGNED + body, secret, given, prefix="")


def handshake(query: Mapping[str, str], secrets: Mapping[str, str]) -> dict[str, str] | None:
    """The challenge, signed; asked again every two hours."""
    code, secret = query.get("challengeCode", ""), secrets.get("LINKEDIN_CLIENT_SECRET", "")
    if not secret or not CHALLENGE.fullmatch(code):
        return None
    return {"challengeCode": code, "challengeResponse": proof(code, secret)}


def receive(body: bytes, linkedin: LinkedIn) -> Iterator[Hook]:
    """The lead, read anew, or its end.

    Raises NotThere while it cannot be read: the body stays for the next run.
    """
    try:
        told: Any = parse(body)
        is_lead = told["type"] == "LEAD_ACTION"
        key, account = _key(told), _account(told.get("owner"))
        action = told["leadAction"] if is_lead else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadAnswer(f"linkedin webhook: not the documented shape ({type(error).__name__})") from None
    if not is_lead:
        return  # of other things there are webhooks, too
    if action == "DELETED":
        yield Hook("leads", account, [{"id": key, "occurredAt": told.get("occurredAt")}], "delete")
    elif action == "CREATED":
        yield Hook("leads", account, [lead(linkedin, key)])
    else:
        raise BadAnswer("linkedin webhook: neither created nor deleted")


def _key(told: Mapping[str, Any]) -> str:
    if told["type"] != "LEAD_ACTION":
        return ""
    key = key_of(told["leadGenFormResponse"], "leadGenFormResponse") or ""
    if not KEY.fullmatch(key):
        raise ValueError("no response named")
    return key


def _account(owner: Any) -> str:
    """As the settings name it; empty where the body is about something else."""
    for kind, before in (("sponsoredAccount", ""), ("organization", PAGE)):
        if isinstance(owner, dict) and (number := key_of(owner.get(kind), kind)):
            return before + number
    return ""
