"""How to ask Pinterest: lists lead on by a bookmark, tokens end after thirty days, files lie elsewhere."""

import base64
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from connectors.ads import named_accounts
from connectors.client import Answer, Client, Env, Retry, judge_status, told_wait
from connectors.oauth import Access
from connectors.stream import (
    BadAnswer,
    BrokenToken,
    ConnectorError,
    MissingCredential,
    MissingPermission,
    NotThere,
    Row,
)

ADDRESS = "https://api.pinterest.com/v5"
LARGEST = 250  # the largest page of every list, and as many ads as figures may be asked for at once
FILES = ".amazonaws.com"  # where files of leads lie; nothing of ours is said there


class Pinterest:
    """The ad accounts named in the settings, through a fixed token or one that a refresh token renews."""

    def __init__(self, env: Env) -> None:
        self.env = env
        self.poll_seconds = float(env.settings.get("poll_seconds", 5))
        self.at_once = int(env.settings.get("at_once", 4))  # files of leads waited for side by side
        self.base = str(env.settings.get("base_url", ADDRESS)).rstrip("/")
        fixed = env.secrets.get("PINTEREST_TOKEN", "").strip()
        seed = env.secrets.get("PINTEREST_REFRESH_TOKEN", "").strip()
        if not fixed and not seed:
            raise MissingCredential(
                "PINTEREST_TOKEN is not set: put it into the environment or into .env "
                "(or PINTEREST_REFRESH_TOKEN with PINTEREST_CLIENT_ID and PINTEREST_CLIENT_SECRET)"
            )
        self._secrets = (fixed, seed)
        self._access = Access(env, "pinterest", fixed=fixed, seed=seed, renew=self._renew)
        self.http = self._client(self.base, {})

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        return self._access.use(lambda token: self.http.get(path, params, _bearing(token)).data)

    def post(self, path: str, body: Row) -> Any:
        return self._access.use(lambda token: self.http.post(path, body, _bearing(token)).data)

    def pages(self, path: str, **params: Any) -> Iterator[list[Any]]:
        """The lists of all pages; one of them may be empty and still lead on."""
        asked = {**params, "page_size": LARGEST}
        while True:
            data = self.get(path, asked)
            rows = data.get("items") if isinstance(data, dict) else None
            if not isinstance(rows, list):
                raise BadAnswer(f"pinterest {path}: no items in the answer")
            if rows:
                yield rows
            if not data.get("bookmark"):
                return
            asked["bookmark"] = str(data["bookmark"])

    def file(self, url: str) -> bytes:
        """A file that was made for us. Where it lies our token is no business of anybody's."""
        parts = urlsplit(url)
        if parts.netloc == urlsplit(self.base).netloc:  # of a proxy, or a simulator
            return self.http.download(url)
        if parts.scheme != "https" or not str(parts.hostname).endswith(FILES):
            raise BadAnswer(f"pinterest: its file lies at {parts.hostname}, where none is expected")
        return self._client(f"{parts.scheme}://{parts.netloc}", {}).download(url)

    def _renew(self, refresh_token: str) -> Any:
        words = f"{self.env.secret('PINTEREST_CLIENT_ID')}:{self.env.secret('PINTEREST_CLIENT_SECRET')}"
        basic = base64.b64encode(words.encode()).decode()
        fields = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return self._client(self.base, {"Authorization": f"Basic {basic}"}).form("oauth/token", fields).data

    def _client(self, base: str, headers: Mapping[str, str]) -> Client:
        return Client.of(
            self.env,
            "pinterest",
            base,
            per_second=15,  # 1,000 a minute, as its headers say; kinds of calls have numbers of their own
            headers=headers,
            judge=judge,
            ease=ease,
            secrets=self._secrets,
        )


def client(env: Env) -> Pinterest:
    return Pinterest(env)


def accounts(pinterest: Pinterest) -> list[str]:
    """The ad accounts named in the settings."""
    return named_accounts(pinterest.env, "pinterest", "ad_accounts")


def _bearing(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _parts(headers: Mapping[str, str], name: str) -> list[str]:
    """Several limits stand in one header, parted by commas, each with words of its own behind it."""
    told = str(headers.get(f"X-RateLimit-{name}", ""))
    return [part.partition(";")[0].strip() for part in told.split(",")]


def _seconds(headers: Mapping[str, str]) -> float | None:
    """Until the limits of which nothing is left are lifted; None where something is left of each."""
    both = zip(_parts(headers, "Remaining"), _parts(headers, "Reset"), strict=False)
    waits = [
        float(reset) if reset.isascii() and reset.isdigit() else 1.0 for left, reset in both if left == "0"
    ]
    return max(waits) if waits else None


def ease(answer: Answer) -> float:
    """Seconds to breathe where the answer says that nothing of a limit is left."""
    return _seconds(answer.headers) or 0.0


def judge(answer: Answer) -> Retry | ConnectorError | None:
    told: Row = answer.data if isinstance(answer.data, dict) else {}
    message = f"{str(told.get('message') or '')[:200]} (code {told.get('code')})"
    if answer.status == 429:
        return Retry("too many calls", told_wait(answer.headers) or _seconds(answer.headers))
    if answer.status == 401:
        return BrokenToken(f"the token is refused: put a new one into PINTEREST_TOKEN; {message}")
    if answer.status == 403:
        return MissingPermission(
            "the token needs the scope ads:read and its owner a role in the ad account;"
            f" lead ads are in beta: {message}"
        )
    if answer.status == 404:
        return NotThere(message)
    if 400 <= answer.status < 408 and told:
        return BadAnswer(message)
    return judge_status(answer)
