"""What connectors declare instead of writing it again: an API behind one key, statuses that mean what they
say, a deletion, a webhook signed by one secret or known by its address alone.

Whoever's platform is odder than that writes its own; then the oddity is all there is to read.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from connectors.client import Answer, Client, Env, Judge, Retry, judge_status
from connectors.erasing import Outcome, Row
from connectors.signatures import is_same
from connectors.stream import BadAnswer, BrokenToken, ConnectorError, MissingPermission, NotThere

Headers = Mapping[str, str]
Secrets = Mapping[str, str]


class Api:
    """A platform's API by one key: `account` is the block's own word, `at_once` calls go side by side.

    `more` is what connectors.client.Client takes besides.
    """

    def __init__(
        self, env: Env, name: str, address: str, *, per_second: float, at_once: int = 1, **more: Any
    ) -> None:
        self.env, self.name = env, name
        self.account = str(env.settings.get("account", name))
        self.at_once = int(env.settings.get("at_once", at_once))
        self.http = Client.of(env, name, env.settings.get("base_url", address), per_second=per_second, **more)

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Row:
        """The object of an answer. Raises BadAnswer where it is none."""
        data = self.http.get(path, params).data
        if not isinstance(data, dict):
            raise BadAnswer(f"{self.name} {path}: no object in the answer")
        return data


def judging(broken: str, forbidden: str) -> Judge:
    """The reading of a platform whose statuses mean what they say; what to do is said in its own words."""

    def judge(answer: Answer) -> Retry | ConnectorError | None:
        if answer.status == 401:
            return BrokenToken(broken)
        if answer.status == 403:
            return MissingPermission(forbidden)
        if answer.status == 404:
            return NotThere("not there, or not of this account (404)")
        return judge_status(answer)

    return judge


def deletion(delete: Callable[[Any, str, Row], Any]) -> Callable[[Any, str, Row], Outcome]:
    """How a platform erases a record, where it is gone at once: `delete(client, key, row)`."""

    def ask(client: Any, key: str, row: Row) -> Outcome:
        try:
            delete(client, key, row)
        except NotThere:
            return "not_there"
        return "erased"

    return ask


def form_of(row: Row, name: str) -> str:
    """The form of an answer that is to be erased. Raises BadAnswer where its row does not say it any more."""
    if not row.get(name):
        raise BadAnswer("the form of this answer is not known any more")
    return str(row[name])


def signed(
    is_right: Callable[[bytes, str, str], bool], secret: str, header: str
) -> Callable[[Headers, bytes, Secrets], bool]:
    """The judge of bodies whose `header` holds what `is_right(body, secret, header)` accepts."""

    def verify(headers: Headers, body: bytes, secrets: Secrets) -> bool:
        return is_right(body, secrets.get(secret, ""), headers.get(header, ""))

    return verify


def known_by(secret: str) -> Callable[[str, Secrets], bool]:
    """Where nothing is signed: whether the last part of the address is the word we gave the platform."""

    def knows_address(word: str, secrets: Secrets) -> bool:
        ours = secrets.get(secret, "")
        return bool(ours) and is_same(ours, word)

    return knows_address


@contextmanager
def documented(what: str) -> Iterator[None]:
    """A body is read inside: what has another shape than the documented one is BadAnswer, and no crash."""
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise BadAnswer(f"{what}: not the documented shape ({type(error).__name__})") from None
