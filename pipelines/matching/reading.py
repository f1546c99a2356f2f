"""The file as a table `given`: its row number and our columns as text, whatever it was saved as.

DuckDB reads Parquet and plain UTF-8 CSV itself, a million lines in a second; every other way of writing a
table goes through connectors.tables line by line, which is also the judge of what a CSV means.
"""

import csv
from collections.abc import Mapping
from pathlib import Path

import duckdb

from connectors.tables import Layout, Table, TableError, layout, normalise, open_table
from pipelines.matching import MatchError
from pipelines.matching.columns import WORDS, Columns, recognise

Connection = duckdb.DuckDBPyConnection

# Cells without the blanks around them and without the armour of spreadsheets, as connectors.tables.tidy.
TIDY = r"""
create or replace temp macro trimmed(cell) as regexp_replace(cell, '^[\s\p{Z}]+|[\s\p{Z}]+$', '', 'g');
create or replace temp macro tidied(cell) as nullif(
    case
        when cell[1] <> '=' and cell[1] <> chr(39) then cell
        when starts_with(cell, '="') and ends_with(cell, '"') and length(cell) > 2
            then trimmed(replace(cell[3:-2], '""', '"'))
        when regexp_matches(cell, '^''[0-9+=@-]') then cell[2:]
        else cell
    end,
    ''
)
"""
WHOLE = ("DOUBLE", "FLOAT")  # 33639981234.0 is a phone number


def read(con: Connection, path: Path, mapped: Mapping[str, str], aside: Path) -> Columns:
    """Make the table. `aside`: a private folder for what has to be written again. Raises MatchError."""
    try:
        if not path.is_file():
            raise MatchError(f"{path} is no file")
        con.execute(TIDY)
        with path.open("rb") as file:
            start = file.read(4)
        columns = _parquet(con, path, mapped) if start == b"PAR1" else _table(con, path, mapped, aside)
    except (TableError, OSError) as error:
        raise MatchError(f"{path.name}: {error}") from None
    if not con.execute("select count(*) from given").fetchall()[0][0]:
        raise MatchError(f"{path.name}: no record under the headers")
    return columns


def _parquet(con: Connection, path: Path, mapped: Mapping[str, str]) -> Columns:
    try:
        described = con.execute("describe from read_parquet(?)", [str(path)]).fetchall()
    except duckdb.Error as error:
        raise MatchError(f"{path.name}: damaged Parquet ({type(error).__name__})") from None
    headers = [name for name, *_ in described]
    columns = recognise(headers, [normalise(header) for header in headers], mapped)
    cells = [_as_text(quoted(name), kind) for name, kind, *_ in described]
    _keep(con, "read_parquet(?)", [str(path)], cells, columns)
    return columns


def _as_text(name: str, kind: str) -> str:
    if kind in WHOLE:
        return f"if({name} = trunc({name}) and abs({name}) < 1e15, {name}::bigint::varchar, {name}::varchar)"
    return f"{name}::varchar"


def _table(con: Connection, path: Path, mapped: Mapping[str, str], aside: Path) -> Columns:
    with open_table(path) as table:
        columns = recognise(table.headers, table.names, mapped)
        written = layout(path)
        if written and written.has_plain_headers and written.encoding.startswith("utf-8"):
            try:
                _keep_csv(con, path, written, columns, len(table.names))
                return columns
            except duckdb.Error:
                # Lines longer than the headers, a quote in an odd place: read by the patient one below.
                pass
        again = aside / "again.csv"
        _write_again(table, again)
    _keep_csv(con, again, Layout("utf-8", ",", 0, True), columns, len(table.names))
    again.unlink()
    return columns


def _write_again(table: Table, target: Path) -> None:
    width = len(table.names)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        for line in table.lines:
            writer.writerow((line + [""] * (width - len(line)))[:width])


def _keep_csv(con: Connection, path: Path, written: Layout, columns: Columns, width: int) -> None:
    cells = [f"c{place}" for place in range(width)]
    source = f"""
    read_csv(
        ?, header = false, auto_detect = false, all_varchar = true, skip = {written.lines_before}, delim = ?,
        quote = '"', escape = '"', strict_mode = true, null_padding = {written.lines_before > 0},
        columns = {{{", ".join(f"'{cell}': 'VARCHAR'" for cell in cells)}}}
    )
    """
    _keep(con, source, [str(path), written.separator], cells, columns)


def _keep(con: Connection, source: str, values: list[str], cells: list[str], columns: Columns) -> None:
    places = columns.places
    ours = [
        f"tidied(cell{places[word]}) as {word}" if word in places else f"null::varchar as {word}"
        for word in WORDS
    ]
    # Once a cell, and not at each mention of it: what stands in a `case` is not computed ahead.
    trimmed = ", ".join(f"trimmed({cell}) as cell{place}" for place, cell in enumerate(cells))
    # A line of blanks is no record, nor does it count as a row.
    filled = " or ".join(f"cell{place} <> ''" for place in range(len(cells)))
    # The row number is the place in the file.
    con.execute("set preserve_insertion_order = true")
    con.execute(
        f"""
        create or replace table given as
        select row_number() over () as row_number, {", ".join(ours)}
        from (select {trimmed} from {source})
        where {filled}
        """,
        values,
    )
    con.execute("set preserve_insertion_order = false")


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
