"""Queries as LinkedIn reads them: parentheses and keys as they stand, everything within them encoded."""

from typing import Any
from urllib.parse import unquote

END = ",)"
# Name to what is wanted of it, None for all: `id,form:(name,content)`.
Projection = dict[str, "Projection | None"]


class Unreadable(ValueError):
    """A query that LinkedIn would refuse; the text is its answer."""


def read(raw: str) -> dict[str, Any]:
    """The parameters of a raw query: objects as dicts, lists as lists, else text. Raises Unreadable."""
    found: dict[str, Any] = {}
    for part in filter(None, raw.split("&")):
        name, _, value = part.partition("=")
        if name == "fields":
            found[name] = projection(value)
            continue
        found[name], end = _value(value, 0) if value[:1] == "(" or value[:5] == "List(" else _text(value)
        if end != len(value):
            raise Unreadable(f"Invalid query parameters: {name} does not end where it should")
    return found


def _text(value: str) -> tuple[str, int]:
    return unquote(value), len(value)


def _value(text: str, at: int) -> tuple[Any, int]:
    if text.startswith("List(", at):
        return _list(text, at + 5)
    if text[at : at + 1] == "(":
        return _object(text, at + 1)
    end = min((place for mark in END if (place := text.find(mark, at)) >= 0), default=len(text))
    told = text[at:end]
    if ":" in told or "(" in told:
        raise Unreadable(f"Invalid query parameters: {told} must be encoded")
    return unquote(told), end


def _list(text: str, at: int) -> tuple[list[Any], int]:
    found: list[Any] = []
    while text[at : at + 1] not in (")", ""):
        value, at = _value(text, at)
        found.append(value)
        at += text[at : at + 1] == ","
    return found, _closed(text, at)


def _object(text: str, at: int) -> tuple[dict[str, Any], int]:
    found: dict[str, Any] = {}
    while text[at : at + 1] not in (")", ""):
        name, colon, _ = text[at:].partition(":")
        if not colon or not name.isalnum():
            raise Unreadable("Invalid query parameters: an object without keys")
        found[name], at = _value(text, at + len(name) + 1)
        at += text[at : at + 1] == ","
    return found, _closed(text, at)


def _closed(text: str, at: int) -> int:
    if text[at : at + 1] != ")":
        raise Unreadable("Invalid query parameters: a parenthesis is not closed")
    return at + 1


def projection(text: str) -> Projection:
    """The fields wanted. Raises Unreadable."""
    found, at = _fields(text, 0)
    if at != len(text):
        raise Unreadable("Invalid projection")
    return found


def _fields(text: str, at: int) -> tuple[Projection, int]:
    found: Projection = {}
    while at < len(text) and text[at] != ")":
        end = at
        while end < len(text) and text[end].isalnum():
            end += 1
        if end == at:
            raise Unreadable("Invalid projection")
        name, at = text[at:end], end
        found[name] = None
        if text.startswith(":(", at):
            found[name], at = _fields(text, at + 2)
            at = _closed(text, at)
        at += text[at : at + 1] == ","
    return found, at


def projected(row: dict[str, Any], wanted: Projection | None) -> dict[str, Any]:
    """The row with the fields wanted; all that it has by itself for None."""
    if wanted is None:
        return row
    return {
        name: projected(row[name], below) if below and isinstance(row[name], dict) else row[name]
        for name, below in wanted.items()
        if name in row
    }
