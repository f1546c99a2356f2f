"""What a connector is made of: streams that yield pages, and the errors they may raise.

A platform module (`connectors/<platform>.py`, or a folder of that name) exposes

    NAME       the platform's one word: raw schema `raw_<name>`, asset prefix, inbox folder
    SECRETS    names of the environment variables it needs, the indispensable ones
    client()   (Env) -> its client
    STREAMS    tuple of Stream
    WEBHOOK    a Webhook, where the platform pushes
    EXPORTS    tuple of Export, one per file a marketer can download
    SEVERAL    where one client speaks for several accounts: the settings that name them, and what the name of
               such an account begins with

and knows nothing of Dagster or DuckDB.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Literal

from connectors.erasing import WHOLE, Erasing, Row

Op = Literal["upsert", "delete", "merge"]
Counted = Literal["present", "ever"]


@dataclass(frozen=True)
class Since:
    """What the last drained pull left behind, for one stream and account.

    `moment` is the stored cursor less the stream's overlap, UTC; None asks for everything.
    `landed` counts, per form, the records accounted for (held, refused, or expired before we first came),
    less those known to be deleted where the platform counts what is "present" (`Stream.counted`);
    `recent` are the keys of those that happened at `moment` or later, None where the stream is not `counted`.
    With both a connector knows whether its platform counts more than we hold: `connectors/catching_up.py`.
    `looks_closely`: no hourly run, so what no count betrays may be looked for as well.
    """

    moment: datetime | None
    landed: Mapping[str, int] = field(default_factory=dict)
    recent: frozenset[str] | None = frozenset()
    looks_closely: bool = False


@dataclass(frozen=True)
class Page:
    """Rows of one answer, whole, as the platform sent them.

    `form` is the form they were read from, for rows that have lost the name of theirs.
    """

    rows: list[Row]
    op: Op = "upsert"
    form: str | None = None


@dataclass(frozen=True)
class Announced:
    """How many records the platform says it holds: the sold side of the lead ledger.

    `form` is the form or list counted ("" for the stream as a whole); `expired` counts, on top of
    `count`, those the platform no longer hands out.
    """

    form: str
    count: int
    expired: int = 0


@dataclass(frozen=True)
class Promise:
    """One thing a platform promises of a stream's rows; the door derives its expectations from it.

    `path` is dotted (`field_data`, `defaultEmailAddress.emailAddress`). A missing required path, a
    value of another type, outside `values` or not matching `pattern` sends the row to quarantine.
    `type`: "text", "number", "boolean", "time", "list", "object", or None for any.
    """

    path: str
    required: bool = True
    type: str | None = None
    values: frozenset[str] | None = None
    pattern: str | None = None


def one_account(client: Any) -> list[str]:
    """The single account a client speaks for."""
    return [client.account]


def nothing_to_pull(client: Any, account: str, since: Since) -> Iterator[Page | Announced]:
    """The fetch of a stream whose records come to us by other ways only: dropped, or pushed."""
    yield from ()


@dataclass(frozen=True)
class Stream:
    """One kind of record of one platform.

    `fetch(client, account, since)` yields Page and Announced until the window is drained. `key`,
    `changed_at`, `occurred_at` and `form` are dotted paths into a row (`a:b` joins two values into
    one key); times may be ISO 8601 text with an offset, or epoch seconds or milliseconds. `changed_at`
    None: the platform tells none, and the moment of the fetch is used. A stream without `cursor` is
    read whole each time. `volatile` names paths left out of the version hash (signed links,
    counters that move at each look). `poor_ways` are those on which records come incomplete by
    nature: there only the key is required, and what is there must be well formed. `counted`: the platform's
    count is held against ours (`connectors/catching_up.py`); it is of the records that are "present", or of
    all there "ever" were, deleted ones too. `looks_back`: so far from the cursor goes every
    run but an hourly one, which goes `overlap`; where what comes late is betrayed by nothing. `erasing` says
    what becomes of a record when its person is erased.
    """

    name: str
    fetch: Callable[[Any, str, Since], Iterator[Page | Announced]]
    key: str = "id"
    changed_at: str | None = None
    occurred_at: str | None = None
    cursor: bool = True
    overlap: timedelta = timedelta(minutes=10)
    looks_back: timedelta | None = None
    form: str | None = None
    promises: tuple[Promise, ...] = ()
    volatile: tuple[str, ...] = ()
    hourly: bool = False
    counted: Counted | None = None
    retention_days: int | None = None
    accounts: Callable[[Any], Iterable[str]] = one_account
    poor_ways: frozenset[str] = frozenset()
    erasing: Erasing = WHOLE

    def on(self, via: str) -> "Stream":
        """This stream as it comes by one way, with the promises that hold there."""
        if via not in self.poor_ways:
            return self
        return replace(self, promises=tuple(replace(p, required=False) for p in self.promises))


@dataclass(frozen=True)
class Hook:
    """What a webhook body amounts to: rows of one stream and account."""

    stream: str
    account: str
    rows: list[Row]
    op: Op = "upsert"


@dataclass(frozen=True)
class Webhook:
    """How a platform pushes.

    `verify(headers, body, secrets)` judges the raw bytes in the receiver (lower-case header names).
    `handshake(query, secrets)` returns the text, or the JSON object, to answer a GET with, None to refuse.
    `receive(body, client)` turns one accepted body into Hooks later, in the pipeline; it may call
    the platform (Meta's body is only a hint). `secrets` names the variables verify needs.
    `knows_address(word, secrets)` judges the last part of `/hooks/<platform>/<word>`, for platforms that
    sign nothing: without the right word, no body is taken. `is_ping(body)` knows the empty word that
    some try an address with, unsigned: it is answered and not kept.
    """

    verify: Callable[[Mapping[str, str], bytes, Mapping[str, str]], bool]
    receive: Callable[[bytes, Any], Iterator[Hook]]
    secrets: tuple[str, ...]
    handshake: Callable[[Mapping[str, str], Mapping[str, str]], str | dict[str, str] | None] | None = None
    knows_address: Callable[[str, Mapping[str, str]], bool] | None = None
    is_ping: Callable[[bytes], bool] | None = None


@dataclass(frozen=True)
class Reading:
    """How one file is to be read: `columns` leads from a header (normalised) to our column.

    `zone` holds for times without an offset, `day_first` for dates like 02/10/2026; `file` is its name.
    `headers` gives each header as it was written: on forms, the wording people saw.
    `seen` counts lines that look the same, where those are not one.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    zone: tzinfo = UTC
    day_first: bool = True
    file: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Export:
    """A file the platform lets a marketer download.

    `headers` are the column names (as normalised by connectors.tables) that give it away;
    `to_row(cells, reading)` turns one line into a row of `stream`'s own shape, None where the line
    only continues the one before. `assumed` lists columns that no source documents: they are read,
    and reported, until configuration maps them. `zoneless` are times in a zone of the platform's that the
    file does not name: assumed until configuration names it. `known` gives our column for headers in
    French or English; with it, `headers` are our columns. `account(row, client)` finds whose record a row
    is where one client speaks for several accounts; None where it cannot tell. `is_plain`: its headers may be
    anybody's, so it is only looked for in the platform's own folder.
    """

    stream: str
    headers: frozenset[str]
    to_row: Callable[[Mapping[str, str], Reading], Row | None]
    assumed: frozenset[str] = frozenset()
    zoneless: frozenset[str] = frozenset()
    known: Mapping[str, str] = field(default_factory=dict)
    account: Callable[[Row, Any], str | None] | None = None
    is_plain: bool = False


class ConnectorError(Exception):
    """A platform could not be read. The text says what to do; it holds no secret and no person."""


class MissingCredential(ConnectorError):
    """A variable is not set."""


class BrokenToken(ConnectorError):
    """The platform refuses the token: replace it. Never retried."""


class MissingPermission(ConnectorError):
    """The token is good, a scope or role is missing."""


class NotThere(ConnectorError):
    """The object is missing or hidden from us; some platforms do not tell which."""


class RetiredVersion(ConnectorError):
    """The platform no longer serves this version of its API."""


class PlatformDown(ConnectorError):
    """No usable answer after all retries; the next run tries again from the last cursor."""


class BadAnswer(ConnectorError):
    """The answer has a shape this connector does not know."""
