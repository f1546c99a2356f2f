"""How to ask Square: one version for every call, searches that are POSTs, pages that end without a cursor."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from connectors.client import Answer, Env, Retry, judge_status
from connectors.declared import Api
from connectors.stream import (
    BadAnswer,
    BrokenToken,
    ConnectorError,
    MissingPermission,
    NotThere,
    RetiredVersion,
    Row,
)

VERSION = "2026-09-16"


class Square(Api):
    """One seller by one token."""

    def __init__(self, env: Env) -> None:
        token = env.secret("SQUARE_TOKEN")
        version = str(env.settings.get("version", VERSION))
        super().__init__(
            env,
            "square",
            "https://connect.squareup.com/v2",
            per_second=10,  # none is published; a refused call says so and nothing more
            at_once=4,
            headers={"Authorization": f"Bearer {token}", "Square-Version": version},
            judge=judge,
            secrets=(token,),
        )

    def find(self, path: str, body: Row) -> Row:
        """The object a search answers; an empty one where nothing was found."""
        data = self.http.post(path, body).data
        if not isinstance(data, dict):
            raise BadAnswer(f"square {path}: no object in the answer")
        return data

    def listed(self, path: str, name: str, params: dict[str, Any]) -> Iterator[Row]:
        """The rows of all pages of a list."""
        cursor: dict[str, Any] = {}
        while True:
            told = self.get(path, {**params, **cursor})
            yield from (row for row in rows_of(told, name, path) if isinstance(row, dict))
            cursor = cursor_of(told, path)
            if not cursor:
                return


def rows_of(told: Row, name: str, path: str) -> list[Any]:
    """What an answer lists; where there is nothing, the name is not there either."""
    found = told.get(name, [])
    if not isinstance(found, list):
        raise BadAnswer(f"square {path}: no list in the answer")
    return found


def cursor_of(told: Row, path: str) -> dict[str, Any]:
    """What leads to the next page, none after the last."""
    cursor = told.get("cursor")
    if cursor is not None and not isinstance(cursor, str):
        raise BadAnswer(f"square {path}: a cursor that is none")
    return {"cursor": cursor} if cursor else {}


def stamp(found: datetime) -> str:
    return f"{found.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"


def client(env: Env) -> Square:
    return Square(env)


def judge(answer: Answer) -> Retry | ConnectorError | None:
    code = _code(answer.data)
    if code in {"INCORRECT_TIMEZONE_OR_VERSION", "INVALID_SQUARE_VERSION_FORMAT", "UNSUPPORTED_API_VERSION"}:
        return RetiredVersion("Square does not know this version: update, or set platforms.square.version")
    if answer.status == 401:
        return BrokenToken(
            "the token is refused: take the production access token of your application "
            "(developer.squareup.com/apps, Credentials) into SQUARE_TOKEN"
        )
    if answer.status == 403:
        return MissingPermission(
            f"the token lacks a right ({code or 'FORBIDDEN'}): CUSTOMERS_READ, ORDERS_READ, PAYMENTS_READ "
            "and MERCHANT_PROFILE_READ are needed, CUSTOMERS_WRITE for erasing"
        )
    if answer.status == 404:
        return NotThere("no such record")
    if answer.status == 400:
        return BadAnswer(f"Square does not take the question ({code or 'no code'})")
    return judge_status(answer)


def _code(data: Any) -> str:
    errors = data.get("errors") if isinstance(data, dict) else None
    first = errors[0] if isinstance(errors, list) and errors else None
    return str(first.get("code") or "")[:60] if isinstance(first, dict) else ""
