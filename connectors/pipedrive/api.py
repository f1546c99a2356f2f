"""How Pipedrive is asked (version 2 of its lists), and what its errors mean."""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.client import Answer, Env, Retry, judge_status, told_wait
from connectors.declared import Api
from connectors.landing import at
from connectors.offsets import BELIEVED_EMPTY
from connectors.stream import (
    BadAnswer,
    BrokenToken,
    ConnectorError,
    MissingPermission,
    NotThere,
    PlatformDown,
)

LARGEST = 500  # the largest page


class Pipedrive(Api):
    """One company's account by the token of one of its users: what that user may not see is not there."""

    def __init__(self, env: Env) -> None:
        token = env.secret("PIPEDRIVE_API_TOKEN")
        super().__init__(
            env,
            "pipedrive",
            "https://api.pipedrive.com/api/v2",
            per_second=8,  # the smallest plan allows twenty in two seconds; a day's budget, the headers tell
            headers={"x-api-token": token, "Accept": "application/json"},
            judge=judge,
            ease=ease,
            secrets=(token,),
        )
        self.reads_marketing: bool | None = None  # whether the account has Campaigns: not known yet

    def pages(self, path: str, params: Mapping[str, Any]) -> Iterator[list[Any]]:
        """The pages of a list, each with the cursor of the next."""
        cursor = None
        while True:
            rows, following = self._page(path, {**params, "limit": LARGEST, **_from(cursor)})
            if rows:
                yield rows
            if following is None:
                return
            if not isinstance(following, str) or following == cursor:
                raise BadAnswer(f"pipedrive {path}: more is announced, but nothing leads to it")
            cursor = following

    def _page(self, path: str, params: Mapping[str, Any]) -> tuple[list[Any], Any]:
        """One page; asked again where it is empty and more is promised."""
        for _ in range(BELIEVED_EMPTY):
            data = self.get(path, params)
            # An account that has none of them is told so with null.
            rows = [] if data.get("data", False) is None else data.get("data")
            if not isinstance(rows, list):
                raise BadAnswer(f"pipedrive {path}: no list of data in the answer")
            following = at(data, "additional_data.next_cursor")
            if rows or following is None:
                break
        return rows, following


def _from(cursor: str | None) -> dict[str, str]:
    return {"cursor": cursor} if cursor else {}


def client(env: Env) -> Pipedrive:
    return Pipedrive(env)


def judge(answer: Answer) -> Retry | ConnectorError | None:
    """Errors are told in words. They may name somebody, and are not passed on."""
    if answer.status < 400:
        return judge_status(answer)
    if answer.status == 429:
        if answer.headers.get("x-daily-ratelimit-token-remaining") == "0":
            # Until midnight, where the account is kept.
            return PlatformDown("the account's calls of the day are used up: the next run goes on tomorrow")
        return Retry("too many calls", told_wait(answer.headers) or _reset(answer))
    if answer.status == 401:
        return BrokenToken("the token is refused: put a new one into PIPEDRIVE_API_TOKEN")
    if answer.status == 403:
        # Who goes on calling after too many calls meets the guard in front, which speaks no JSON.
        if not isinstance(answer.data, dict):
            return Retry("too many calls")
        return MissingPermission("the token's user may not see this: take an administrator's")
    # 410: it was deleted before.
    if answer.status in {404, 410}:
        return NotThere(f"not there ({answer.status})")
    if answer.status < 500:
        return BadAnswer(f"status {answer.status}")
    return judge_status(answer)


def ease(answer: Answer) -> float:
    """Seconds to breathe where the answer says that nothing is left of a burst."""
    return (_reset(answer) or 1.0) if answer.headers.get("x-ratelimit-remaining") == "0" else 0.0


def _reset(answer: Answer) -> float | None:
    told = answer.headers.get("x-ratelimit-reset", "")
    return float(told) if told.isascii() and told.isdigit() and len(told) < 5 else None
