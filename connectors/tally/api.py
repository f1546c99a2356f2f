"""How to ask Tally, and what its errors mean."""

from collections.abc import Mapping
from typing import Any

from connectors.client import Answer, Client, Env, Retry, judge_status, told_wait
from connectors.stream import BadAnswer, BrokenToken, ConnectorError, MissingPermission, NotThere, Row

VERSION = "2025-02-01"  # the first whose list of forms comes in pages


class Tally:
    """The API through one user's key."""

    def __init__(self, env: Env) -> None:
        key = env.secret("TALLY_API_KEY")
        self.account = str(env.settings.get("account", "tally"))
        self.http = Client.of(
            env,
            "tally",
            env.settings.get("base_url", "https://api.tally.so"),
            per_second=100 / 60,  # Tally's own limit, of each key (developers.tally.so, rate limits)
            headers={"Authorization": f"Bearer {key}", "tally-version": VERSION},
            judge=judge,
            secrets=(key,),
        )

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Row:
        data = self.http.get(path, params).data
        if not isinstance(data, dict):
            raise BadAnswer(f"tally {path}: no object in the answer")
        return data


def client(env: Env) -> Tally:
    return Tally(env)


def judge(answer: Answer) -> Retry | ConnectorError | None:
    if answer.status == 429:
        return Retry("too many calls", told_wait(answer.headers))
    if answer.status == 401:
        return BrokenToken("the key is refused: make a new one in Tally's settings, into TALLY_API_KEY")
    if answer.status == 403:
        return MissingPermission("the key's user may not see this form or workspace")
    if answer.status == 404:
        return NotThere("not there, or not of this account (404)")
    return judge_status(answer)
