"""Publishes again and again, each publication told from the others by two tables that belong together.

    FIRSTHAND_HOME=... python -m benchmarks.soak.publishing COUNT SECONDS_BETWEEN

With each, one row leaves `customer_ownership`, and one person more is said to have come in `funnel_flow`:
their sum is the same in every publication, and in no mixture of two. Prints one JSON line a publication.
"""

import json
import sys
import time
from datetime import UTC, datetime

from pipelines import dbt_parsed, publish
from pipelines.company import Company
from pipelines.home import Home
from pipelines.warehouse_file import warehouse

LAST_MONTH = "stage = 'lead' and month = (select max(month) from {schema}funnel_flow)"
CHANGES = (
    "delete from marts.customer_ownership where rowid = (select min(rowid) from marts.customer_ownership)",
    f"update marts.funnel_flow set came_count = came_count + 1 where {LAST_MONTH.format(schema='marts.')}",
)
# What a reader asks, in one statement: how many rows, and how many came.
QUESTION = (
    "select (select count(*) from customer_ownership) as known,"
    f" (select sum(came_count) from funnel_flow where {LAST_MONTH.format(schema='')}) as came"
)


def main(count: int, seconds: float) -> None:
    company = Company.at(Home.at())
    manifest = dbt_parsed.ensure_manifest(company)
    for _ in range(count):
        with warehouse(company.home) as con:
            for change in CHANGES:
                con.execute(change)
        made = publish.publish(company, manifest, datetime.now(UTC))
        shown = {"known": made.counts["customer_ownership"], "shown_at": time.time()}
        print(json.dumps(shown), flush=True)
        time.sleep(seconds)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
