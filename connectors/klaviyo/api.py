"""How Klaviyo is asked (JSON:API), and what its errors mean."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from connectors.client import Answer, Env, Retry, judge_status, told_wait
from connectors.declared import Api
from connectors.klaviyo.versions import VERSION
from connectors.landing import at
from connectors.offsets import BELIEVED_EMPTY
from connectors.stream import (
    BadAnswer,
    BrokenToken,
    ConnectorError,
    MissingPermission,
    NotThere,
    RetiredVersion,
    Row,
)

JSON_API = "application/vnd.api+json"
PER_SECOND = 10.0  # profiles are allowed 750 a minute, 12.5 a second
# What the others are allowed; the vendor's OpenAPI tells burst and steady for each, the steady one counts.
APART = {
    "/events": 50.0,  # 3,500 a minute
    "/metrics": 2.5,  # 150 a minute
    "/campaigns": 2.5,
    "/campaign-values-reports": 2 / 60,  # 2 a minute, 225 a day
    "/data-privacy-deletion-jobs": 1.0,
}
CODE = re.compile(r"[a-z][a-z_]{2,40}")


class Klaviyo(Api):
    """One account by one key."""

    def __init__(self, env: Env) -> None:
        key = env.secret("KLAVIYO_API_KEY")
        # Slowed down or hurried in the configuration, every list is, in the same measure.
        measure = float(env.settings.get("per_second", PER_SECOND)) / PER_SECOND
        super().__init__(
            env,
            "klaviyo",
            "https://a.klaviyo.com/api",
            per_second=PER_SECOND,
            at_once=4,  # walks side by side: what the pace can use where an answer takes a third of a second
            headers={
                "Authorization": f"Klaviyo-API-Key {key}",
                "revision": str(env.settings.get("version", VERSION)),
                "Accept": JSON_API,
            },
            apart={path: pace * measure for path, pace in APART.items()},
            judge=judge,
            ease=ease,
            secrets=(key,),
        )

    def post(self, path: str, body: Row) -> dict[str, Any]:
        data = self.http.post(path, {"data": body}, {"Content-Type": JSON_API}).data
        if not isinstance(data, dict):
            raise BadAnswer(f"klaviyo {path.partition('?')[0]}: no document in the answer")
        return data

    def page(self, path: str, params: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any] | None]:
        """The rows of one page, and what to ask for the next; asked again where it is empty and more follows.

        Of the link to the next page only the question counts: a proxy in between has another address.
        """
        for _ in range(BELIEVED_EMPTY):
            data = self.get(path, params)
            rows = data.get("data")
            if not isinstance(rows, list):
                raise BadAnswer(f"klaviyo {path}: no list of data in the answer")
            following = next_of(path, data)
            if rows or following is None:
                break
        if following is not None and following == dict(params):
            raise BadAnswer(f"klaviyo {path}: more is announced, but nothing leads to it")
        return rows, following

    def pages(self, path: str, params: Mapping[str, Any]) -> Iterator[list[Any]]:
        """The pages of a list, each leading to the next."""
        following: Mapping[str, Any] | None = params
        while following is not None:
            rows, following = self.page(path, following)
            if rows:
                yield rows


def next_of(path: str, data: Mapping[str, Any]) -> dict[str, Any] | None:
    link = at(data, "links.next")
    if link is None:
        return None
    asked = dict(parse_qsl(urlsplit(link).query)) if isinstance(link, str) and "?" in link else {}
    if not asked:
        raise BadAnswer(f"klaviyo {path}: the link to the next page asks nothing")
    return asked


def moment_in_filter(found: datetime) -> str:
    return found.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def client(env: Env) -> Klaviyo:
    return Klaviyo(env)


def judge(answer: Answer) -> Retry | ConnectorError | None:
    """Errors come as a list, each with a code. Never `detail`: it may name somebody."""
    if answer.status < 400:
        return judge_status(answer)
    code = _code(answer.data)
    if answer.status == 429:
        return Retry("too many calls", told_wait(answer.headers))
    if answer.status == 401:
        return BrokenToken("the key is refused: put a new one into KLAVIYO_API_KEY")
    if answer.status == 403:
        return MissingPermission(f"the key lacks a scope ({code}): make one with the scopes of the docs page")
    if answer.status == 404:
        return NotThere(code)
    if answer.status == 410:
        return RetiredVersion("this revision is served no more: look at platforms.klaviyo.version")
    if answer.status < 500:
        return BadAnswer(f"{answer.status} {code}")
    return judge_status(answer)


def _code(data: Any) -> str:
    errors = data.get("errors") if isinstance(data, dict) else None
    first = errors[0] if isinstance(errors, list) and errors else None
    code = first.get("code") if isinstance(first, dict) else None
    return code if isinstance(code, str) and CODE.fullmatch(code) else "no code"


def ease(answer: Answer) -> float:
    """Seconds to breathe where the answer says that nothing is left: a second process may be at it too."""
    if answer.headers.get("RateLimit-Remaining") != "0":
        return 0.0
    reset = answer.headers.get("RateLimit-Reset", "")
    return float(reset) if reset.isascii() and reset.isdigit() and len(reset) < 5 else 1.0
