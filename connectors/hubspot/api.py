"""How HubSpot is asked, and what its errors mean."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.client import Answer, Client, Env, Retry, judge_status, told_wait
from connectors.hubspot.versions import VERSION
from connectors.stream import (
    BadAnswer,
    BrokenToken,
    ConnectorError,
    MissingPermission,
    NotThere,
    PlatformDown,
    RetiredVersion,
)

SCOPE = re.compile(r"[a-z][a-z0-9_.-]{2,60}")


@dataclass
class HubSpot:
    """One account (a portal) by one token; `reads_statuses` until that turns out not to be allowed."""

    http: Client
    account: str
    version: str
    reads_statuses: bool = True
    at_once: int = 4  # searches side by side, and pages whose addresses are asked for beside them

    @property
    def contacts(self) -> str:
        """The path of contacts in the version that is asked for."""
        return f"crm/objects/{self.version}/contacts"

    @property
    def preferences(self) -> str:
        return f"communication-preferences/{self.version}"

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return _object(path, self.http.get(path, params).data)

    def post(self, path: str, body: Any) -> dict[str, Any]:
        return _object(path, self.http.post(path, body).data)

    def call(self, path: str, params: Mapping[str, Any] | None = None, body: Any = None) -> dict[str, Any]:
        """As get, or post where there is a body; a list that is not there is a version that is not."""
        try:
            return self.get(path, params) if body is None else self.post(path, body)
        except NotThere:
            raise RetiredVersion(
                f"hubspot {path}: is not served (any more): look at platforms.hubspot.version"
            ) from None


def _object(path: str, data: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise BadAnswer(f"hubspot {path.partition('?')[0]}: no object in the answer")
    return data


def client(env: Env) -> HubSpot:
    token = env.secret("HUBSPOT_TOKEN")
    http = Client.of(
        env,
        "hubspot",
        env.settings.get("base_url", "https://api.hubapi.com"),
        headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
        per_second=10,  # allowed on the smallest plan (100 in ten seconds); what is left is told in headers
        # Not counted among those, and on every plan five (developers.hubspot.com, "Search the CRM").
        apart={"/search": float(env.settings.get("searches_per_second", 5))},
        judge=judge,
        ease=ease,
        secrets=(token,),
    )
    return HubSpot(
        http,
        str(env.settings.get("account", "hubspot")),
        str(env.settings.get("version", VERSION)),
        at_once=int(env.settings.get("at_once", HubSpot.at_once)),
    )


def judge(answer: Answer) -> Retry | ConnectorError | None:
    """Errors name themselves in `category`, and what was used up in `policyName`. Never `message`: it may
    name somebody."""
    if answer.status < 400:
        return judge_status(answer)
    told = answer.data if isinstance(answer.data, dict) else {}
    category = str(told.get("category") or told.get("errorType") or "")[:60]
    policy = str(told.get("policyName") or "")[:40]
    if answer.status == 429:
        if policy == "DAILY":
            # Until midnight in the account's own zone, which nobody tells.
            return PlatformDown("the account's calls of the day are used up: the next run goes on tomorrow")
        return Retry(f"too many calls {policy}".strip(), told_wait(answer.headers))
    # 530 is what a token gets that is none.
    if answer.status in {401, 530}:
        return BrokenToken("the token is refused: put a new one into HUBSPOT_TOKEN")
    if answer.status == 403:
        return MissingPermission(f"the app lacks a scope{_scopes(told)}: add it in the app's settings")
    if answer.status == 404:
        return NotThere(category or "not there")
    if answer.status == 410:
        return RetiredVersion("this version is served no more: look at platforms.hubspot.version")
    if answer.status < 500 and category:
        return BadAnswer(f"{answer.status} {category}")
    return judge_status(answer)


def _scopes(told: Mapping[str, Any]) -> str:
    errors = told.get("errors")
    contexts = (
        [one.get("context") for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
    )
    lists = [named for one in contexts if isinstance(one, dict) for named in one.values()]
    found = {name for named in lists if isinstance(named, list) for name in named if isinstance(name, str)}
    named = sorted(name for name in found if SCOPE.fullmatch(name))[:5]
    return f" ({', '.join(named)})" if named else ""


def ease(answer: Answer) -> float:
    """Seconds to breathe where the answer says that nothing is left; searches say nothing."""
    if answer.headers.get("X-HubSpot-RateLimit-Remaining") == "0":
        interval = answer.headers.get("X-HubSpot-RateLimit-Interval-Milliseconds", "")
        return int(interval) / 1000 if interval.isdigit() and len(interval) < 7 else 10.0
    return 1.0 if answer.headers.get("X-HubSpot-RateLimit-Secondly-Remaining") == "0" else 0.0
