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
from zoneinfo import ZoneInfo

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
    values: Mapping[str, str]
    sheet: str | None
    time_zone: str | None


@dataclass(frozen=True)
class Fit:
    """An export that a file turned out to be."""

    module: ModuleType
    export: Export
    columns: Mapping[str, str]
    assumed: tuple[str, ...]
    zone: tzinfo


def take_file(
    path: Path,
    *,
    modules: Sequence[ModuleType],
    open_writer: Callable[[str, Stream], LandingWriter],
    account: Callable[[str], str | None],
    client: Callable[[str], Any],
    mappings: Sequence[Mapped],
    zone: Callable[[str], tuple[tzinfo, bool]],
    written_at: datetime,
    arrived_at: datetime,
    inbox: Mapping[str, Sequence[int]],
) -> tuple[str | None, tuple[str, ...]]:
    """Write a file's rows into one batch: its name, and the columns read on an assumption.

    `zone(platform)` is where its files' times without an offset are told, and whether somebody said so.
    Raises Unrecognised, or the ConnectorError of a platform that had to be asked.
    """
    mapping = next((m for m in mappings if fnmatch.fnmatch(path.name.lower(), m.match.lower())), None)
    try:
        with open_table(path, mapping.sheet if mapping else None) as table:
            fit = recognise(table, modules, mapping, zone)
            records = table.records()
            sample = list(islice(records, SAMPLE))
            day_first = day_comes_first([cell for cells in sample for cell in cells.values()])
            written = dict(zip(table.names, table.headers, strict=True))
            reading = Reading(fit.columns, fit.zone, day_first is not False, path.name, written)
            # Of a platform's own export each column is known, or a question.
            values = mapping.values if mapping and fit.export.known else {}
            rows = _rows(fit.export, chain(sample, records), reading, values)
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


def recognise(
    table: Table,
    modules: Sequence[ModuleType],
    mapping: Mapped | None,
    zone: Callable[[str], tuple[tzinfo, bool]],
) -> Fit:
    """The first export whose headers the file has; configuration comes first."""
    mapped = {normalise(theirs): ours for theirs, ours in mapping.columns.items()} if mapping else {}
    mapped |= {ours: ours for ours in mapping.values} if mapping else {}
    for module in modules:
        for export in module.EXPORTS:
            if mapping and export.known and export.stream != mapping.stream:
                continue
            if export.is_plain and len(modules) > 1:  # nobody said whose file it is
                continue
            columns = {**export.known, **mapped}
            ours = {columns.get(theirs, theirs) for theirs in table.names}
            if export.headers <= ours or (mapping and export.known and mapped):
                where, is_told = zone(module.NAME)
                if mapping and mapping.time_zone:
                    where, is_told = ZoneInfo(mapping.time_zone), True
                doubtful = export.assumed if is_told else export.assumed | export.zoneless
                assumed = [theirs for theirs in table.names if theirs in doubtful and theirs not in mapped]
                return Fit(module, export, columns, tuple(assumed), where)
    found = ", ".join(table.names[:12])
    raise Unrecognised(
        f"its columns are those of no known export: {found}; name them under `files:` in firsthand.yaml"
    )


def stream_of(fit: Fit) -> Stream:
    return next(stream for stream in fit.module.STREAMS if stream.name == fit.export.stream)


def _rows(
    export: Export, records: Iterator[dict[str, str]], reading: Reading, values: Mapping[str, str]
) -> Iterator[Row]:
    to_row = export.to_row
    for cells in records:
        row = to_row(_with(values, cells, reading.columns) if values else cells, reading)
        if row is not None:
            yield row


def _with(values: Mapping[str, str], cells: dict[str, str], columns: Mapping[str, str]) -> dict[str, str]:
    """The line, and what the configuration says of every line that says nothing of it itself."""
    told = {columns.get(theirs) for theirs in cells}
    return {**cells, **{ours: value for ours, value in values.items() if ours not in told}}


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
