"""Activity by each one's rhythm against fixed days, on the simulator's company: errors and days to notice.

The made-up people's orders as they truly are, without platforms and merges between, through the real models;
what is printed is the table `activity_calibration`, which a company has of its own customers.

    python -m benchmarks.rhythms [people]
"""

import json
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from benchmarks.identity_build import SHORT_NAME, company
from benchmarks.lifecycle import PEOPLE_SQL, TABLE, build
from pipelines.door import schema
from simulator.company import make
from simulator.model import ShopOrder
from simulator.stages import is_sale, returned

PEOPLE, SEED, UNTIL = 6000, 7, date(2026, 11, 20)
EVENTS = f"""
insert into contracts.events by name
select *, {SHORT_NAME} as profile_n, ingested_at as touched_at from told
"""
SHOWN = "from marts.activity_calibration order by buyers <> 'all', buyers, counted"


def events(orders: list[ShopOrder], number: dict[str, int]) -> list[dict]:
    """Paid orders and what was sent back."""
    rows = []
    for order in orders:
        if not (order.person_id and is_sale(order)):
            continue
        told = {
            "profile_id": f"shopify:bench:customer:{number[order.person_id]}", "platform": "shopify",
            "channel": "shop", "currency": "EUR", "evidence": order.name, "details": json.dumps({}),
        }  # fmt: skip
        times = {"occurred_at": order.created_at, "ingested_at": order.created_at}
        rows.append(
            told | times | {"event_id": order.name, "event_type": "order_paid", "amount": order.total}
        )
        if returned(order):
            at = max(refund.at for refund in order.refunds)
            times = {"occurred_at": at, "ingested_at": at}
            back = {"event_id": f"{order.name}:back", "event_type": "order_refunded"}
            rows.append(told | times | back | {"amount": returned(order)})
    return rows


def main(people: int) -> None:
    import pyarrow as pa

    made = make(people, SEED, UNTIL)
    number = {person.person_id: i for i, person in enumerate(made.people)}
    with tempfile.TemporaryDirectory(prefix="rhythms-") as folder:
        root = Path(folder)
        file = company(root).home.warehouse
        file.parent.mkdir(parents=True)
        rows = events(made.shop_orders, number)
        with duckdb.connect(str(file)) as con:
            con.execute("set TimeZone = 'UTC'")
            schema.ensure(con, {})
            con.execute(PEOPLE_SQL.format(people=len(number), short_name=SHORT_NAME) + TABLE)
            con.execute("delete from identity.int_account_members")
            con.register("told", pa.Table.from_pylist(rows))
            con.execute(EVENTS)
        build(
            root,
            "int_rhythms",
            "activity_calibration",
            full=True,
            day=datetime.combine(UNTIL, datetime.min.time(), UTC),
        )
        with duckdb.connect(str(file), read_only=True) as con:
            (orders, buyers) = con.execute(
                "select count(*), count(distinct customer_id) from lifecycle.int_valid_orders"
            ).fetchone()
            print(f"{len(number):,} people, {buyers:,} buyers, {orders:,} orders that count")
            con.sql(SHOWN).show(max_rows=20, max_width=200)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE)
