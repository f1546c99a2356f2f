"""What is written in a file of any kind, as one text to look for people in."""

import gzip
import io
import re
import zipfile
from contextlib import suppress

ZIPPED, GZIPPED, PARQUET = b"PK\x03\x04", b"\x1f\x8b", b"PAR1"


def is_packed(content: bytes) -> bool:
    """Whether no line of it can be taken out by itself."""
    return content.startswith((ZIPPED, GZIPPED, PARQUET)) or (b"\0" in content and not _is_wide(content))


def _is_wide(content: bytes) -> bool:
    return content.startswith((b"\xff\xfe", b"\xfe\xff"))


def text_of(content: bytes) -> str | None:
    """None where it says what it is and nobody can read it."""
    if content.startswith(ZIPPED):
        return _of_zip(content)
    if content.startswith(PARQUET):
        return _of_parquet(content)
    if content.startswith(GZIPPED):
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError):
            return None
    for encoding in ("utf-8-sig", "utf-16" if _is_wide(content) else "cp1252"):
        with suppress(UnicodeDecodeError):
            return content.decode(encoding)
    return content.decode("latin-1")


def records_of(text: str) -> list[str]:
    """Its lines; a cell in quotation marks may hold several, and they go or stay together."""
    lines = text.splitlines(keepends=True)
    records, is_open = [], False
    for line in lines:
        if is_open:
            records[-1] += line
        else:
            records.append(line)
        is_open ^= line.count('"') % 2 == 1
    # A mark that nothing closes is no mark.
    return lines if is_open else records


def _of_zip(content: bytes) -> str | None:
    """A spreadsheet's cells: text between its marks."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = [packed.read(name).decode("utf-8", "replace") for name in packed.namelist()]
    except (zipfile.BadZipFile, OSError):
        return None
    return re.sub(r"<[^>]*>", " ", " ".join(parts))


def _of_parquet(content: bytes) -> str | None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        rows = pq.read_table(io.BytesIO(content)).to_pylist()
    except (pa.ArrowException, OSError):
        return None
    return "\n".join(" ".join(str(cell) for cell in row.values() if cell is not None) for row in rows)
