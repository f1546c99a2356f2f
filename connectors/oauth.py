"""Access tokens that a refresh token or an app's own secret renews: kept beside the home, one at a time."""

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from connectors.credentials import Env, Token
from connectors.stream import BadAnswer, BrokenToken

Result = TypeVar("Result")


def refreshing(env: Env, app: str, refresh_token: str) -> dict[str, str]:
    """The form that asks for an access token, by a refresh token and the app's <app>_CLIENT_ID and _SECRET.

    Raises MissingCredential where one of these is not set.
    """
    return {
        "grant_type": "refresh_token",
        "refresh_token": refresh_token,
        "client_id": env.secret(f"{app}_CLIENT_ID"),
        "client_secret": env.secret(f"{app}_CLIENT_SECRET"),
    }


class Access:
    """The token to call a platform with: a fixed one, or one that a seed renews (a refresh token, a secret).

    `renew(seed)` returns the platform's answer to an OAuth request: access_token, and where it says so
    expires_in (seconds) and the refresh_token that is the next seed.
    """

    def __init__(
        self, env: Env, platform: str, *, fixed: str, seed: str, renew: Callable[[str], Any]
    ) -> None:
        self._tokens, self._platform = env.tokens, platform
        self._fixed, self._seed, self._renew = fixed, seed, renew
        self._lock = threading.Lock()

    def use(self, call: Callable[[str], Result]) -> Result:
        """What the call returns; a token refused before its time is renewed once."""
        if self._fixed:
            return call(self._fixed)
        token = self._current()
        try:
            return call(token)
        except BrokenToken:
            return call(self._current(stale=token))

    def _current(self, stale: str | None = None) -> str:
        """The access token; a new refresh token is stored before anything else is done."""
        with self._lock, self._tokens.exclusive():
            kept = self._tokens.get(f"{self._platform}.access", self._seed)
            if kept and kept.value != stale and kept.is_good(time.time()):
                return kept.value
            refresh = self._tokens.get(f"{self._platform}.refresh", self._seed) or Token(self._seed)
            data = self._renew(refresh.value)
            if not _is_text(data, "access_token"):
                raise BadAnswer(f"{self._platform}: no access_token in the answer")
            if _is_text(data, "refresh_token"):
                self._tokens.put(f"{self._platform}.refresh", self._seed, Token(data["refresh_token"]))
            self._tokens.put(f"{self._platform}.access", self._seed, Token(data["access_token"], _ends(data)))
            return data["access_token"]


def _is_text(data: Any, name: str) -> bool:
    return isinstance(data, dict) and isinstance(data.get(name), str) and data[name] != ""


def _ends(data: dict[str, Any]) -> float | None:
    """When the token ends by our clock; None where that is not told."""
    try:
        return time.time() + float(data["expires_in"])
    except (KeyError, TypeError, ValueError):
        return None
