"""Errors as the Graph API words them, and the usage headers that go with every answer.

Reference: error handling and rate limiting pages of the Graph API. Throttles are 400 or 403, never 429.
"""

import hashlib
import json
import math
from typing import Any

from simulator.wire import Answer


class GraphError(Exception):
    """An error body and its status."""

    def __init__(self, message: str, kind: str, code: int, status: int = 400, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        trace = hashlib.blake2b(message.encode(), digest_size=8).hexdigest()
        self.body = {"message": message, "type": kind, "code": code, **more, "fbtrace_id": f"A{trace}"}

    def answer(self, headers: dict[str, str]) -> Answer:
        return Answer({"error": self.body}, self.status, headers)


def unknown_object(object_id: str) -> GraphError:
    """Missing and forbidden look the same from outside."""
    return GraphError(
        f"Unsupported get request. Object with ID '{object_id}' does not exist, cannot be loaded due to "
        "missing permissions, or does not support this operation. Please read the Graph API documentation "
        "at https://developers.facebook.com/docs/graph-api",
        "GraphMethodException",
        100,
        error_subcode=33,
    )


def unknown_field(name: str, node: str) -> GraphError:
    return GraphError(
        f"(#100) Tried accessing nonexisting field ({name}) on node type ({node})", "OAuthException", 100
    )


def bad_parameter(message: str) -> GraphError:
    return GraphError(f"(#100) {message}", "OAuthException", 100)


def no_token() -> GraphError:
    return GraphError("An access token is required to request this resource.", "OAuthException", 104)


def broken_token() -> GraphError:
    return GraphError("Invalid OAuth access token - Cannot parse access token", "OAuthException", 190)


def expired_token() -> GraphError:
    return GraphError(
        "Error validating access token: Session has expired. The current time is later than its end.",
        "OAuthException",
        190,
        error_subcode=463,
    )


def needs_page_token() -> GraphError:
    return GraphError("(#190) This method must be called with a Page Access Token", "OAuthException", 190)


def no_permission(what: str) -> GraphError:
    return GraphError(f"(#200) {what}", "OAuthException", 200, status=403)


def bad_proof() -> GraphError:
    return GraphError("Invalid appsecret_proof provided in the API argument", "GraphMethodException", 100)


def retired_version(version: str, newest: str) -> GraphError:
    return GraphError(
        f"(#2635) You are calling a deprecated version of the Ads API ({version}). "
        f"Please update to the latest version: {newest}.",
        "OAuthException",
        2635,
    )


def trouble(turn: int) -> GraphError:
    """A failure that passes: code 1 or 2."""
    if turn % 2:
        return GraphError(
            "Service temporarily unavailable", "OAuthException", 2, status=503, is_transient=True
        )
    return GraphError("An unknown error occurred", "OAuthException", 1, status=500, is_transient=True)


def throttled(path: str, turn: int) -> GraphError:
    """A limit reached: the business use case of the path, or the application, or the user."""
    use_case = 80000 if "insights" in path else 80005
    code = (use_case, 4, use_case, 17)[turn % 4]
    messages = {
        4: "(#4) Application request limit reached",
        17: "(#17) User request limit reached",
        80000: "(#80000) There have been too many calls from this ad-account. Wait a bit and try again.",
        80005: "(#80005) There have been too many leadgen api calls to this Page account. "
        "Wait a bit and try again.",
    }
    # Application and user limits come as 403 as well as 400.
    return GraphError(messages[code], "OAuthException", code, 403 if code == 4 else 400, is_transient=True)


def usage_headers(path: str, owner: str, wait_seconds: float = 0, is_full: bool = False) -> dict[str, str]:
    """The percentages every answer carries; `wait_seconds` is told in whole minutes."""
    percent = 100 if is_full else 12
    kind = "ads_insights" if "insights" in path else "leadgen"
    # Below half a minute nothing is promised: 0 is what the platform sends then.
    minutes = math.ceil(wait_seconds / 60) if wait_seconds >= 30 else 0
    usage = {"call_count": percent, "total_cputime": percent, "total_time": percent}
    business = {"type": kind, **usage, "estimated_time_to_regain_access": minutes}
    headers = {
        "X-App-Usage": json.dumps(usage),
        "X-Business-Use-Case-Usage": json.dumps({owner: [business]}),
        "facebook-api-version": "v26.0",
    }
    if kind == "ads_insights":
        headers["X-FB-Ads-Insights-Throttle"] = json.dumps(
            {"app_id_util_pct": float(percent), "acc_id_util_pct": float(percent)}
        )
        headers["X-Ad-Account-Usage"] = json.dumps({"acc_id_util_pct": float(percent)})
    return headers
