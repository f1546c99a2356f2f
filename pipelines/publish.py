"""Publication: write, audit, show. What fails the audit is never seen, and yesterday's stays.

    build    a new folder from the marts, the warehouse attached read-only
    audit    the closed files, opened again: keys, counts, sums, freshness, nobody erased, bi without people
    show     `serving/current` points to it in one step; older snapshots are kept, then deleted

No Dagster here. One file per audience, because DuckDB has no users: who can read a file reads all of it.
"""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from pipelines import audit_log, fingerprint
from pipelines.chaos import point
from pipelines.company import Company
from pipelines.expectations import Result
from pipelines.home import Home
from pipelines.keyed import Keyed
from pipelines.serving import aggregates, audit, build, changes, contents, customer_table, erased, folders
from pipelines.serving.aggregates import Aggregate
from pipelines.serving.contents import NothingToPublish
from pipelines.warehouse_file import attach_read_only, settings, warehouse

__all__ = ["AuditRefused", "NothingToPublish", "Published", "publish"]


class AuditRefused(Exception):
    """The new snapshot must not be shown; the text says why, and who reads `current` sees the last one."""

    def __init__(self, reasons: list[str], results: list[Result] | None = None) -> None:
        super().__init__("not published, the last publication stays: " + "; ".join(reasons))
        self.reasons, self.results = reasons, results or []


@dataclass(frozen=True)
class Published:
    """What is shown now."""

    folder: Path
    manifest: dict[str, Any]
    results: list[Result] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        return self.manifest["counts"]


def publish(
    company: Company, dbt_manifest: Path, built_at: datetime, *, accept_smaller: bool = False
) -> Published:
    """Publish the marts as they stand. Raises AuditRefused, NothingToPublish, MissingKey.

    `accept_smaller`: an operator says that fewer rows or older data than last time are right.
    """
    home, keyed, limits = company.home, Keyed.of(company.secrets), company.config.publication
    marts = contents.read(dbt_manifest)
    with folders.alone(home):
        folders.clear_leftovers(home.serving)
        shown = folders.current(home.serving)
        previous = {} if accept_smaller or shown is None else read_manifest(shown)
        erasures = count_erasures(home)
        if previous.get("erasures", 0) != erasures:
            # They asked for it: fewer rows than last time are right, this once.
            previous = {}
        building = folders.start(home.serving, folders.next_name(home.serving, built_at))
        try:
            since = changes.Since(_name(building), built_at, shown)
            written, grouped, data_until, changed, results = _write(
                company, building, marts, keyed, previous, since
            )
            share = limits.smallest_share_of_last
            groups = audit.Groups(grouped, limits.smallest_group)
            case = audit.Case(building, (*marts, changes.TABLE), written, data_until, previous, share, groups)
            if reasons := audit.reasons_against(case):
                raise AuditRefused(reasons, results)
            told = {
                "day": day_of(company, built_at).isoformat(),
                "data_until": data_until,
                "counts": written.counts,
                "aggregates": {name: one.rows for name, one in grouped.items()},
                "smallest_group": limits.smallest_group,
                "erasures": erasures,
            }
            told["changes"] = changed and {"since": shown.name, **changed}
            if shown and changed is None:
                told["not_compared_with"] = shown.name
            manifest = _write_manifest(company, building, built_at, told)
            folder = folders.finish(home.serving, building)
        except BaseException:
            folders.clear_leftovers(home.serving)
            raise
        point("between_publication_and_swap")
        folders.show(home.serving, folder)
        deleted = folders.prune(home.serving, limits.keep) + _drop_outdated(home, erasures)
    return Published(folder, manifest, results, deleted)


def day_of(company: Company, built_at: datetime) -> date:
    """The company's day that the tables were computed for; that of publication where no build noted it."""
    if day := fingerprint.built(company.home).get("day"):
        return date.fromisoformat(day)
    return built_at.astimezone(ZoneInfo(company.config.time_zone)).date()


def drop_outdated(home: Home) -> list[str]:
    """Delete what was published before the last erasure: it holds them. Names of the deleted."""
    with folders.alone(home):
        return _drop_outdated(home, count_erasures(home))


def _drop_outdated(home: Home, erasures: int) -> list[str]:
    def is_outdated(folder: Path) -> bool:
        return read_manifest(folder).get("erasures", 0) < erasures

    return folders.delete(home.serving, [f for f in folders.snapshots(home.serving) if is_outdated(f)])


def count_erasures(home: Home) -> int:
    """How many people this warehouse was ever cleared of; who is still to be removed does not count."""
    with warehouse(home, read_only=True) as con:
        try:
            query = "select count(*) from door.erasures where swept_at is not null"
            return con.execute(query).fetchone()[0]
        except duckdb.CatalogException:  # a warehouse from before there was such a table
            return 0


def _name(building: Path) -> str:
    return building.name.removeprefix(folders.BUILDING)


def _write_manifest(
    company: Company, building: Path, built_at: datetime, told: dict[str, Any]
) -> dict[str, Any]:
    """What the snapshot says of itself, written last."""
    manifest = {
        "snapshot": _name(building),
        "schema_version": contents.SCHEMA_VERSION,
        "built_at": built_at.astimezone(UTC).isoformat(),
        "configuration": company.config.hash(),
        **told,
        "audit": audit_log.head(company.home),
        "files": {path.name: fingerprint_of(path) for path in sorted(building.iterdir())},
    }
    (building / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return manifest


def _write(
    company: Company,
    building: Path,
    marts: tuple[contents.Mart, ...],
    keyed: Keyed,
    previous: dict[str, Any],
    since: changes.Since,
) -> tuple[build.Written, dict[str, Aggregate], str, dict[str, int] | None, list[Result]]:
    """Judge the customer table, then write all files, in one look at the warehouse."""
    con = duckdb.connect(config=settings(company.home))
    try:
        con.execute("set TimeZone = 'UTC'")
        attach_read_only(con, company.home.warehouse, "warehouse")
        last = previous.get("counts", {}).get("customers", 0)
        results = customer_table.judge(con, last, company.config.publication.smallest_share_of_last)
        failed = [
            f"{r.column}: {r.expectation} failed for {r.unexpected} rows"
            for r in results
            if not r.passed and r.column not in customer_table.ONLY_REPORTED
        ]
        failed += erased.reasons_against(con, marts, keyed)
        if failed:
            raise AuditRefused(failed, results)
        changed = changes.compute(con, since)
        written = build.build(con, building, (*marts, changes.TABLE), keyed)
        grouped = aggregates.write(con, building, company.config.publication.smallest_group)
        until = con.execute("select max(landed_at) from warehouse.door.batches").fetchone()[0]
        return written, grouped, until.astimezone(UTC).isoformat() if until else "", changed, results
    finally:
        con.close()


def read_manifest(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def fingerprint_of(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
