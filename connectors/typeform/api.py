"""How to ask Typeform: a fixed token or one that rotates, and what its errors mean."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from connectors.client import Answer, Client, Env, Retry, Token, judge_status, told_wait
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
        self._fixed = env.secrets.get("TYPEFORM_TOKEN", "").strip()
        self._seed = env.secrets.get("TYPEFORM_REFRESH_TOKEN", "").strip()
        if not self._fixed and not self._seed:
            raise MissingCredential(
                "TYPEFORM_TOKEN is not set: put it into the environment or into .env "
                "(or TYPEFORM_REFRESH_TOKEN with TYPEFORM_CLIENT_ID and TYPEFORM_CLIENT_SECRET)"
            )
        self._lock = threading.Lock()
        self.http = Client.of(
            env,
            "typeform",
            env.settings.get("base_url", "https://api.typeform.com"),
            per_second=2,  # for everybody; larger plans are sold more
            judge=judge,
            secrets=(self._fixed, self._seed),
        )

    def get(self, path: str, params: Mapping[str, Any]) -> Row:
        data = self._with_token(lambda headers: self.http.get(path, params, headers)).data
        if not isinstance(data, dict):
            raise BadAnswer(f"typeform {path}: no object in the answer")
        return data

    def delete(self, path: str, params: Mapping[str, Any]) -> None:
        self._with_token(lambda headers: self.http.delete(path, params, headers))

    def _with_token(self, call: Callable[[Mapping[str, str]], Answer]) -> Answer:
        token = self._fixed or self._access_token()
        try:
            return call({"Authorization": f"Bearer {token}"})
        except BrokenToken:
            if self._fixed:
                raise
            return call({"Authorization": f"Bearer {self._access_token(stale=token)}"})

    def _access_token(self, stale: str | None = None) -> str:
        """The current access token; the new refresh token is stored before anything else is done."""
        tokens = self._env.tokens
        with self._lock, tokens.exclusive():
            kept = tokens.get("typeform.access", self._seed)
            if kept and kept.value != stale and kept.is_good(time.time()):
                return kept.value
            refresh = tokens.get("typeform.refresh", self._seed) or Token(self._seed)
            fields = {
                "grant_type": "refresh_token",
                "refresh_token": refresh.value,
                "client_id": self._env.secret("TYPEFORM_CLIENT_ID"),
                "client_secret": self._env.secret("TYPEFORM_CLIENT_SECRET"),
                "scope": "forms:read responses:read offline",
            }
            data = self.http.form("oauth/token", fields).data
            if not isinstance(data, dict) or not data.get("access_token"):
                raise BadAnswer("typeform: no access_token in the answer to the refresh token")
            if data.get("refresh_token"):
                tokens.put("typeform.refresh", self._seed, Token(data["refresh_token"]))
            ends = time.time() + float(data["expires_in"]) if data.get("expires_in") else None
            tokens.put("typeform.access", self._seed, Token(data["access_token"], ends))
            return data["access_token"]


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
