"""What Meta's errors mean: told by code and not by status, for throttles come as 400 or 403."""

import logging

from connectors.client import Answer, Retry, judge_status
from connectors.meta.limits import regain_seconds
from connectors.stream import (
    BadAnswer,
    BrokenToken,
    ConnectorError,
    MissingPermission,
    NotThere,
    RetiredVersion,
)

log = logging.getLogger("connectors")

BLOCKED_SECONDS = 3600.0  # codes 341 and 368 name no time; an hour is what asking again costs nothing
THROTTLES = frozenset({4, 17, 32, 613, *range(80000, 80007)})
TOKEN_TROUBLE = {
    458: "the app was removed",
    459: "a log-in check is pending",
    460: "the password changed",
    463: "it has expired",
    467: "it is invalid",
}


class TooMuchData(ConnectorError):
    """Ask for fewer rows at once."""


def judge(answer: Answer) -> Retry | ConnectorError | None:
    """None for a good answer; else whether to try again, or what to do."""
    if warning := answer.headers.get("x-ad-api-version-warning"):
        log.warning("meta: %s", warning[:200])
    error = answer.data.get("error") if isinstance(answer.data, dict) else None
    if not isinstance(error, dict):
        return judge_status(answer)
    code, subcode = error.get("code"), error.get("error_subcode")
    text = f"{str(error.get('message'))[:300]} (code {code}{f'/{subcode}' if subcode else ''})"
    if code in THROTTLES:
        return Retry(f"throttled: {text}", regain_seconds(answer.headers))
    if code in {341, 368}:
        return Retry(f"blocked for a while: {text}", BLOCKED_SECONDS)
    if code == 190:
        return BrokenToken(f"renew META_TOKEN: {TOKEN_TROUBLE.get(subcode, 'the token is refused')}; {text}")
    if code == 2635:
        return RetiredVersion(f"raise platforms.meta.version: {text}")
    if code == 1 and "reduce the amount" in str(error.get("message")).lower():
        return TooMuchData(text)
    if code in {1, 2} or error.get("is_transient") or answer.status >= 500:
        return Retry(text)
    if code == 100 and subcode == 33:
        return NotThere(text)
    if code == 10 or code in range(200, 300) or code == 3:
        return MissingPermission(text)
    return BadAnswer(text)
