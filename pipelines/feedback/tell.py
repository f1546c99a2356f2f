"""One telling from asking to file: who may be told of, what is new, and a record before the file is there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from connectors.landing import write_durably
from pipelines import audit_trail, laws
from pipelines.company import Company
from pipelines.door import schema
from pipelines.exporting import export
from pipelines.exporting.export import Asked, NotBuilt
from pipelines.exporting.hashed import sha256
from pipelines.exporting.selection import Selection
from pipelines.feedback import files
from pipelines.feedback.moves import RECIPIENTS, Move, News, news
from pipelines.permission import Answer, counts
from pipelines.warehouse_file import warehouse

Connection = duckdb.DuckDBPyConnection
FORM = "feedback"


@dataclass(frozen=True)
class Told:
    """`by_stage`: how many are in the file; `refused`: people by reason; `left`: for the next file.

    `retracted`: what was told and did not last; Meta takes nothing back. `export_id` is None after a dry run.
    """

    by_stage: dict[str, int]
    refused: dict[str, int]
    left: int
    too_old: int
    retracted: int
    laws: str
    export_id: str | None = None


def run(company: Company, asked: Asked, path: Path | None) -> Told:
    """Write what `asked.recipient` is to be told of now to `path`; None is a dry run and leaves no trace.

    Raises NotBuilt, MissingKey, WarehouseBusy, laws.LawError and audit_log.Tampered.
    """
    recipient, policy = RECIPIENTS[str(asked.recipient)], laws.digest(laws.read())
    with warehouse(company.home) as con:
        con.execute(schema.DOOR)
        found = _news(con, company, asked)
        answers = export.answers_of(con, company, asked, sorted({move.customer_id for move in found.new}))
        may = {one.customer_id for one in answers if one.is_allowed}
        moves = [move for move in found.new if move.customer_id in may]
        now, left = moves[: files.MOST[recipient.name]], moves[files.MOST[recipient.name] :]
        by_stage = {
            stage: count for stage in recipient.stages if (count := sum(move.stage == stage for move in now))
        }
        told = Told(by_stage, counts(answers)[1], len(left), found.too_old, len(found.taken_back), policy)
        if path is None:
            return told
        export_id = export.new_id(asked)
        _record(con, company, asked, export_id, policy, answers, now)
        _write(company, asked, path, now, found)
        # Last: what is told twice counts once there; what is only noted would never be told.
        _remember(con, company, asked, export_id, now, found)
    return replace(told, export_id=export_id)


def _news(con: Connection, company: Company, asked: Asked) -> News:
    try:
        return news(con, company, RECIPIENTS[str(asked.recipient)], asked.at)
    except duckdb.CatalogException as error:
        raise NotBuilt("nothing is built yet: `firsthand run` first") from error


def _record(
    con: Connection,
    company: Company,
    asked: Asked,
    export_id: str,
    policy: str,
    answers: Sequence[Answer],
    moves: Sequence[Move],
) -> None:
    """As every export: who left, under which law; in the audit log before the file is there."""
    leaving = {move.customer_id for move in moves}
    # Who may be told of and waits for the next file has not left.
    shown = [one for one in answers if not one.is_allowed or one.customer_id in leaving]
    selection = Selection([], (), sha256(f"{FORM} {asked.recipient}")[:16])
    export.record(con, export_id, asked, selection, policy, shown, FORM)
    audit_trail.note_exports(con, company)


def _write(company: Company, asked: Asked, path: Path, moves: Sequence[Move], found: News) -> None:
    names = company.config.feedback.names()
    write_durably(path, files.WRITERS[str(asked.recipient)](moves, names))
    if asked.recipient == "google" and found.taken_back:
        write_durably(retractions_of(path), files.retractions(found.taken_back, asked.at))


def retractions_of(path: Path) -> Path:
    """Beside the file; Google takes it in apart."""
    return path.with_name(f"{path.stem}-retractions{path.suffix}")


def _remember(
    con: Connection, company: Company, asked: Asked, export_id: str, moves: Sequence[Move], found: News
) -> None:
    names = company.config.feedback.names()
    con.begin()
    try:
        con.execute(
            "insert into door.feedback"
            " select unnest(?::varchar[]), ?, unnest(?::varchar[]), unnest(?::varchar[]), ?, ?, null"
            " on conflict do nothing",
            [
                [move.reference for move in moves], asked.recipient, [move.stage for move in moves],
                [names[move.stage] for move in moves], asked.at, export_id,
            ],
        )  # fmt: skip
        con.execute(
            "update door.feedback set withdrawn_at = ? where list_contains(?, reference)",
            [asked.at, [reference for reference, _ in found.taken_back]],
        )
        con.commit()
    except BaseException:
        con.rollback()
        raise
