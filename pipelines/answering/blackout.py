"""The drill of `firsthand drill` on bi.duckdb: who is still reached, what hangs on it: nobody's row."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from pipelines.answering.hiding import two_digits
from pipelines.answering.publication import Open, Refused
from pipelines.ownership import drill as drills
from pipelines.ownership import losses
from pipelines.ownership.published import FEWEST, sql

MOST_HOURS = 168
GROUPS = {
    "reachable": "was_reachable",
    "reachable_after": "is_reachable",
    "lost_for_good": "is_sole",
    **{f"told_by_{one}": f"told_by = '{one}'" for one in losses.CHANNELS},
}


def drill(open_: Open, platforms: Sequence[str], hours: int | None) -> dict[str, Any]:
    """`hours`: how long they are out; None: for good. Raises Refused, ConfigError."""
    open_.table("customer_ownership")
    if not platforms or len(platforms) > 10 or not all(0 < len(word) <= 40 for word in platforms):
        raise Refused("one to ten platforms, such as meta")
    if hours is not None and not 1 <= hours <= MOST_HOURS:
        raise Refused(f"hours: 1 to {MOST_HOURS}")
    loss = losses.of(platforms, open_.settings)
    con, teller = open_.con, open_.teller
    con.execute(sql("drilled"), {"owners": list(loss.owners), "channels": list(loss.channels)})
    try:
        told: dict[str, Any] = {
            "known": teller.people(np.arange(teller.everybody)),
            **{name: _people(open_, which) for name, which in GROUPS.items()},
            "net_revenue_12m": _revenue(open_, "true"),
            "net_revenue_12m_still_reached": _revenue(open_, "is_reachable"),
        }
    finally:
        con.execute("drop table temp.drilled")
    outage = drills.outage(con, open_.settings, loss, hours or 24, open_.vocabulary.day)
    is_told = outage["status"] == "told" and outage["order_count"] >= FEWEST
    told["outage"] = {
        "hours": hours or 24,
        "status": outage["status"] if is_told or outage["status"] != "told" else "too_few",
        **{
            f"{name}_loss": two_digits(outage[name]) if is_told else None for name in ("low", "usual", "high")
        },
    }
    owned = {"lost_firms": list(loss.owners), "silent_channels": list(loss.channels)}
    return owned | told | {"currency": open_.settings.currency, "day": open_.vocabulary.day.isoformat()}


ROWS = "from temp.drilled as d inner join customers as c on d.customer_id = c.customer_id"


def _people(open_: Open, which: str) -> int | None:
    found = open_.con.execute(f"select c.rowid as person {ROWS} where {which}").fetchnumpy()
    return open_.teller.people(np.ma.getdata(found["person"]))


def _revenue(open_: Open, which: str) -> float | int | None:
    found = open_.con.execute(
        f"select c.rowid as person, coalesce(d.net_revenue_12m, 0)::double as part {ROWS} where {which}"
    ).fetchnumpy()
    people, parts = (np.ma.getdata(found[one]) for one in ("person", "part"))
    return open_.teller.total(("customers", "net_revenue_12m", None, None, ()), people, parts)
