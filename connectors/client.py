"""The only door to the network: one session per platform, with pace, patience and discretion.

A platform's own file says what counts as an error (`judge`) and how long to breathe after a good answer
(`ease`); here it is decided how often to try, how long to wait and what may be said about it.
"""

import logging
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any
from urllib.parse import urljoin, urlsplit

import requests

from connectors.credentials import ATTEMPTS, Env, Token, TokenStore
from connectors.json_rows import Give, TooLong, read_rows
from connectors.json_text import parse
from connectors.redaction import redact
from connectors.stream import (
    BadAnswer,
    BrokenToken,
    ConnectorError,
    MissingPermission,
    PlatformDown,
)
from connectors.times import http_date, told_wait

__all__ = ["Answer", "Client", "Env", "Retry", "Token", "TokenStore", "judge_status", "redact", "told_wait"]

log = logging.getLogger("connectors")

TIMEOUT = (5, 30)  # seconds to connect, and between two bytes
LONGEST_ANSWER = 300  # seconds: a server that drips one byte every 29 s must not hold a run for days
PIECE = 1 << 16  # bytes read at once
LARGEST_ANSWER = 128 * 1024 * 1024
LONGEST_FILE = 3600  # seconds; and for an answer that is read as it comes
LONGEST_WAIT = 120.0  # seconds; told to wait longer, we go on with other work and come back next run
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class Answer:
    """What came back: `data` is the parsed JSON, None where the body is not JSON; then `body` holds it."""

    status: int
    headers: Mapping[str, str]
    data: Any
    body: bytes = b""


@dataclass(frozen=True)
class Retry:
    """A judgement: try again, after the seconds the platform named, else after our own backoff."""

    because: str
    after: float | None = None


Judge = Callable[[Answer], "Retry | ConnectorError | None"]


def judge_status(answer: Answer) -> Retry | ConnectorError | None:
    """The reading most platforms share; a platform judges its own codes first and falls back on this."""
    if answer.status < 300:
        return None
    because = f"status {answer.status}"
    if answer.status in {408, 425, 429} or answer.status >= 500:
        return Retry(because, told_wait(answer.headers))
    if answer.status == 401:
        return BrokenToken("the token is refused (401)")
    if answer.status == 403:
        return MissingPermission("the token may not do this (403)")
    return BadAnswer(because)


class Client:
    """Calls to one base address. May be shared by threads: each gets a session, all keep one pace, and at
    most `connections` of them call at a time (None: as many as there are). Calls whose path ends as one of
    `apart` does have a pace of their own."""

    def __init__(
        self,
        base_url: str,
        *,
        name: str,
        headers: Mapping[str, str] | None = None,
        per_second: float = 5,
        apart: Mapping[str, float] | None = None,
        connections: int | None = None,
        judge: Judge = judge_status,
        ease: Callable[[Answer], float] = lambda answer: 0.0,
        secrets: tuple[str, ...] = (),
        longest_wait: float = LONGEST_WAIT,
        attempts: int = ATTEMPTS,
        json_answers: bool = True,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.base_url = base_url.rstrip("/") + "/"
        self.origin = _origin(self.base_url)
        if urlsplit(base_url).scheme != "https" and urlsplit(base_url).hostname not in LOOPBACK:
            raise ConnectorError(f"{name}: base_url must be https, or the token travels in clear")
        self.name, self.headers = name, dict(headers or {})
        self._judge, self._ease, self._secrets = judge, ease, secrets
        self._longest_wait, self._attempts = longest_wait, attempts
        self._json_answers = json_answers  # an alert's receiver may answer a bare "ok"
        self._sleep, self._clock = sleep, clock
        self._gaps = {**{end: 1 / pace for end, pace in (apart or {}).items()}, "": 1 / per_second}
        self._connections = threading.BoundedSemaphore(max(1, connections)) if connections else nullcontext()
        self._next_call = dict.fromkeys(self._gaps, 0.0)
        self.date: datetime | None = None  # the platform's own clock, from its last answer
        self._lock = threading.Lock()
        self._sessions = threading.local()

    @classmethod
    def of(cls, env: Env, name: str, base_url: str, *, per_second: float, **more: Any) -> "Client":
        """The client of a platform, with what its block of firsthand.yaml may say about pace and patience."""
        return cls(
            base_url,
            name=name,
            per_second=float(env.settings.get("per_second", per_second)),
            longest_wait=float(env.settings.get("longest_wait_seconds", LONGEST_WAIT)),
            attempts=env.attempts,
            sleep=env.sleep,
            **more,
        )

    def get(
        self,
        path: str,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Read a path below the base address, or a whole address of the same host."""
        return self._call("GET", path, params=params, headers=headers)

    def download(
        self,
        path: str,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        """Read a file as it is; an answer in JSON is judged like any other and is no file."""
        answer = self._call("GET", path, is_file=True, params=params, headers=headers)
        if answer.data is not None:
            raise BadAnswer(f"{self.name} GET {urlsplit(path).path}: no file in the answer")
        return answer.body

    def save(self, path: str, file: IO[bytes]) -> None:
        """Write a file of any size into `file`; after a cut connection, from where it was cut."""
        self._call("GET", path, is_file=True, into=file)

    def post(self, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        """Send JSON. Said again after a cut connection: for what asks (queries, tokens), and for what may be
        done twice, as an erasure may; whoever begins something looks first whether it has begun."""
        return self._call("POST", path, json=body, headers=headers)

    def post_once(self, path: str, body: Any) -> Answer:
        """As `post`, and never said again: for what would be there twice. PlatformDown may mean done."""
        return self._call("POST", path, attempts=1, json=body)

    def put(self, path: str, body: Any) -> Answer:
        """Set what may be set twice; said again after a cut connection."""
        return self._call("PUT", path, json=body)

    def post_for_rows(
        self, path: str, body: Any, headers: Mapping[str, str], name: str, give: Give
    ) -> Answer:
        """As `post`, where the answer is a list too long to hold: the rows that its parts have in `name` go
        to `give` in lots, as they come. After a cut all are asked for again, and given again."""
        return self._call("POST", path, json=body, headers=headers, rows=(name, give))

    def delete(
        self,
        path: str,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Have something deleted; said again after a cut connection, for twice deleted is deleted."""
        return self._call("DELETE", path, params=params, headers=headers)

    def form(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Send a form, as OAuth token endpoints want it."""
        return self._call("POST", path, data=dict(fields))

    def _call(
        self, method: str, path: str, *, is_file: bool = False, attempts: int | None = None, **how: Any
    ) -> Answer:
        url = self._address(path)
        what = f"{self.name} {method} {urlsplit(url).path}"
        how["headers"] = self.headers | dict(how.get("headers") or {})
        attempts = attempts or self._attempts
        for attempt in range(1, attempts + 1):
            with self._connections:
                self._keep_pace(url)
                verdict = self._once(method, url, how, is_file)
            if isinstance(verdict, Answer):
                return verdict
            if isinstance(verdict, ConnectorError):
                raise type(verdict)(redact(f"{what}: {verdict}", self._secrets)) from None
            if attempt < attempts:
                self._wait(verdict, attempt, what)
        because = redact(verdict.because, self._secrets)
        raise PlatformDown(f"{what}: no usable answer after {attempts} attempts, last: {because}")

    def _once(
        self, method: str, url: str, how: dict[str, Any], is_file: bool
    ) -> Answer | Retry | ConnectorError:
        try:
            if "into" in how:
                answer = self._save(url, how["headers"], how["into"])
            elif "rows" in how:
                answer = self._hear(method, url, how)
            else:
                answer = self._read(method, url, how)
        except (
            requests.ConnectionError,
            requests.Timeout,
            requests.exceptions.ChunkedEncodingError,
        ) as error:
            # The text of these names the whole address; the kind of trouble is all we pass on.
            return Retry(type(error).__name__)
        except requests.exceptions.ContentDecodingError:
            return Retry("unreadable compression")
        except (requests.RequestException, UnicodeError) as error:
            return BadAnswer(f"cannot be asked ({type(error).__name__}): look at base_url and the token")
        if isinstance(answer, Retry | ConnectorError):
            return answer
        verdict = self._judge(answer)
        # What was deleted may be told with nothing to read, and what is only noted (202); 204 says itself
        # that there is nothing.
        is_noted = answer.status == 202 and not answer.body
        may_be_empty = method == "DELETE" or answer.status == 204 or is_noted
        needs_json = self._json_answers and not is_file and not may_be_empty
        if verdict is None and needs_json and answer.data is None and answer.status < 300:
            verdict = Retry("the body is not whole JSON")
        if verdict is not None:
            return verdict
        self._hold(self._ease(answer))
        return answer

    def _read(self, method: str, url: str, how: dict[str, Any]) -> Answer | Retry | ConnectorError:
        started = self._clock()
        with self._session().request(
            method, url, timeout=TIMEOUT, allow_redirects=False, stream=True, **how
        ) as response:
            if response.is_redirect:
                return BadAnswer(f"redirected ({response.status_code}): check base_url")
            body = bytearray()
            for piece in response.iter_content(PIECE):
                body += piece
                if len(body) > LARGEST_ANSWER:
                    return BadAnswer("an answer above 128 MiB")
                if self._clock() - started > LONGEST_ANSWER:
                    return Retry("an answer slower than five minutes")
            self.date = http_date(response.headers.get("Date")) or self.date
            data = _parse(body)
            return Answer(response.status_code, response.headers, data, bytes(body) if data is None else b"")

    def _hear(self, method: str, url: str, how: dict[str, Any]) -> Answer | Retry | ConnectorError:
        asked, started = {name: one for name, one in how.items() if name != "rows"}, self._clock()
        with self._session().request(
            method, url, timeout=TIMEOUT, allow_redirects=False, stream=True, **asked
        ) as response:
            if response.is_redirect:
                return BadAnswer(f"redirected ({response.status_code}): check base_url")

            def pieces() -> Iterator[bytes]:
                for piece in response.iter_content(PIECE):
                    if self._clock() - started > LONGEST_FILE:
                        raise requests.Timeout
                    yield piece

            self.date = http_date(response.headers.get("Date")) or self.date
            try:
                data = read_rows(pieces(), *how["rows"])
            except TooLong:
                return BadAnswer("a row above 128 MiB")
            except (ValueError, RecursionError):
                data = None
            return Answer(response.status_code, response.headers, data)

    def _save(self, url: str, headers: Mapping[str, str], file: IO[bytes]) -> Answer | Retry | ConnectorError:
        started, held = self._clock(), file.tell()
        # Compressed, a part of it could not be read on its own.
        wanted = {**headers, "Accept-Encoding": "identity"} | ({"Range": f"bytes={held}-"} if held else {})
        with self._session().get(
            url, headers=wanted, timeout=TIMEOUT, allow_redirects=False, stream=True
        ) as response:
            if response.status_code not in {200, 206}:
                return Answer(response.status_code, response.headers, None)
            if held and response.status_code == 200:  # the whole of it once more
                file.seek(0)
                file.truncate()
            for piece in response.iter_content(PIECE):
                file.write(piece)
                if self._clock() - started > LONGEST_FILE:
                    return Retry("a file slower than an hour")
            return Answer(response.status_code, response.headers, None)

    def _session(self) -> requests.Session:
        session = getattr(self._sessions, "session", None)
        if session is None:
            session = self._sessions.session = requests.Session()
            # Else a .netrc of the machine would replace our Authorization header.
            session.trust_env = False
        return session

    def _address(self, path: str) -> str:
        url = urljoin(self.base_url, path if "://" in path else path.lstrip("/"))
        if _origin(url) != self.origin:
            raise BadAnswer(f"{self.name}: {urlsplit(url).hostname} is not the configured host")
        return url

    def _keep_pace(self, url: str) -> None:
        kind = next(end for end in self._gaps if urlsplit(url).path.endswith(end))
        with self._lock:
            begin = max(self._clock(), self._next_call[kind])
            self._next_call[kind] = begin + self._gaps[kind]
        if (wait := begin - self._clock()) > 0:
            self._sleep(wait)

    def _hold(self, seconds: float) -> None:
        """No thread calls before that."""
        if seconds > 0:
            with self._lock:
                until = self._clock() + min(seconds, self._longest_wait)
                self._next_call = {kind: max(begin, until) for kind, begin in self._next_call.items()}

    def _wait(self, retry: Retry, attempt: int, what: str) -> None:
        own = min(2.0 ** (attempt - 1), 30.0, self._longest_wait) * random.uniform(0.5, 1.0)  # noqa: S311 - spreads retries, hides nothing
        wait = own if retry.after is None else retry.after + random.uniform(0, 0.5)  # noqa: S311
        if retry.after is not None and retry.after > self._longest_wait:
            back = datetime.fromtimestamp(time.time() + retry.after, UTC)
            raise PlatformDown(
                f"{what}: {redact(retry.because, self._secrets)}; the platform asks to come back "
                f"after {back:%Y-%m-%d %H:%M} UTC"
            )
        log.info("%s: %s, waiting %.1f s", what, redact(retry.because, self._secrets), wait)
        if retry.after is None:
            self._sleep(wait)
        else:
            # The platform's word counts for all our calls, not only for this one.
            self._hold(wait)


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _parse(body: bytearray) -> Any:
    try:
        return parse(body)
    except ValueError:
        return None
