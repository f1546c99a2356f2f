"""All stories of tests/scenarios in one warehouse, built by dbt as it stands."""

from pathlib import Path
from typing import Any

import duckdb
import inside
import stories

from pipelines import raw
from pipelines.door import judgements

# The last days the stories speak of; the golden replay ends in September 2027.
VARS = {"lifecycle_as_of": "2027-12-31", "permission_as_of": "2026-11-20"}


def build(folder: Path) -> Path:
    """The warehouse's file, in `folder`."""
    warehouse = folder / "data" / "warehouse.duckdb"
    warehouse.parent.mkdir()
    with duckdb.connect(str(warehouse)) as writer:
        writer.execute("set TimeZone = 'UTC'")
        raw.ensure(writer)
        for story in stories.names():
            for stream, values in stories.raw_rows(story):
                writer.execute(f"insert into raw_{stream} values ({', '.join('?' * len(values))})", values)
            for said in stories.judgements(story):
                judgements.write(writer, said, said.made_at)
    dbt(warehouse, "build", "--exclude-resource-type", "unit_test")
    return warehouse


def dbt(warehouse: Path, *words: str, **variables: Any) -> None:
    """`variables`: over those of the stories."""
    inside.dbt(warehouse, *words, **(VARS | variables))
