"""One dropped file: whose export it is, how its columns read, and its rows on the way to a landing file.

All of a file or nothing: one that turns out damaged half way leaves no batch behind.
"""

import fnmatch
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import chain, islice
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from connectors.cells import day_comes_first
from connectors.landing import LandingWriter
from connectors.stream import Export, Reading, Row, Stream
from connectors.tables import Table, TableError, normalise, open_table

SAMPLE = 2_000  # lines looked at to see whether the day or the month comes first
CHUNK = 5_000  # rows handed to the writer at once


class Unrecognised(Exception):
    """Nobody can read this file as it is; the text says what is missing. It holds no cell."""


class Mapped(Protocol):
    """One entry of `files:` in firsthand.yaml."""

    match: str
    stream: str
    columns: Mapping[str, str]


@dataclass(frozen=True)
class Fit:
    """An export that a file turned out to be."""

    module: ModuleType
    export: Export
    columns: Mapping[str, str]
    assumed: tuple[str, ...]


def take_file(
    path: Path,
    *,
    modules: Sequence[ModuleType],
    open_writer: Callable[[str, Stream], LandingWriter],
    account: Callable[[str], str | None],
    client: Callable[[str], Any],
    mappings: Sequence[Mapped],
    zone: tzinfo,
    written_at: datetime,
    arrived_at: datetime,
    inbox: Mapping[str, Sequence[int]],
) -> tuple[str | None, tuple[str, ...]]:
    """Write a file's rows into one batch: its name, and the columns read on an assumption.

    Raises Unrecognised, or the ConnectorError of a platform that had to be asked.
    """
    try:
        with open_table(path) as table:
            fit = recognise(path.name, table, modules, mappings)
            records = table.records()
            sample = list(islice(records, SAMPLE))
            day_first = day_comes_first([cell for cells in sample for cell in cells.values()])
            written = dict(zip(table.names, table.headers, strict=True))
            reading = Reading(fit.columns, zone, day_first is not False, path.name, written)
            rows = _rows(fit.export, chain(sample, records), reading)
            writer = open_writer(fit.module.NAME, stream_of(fit))
            try:
                _write(writer, rows, fit, account, client, written_at, arrived_at)
                batch = writer.commit(inbox)
            except BaseException:
                writer.discard()
                raise
    except TableError as error:
        raise Unrecognised(str(error)) from None
    assumed = fit.assumed + (("dates: day before month",) if day_first is None else ())
    return batch, assumed


def recognise(name: str, table: Table, modules: Sequence[ModuleType], mappings: Sequence[Mapped]) -> Fit:
    """The first export whose headers the file has; configuration comes first."""
    mapping = next((m for m in mappings if fnmatch.fnmatch(name.lower(), m.match.lower())), None)
    mapped = {normalise(theirs): ours for theirs, ours in mapping.columns.items()} if mapping else {}
    for module in modules:
        for export in module.EXPORTS:
            if mapping and export.known and export.stream != mapping.stream:
                continue
            columns = {**export.known, **mapped}
            ours = {columns.get(theirs, theirs) for theirs in table.names}
            if export.headers <= ours or (mapping and export.known and mapped):
                assumed = [
                    theirs for theirs in table.names if theirs in export.assumed and theirs not in mapped
                ]
                return Fit(module, export, columns, tuple(assumed))
    found = ", ".join(table.names[:12])
    raise Unrecognised(
        f"its columns are those of no known export: {found}; name them under `files:` in firsthand.yaml"
    )


def stream_of(fit: Fit) -> Stream:
    return next(stream for stream in fit.module.STREAMS if stream.name == fit.export.stream)


def _rows(export: Export, records: Iterator[dict[str, str]], reading: Reading) -> Iterator[Row]:
    to_row = export.to_row
    for cells in records:
        row = to_row(cells, reading)
        if row is not None:
            yield row


def _write(
    writer: LandingWriter,
    rows: Iterator[Row],
    fit: Fit,
    account: Callable[[str], str | None],
    client: Callable[[str], Any],
    written_at: datetime,
    arrived_at: datetime,
) -> None:
    platform = fit.module.NAME
    whose = account(platform)
    if whose is not None or fit.export.account is None:
        writer.write(whose or "", rows, "upsert", written_at, arrived_at)
        return
    asked = client(platform)
    while chunk := list(islice(rows, CHUNK)):
        by_account: dict[str, list[Row]] = {}
        for row in chunk:
            # Whose it is nobody knows: written without an account, and held at the door for a person.
            by_account.setdefault(fit.export.account(row, asked) or "", []).append(row)
        for found, theirs in by_account.items():
            writer.write(found, theirs, "upsert", written_at, arrived_at)
