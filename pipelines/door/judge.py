"""A batch before the expectations: which of its new records are refused and why, or all of them.

Makes the temporary table `refused(n, reasons)`; reads `unjudged`, `fresh` and `incoming`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from connectors.stream import Promise, Stream
from pipelines import expectations
from pipelines.door.incoming import Lot
from pipelines.door.schema import Connection
from pipelines.expectations import Result, Verdict

if TYPE_CHECKING:
    import pandas as pd

ISO_TIME = r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?\s?(Z|[+-]\d{2}(:?\d{2})?))?"
WORDS = "'text', 'number', 'boolean', 'time', 'list', 'object', 'given', 'none'"
NUMBER = r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?"


@dataclass(frozen=True)
class Judged:
    results: list[Result] = field(default_factory=list)
    failed_reason: str | None = None


def judge(con: Connection, lot: Lot, stream: Stream, new_versions: int) -> Judged:
    """Refuse what breaks the stream's promises, or the whole batch where it breaks as one."""
    con.execute("create or replace temp table refused (n bigint, reasons varchar[])")
    last_read = _last_full_read(con, lot, stream)
    collapsed = last_read is not None and lot.rows < last_read * expectations.SMALLEST_SHARE_OF_LAST_READ
    if not new_versions and not collapsed:
        return Judged()
    verdict = _judge_upserts(con, stream.on(lot.via), new_versions)
    others = expectations.judge_rows(_frames(con, (), new_versions, "op <> 'upsert'"), expectations.STRUCTURE)
    verdict.refusals |= others.refusals
    _refuse(con, verdict)
    if lot.is_replay:
        return Judged(verdict.results)
    results, failed = expectations.judge_batch(lot.rows, last_read, verdict)
    if failed:
        _refuse_all(con, failed)
    return Judged(verdict.results + results, "; ".join(failed) or None)


def _judge_upserts(con: Connection, stream: Stream, count: int) -> Verdict:
    frames = _frames(con, stream.promises, count, "op = 'upsert'")
    return expectations.judge_rows(frames, expectations.checks_of(stream))


def accept_all(con: Connection) -> None:
    """An operator takes responsibility: only what cannot be stored at all stays refused."""
    con.execute("create or replace temp table refused (n bigint, reasons varchar[])")
    count = con.execute("select count(*) from unjudged").fetchone()[0]
    verdict = expectations.judge_rows(_frames(con, (), count, "true"), expectations.STRUCTURE)
    _refuse(con, verdict)


def _frames(
    con: Connection, promises: tuple[Promise, ...], count: int, where: str
) -> Iterator["pd.DataFrame"]:
    """The unjudged as frames of what their checks look at, never the payload itself."""
    columns = "".join(f", {column}" for column in _columns(promises))
    paths = ", ".join(_json_path(promise.path) for promise in promises)
    for start in range(0, count, expectations.CHUNK):
        frame = con.execute(
            f"""
            with documents as (
                select
                    i.n, i.account, i.key,
                    case when json_valid(i.payload) then cast(i.payload as json) end as document
                from incoming as i
                semi join (
                    select n from unjudged where place >= {start} and place < {start + expectations.CHUNK}
                ) as u on i.n = u.n
                where {where}
            ),
            -- All paths at once: each look into a document reads it from its beginning.
            looked as (
                select
                    n, account, key, json_type(document) as shape,
                    json_type(document, [{paths}]::varchar[]) as kinds,
                    json_extract_string(document, [{paths}]::varchar[]) as texts
                from documents
            )
            select
                n,
                {_word("case when account <> '' then 'given' end")} as _account,
                {_word("case when key <> '' then 'given' end")} as _key,
                {_word("case when shape = 'OBJECT' then 'object' else 'none' end")} as _shape
                {columns}
            from looked
            """
        ).df()
        # A named index makes GX answer with dictionaries instead of row numbers.
        yield frame.set_index("n").rename_axis(None)


def _columns(promises: tuple[Promise, ...]) -> Iterator[str]:
    for place, promise in enumerate(promises):
        yield f"{_word(_kind(place + 1, promise.type))} as {expectations.kind_column(place)}"
        if promise.values is not None or promise.pattern is not None:
            yield f"texts[{place + 1}] as {expectations.text_column(place)}"


def _word(expression: str) -> str:
    """As one of few words: a frame then holds numbers and not a million little texts."""
    return f"cast({expression} as enum({WORDS}))"


def _json_path(path: str) -> str:
    steps = "".join('."' + step.replace('"', "") + '"' for step in path.split("."))
    return "'$" + steps.replace("'", "''") + "'"


def _kind(place: int, wanted: str | None) -> str:
    """The word for what is there: platforms write numbers and times as text, and that is fine."""
    kind, text = f"kinds[{place}]", f"texts[{place}]"
    reads = {
        "time": f"""
            when {kind} = 'VARCHAR' and regexp_full_match({text}, '{ISO_TIME}')
                and try_cast(left({text}, 10) as date) is not null
            then 'time'
            when {kind} in ('UBIGINT', 'BIGINT', 'DOUBLE') then 'time'
            when {kind} = 'VARCHAR' and regexp_full_match({text}, '[0-9]{{9,13}}') then 'time'""",
        "number": f"""
            when {kind} = 'VARCHAR' and regexp_full_match({text}, '{NUMBER}') then 'number'""",
    }
    return f"""
        case
            {reads.get(wanted or "", "")}
            when {kind} = 'VARCHAR' then 'text'
            when {kind} = 'ARRAY' then 'list'
            when {kind} = 'OBJECT' then 'object'
            when {kind} = 'BOOLEAN' then 'boolean'
            when {kind} <> 'NULL' then 'number'
        end"""


def _last_full_read(con: Connection, lot: Lot, stream: Stream) -> int | None:
    """Rows of the read before, for a stream that is read whole each time; None where they were too few.

    The read before counts even where it failed: a true shrink is red once, not for ever.
    """
    if stream.cursor or lot.via != "api" or not lot.is_complete:
        return None
    found = con.execute(
        """
        select rows_read from door.batches
        where platform = ? and stream = ? and via = 'api' and is_complete
        order by landed_at desc, batch desc limit 1
        """,
        [lot.platform, lot.stream],
    ).fetchone()
    return found[0] if found and found[0] >= expectations.SMALLEST_LAST_READ else None


def _refuse(con: Connection, verdict: Verdict) -> None:
    """By version: every sighting of a refused version is refused."""
    if not verdict.refusals:
        return
    import pandas as pd

    verdicts = pd.DataFrame({"n": list(verdict.refusals), "reasons": list(verdict.refusals.values())})
    con.register("verdicts", verdicts)
    con.execute(
        """
        insert into refused
        select f.n, v.reasons
        from verdicts as v
        inner join unjudged as u on v.n = u.n
        inner join fresh as f
            on u.account = f.account and u.key = f.key and u.op = f.op and u.version = f.version
        """
    )
    con.unregister("verdicts")


def _refuse_all(con: Connection, failed: list[str]) -> None:
    reasons = [f"batch: {reason}" for reason in failed]
    con.execute(
        """
        create or replace temp table refused as
        select f.n, list_concat(?, coalesce(r.reasons, [])) as reasons
        from fresh as f left join refused as r using (n)
        """,
        [reasons],
    )
