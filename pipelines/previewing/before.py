"""What stands, copied once into the throw-away warehouse: whoever runs meanwhile is not kept waiting.

`contracts.profiles` and people's judgements are what matching starts from; the schema `was` holds what came
of it in the company's own last run.
"""

import duckdb

from pipelines.config import ConfigError
from pipelines.door import schema
from pipelines.home import Home
from pipelines.warehouse_file import WarehouseBusy, attach_read_only, settings, warehouse

PATIENCE_SECONDS = 120.0
# The name the company's own views know it by.
NAME = "warehouse"

COPIES = {
    "contracts.profiles": f"from {NAME}.contracts.profiles",
    "door.judgements": f"from {NAME}.door.judgements",
    "was.customer_profiles": f"select profile_id, customer_id from {NAME}.identity.int_customer_profiles",
    "was.pairs": "select left_profile_id, right_profile_id, weight, best_rule, reason"
    f" from {NAME}.identity.int_identity__pairs",
    "was.names": f"select customer_id, display_name from {NAME}.identity.int_customer_traits",
    "was.household_members": f"select customer_id, household_id from {NAME}.identity.int_household_members",
}
SETTLED = (
    "select exists (from duckdb_tables() where database_name = ? and table_name = 'int_identity__epoch')"
)


def copy(company: Home, aside: Home) -> None:
    """Raises ConfigError where there is nothing to compare with."""
    if not company.warehouse.exists():
        raise ConfigError(f"there is no warehouse in {company.root}: `firsthand run` first")
    with warehouse(aside):
        pass  # private from the first byte on
    con = duckdb.connect(config=settings(aside))
    try:
        con.execute("set TimeZone = 'UTC'")
        attach_read_only(con, company.warehouse, NAME, PATIENCE_SECONDS)
        if not con.execute(SETTLED, [NAME]).fetchall()[0][0]:
            raise ConfigError(
                "who is who is not settled: no run built it, or the last one broke off; `firsthand run` first"
            )
        con.execute(f"attach '{aside.warehouse}' as aside")
        for table, query in COPIES.items():
            con.execute(f"create schema if not exists aside.{table.split('.')[0]}")
            con.execute(f"create table aside.{table} as {query}")
    except WarehouseBusy as busy:
        raise ConfigError(f"{busy}; try again when the run is over") from None
    finally:
        con.close()
    with warehouse(aside) as own:
        # The door's other tables, which are empty here.
        schema.ensure(own, {})
