"""What a publication was made of. Only where all of it is as last time may a run end early.

`built.json` says what dbt's tables were made of, `published.json` what `serving/current` shows. While dbt
is at work the first is missing: then nobody may publish, for its tables are of two minds.
"""

from typing import Any

import duckdb

from pipelines import clock, identity_mode, state
from pipelines.company import Company
from pipelines.config.fingerprints import code_hash
from pipelines.home import Home
from pipelines.places import ROOT
from pipelines.warehouse_file import warehouse

# What landed, what is held back, what was asked to be forgotten, what people decided, what the platforms
# announce: whatever a model may read and a run may change.
MARKS = {
    "landed": "select count(*), max(batch), sum(rows_new) from door.batches where rows_new > 0",
    "held": "select count(*), md5(string_agg(concat_ws('/', quarantine_id, status, decided_by,"
    " cast(reasons as varchar)), ',' order by quarantine_id)) from door.quarantine",
    "announced": "select md5(string_agg(concat_ws('/', platform, stream, account, form, count, expired), ','"
    " order by platform, stream, account, form)) from (select * from door.announcements"
    " qualify row_number() over (partition by platform, stream, account, form order by batch desc) = 1)",
    "forgotten": "select count(*) from door.tombstones",
    "commanded": "select count(*), md5(string_agg(command_id, ',' order by command_id)) from door.commands",
}


def compute(company: Company) -> dict[str, Any]:
    """Fingerprint of everything a build depends on; opens the warehouse."""
    with warehouse(company.home, read_only=True) as con:
        marks = {name: _mark(con, query) for name, query in MARKS.items()}
    return {
        "day": clock.today(company.config).isoformat(),
        "configuration": company.config.hash(),
        "code": code_hash(ROOT),
        "weights": identity_mode.weights_hash(company.config),
        "identity_rebuilt": identity_mode.rebuilt_at(company.home),
        **marks,
    }


def _mark(con: duckdb.DuckDBPyConnection, query: str) -> str:
    return "/".join(str(value) for value in con.execute(query).fetchone() or ())


def built(home: Home) -> dict[str, Any]:
    return state.read(home.state / "built.json")


def published(home: Home) -> dict[str, Any]:
    return state.read(home.state / "published.json")


def note_building(home: Home) -> None:
    (home.state / "built.json").unlink(missing_ok=True)


def note_built(home: Home, fingerprint: dict[str, Any]) -> None:
    state.write(home.state / "built.json", fingerprint)


def note_published(home: Home, fingerprint: dict[str, Any]) -> None:
    state.write(home.state / "published.json", fingerprint)


def forget_published(home: Home) -> None:
    """The next run publishes, even if nothing is new."""
    (home.state / "published.json").unlink(missing_ok=True)
