"""Reading CSV and XLSX files as people really save them, line by line, whatever their size.

Out come normalised header names and cells as text; of a zip, its CSV files as one table. Encodings: UTF-8
with or without mark, UTF-16, Windows-1252, Latin-1. Separators: comma, semicolon, tab, bar. A formula is
text and is never computed.
"""

import codecs
import csv
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from io import TextIOBase
from pathlib import Path
from typing import Any

from connectors import archives

SEPARATORS = ",;\t|"
ARMOUR = "='"
LARGEST_FILE = 4 * 1024**3  # a CSV above four gigabytes is a database, not an export
LARGEST_WORKBOOK = 2 * 1024**3  # unpacked: a few kilobytes of zip can hold terabytes
MOST_COLUMNS = 2_000
PIECE = 1 << 20


class TableError(Exception):
    """The file cannot be read; the text says why and what to do. It holds no cell of it."""


@dataclass(frozen=True)
class Table:
    """An open file: its headers as written, the same normalised and made unique, and its lines."""

    headers: list[str]
    names: list[str]
    lines: Iterator[list[str]]

    def records(self) -> Iterator[dict[str, str]]:
        """Each line as name to cell, empty cells left out; cells beyond the headers under `_extra`."""
        names, width = self.names, len(self.names)
        for line in self.lines:
            # One call less per cell is a quarter of the time of a million lines.
            cells = {
                name: cell if cell[0] not in ARMOUR else tidy(cell)
                for name, raw in zip(names, line, strict=False)
                if (cell := raw.strip())
            }
            if len(line) > width and (extra := [cell for cell in line[width:] if cell.strip()]):
                cells["_extra"] = " | ".join(extra)
            if cells:
                yield cells


def normalise(header: str) -> str:
    """`  Date de création ` and `Date_De_Creation` are one name: date_de_creation."""
    if header.strip() == "#":  # Typeform's name for the id of a response
        return "number"
    plain = unicodedata.normalize("NFKD", header).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")


def tidy(cell: str) -> str:
    """A cell without the armour spreadsheets need: ="0612" and '+33 both mean what stands inside."""
    cell = cell.strip()
    if cell[:1] in ("=", "'"):
        if cell.startswith('="') and cell.endswith('"') and len(cell) > 2:
            return cell[2:-1].replace('""', '"').strip()
        if cell[0] == "'" and (cell[1:2].isdigit() or cell[1:2] in {"+", "=", "-", "@"}):
            return cell[1:]
    return cell


@dataclass(frozen=True)
class Layout:
    """How a CSV file is written, for a reader that is not ours."""

    encoding: str
    separator: str
    lines_before: int  # the headers and what stands before them
    has_plain_headers: bool  # on one line


def layout(path: Path) -> Layout | None:
    """None where the file is no CSV. Raises TableError as reading it would."""
    with path.open("rb") as file:
        if file.read(2) == b"PK":
            return None
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        reader, taken = _reader(file)
        for line in reader:
            if any(cell.strip() for cell in line):
                is_plain = not any("\n" in cell or "\r" in cell for cell in line)
                return Layout(encoding, reader.dialect.delimiter, taken + reader.line_num, is_plain)
    raise TableError("the file has no lines")


@contextmanager
def open_table(path: Path, sheet: str | None = None) -> Iterator[Table]:
    """The table in a CSV or XLSX file, told apart by content and not by name.

    Of a workbook the sheet of that name, else the first that has anything in it. Raises TableError where
    there is none.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(8)
    if not start.strip():
        raise TableError("the file is empty")
    if size > LARGEST_FILE:
        raise TableError(f"the file has {size / 1024**3:.1f} GiB; split it into parts of at most 4 GiB")
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableError("this is an old .xls or a password-protected workbook; save it as .xlsx or CSV")
    opened = _packed(path, sheet) if start.startswith(b"PK") else _csv(path)
    with opened as lines:
        yield _with_headers(lines)


def _with_headers(lines: Iterator[list[str]]) -> Table:
    try:
        headers = next(line for line in lines if any(cell.strip() for cell in line))
    except StopIteration:
        raise TableError("the file has no lines") from None
    while headers and not headers[-1].strip():
        headers.pop()
    if len(headers) > MOST_COLUMNS:
        raise TableError(f"{len(headers)} columns: is this a table?")
    seen: Counter[str] = Counter()
    names = []
    for place, header in enumerate(headers, 1):
        name = normalise(header) or f"column_{place}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return Table(headers, names, lines)


@contextmanager
def _csv(path: Path) -> Iterator[Iterator[list[str]]]:
    encoding = _encoding(path)
    # newline="" leaves line ends inside quotes to the csv module.
    with path.open(encoding=encoding, newline="") as file:
        yield _csv_lines(file)


def _reader(file: TextIOBase) -> tuple[Any, int]:
    """The lines from here on, and how many lines were taken off before."""
    first, taken = file.readline(PIECE), 1
    while first and not first.strip():
        first, taken = file.readline(PIECE), taken + 1
    told = re.fullmatch(r"\ufeff?sep=(.)\r?\n?", first, re.IGNORECASE)  # Excel's own hint
    if told:
        return csv.reader(file, delimiter=told.group(1)), taken
    file.seek(0)
    return csv.reader(file, delimiter=_separator(first)), 0


def _csv_lines(file: TextIOBase) -> Iterator[list[str]]:
    reader, _ = _reader(file)
    try:
        for line in reader:
            if line:
                yield line
    except csv.Error as error:
        raise TableError(f"line {reader.line_num}: {error}; is a quote left open?") from None
    except UnicodeDecodeError as error:
        raise TableError(f"after line {reader.line_num}: not readable as {error.encoding}") from None


def _separator(line: str) -> str:
    bare = re.sub(r'"[^"]*"', "", line)
    return max(SEPARATORS, key=lambda mark: (bare.count(mark), -SEPARATORS.index(mark)))


def _encoding(path: Path) -> str:
    """Read through once: an accent may come a million lines after the header."""
    utf8 = codecs.getincrementaldecoder("utf-8")()
    is_utf8, has_gaps = True, False
    with path.open("rb") as file:
        piece = file.read(PIECE)
        if piece.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        if piece.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if (nulls := piece[:4096].count(0)) > len(piece[:4096]) // 4:
            # UTF-16 without a mark: half of plain text is zeros, on the even side when big-endian.
            return "utf-16-be" if piece[:4096:2].count(0) > nulls // 2 else "utf-16-le"
        if nulls:
            raise TableError("this is neither text nor a workbook")
        while piece:
            has_gaps = has_gaps or any(mark in piece for mark in b"\x81\x8d\x8f\x90\x9d")
            if is_utf8:
                try:
                    utf8.decode(piece)
                except UnicodeDecodeError:
                    is_utf8 = False
            piece = file.read(PIECE)
    if is_utf8:
        return "utf-8"
    return "latin-1" if has_gaps else "cp1252"  # five bytes mean nothing in cp1252


@contextmanager
def _packed(path: Path, sheet: str | None) -> Iterator[Iterator[list[str]]]:
    """A workbook is a zip, too."""
    try:
        found = archives.parts(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise TableError(f"the workbook is damaged ({type(error).__name__}); save it again") from None
    if not found:
        with _workbook(path, sheet) as lines:
            yield lines
        return
    if len(found) > archives.MOST_PARTS or sum(part.file_size for part in found) > LARGEST_FILE:
        raise TableError("the archive is too large; unpack it and drop its files one by one")
    try:
        yield archives.lines(path, found, _csv)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise TableError(f"the archive is damaged or locked ({type(error).__name__})") from None


@contextmanager
def _workbook(path: Path, wanted: str | None) -> Iterator[Iterator[list[str]]]:
    import openpyxl  # 0.3 s that a run without workbooks need not spend

    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > LARGEST_WORKBOOK:
            raise TableError(f"unpacked, the workbook has {unpacked / 1024**3:.1f} GiB; save it as CSV")
        # By handle: given a name, it judges by the suffix.
        file = path.open("rb")
        book = openpyxl.load_workbook(file, read_only=True, data_only=False)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError) as error:
        raise TableError(f"the workbook is damaged ({type(error).__name__}); save it again") from None
    try:
        sheet = _sheet(book.worksheets, wanted)
        sheet.reset_dimensions()  # some programs write wrong ones, and rows would be cut
        yield _sheet_lines(sheet)
    finally:
        book.close()
        file.close()


def _sheet(sheets: list[Any], wanted: str | None) -> Any:
    if wanted is None:
        found = next((sheet for sheet in sheets if sheet.max_row != 0), None)
    else:
        found = next((sheet for sheet in sheets if normalise(sheet.title) == normalise(wanted)), None)
    if found is None:
        named = ", ".join(sheet.title for sheet in sheets[:12])
        raise TableError(
            f"the workbook has no sheet called {wanted}; it has: {named}"
            if wanted
            else "the workbook has no sheet"
        )
    return found


def _sheet_lines(sheet: Any) -> Iterator[list[str]]:
    try:
        for row in sheet.iter_rows(values_only=True):
            if any(value is not None for value in row):
                yield [_as_text(value) for value in row]
    except (zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:
        raise TableError(f"the workbook is damaged ({type(error).__name__}); save it again") from None


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # 33639981234.0 is a phone number
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)
