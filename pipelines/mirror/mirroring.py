"""One publication, copied to PostgreSQL and shown there in one step.

    load    a new schema, `<schema>_<snapshot>`, that no reader may look into
    show    the views of `<schema>`, which readers know, are turned to it in one transaction; the old one goes

Readers keep their rights and their own views on ours. For the turn all our views are locked at once, so that
no statement and no transaction sees two publications: whoever is reading is waited for, never the other way
round for more than a tenth of a second, and gives up nothing. Rows are loaded frozen: a transaction
that began before the turn, and comes after it, finds them.
"""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from pg8000.exceptions import DatabaseError, InterfaceError

from pipelines.mirror.columns import text_of, type_of
from pipelines.mirror.server import MirrorFailed, Server, code, reason
from pipelines.serving.build import literal

MARK = "Firsthand's mirror "
ROWS_AT_ONCE = 20_000
# Below PostgreSQL's deadlock_timeout of a second: of us and a reader, we give way.
LOCK_WAIT = "100ms"
LOCKED, DEADLOCK = "55P03", "40P01"
PUBLICATION = "publication"
SAYS = "One row: which publication this is. / Une ligne : quelle publication c'est."
# Whoever reads a report ends within, and so does another run that is copying.
PATIENCE_SECONDS = 300.0


@dataclass(frozen=True)
class Target:
    """Whose mirror it is, in which schema, of which published file, and a role that may read it."""

    company: str
    schema: str
    tables: str
    reader: str | None = None

    @property
    def mark(self) -> str:
        """The comment of its schemas: a database may hold mirrors of several companies."""
        says = "written by the pipeline, anything else in here is lost"
        return f"{MARK}{self.schema} of {self.company}: {says}."


def mirror(
    server: Server,
    folder: Path,
    manifest: dict[str, Any],
    target: Target,
    patience_seconds: float = PATIENCE_SECONDS,
) -> bool:
    """Bring the schema to this publication; False where it is there already. Raises MirrorFailed."""
    schema, tables = target.schema, target.tables
    try:
        _be_alone(server, schema, patience_seconds)
        _ensure_ours(server, target)
        shown, data = _shown(server, schema), _data_schema(schema, manifest["snapshot"])
        if shown and shown[1:] == [manifest["snapshot"], tables]:
            return False
        old = shown[0] if shown else None
        if old == data:
            data += "_again"  # the same publication, the other file
        _clear(server, target, keep=old)
        with duckdb.connect(str(folder / f"{tables}.duckdb"), read_only=True) as con:
            con.execute("set TimeZone = 'UTC'")
            comments = _load(server, con, data, manifest, target)
        _show(server, schema, ";\n".join(_turn(server, target, data, old, comments)), patience_seconds)
        return True
    except (DatabaseError, InterfaceError, OSError) as error:
        raise MirrorFailed(f"PostgreSQL says: {reason(error)}") from None
    except duckdb.Error as error:
        # Its words may quote a value.
        why = type(error).__name__
        raise MirrorFailed(f"{folder.name}/{tables}.duckdb cannot be read: {why}") from None


def _be_alone(server: Server, schema: str, patience_seconds: float) -> None:
    """One at a time; the lock goes with the connection."""
    deadline = time.monotonic() + patience_seconds
    query = "select pg_try_advisory_lock(hashtext(:name))"
    while not server.run(query, name=f"firsthand {schema}")[0][0]:
        if time.monotonic() > deadline:
            raise MirrorFailed(f"another run is writing into {schema}: the mirror is left to it")
        time.sleep(0.2)


def _ensure_ours(server: Server, target: Target) -> None:
    """Nobody else's schema is written into."""
    schema = target.schema
    found = server.run(
        "select obj_description(n.oid, 'pg_namespace'),"
        " exists (select from pg_class as c where c.relnamespace = n.oid)"
        " from pg_namespace as n where nspname = :schema",
        schema=schema,
    )
    if not found:
        server.run(f'create schema "{schema}"')
    elif found[0][0] == target.mark:
        return
    elif (found[0][0] or "").startswith(MARK):
        raise MirrorFailed(
            f"the schema {schema} is another company's mirror: set mirror_schema to another one,"
            " or drop it if it was yours under another name"
        )
    elif found[0][1]:
        raise MirrorFailed(f"the schema {schema} holds other things: name another one, or empty it")
    server.run(f'comment on schema "{schema}" is {literal(target.mark)}')


def _shown(server: Server, schema: str) -> list[str] | None:
    """Where the data lie that are shown, of which publication and which file; None before the first."""
    if server.run("select to_regclass(:name)", name=f'"{schema}".{PUBLICATION}')[0][0] is None:
        return None
    return server.run(f'select data_schema, snapshot, tables from "{schema}".{PUBLICATION}')[0]


def _data_schema(schema: str, snapshot: str) -> str:
    return f"{schema}_{snapshot}".lower().replace("-", "_")


def _clear(server: Server, target: Target, keep: str | None) -> None:
    """What a mirror that died had loaded; no reader ever saw it."""
    for (name,) in server.run(
        "select nspname from pg_namespace as n where obj_description(n.oid, 'pg_namespace') = :mark"
        " and nspname <> :schema and nspname is distinct from :keep",
        schema=target.schema,
        mark=target.mark,
        keep=keep,
    ):
        server.run(f'drop schema "{name}" cascade')


def _load(
    server: Server, con: duckdb.DuckDBPyConnection, data: str, manifest: dict[str, Any], target: Target
) -> dict[str, list[str]]:
    """All tables in one transaction, `data` their schema; per table the comments to be made on its view."""
    comments = {}
    server.run("begin")
    server.run(f'create schema "{data}"')
    server.run(f'comment on schema "{data}" is {literal(target.mark)}')
    found = con.execute(
        "select table_name, comment from duckdb_tables() where schema_name = 'main' order by all"
    ).fetchall()
    for table, comment in found:
        columns = con.execute(
            "select column_name, data_type, comment from duckdb_columns()"
            " where table_name = ? order by column_index",
            [table],
        ).fetchall()
        listed = ", ".join(f'"{name}" {type_of(kind)}' for name, kind, _ in columns)
        server.run(f'create table "{data}"."{table}" ({listed})')
        # Frozen: seen by every transaction, however old, as soon as its view leads here.
        copy = f'copy "{data}"."{table}" from stdin with (format text, freeze)'
        server.run(copy, stream=_lines(con, table, {name: kind for name, kind, _ in columns}))
        comments[table] = _comments(table, comment, {name: said for name, _, said in columns})
    _load_publication(server, data, manifest, target.tables)
    comments[PUBLICATION] = _comments(PUBLICATION, SAYS, {})
    server.run("commit")
    for table in comments:
        server.run(f'analyze "{data}"."{table}"')
    return comments


def _lines(con: duckdb.DuckDBPyConnection, table: str, columns: dict[str, str]) -> Iterator[bytes]:
    """The table in COPY's text format, a chunk of lines at a time."""
    line = " || chr(9) || ".join(text_of(name, kind) for name, kind in columns.items())
    count = con.execute(f'select count(*) from "{table}"').fetchone()[0]
    for start in range(0, count, ROWS_AT_ONCE):
        (text,) = con.execute(
            f'select string_agg({line}, chr(10)) from "{table}" where rowid >= ? and rowid < ?',
            [start, start + ROWS_AT_ONCE],
        ).fetchone()
        yield text.encode() + b"\n"


def _load_publication(server: Server, data: str, manifest: dict[str, Any], tables: str) -> None:
    told = {name: manifest[name] for name in ("snapshot", "built_at", "data_until", "configuration")}
    told["data_until"] = told["data_until"] or None
    line = "\t".join(r"\N" if value is None else value for value in (*told.values(), tables, data))
    kinds = "snapshot text, built_at timestamptz, data_until timestamptz, configuration text, tables text"
    kinds += ", data_schema text"
    server.run(f'create table "{data}".{PUBLICATION} ({kinds})')
    copy = f'copy "{data}".{PUBLICATION} from stdin with (format text, freeze)'
    server.run(copy, stream=[f"{line}\n".encode()])


def _comments(table: str, comment: str | None, columns: dict[str, str | None]) -> list[str]:
    """Statements with a place for the schema."""
    found = [f'comment on view {{}}."{table}" is {literal(comment)}'] if comment else []
    return found + [
        f'comment on column {{}}."{table}"."{name}" is {literal(said)}'
        for name, said in columns.items()
        if said
    ]


# -- the turn ----------------------------------------------------------------------------------------


def _turn(
    server: Server, target: Target, data: str, old: str | None, comments: dict[str, list[str]]
) -> Iterator[str]:
    """Statements that lead the views from the schema `old`, if there is one, to `data`."""
    schema = target.schema
    yield f"set local lock_timeout = '{LOCK_WAIT}'"
    before, after = _columns(server, schema), _columns(server, data)
    if before:
        # With what they are views of: so the old schema can go in the same step.
        views = ", ".join(_named(schema, view) for view in before)
        yield f"lock table {views} in access exclusive mode"
    for view in before:
        # Columns may be added to a view at its end; else it must be made anew.
        if view not in after or after[view][: len(before[view])] != before[view]:
            yield f"drop view {_named(schema, view)}"
    for view, columns in after.items():
        listed = ", ".join(f'"{name}"' for name, _ in columns)
        source = _named(data, view)
        yield f"create or replace view {_named(schema, view)} as select {listed} from {source}"
        yield from (statement.replace("{}", f'"{schema}"', 1) for statement in comments[view])
    if target.reader:
        yield f'grant usage on schema "{schema}" to "{target.reader}"'
        yield f'grant select on all tables in schema "{schema}" to "{target.reader}"'
    if old:
        yield f'drop schema "{old}" cascade'


def _show(server: Server, schema: str, steps: str, patience_seconds: float) -> None:
    """Turn the views. In one statement, so in one transaction and one way to the server."""
    whole = f"do $firsthand$ begin\n{steps};\nend $firsthand$"
    deadline = time.monotonic() + patience_seconds
    while True:
        try:
            server.run(whole)
            return
        except DatabaseError as error:
            if code(error) not in (LOCKED, DEADLOCK):
                raise
            if time.monotonic() > deadline:
                raise MirrorFailed(
                    f"the mirror stays as it was, somebody reads without end: {_holders(server, schema)}"
                ) from None
        time.sleep(0.1 + 0.4 * random.random())  # noqa: S311  jitter, not a secret


def _columns(server: Server, schema: str) -> dict[str, list[list[str]]]:
    """Per table or view its columns in order, each with its type."""
    rows = server.run(
        "select c.relname, array_agg(array[a.attname::text, format_type(a.atttypid, a.atttypmod)]"
        " order by a.attnum) from pg_class as c join pg_attribute as a on a.attrelid = c.oid"
        " join pg_namespace as n on n.oid = c.relnamespace where n.nspname = :schema"
        " and c.relkind in ('r', 'v') and a.attnum > 0 and not a.attisdropped group by 1 order by 1",
        schema=schema,
    )
    return dict(rows)


def _holders(server: Server, schema: str) -> str:
    rows = server.run(
        "select distinct a.pid, a.usename, a.application_name, a.state, a.xact_start::timestamp(0)::text"
        " from pg_locks as l join pg_stat_activity as a using (pid)"
        " join pg_class as c on c.oid = l.relation join pg_namespace as n on n.oid = c.relnamespace"
        " where n.nspname = :schema and a.pid <> pg_backend_pid() order by 5",
        schema=schema,
    )
    # What another role does, a server may hide.
    said = [
        f"{user} ({name or 'no name'}, process {pid}" + (f", {state} since {at})" if state and at else ")")
        for pid, user, name, state, at in rows
    ]
    return ", ".join(said) or "nobody is seen now: run again"


def _named(schema: str, table: str) -> str:
    return f'"{schema}"."{table}"'
