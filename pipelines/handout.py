"""The first step of a run: open the warehouse for a moment, make what is missing, hand out the cursors.

They go into a file, because reading holds no slot of the writer and asks the warehouse nothing. An old
file is harmless: what is read twice lands once.
"""

from datetime import datetime

import dagster as dg

from connectors.stream import Since
from pipelines import instance, raw, state
from pipelines.company import Company
from pipelines.discretion import guarded
from pipelines.home import Home
from pipelines.warehouse_file import warehouse

KEY = ["door", "cursors"]
Cursor = tuple[str, str, str]


def keep(home: Home, given: dict[Cursor, Since]) -> None:
    """Write the hand-out down for the step that reads."""
    state.write(
        home.state / "cursors.json",
        {
            "/".join(key): {
                "moment": s.moment and s.moment.isoformat(),
                "landed": dict(s.landed),
                "recent": None if s.recent is None else sorted(s.recent),
            }
            for key, s in given.items()
        },
    )


def handed_out(home: Home) -> dict[Cursor, Since]:
    """The last hand-out, per platform, stream and account."""
    known = {}
    for word, kept in state.read(home.state / "cursors.json").items():
        platform, stream, account = word.split("/", 2)
        moment = kept["moment"] and datetime.fromisoformat(kept["moment"])
        recent = kept.get("recent", [])
        known[platform, stream, account] = Since(
            moment, kept["landed"], None if recent is None else frozenset(recent)
        )
    return known


def asset(company: Company) -> dg.AssetsDefinition:
    @dg.asset(
        key=KEY,
        group_name="door",
        kinds={"duckdb"},
        pool="warehouse",
        description="Where each pull goes on: written with the rows it stands for, moved only forward.",
    )
    @guarded(company)
    def cursors(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        instance.claim(company.home, context.run_id)
        swept = raw.sweep(company.home)
        with warehouse(company.home) as con:
            raw.ensure(con)
            given = raw.hand_out(con)
        keep(company.home, given)
        return dg.MaterializeResult(metadata={"accounts": len(given), "swept_files": swept})

    return cursors
