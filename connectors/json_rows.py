"""A long answer in JSON, read as it comes: a list of parts, each with a list of rows that nobody need hold.

    [{"results": [{...}, {...}], "requestId": "..."}, {"results": [...]}]

Row by row this is as quick as all at once, and takes the memory of a piece. A reader for any JSON (ijson)
takes five times as long.
"""

import re
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable
from json import JSONDecodeError
from typing import Any

from connectors.json_text import DECODER

LOT = 1000  # rows handed over at once
LONGEST = 128 * 1024 * 1024  # letters of a row, or of whatever else is no list of rows
MORE_OF_A_NUMBER = ("", ".", "e", "E")
SPACES = re.compile(r"[ \t\n\r]*")

Give = Callable[[list[Any]], None]


class TooLong(Exception):
    """A value is longer than is read into memory."""


def read_rows(pieces: Iterable[bytes], name: str, give: Give) -> Any:
    """What the pieces say together, but for the rows: those stood in a list called `name` of each part, which
    is empty now, and went to `give` in lots.

    Raises ValueError for what is no JSON, RecursionError where it is too deep, TooLong.
    """
    text = _Text(pieces)
    parts = list(_elements(text, lambda: _part(text, name, give))) if text.skips("[") else text.value()
    if text.peek():
        raise ValueError("more behind the end")
    return parts


def _part(text: "_Text", name: str, give: Give) -> Any:
    if not text.skips("{"):
        return text.value()
    return dict(_elements(text, lambda: _member(text, name, give), "}"))


def _member(text: "_Text", name: str, give: Give) -> tuple[str, Any]:
    key = text.value()
    if not isinstance(key, str) or not text.skips(":"):
        raise ValueError("no name of a member")
    if key != name or not text.skips("["):
        return key, text.value()
    lot = []
    for row in _elements(text, text.value):
        lot.append(row)
        if len(lot) == LOT:
            give(lot)
            lot = []
    if lot:
        give(lot)
    return key, []


def _elements(text: "_Text", read: Callable[[], Any], end: str = "]") -> Iterable[Any]:
    """What stands up to the bracket that ends a list or an object; the one that begins it was read."""
    if text.skips(end):
        return
    while True:
        yield read()
        if text.skips(end):
            return
        if not text.skips(","):
            raise ValueError("no comma between two values")


class _Text:
    """As much of a text as has come and was not read."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._letters = getincrementaldecoder("utf-8")()
        self._text, self._at, self._is_whole = "", 0, False

    def peek(self) -> str:
        """The next letter that is no space; "" at the end."""
        while True:
            self._at = SPACES.match(self._text, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._text):
                return self._text[self._at]
            if self._is_whole:
                return ""
            self._more()

    def skips(self, letter: str) -> bool:
        """Whether the next letter is this one, which then is read."""
        is_next = self.peek() == letter
        self._at += is_next
        return is_next

    def value(self) -> Any:
        self.peek()
        while True:
            try:
                found, end = DECODER.raw_decode(self._text, self._at)
            except JSONDecodeError:
                if self._is_whole:
                    raise
            else:
                # A number may go on in the next piece, or with what has not come of it.
                if self._is_whole or self._text[end : end + 1] not in MORE_OF_A_NUMBER:
                    self._at = end
                    return found
            # Twice as much as before: however long it is, it is not tried often.
            wanted = 2 * (len(self._text) - self._at)
            while len(self._text) - self._at < wanted and not self._is_whole:
                self._more()

    def _more(self) -> None:
        piece = next(self._pieces, None)
        self._is_whole = piece is None
        self._text = self._text[self._at :] + self._letters.decode(piece or b"", final=piece is None)
        self._at = 0
        if len(self._text) > LONGEST:
            raise TooLong
