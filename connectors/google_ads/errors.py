"""What errors of Google Ads and of Google's tokens ask for.

https://developers.google.com/google-ads/api/docs/common-errors - in a stream the error stands in a list, and
may come after good chunks, under status 200.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.client import Answer, Retry, judge_status, told_wait
from connectors.google import of_token
from connectors.stream import (
    BadAnswer,
    BrokenToken,
    ConnectorError,
    MissingPermission,
    NotThere,
    RetiredVersion,
)

# Code of an error to what to do about it.
TOKEN_TROUBLE = {
    "DEVELOPER_TOKEN_INVALID": "look at GOOGLE_ADS_DEVELOPER_TOKEN",
    "DEVELOPER_TOKEN_PARAMETER_MISSING": "look at GOOGLE_ADS_DEVELOPER_TOKEN",
    "NOT_ADS_USER": "the Google account of the refresh token has no Google Ads account",
    "TWO_STEP_VERIFICATION_NOT_ENROLLED": "switch two-step verification on for the token's Google account",
}
NOT_ALLOWED = {
    "USER_PERMISSION_DENIED": "the token's Google account may not read this account; if it reaches it through"
    " a manager account, name that in platforms.google_ads.manager",
    "DEVELOPER_TOKEN_NOT_APPROVED": "the developer token is for test accounts only: ask for basic access in"
    " the API Center of the manager account",
    "DEVELOPER_TOKEN_PROHIBITED": "this developer token goes with another Cloud project",
    "CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION": "the Cloud project is for test accounts only: ask for"
    " access in the API Center of the manager account",
    "REQUESTED_METRICS_FOR_MANAGER": "this is a manager account, which has no ads: name those below it in"
    " platforms.google_ads.customers",
    "ACCESS_PROHIBITED": "Google has barred this developer token",
    "PROJECT_DISABLED": "switch the Google Ads API on in the Cloud project",
}
GONE = frozenset({"CUSTOMER_NOT_FOUND", "CUSTOMER_NOT_ENABLED", "INVALID_CUSTOMER_ID", "RESOURCE_NOT_FOUND"})
PASSING = frozenset(
    {
        "RESOURCE_EXHAUSTED",
        "RESOURCE_TEMPORARILY_EXHAUSTED",
        "EXCESSIVE_SHORT_TERM_QUERY_RESOURCE_CONSUMPTION",
        "EXCESSIVE_LONG_TERM_QUERY_RESOURCE_CONSUMPTION",
        "TRANSIENT_ERROR",
        "INTERNAL_ERROR",
        "CONCURRENT_MODIFICATION",
    }
)
PASSING_STATES = frozenset({"UNAVAILABLE", "INTERNAL", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED", "ABORTED"})


def judge(answer: Answer) -> Retry | ConnectorError | None:
    """By the code inside where there is one, else by the status."""
    error = next(iter(_errors(answer.data)), None)
    if isinstance(error, str):
        return of_token("GOOGLE_ADS", error, answer)
    if error is None:
        if answer.status in {404, 410}:
            return RetiredVersion("there is no such call (any more): look at platforms.google_ads.version")
        return judge_status(answer)
    codes = list(_codes(error))
    text = _text(error, codes)
    if "UNSUPPORTED_VERSION" in codes:
        return RetiredVersion(f"{text}; look at platforms.google_ads.version")
    for code in codes:
        if code in NOT_ALLOWED:
            return MissingPermission(f"{NOT_ALLOWED[code]}; {text}")
        if code in GONE:
            return NotThere(f"look at platforms.google_ads.customers; {text}")
        if code in TOKEN_TROUBLE:
            return BrokenToken(f"{TOKEN_TROUBLE[code]}; {text}")
    state = error.get("status")
    if PASSING & set(codes) or (isinstance(state, str) and state in PASSING_STATES):
        return Retry(text, _delay(error) or told_wait(answer.headers))
    if state == "UNAUTHENTICATED":
        return BrokenToken(f"the token is refused: look at GOOGLE_ADS_REFRESH_TOKEN; {text}")
    if state == "PERMISSION_DENIED":
        return MissingPermission(text)
    verdict = judge_status(answer)
    return verdict if isinstance(verdict, Retry) else BadAnswer(text)


def _errors(data: Any) -> Iterator[Any]:
    for chunk in data if isinstance(data, list) else [data]:
        error = chunk.get("error") if isinstance(chunk, dict) else None
        if isinstance(error, str | dict):
            yield error


def _failures(error: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    details = error.get("details")
    for detail in details if isinstance(details, list) else ():
        listed = detail.get("errors") if isinstance(detail, dict) else None
        yield from (one for one in (listed if isinstance(listed, list) else ()) if isinstance(one, dict))


def _codes(error: Mapping[str, Any]) -> Iterator[str]:
    for failure in _failures(error):
        code = failure.get("errorCode")
        yield from (one for one in (code.values() if isinstance(code, dict) else ()) if isinstance(one, str))


def _text(error: Mapping[str, Any], codes: list[str]) -> str:
    told = [one.get("message") for one in _failures(error)] or [error.get("message")]
    return f"{str(told[0])[:300]} ({', '.join(codes[:3]) or error.get('status') or error.get('code')})"


def _delay(error: Mapping[str, Any]) -> float | None:
    """Seconds to wait, told as "30s"."""
    for failure in _failures(error):
        details = failure.get("details")
        quota = details.get("quotaErrorDetails") if isinstance(details, dict) else None
        text = quota.get("retryDelay") if isinstance(quota, dict) else None
        try:
            return max(0.0, min(float(str(text).removesuffix("s")), 1e6))
        except ValueError:
            continue
    return None
