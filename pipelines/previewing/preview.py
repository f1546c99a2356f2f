"""One preview from copying to comparing; the folder it is made in is private and goes with it."""

from collections.abc import Callable
from pathlib import Path

from pipelines import dbt_parsed
from pipelines.company import Company
from pipelines.matching import engine
from pipelines.matching.file import throw_away
from pipelines.places import DBT_PROJECT
from pipelines.previewing import before, changes, comparison
from pipelines.previewing.changes import Changes
from pipelines.previewing.comparison import Comparison
from pipelines.warehouse_file import warehouse


def preview(
    company: Company, wanted: Changes, *, limit: int, keep: Path | None = None, say: Callable[[str], None]
) -> Comparison:
    """Raises ConfigError where there is nothing to compare with, EngineFailed, MatchError for `keep`."""
    manifest = dbt_parsed.ensure_manifest(company)
    changes.check_lists(wanted.seeds, manifest)
    spare = company.home.root / "data" / "tmp" if company.home.warehouse.exists() else None
    with throw_away("preview", keep, spare) as home, engine.starting(home) as dbt:
        before.copy(company.home, home)
        project = DBT_PROJECT
        if wanted.seeds:
            project, manifest = changes.project_with(wanted.seeds, manifest, home.root)
        say("the last run's records are copied; matching them anew")
        engine.run(dbt, Company(home, wanted.config, {}), manifest, say, project)
        with warehouse(home) as con:
            return comparison.compare(con, limit)
