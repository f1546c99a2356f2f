"""Tombstones held against plain text: log lines, bodies, files. Addresses and numbers, however spelt, and the
customer numbers that lists carry."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from pipelines.door import recognise
from pipelines.door.fates import Desk
from pipelines.door.schema import Connection
from pipelines.door.tombstones import PHONE_LIKE
from pipelines.keyed import Keyed
from pipelines.reading import NUMBER

# The door's shapes, for texts of megabytes: an address is looked for on both sides of its sign.
PHONE = re.compile(PHONE_LIKE.replace(r"\x{A0}", "\xa0"))
SIGN = re.compile("@|%40")
BEFORE = re.compile(r"[^\s\"<>(),:;\\]{1,90}$")
AFTER = re.compile(r"[^\s\"<>(),:;\\]*[^\s\"<>(),:;\\.]")
LONGEST = 90
# JSON writes a line break as two letters, and the second would stick to the address after it.
BREAKS = re.compile(r"\\[nrtbf]")
GONE = "***"


@dataclass
class Recogniser:
    """Who was erased, to be asked of texts. Read once; it holds digests, nobody's name."""

    keys: list[Keyed]
    regions: tuple[str, ...]
    # (kind, digest) -> the first names it needs beside it; "" is none
    stones: dict[tuple[str, str], set[str]]
    _known: dict[tuple[str, str], set[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, con: Connection, desk: Desk) -> "Recogniser":
        """Raises MissingKey."""
        rows = con.execute("select kind, digest, scope, key_version from door.tombstones").fetchall()
        stones: dict[tuple[str, str], set[str]] = {}
        for kind, digest, scope, _ in rows:
            stones.setdefault((kind, digest), set()).add(scope)
        versions = sorted({version for *_, version in rows})
        return cls([desk.keyed.of_version(v) for v in versions], desk.regions, stones)

    def is_in(self, text: str) -> bool:
        """Whether it names one of them; a household's value only beside their first name."""
        return self._names_by_value(text) or any(
            self.is_number(found[0].lower()) for found in NUMBER.finditer(text)
        )

    def _names_by_value(self, text: str) -> bool:
        return any(self._counts(scopes, text) for *_, scopes in self._places(text))

    def scrubbed(self, text: str) -> str:
        """Without their addresses and numbers, a household's too: no log needs those."""
        for start, end, _ in sorted(self._places(text), key=lambda place: place[0], reverse=True):
            text = text[:start] + GONE + text[end:]
        return text

    def cleaned(self, text: str) -> str:
        """Without the lines that name one of them, for a name may stand beside the address; a JSON document
        without such texts in it. A household's value goes alone."""
        if not self._places(text):
            return text
        with suppress(ValueError):
            document = json.loads(text)
            if isinstance(document, dict | list):
                return json.dumps(self._without(document), ensure_ascii=False)
        return "".join(map(self._line, text.splitlines(keepends=True)))

    def _line(self, line: str) -> str:
        ending = line[len(line.rstrip("\r\n")) :]
        return GONE + ending if self._names_by_value(line) else self.scrubbed(line)

    def _without(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self._without(name): self._without(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self._without(one) for one in value]
        text = value if isinstance(value, str) else json.dumps(value)
        return value if (clean := self.cleaned(text)) == text else clean

    def is_record(self, platform: str, stream: str, account: Any, key: Any) -> bool:
        value = f"{platform}:{stream}:{account}:{key}"
        return any(("record", one.digest("record", value)) in self.stones for one in self.keys)

    def is_number(self, number: str) -> bool:
        return any(("number", one.digest("number", number)) in self.stones for one in self.keys)

    def _places(self, text: str) -> list[tuple[int, int, set[str]]]:
        text = BREAKS.sub("  ", text)
        shaped = [("phone", m.start(), m.end()) for m in PHONE.finditer(text)]
        shaped += [("email", *place) for place in _addresses(text)]
        found = []
        for kind, start, end in shaped:
            if scopes := self._scopes_of(kind, text[start:end]):
                found.append((start, end, scopes))
        return found

    def _scopes_of(self, kind: str, value: str) -> set[str]:
        if (kind, value) not in self._known:
            self._known[kind, value] = {
                scope
                for key in self.keys
                for digest in recognise.digests(key, kind, value, self.regions)
                for scope in self.stones.get((kind, digest), ())
            }
        return self._known[kind, value]

    def _counts(self, scopes: set[str], text: str) -> bool:
        if "" in scopes:
            return True
        words = recognise.words_in(text)
        return any(key.digest("first_name", word) in scopes for word in words for key in self.keys)


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    for sign in SIGN.finditer(text):
        start, end = sign.span()
        left = BEFORE.search(text[max(0, start - LONGEST) : start])
        right = AFTER.match(text, end, end + 2 * LONGEST)
        if left and right:
            yield start - len(left[0]), right.end()
