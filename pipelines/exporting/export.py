"""One export from asking to file: the only way out. What is recorded of it holds numbers and HMACs, no names.

Record and audit log are written before anybody gets the file: one that exists is in both.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from connectors.landing import write_durably
from pipelines import audit_trail, laws, permission
from pipelines.audiences.tree import EMAIL, PHONE
from pipelines.company import Company
from pipelines.config import ConfigError
from pipelines.door import schema
from pipelines.exporting import files, hashed
from pipelines.exporting.selection import Selection
from pipelines.keyed import Keyed, MissingKey
from pipelines.permission import Answer
from pipelines.warehouse_file import PATIENCE_SECONDS, warehouse

Connection = duckdb.DuckDBPyConnection
LONGEST_REASON = 500
TOLD = ("contact", "channel", "purpose", "basis", "expires_on", "law")


class NotBuilt(Exception):
    """There is no warehouse to ask yet."""


@dataclass(frozen=True)
class Asked:
    """By which channel, for what, on which day; who asks, and why.

    `recipient`: the ad platform of `hashed.RECIPIENTS` that the list is hashed for, or the mail tool whose
    list it is.
    """

    channel: str
    purpose: str
    day: date
    made_by: str
    at: datetime
    reason: str | None = None
    recipient: str | None = None

    def __post_init__(self) -> None:
        """The reason stays in the audit log for good: whoever is erased must not live on in it."""
        reason = self.reason or ""
        if len(reason) > LONGEST_REASON or not reason.isprintable():
            raise ConfigError(f"a reason is one line of {LONGEST_REASON} characters at most")
        if EMAIL.search(reason) or PHONE.search(reason):
            raise ConfigError("a reason holds nobody's address or number: it is kept for good")


@dataclass(frozen=True)
class Exported:
    """What came of it. `export_id` is None after a dry run; `has_hours`: columns say when and how often.

    `content`: the file, `sha256` its hash.
    """

    allowed: int
    refused: dict[str, int]
    laws: str
    export_id: str | None = None
    has_hours: bool = False
    content: bytes = field(default=b"", repr=False)
    sha256: str | None = None


def run(company: Company, asked: Asked, selection: Selection, path: Path | None) -> Exported:
    """Ask for everybody selected and write those allowed to `path`; None is a dry run and leaves no trace.

    Raises what `make` does.
    """
    done = make(company, asked, selection, path and path.suffix.lower())
    if path is not None:
        write_durably(path, done.content)
    return done


def make(
    company: Company,
    asked: Asked,
    selection: Selection,
    ending: str | None,
    patience_seconds: float = PATIENCE_SECONDS,
) -> Exported:
    """As `run`, with the file in memory; `ending`: one of files.FORMATS, None for a dry run.

    Raises NotBuilt, MissingKey, laws.LawError, audit_log.Tampered and WarehouseBusy.
    """
    law_files = laws.read()
    policy = laws.digest(law_files)
    with warehouse(company.home, patience_seconds=patience_seconds) as con:
        con.execute(schema.DOOR)
        answers = answers_of(con, company, asked, [person["customer_id"] for person in selection.people])
        allowed, refused = permission.counts(answers)
        if ending is None:
            return Exported(allowed, refused, policy)
        export_id = new_id(asked)
        content = _content(selection, answers, asked, law_files, ending)
        done = Exported(
            allowed, refused, policy, export_id, _is_call(asked.channel), content,
            hashlib.sha256(content).hexdigest(),
        )  # fmt: skip
        record(con, export_id, asked, selection, policy, answers, ending.lstrip("."), done.sha256)
        audit_trail.note_exports(con, company)
    return done


def _content(
    selection: Selection, answers: Sequence[Answer], asked: Asked, law_files: Sequence[laws.Law], ending: str
) -> bytes:
    if asked.recipient:
        return hashed.content(asked.recipient, answers)
    columns = [*selection.columns, *TOLD, *(("hours", "cap") if _is_call(asked.channel) else ())]
    return files.FORMATS[ending](columns, _rows(selection, answers, asked, law_files))


def new_id(asked: Asked) -> str:
    return f"{asked.at:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"


def answers_of(con: Connection, company: Company, asked: Asked, ids: list[str]) -> list[Answer]:
    """May we, of each, with what staff entered up to now. Raises NotBuilt, MissingKey."""
    con.begin()
    try:
        permission.hear(con, company.home, asked.at)
        return permission.ask(con, ids, asked.channel, asked.purpose, asked.day, _key(con, company))
    except duckdb.CatalogException as error:
        raise NotBuilt("nothing is built yet: `firsthand run` first") from error
    finally:
        # What staff entered is heard for this question; the run that obeys it makes it last.
        con.rollback()


def _rows(
    selection: Selection, answers: Sequence[Answer], asked: Asked, law_files: Sequence[laws.Law]
) -> list[dict[str, Any]]:
    people = {person["customer_id"]: person for person in selection.people}
    return [
        people[one.customer_id]
        | {
            "contact": one.contact_value,
            "channel": asked.channel,
            "purpose": asked.purpose,
            "basis": one.basis,
            "expires_on": one.expires_on,
            "law": one.law,
            "hours": laws.hours(law_files, one.jurisdiction or laws.UNKNOWN, asked.channel),
            "cap": laws.cap(law_files, one.jurisdiction or laws.UNKNOWN, asked.channel),
        }
        for one in answers
        if one.is_allowed
    ]


def record(
    con: Connection,
    export_id: str,
    asked: Asked,
    selection: Selection,
    policy: str,
    answers: Sequence[Answer],
    form: str,
    sha256: str | None = None,
) -> None:
    """Who, when, under which law, how many; and per customer handed out the law and the basis.

    `sha256`: of the file, where it is one.
    """
    import pandas as pd

    allowed, refused = permission.counts(answers)
    members = pd.DataFrame(
        [
            (export_id, one.customer_id, one.basis, one.law, one.decided_by_act and _hash(one.decided_by_act))
            for one in answers
            if one.is_allowed
        ],
        columns=["export_id", "customer_id", "basis", "law", "act_sha256"],
        dtype="object",
    )
    con.begin()
    try:
        con.execute(
            "insert into door.exports values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                export_id, asked.at, asked.made_by, asked.reason, asked.channel, asked.purpose, asked.day,
                form, selection.digest, policy, allowed, permission.as_json(refused),
                selection.audience, selection.version, asked.recipient, sha256,
            ],
        )  # fmt: skip
        con.register("written", members)
        con.execute("insert into door.export_members by name select * from written")
        con.unregister("written")
        con.commit()
    except BaseException:
        con.rollback()
        raise


def _hash(act_id: str) -> str:
    return hashlib.sha256(act_id.encode()).hexdigest()


def _key(con: Connection, company: Company) -> Keyed | None:
    try:
        return Keyed.of(company.secrets)
    except MissingKey:
        if con.execute("select exists (from door.tombstones)").fetchone()[0]:
            raise
        return None


def _is_call(channel: str) -> bool:
    return channel in ("phone", "sms")
