"""Rows into CSV, XLSX, Parquet or JSON: 0600, all of it or nothing, no cell a formula.

A spreadsheet computes what begins with = + - @, a tab or a line break, and a name may be written so on
purpose (OWASP: CSV injection). CSV: such a cell begins with an apostrophe, which `firsthand` takes off when
it reads; a phone number is written with 00 instead of its plus, for senders would stumble over an apostrophe.
XLSX: each cell is a text and says so. Parquet and JSON have no formulas and keep values as they are.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from connectors.landing import write_durably

Rows = Sequence[dict[str, Any]]
# Full-width forms as well: some spreadsheets fold them.
DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")
PHONE = re.compile(r"\+[0-9]{6,15}")


def write(path: Path, columns: Sequence[str], rows: Rows) -> None:
    """By the file's ending. Raises KeyError for one of no FORMATS."""
    write_durably(path, FORMATS[path.suffix.lower()](columns, rows))


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def armoured(value: Any) -> str:
    """As a CSV cell that stays a text."""
    if value is None:
        return ""
    text = str(plain(value))
    if PHONE.fullmatch(text):
        return f"00{text[1:]}"
    return f"'{text}" if text.lstrip(" \u00a0").startswith(DANGEROUS) else text


def as_csv(columns: Sequence[str], rows: Rows) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    writer.writerows([armoured(row[name]) for name in columns] for row in rows)
    # The mark tells a spreadsheet that this is UTF-8.
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(columns: Sequence[str], rows: Rows) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    sheet = book.create_sheet("export")

    def cell(value: Any) -> Any:
        if value is None:
            return None
        made = WriteOnlyCell(sheet, value="")
        # Set last: given a value that begins with =, the library would make it a formula.
        made.value = ILLEGAL_CHARACTERS_RE.sub("", str(plain(value)))
        made.data_type = "s"
        return made

    sheet.append([cell(name) for name in columns])
    for row in rows:
        sheet.append([cell(row[name]) for name in columns])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def as_json(columns: Sequence[str], rows: Rows) -> bytes:
    told = [{name: plain(row[name]) for name in columns} for row in rows]
    return json.dumps(told, ensure_ascii=False, indent=1, default=str).encode()


def as_parquet(columns: Sequence[str], rows: Rows) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    made = io.BytesIO()
    # All columns are texts: a column of nothing but nulls would have no type of its own.
    table = pa.table(
        {name: pa.array([_text(row[name]) for row in rows], type=pa.string()) for name in columns}
    )
    pq.write_table(table, made, compression="zstd")
    return made.getvalue()


def _text(value: Any) -> str | None:
    return None if value is None else str(plain(value))


FORMATS: dict[str, Callable[[Sequence[str], Rows], bytes]] = {
    ".csv": as_csv,
    ".xlsx": as_xlsx,
    ".parquet": as_parquet,
    ".json": as_json,
}
