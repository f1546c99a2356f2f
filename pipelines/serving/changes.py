"""What changed since the last publication: who is new, moved to another stage, was merged, parted or erased.

Compared are the tables that were really shown and those about to be. Older differences are carried on from
one publication to the next, but of one that was rolled back; an erased number keeps only its end.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from pipelines.serving.build import Connection, column_types
from pipelines.serving.contents import Column, Mart, Place

KINDS = ("new", "moved", "merged", "parted", "erased")
LAST: Place = ("last", "main")
NOW: Place = ("warehouse", "marts")
COLUMNS = {
    "snapshot": (
        "Publication",
        "Publication",
        "In which publication it was first shown. / Dans quelle publication il a été montré d'abord.",
        "varchar",
    ),
    "published_at": ("Publié à", "Published at", "When that was. / Quand.", "timestamp with time zone"),
    "change": (
        "Changement",
        "Change",
        "new, moved (another stage), merged (into other_customer_id), parted (from it) or erased (or gone"
        " from every platform). / new : nouveau, moved : autre étape, merged : réuni à other_customer_id,"
        " parted : séparé de lui, erased : effacé, ou disparu de toute plateforme.",
        "varchar",
    ),
    "customer_id": ("Numéro de client", "Customer number", "Whose change it is. / De qui.", "varchar"),
    "other_customer_id": (
        "Autre numéro",
        "Other customer number",
        "Into whom they were merged, or from whom they parted. / À qui ils sont réunis, ou de qui séparés.",
        "varchar",
    ),
    "stage_before": (
        "Étape avant",
        "Stage before",
        "As the last publication said. / Selon la publication précédente.",
        "varchar",
    ),
    "stage_now": ("Étape", "Stage now", "As this one says. / Selon celle-ci.", "varchar"),
}
TABLE = Mart(
    "publication_changes",
    "One row per customer and publication that told something else of them than the one before. / Une ligne"
    " par client et publication qui en disait autre chose que la précédente.",
    tuple(Column(name, False, f"{fr} / {en}: {what}") for name, (fr, en, what, _) in COLUMNS.items()),
    ("snapshot", "customer_id"),
    place=("temp", "main"),
)


@dataclass(frozen=True)
class Since:
    """The publication being made, and the folder of the one shown until now; none before the first."""

    snapshot: str
    built_at: datetime
    shown: Path | None


def compute(con: Connection, since: Since) -> dict[str, int] | None:
    """Make the table, for `build` to write; counts by kind, None where there is nothing to compare with."""
    columns = ", ".join(f"{name} {kind}" for name, (*_, kind) in COLUMNS.items())
    con.execute(f"create or replace temp table {TABLE.name} ({columns})")
    if since.shown is None:
        return None
    try:
        con.execute(f"attach '{since.shown / 'marketing.duckdb'}' as last (read_only)")
    except duckdb.Error:
        # Damaged or gone: it must not stay shown because nothing can be compared with it.
        return None
    try:
        con.execute(f"insert into {TABLE.name} {_differences(con)}", [since.snapshot, since.built_at])
        found = con.execute(f"select change, count(*) from {TABLE.name} group by all").fetchall()
        if column_types(con, *LAST, TABLE.name):
            con.execute(f"insert into {TABLE.name} {_carried_on(con)}")
    finally:
        con.execute("detach last")
    return {kind: dict(found).get(kind, 0) for kind in KINDS}


def _differences(con: Connection) -> str:
    return f"""
        with before as (select customer_id::varchar as customer_id, stage from last.main.customers),
        now as (select customer_id::varchar as customer_id, stage from warehouse.marts.customers),
        whose_before as ({_whose(con, LAST)}),
        whose_now as ({_whose(con, NOW)})

        select ?, ?,
            case
                when before.customer_id is not null and now.customer_id is not null then 'moved'
                when now.customer_id is not null then if(was.customer_id is null, 'new', 'parted')
                else if(becomes.customer_id is null, 'erased', 'merged')
            end as change,
            coalesce(now.customer_id, before.customer_id),
            case
                when now.customer_id is null then becomes.customer_id
                when before.customer_id is null then was.customer_id
            end,
            if(change = 'erased', null, before.stage),
            now.stage
        from before full outer join now on before.customer_id = now.customer_id
        left join whose_before as was on now.customer_id = was.customer_number
        left join whose_now as becomes on before.customer_id = becomes.customer_number
        where before.stage is distinct from now.stage or before.customer_id is null or now.customer_id is null
    """


def _whose(con: Connection, place: Place) -> str:
    """Whose each number is, in a publication or in the marts; some may not know."""
    if not column_types(con, *place, "customer_crosswalk"):
        return "select null::varchar as customer_number, null::varchar as customer_id where false"
    return (
        "select customer_number::varchar as customer_number, customer_id::varchar as customer_id"
        f" from {'.'.join(place)}.customer_crosswalk"
    )


def _carried_on(con: Connection) -> str:
    """What earlier publications told, but of the erased that they were."""
    gone = f"select customer_number from ({_whose(con, NOW)}) where customer_id is null"
    gone += f" union select customer_id from {TABLE.name} where change = 'erased'"
    return f"""
        select {", ".join(COLUMNS)} from last.main.{TABLE.name}
        where change = 'erased' or customer_id not in ({gone})
            and (other_customer_id is null or other_customer_id not in ({gone}))
    """
