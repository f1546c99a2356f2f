"""A zip of CSV files, as some tools hand out an export that comes in parts: one table, whose last column
tells the part each line is from.
"""

import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

ARCHIVE_MEMBER = "archive_member"
MOST_PARTS = 200

Open = Callable[[Path], AbstractContextManager[Iterator[list[str]]]]


def parts(path: Path) -> list[zipfile.ZipInfo]:
    """The CSV files in a zip, none where it is a workbook. Raises zipfile.BadZipFile."""
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    if any(entry.filename.startswith("xl/") for entry in entries):
        return []
    return [
        entry
        for entry in entries
        if entry.filename.lower().endswith(".csv") and not PurePosixPath(entry.filename).name.startswith(".")
    ]


def lines(path: Path, entries: list[zipfile.ZipInfo], open_csv: Open) -> Iterator[list[str]]:
    """The headers of all parts, then the lines of each under them.

    A part is unpacked into a folder that only we can read: how a CSV is written can only be told from the
    whole of it.
    """
    with TemporaryDirectory() as folder, zipfile.ZipFile(path) as archive:
        found = []
        for number, entry in enumerate(entries):
            # Under a name of ours: theirs may lead anywhere.
            unpacked = Path(folder) / f"{number}.csv"
            with archive.open(entry) as packed, unpacked.open("wb") as file:
                while piece := packed.read(1 << 20):
                    file.write(piece)
            if unpacked.stat().st_size:
                found.append((PurePosixPath(entry.filename).name, unpacked))
        headers: dict[str, int] = {}
        for _, part in found:
            with open_csv(part) as read:
                for header in next(read, []):
                    headers.setdefault(header, len(headers))
        yield [*headers, ARCHIVE_MEMBER]
        for name, part in found:
            with open_csv(part) as read:
                places = [headers[header] for header in next(read, [])]
                for line in read:
                    cells = [""] * len(headers)
                    for place, cell in zip(places, line, strict=False):
                        cells[place] = cell
                    yield [*cells, name]
