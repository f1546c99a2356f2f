"""How to ask Typeform: a fixed token or one that rotates, and what its errors mean."""

from collections.abc import Mapping
from typing import Any

from connectors.client import Answer, Client, Env, Retry, judge_status, told_wait
from connectors.oauth import Access, refreshing
from connectors.stream import (
    BadAnswer,
    BrokenToken,
    ConnectorError,
    MissingCredential,
    MissingPermission,
    Row,
)


class Typeform:
    """The API through a fixed token, or through one renewed by a refresh token that works once."""

    def __init__(self, env: Env) -> None:
        self.account, self._env = str(env.settings.get("account", "typeform")), env
        fixed = env.secrets.get("TYPEFORM_TOKEN", "").strip()
        seed = env.secrets.get("TYPEFORM_REFRESH_TOKEN", "").strip()
        if not fixed and not seed:
            raise MissingCredential(
                "TYPEFORM_TOKEN is not set: put it into the environment or into .env "
                "(or TYPEFORM_REFRESH_TOKEN with TYPEFORM_CLIENT_ID and TYPEFORM_CLIENT_SECRET)"
            )
        self._access = Access(env, "typeform", fixed=fixed, seed=seed, renew=self._renew)
        self.http = Client.of(
            env,
            "typeform",
            env.settings.get("base_url", "https://api.typeform.com"),
            per_second=2,  # of each account, as public connectors say: its pages name no number
            judge=judge,
            secrets=(fixed, seed),
        )

    def get(self, path: str, params: Mapping[str, Any]) -> Row:
        data = self._access.use(lambda token: self.http.get(path, params, _bearing(token))).data
        if not isinstance(data, dict):
            raise BadAnswer(f"typeform {path}: no object in the answer")
        return data

    def delete(self, path: str, params: Mapping[str, Any]) -> None:
        self._access.use(lambda token: self.http.delete(path, params, _bearing(token)))

    def _renew(self, refresh_token: str) -> Any:
        scope = {"scope": "forms:read responses:read offline"}
        return self.http.form("oauth/token", refreshing(self._env, "TYPEFORM", refresh_token) | scope).data


def _bearing(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def client(env: Env) -> Typeform:
    return Typeform(env)


def judge(answer: Answer) -> Retry | ConnectorError | None:
    code = answer.data.get("code") if isinstance(answer.data, dict) and answer.status >= 400 else None
    if answer.status == 429:
        return Retry("too many calls", told_wait(answer.headers))
    if answer.status == 401 or str(code).upper() in {"AUTHENTICATION_FAILED", "INVALID_GRANT"}:
        return BrokenToken("the token is refused: put a new one into TYPEFORM_TOKEN")
    if answer.status == 403:
        return MissingPermission("the token needs the scopes forms:read and responses:read")
    if code and answer.status < 500:
        return BadAnswer(f"{code}: {str(answer.data.get('description'))[:200]}")
    return judge_status(answer)
