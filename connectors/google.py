"""What connectors of Google's APIs share: a refresh token, the hour's token it gives, what its errors mean.

Google tells both apart by address: an API has its own, tokens have another.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from connectors.client import Answer, Client, Env, Judge, Retry, judge_status
from connectors.oauth import Access, refreshing
from connectors.stream import BadAnswer, BrokenToken, ConnectorError

TOKEN_ADDRESS = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address, no token


class Google:
    """One of Google's APIs. `app` begins the names of its variables: <app>_CLIENT_ID, _CLIENT_SECRET,
    _REFRESH_TOKEN. Nothing is asked of the environment before the first call.

    `pace` is what connectors.client.Client takes of it: per_second, apart.
    """

    def __init__(
        self, env: Env, name: str, app: str, address: str, judge: Judge, pace: Mapping[str, Any]
    ) -> None:
        self.env, self._name, self._app, self._judge, self._pace = env, name, app, judge, pace
        self.base = str(env.settings.get("base_url", address)).rstrip("/")
        # Who gives another address for the API (a proxy, a simulator) finds the tokens there, too.
        own = f"{self.base}/token" if env.settings.get("base_url") else TOKEN_ADDRESS
        self.token_address = str(env.settings.get("token_url", own))

    def headers(self) -> dict[str, str]:
        """What each call of the API says besides its token."""
        return {}

    @cached_property
    def http(self) -> Client:
        return self.client(self.base, self.headers())

    @cached_property
    def access(self) -> Access:
        seed = self.env.secret(f"{self._app}_REFRESH_TOKEN")
        return Access(self.env, self._name, fixed="", seed=seed, renew=self._renew)

    def client(self, base: str, headers: Mapping[str, str] | None = None) -> Client:
        kept = ("DEVELOPER_TOKEN", "CLIENT_SECRET", "REFRESH_TOKEN")
        secrets = tuple(self.env.secrets.get(f"{self._app}_{name}", "").strip() for name in kept)
        return Client.of(
            self.env, self._name, base, headers=headers, judge=self._judge, secrets=secrets, **self._pace
        )

    def _renew(self, refresh_token: str) -> Any:
        return self._oauth.form(self.token_address, refreshing(self.env, self._app, refresh_token)).data

    @cached_property
    def _oauth(self) -> Client:
        ours, theirs = urlsplit(self.base), urlsplit(self.token_address)
        # What the API is told besides is no business of another host.
        return self.http if ours[:2] == theirs[:2] else self.client(f"{theirs[0]}://{theirs[1]}")


def bearing(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def of_token(app: str, error: str, answer: Answer) -> Retry | ConnectorError:
    """What an error of the tokens' address asks for: there it is one word."""
    names = f"{app}_CLIENT_ID and {app}_CLIENT_SECRET"
    told = {
        "invalid_grant": f"make a new refresh token, into {app}_REFRESH_TOKEN: it was withdrawn or has ended"
        " (those of an app in the state Testing end after seven days)",
        "invalid_client": f"look at {names}",
        "unauthorized_client": f"the refresh token was made for another app than that of {names}",
    }
    if error in told:
        return BrokenToken(f"{told[error]} ({error})")
    verdict = judge_status(answer)
    return verdict if isinstance(verdict, Retry) else BadAnswer(f"no token: {error[:100]}")
