"""Back to an older publication that is still kept, in one step, as publications are shown.

An older one must keep what was promised since: whoever was erased is looked for in it, in every column of
text, before it is shown. The next run publishes anew.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines import audit_trail, fingerprint
from pipelines.company import Company
from pipelines.config import ConfigError
from pipelines.keyed import Keyed
from pipelines.publish import count_erasures, fingerprint_of, read_manifest
from pipelines.serving import erased, folders
from pipelines.serving.contents import Column, Mart
from pipelines.warehouse_file import attach_read_only, settings


class RollbackRefused(Exception):
    """The older publication must not be shown; the text says why. What is shown stays."""


@dataclass(frozen=True)
class Kept:
    """One publication on disk."""

    folder: Path
    built_at: str
    customers: int
    is_shown: bool

    @property
    def name(self) -> str:
        return self.folder.name


def kept(company: Company) -> list[Kept]:
    """Every publication there is, newest first."""
    shown = folders.current(company.home.serving)
    found = []
    for folder in reversed(folders.snapshots(company.home.serving)):
        said = read_manifest(folder)
        found.append(
            Kept(folder, said["built_at"], said["counts"].get("customers", 0), folder.resolve() == shown)
        )
    return found


def choose(found: list[Kept], to: str | None) -> Kept:
    """The one named, by its whole name or its number; else the newest that is older than what is shown.

    Raises ConfigError.
    """
    shown = next((one for one in found if one.is_shown), None)
    if shown is None:
        raise ConfigError("nothing is published yet: `firsthand run` first")
    if to is None:
        older = [one for one in found if one.name < shown.name]
        if not older:
            raise ConfigError(f"{shown.name} is the oldest that is kept: there is nothing to go back to")
        return older[0]
    named = [one for one in found if to == one.name or to.zfill(6) == one.name.partition("-")[0]]
    if not named:
        raise ConfigError(f"{to} is not kept; kept: {', '.join(one.name for one in found)}")
    if named[0].is_shown:
        raise ConfigError(f"{named[0].name} is what is shown already")
    return named[0]


def roll_back(company: Company, to: str | None, *, dry_run: bool = False) -> Kept:
    """Show it, or with `dry_run` only look whether it may be shown. Raises ConfigError, RollbackRefused.

    MirrorFailed, once it is shown, where a mirror could not follow.
    """
    home = company.home
    with folders.alone(home):
        found = kept(company)
        chosen = choose(found, to)
        if reasons := _reasons_against(company, chosen.folder):
            raise RollbackRefused(f"{chosen.name} is not shown: " + "; ".join(reasons))
        if not dry_run:
            shown = next(one.name for one in found if one.is_shown)
            audit_trail.note_by_hand(home, "rollback", {"from": shown, "to": chosen.name})
            # First: else a run that finds nothing new would take the older one for today's.
            fingerprint.forget_published(home)
            folders.show(home.serving, chosen.folder)
    if company.config.publication.mirror and not dry_run:
        from pipelines.mirror import asset as mirror  # late: it loads Dagster

        mirror.copy(company)
    return chosen


def _reasons_against(company: Company, folder: Path) -> list[str]:
    said = read_manifest(folder)
    damaged = [name for name, file in said["files"].items() if not _is_as_written(folder / name, file)]
    if damaged:
        return [f"not as it was written: {', '.join(damaged)}"]
    if said.get("erasures", 0) != count_erasures(company.home):
        return ["people were erased since it was published"]
    con = duckdb.connect(config=settings(company.home))
    try:
        attach_read_only(con, company.home.warehouse, "warehouse")
        if _is_erasure_pending(con):
            return ["somebody's erasure is under way: `firsthand run` ends it"]
        con.execute(f"attach '{folder / 'marketing.duckdb'}' as older (read_only)")
        return erased.reasons_against(con, _tables(con), Keyed.of(company.secrets), ("older", "main"))
    finally:
        con.close()


def _is_as_written(path: Path, said: dict) -> bool:
    return path.exists() and fingerprint_of(path) == said


def _is_erasure_pending(con: duckdb.DuckDBPyConnection) -> bool:
    try:
        query = "select exists (from warehouse.door.erasures where swept_at is null)"
        return con.execute(query).fetchone()[0]
    except duckdb.CatalogException:  # a warehouse from before there was such a table
        return False


def _tables(con: duckdb.DuckDBPyConnection) -> list[Mart]:
    """All tables of the older publication, each column taken for personal: today's marks may be others."""
    rows = con.execute(
        "select table_name, list(column_name) from duckdb_columns()"
        " where database_name = 'older' and schema_name = 'main' group by all order by all"
    ).fetchall()
    return [Mart(table, "", tuple(Column(name, True, "") for name in names), ()) for table, names in rows]
