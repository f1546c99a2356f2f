"""A request and an answer as plain values, so that a platform can be asked without a socket."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode

# They change with each token and must not change what a fault does to a request.
_SECRET = frozenset({"access_token", "appsecret_proof"})


@dataclass(frozen=True)
class Call:
    """One request, its path below the platform's prefix; header names in lower case."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    base: str = "http://127.0.0.1"  # the platform's own address, for links it prints
    raw_query: str = ""  # as it was sent, for platforms that mind how it is encoded

    @cached_property
    def parts(self) -> tuple[str, ...]:
        return tuple(part for part in self.path.split("/") if part)

    @cached_property
    def params(self) -> dict[str, str]:
        """Query and form fields, the last of each name."""
        return dict(self.query) | self.form

    @cached_property
    def form(self) -> dict[str, str]:
        if "application/x-www-form-urlencoded" not in self.headers.get("content-type", ""):
            return {}
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @cached_property
    def basic(self) -> tuple[str, str] | None:
        """Name and password of basic authorisation, None where there is none."""
        scheme, _, told = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            name, _, password = base64.b64decode(told, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return name, password

    @cached_property
    def json(self) -> Any:
        """The body as JSON, None where it is none."""
        try:
            return json.loads(self.body or b"null")
        except ValueError:
            return None

    @cached_property
    def bearer(self) -> str | None:
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else None

    @cached_property
    def signature(self) -> str:
        """What makes this the same request as another one, secrets aside."""
        query = urlencode(sorted((k, v) for k, v in self.query if k not in _SECRET))
        body = "" if self.form else self.body.decode("utf-8", "replace")
        form = urlencode(sorted((k, v) for k, v in self.form.items() if k not in _SECRET))
        return f"{self.method} {self.path}?{query} {form}{body}"

    def all(self, name: str) -> list[str]:
        """Every value of a parameter that may be repeated or comma-separated."""
        return [one for k, v in self.query if k == name for one in v.split(",") if one]


@dataclass
class Answer:
    """One answer; `body` is sent as JSON unless it is text or bytes."""

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    def payload(self) -> bytes:
        if isinstance(self.body, bytes | str):
            return self.body.encode() if isinstance(self.body, str) else self.body
        return json.dumps(self.body, ensure_ascii=False, separators=(",", ":")).encode()


class Platform(Protocol):
    """What the server needs of a platform."""

    name: str

    def answer(self, call: Call) -> Answer:
        """The true answer, page faults included."""

    def refuse(self, call: Call, fault: str) -> Answer:
        """A `throttle` or `server_error` as this platform words it."""

    def expire(self, call: Call) -> None:
        """The token of this call is no good any more."""

    def is_spared(self, call: Call) -> bool:
        """Would refusing or cutting this call lose something for good (a rotating token)?"""

    def missing(self) -> dict[str, dict[str, str]]:
        """Stream -> key -> the promised field that `missing_field` takes from it."""

    def change(self, wish: dict[str, Any]) -> None:
        """Settings of the account at this platform; ValueError for one it has not."""
