"""What is read from Yotpo: pages by number, the last of which is empty; the token travels in the address."""

from collections.abc import Iterator
from itertools import count
from typing import Any

from connectors.client import Answer, Client, Env, Retry, judge_status
from connectors.landing import at
from connectors.oauth import Access
from connectors.offsets import BELIEVED_EMPTY
from connectors.stream import (
    BadAnswer,
    BrokenToken,
    ConnectorError,
    MissingCredential,
    Page,
    Row,
    Since,
)

REVIEWS, UNSUBSCRIBERS = 100, 1000  # rows a page


class Yotpo:
    """One shop by its key and its secret."""

    def __init__(self, env: Env) -> None:
        secret = env.secret("YOTPO_SECRET")
        self.key = str(env.settings.get("app_key") or "")
        if not self.key:
            raise MissingCredential("set platforms.yotpo.app_key to the app key of your shop")
        self.account = str(env.settings.get("account", "yotpo"))
        self.http = Client.of(
            env,
            "yotpo",
            env.settings.get("base_url", "https://api.yotpo.com"),
            per_second=20,  # of 5,000 a minute, which others have seen
            judge=judge,
            secrets=(secret,),
        )
        self.access = Access(env, "yotpo", fixed="", seed=secret, renew=self._renew)

    def _renew(self, secret: str) -> Any:
        asked = {"client_id": self.key, "client_secret": secret, "grant_type": "client_credentials"}
        return self.http.post("oauth/token", asked).data

    def pages(self, path: str, name: str, size: int, **params: str) -> Iterator[list[Any]]:
        """The rows of each page, up to an empty one; that is asked for again before it is believed."""
        for number in count(1):
            asked = {"count": size, "page": number, **params}
            for _ in range(BELIEVED_EMPTY):
                rows = self._rows(path, name, asked)
                if rows:
                    break
            else:
                return
            yield rows

    def _rows(self, path: str, name: str, asked: Row) -> list[Any]:
        told = self.access.use(lambda token: self.http.get(path, asked | {"utoken": token}).data)
        rows = at(told, name)
        if not isinstance(rows, list):
            raise BadAnswer(f"yotpo {name}: no list in the answer")
        return rows


def client(env: Env) -> Yotpo:
    return Yotpo(env)


def judge(answer: Answer) -> Retry | ConnectorError | None:
    if answer.status in {401, 403}:
        return BrokenToken(
            "the key or the secret is refused: take both from Yotpo's settings (General settings, API "
            "Credentials) into platforms.yotpo.app_key and YOTPO_SECRET"
        )
    if answer.status == 404:
        return BadAnswer("no shop of this key: check platforms.yotpo.app_key")
    return judge_status(answer)


def reviews(yotpo: Yotpo, account: str, since: Since) -> Iterator[Page]:
    """Reviews changed since a day; one that was taken back is in the list, and marked."""
    begin = {"since_updated_at": f"{since.moment:%Y-%m-%d}"} if since.moment else {}
    for rows in yotpo.pages(f"v1/apps/{yotpo.key}/reviews", "reviews", REVIEWS, deleted="true", **begin):
        gone = [row for row in rows if isinstance(row, dict) and row.get("deleted") is True]
        if there := [row for row in rows if row not in gone]:
            yield Page(there)
        if gone:
            yield Page([{"id": row.get("id"), "updated_at": row.get("updated_at")} for row in gone], "delete")


def unsubscribers(yotpo: Yotpo, account: str, since: Since) -> Iterator[Page]:
    """Everybody who left, each time: the list tells no time."""
    path = f"apps/{yotpo.key}/unsubscribers"
    for rows in yotpo.pages(path, "response.unsubscribers", UNSUBSCRIBERS):
        yield Page(rows)
