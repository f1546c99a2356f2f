"""Splink alone or exact matching alone over a warehouse, in a process of its own, so that memory is seen.

    python -m benchmarks.rivals splink|exact WAREHOUSE OUT.parquet

Both read what the product's own cleaning made of `contracts.profiles`: its time, told by dbt, is added to
theirs. Prints the seconds from there to clusters, training included.
"""

import sys
import time
from pathlib import Path

import duckdb

from benchmarks.systems import exact, splink_alone

RIVALS = {"splink": splink_alone.link, "exact": exact.link}
# The models that clean: spellings of phones, and every field in the form it is compared in.
CLEANING = ("int_phones", "int_profile_features")

# One row per profile, placeholders gone by then; the address of a role is no one person's.
CLEANED = """
create table cleaned as
select
    profile_id as record_id,
    case when not is_role_email then email end as email,
    phone,
    first_name,
    last_name,
    first_name || ' ' || last_name as full_name,
    -- With dashes, as for the labelled sets: what Splink compares of a date it finds by its place.
    regexp_replace(birth_date, '(....)(..)(..)', '\\1-\\2-\\3') as birth_date,
    street as address,
    postcode,
    city
from warehouse.identity.int_profile_features
"""


def main(rival: str, warehouse: Path, out: Path) -> None:
    with duckdb.connect() as con:
        # As much as ours may use; what does not fit goes to disk beside the answer.
        con.execute(f"set threads = 2; set memory_limit = '8GB'; set temp_directory = '{out.parent}/spill'")
        con.execute(f"attach '{warehouse}' as warehouse (read_only)")
        began = time.monotonic()
        con.execute(CLEANED)
        answer = RIVALS[rival](con, "cleaned")
        seconds = time.monotonic() - began
        con.execute(f"copy (select record_id, cluster_id from {answer}) to '{out}' (format parquet)")
    print(f"{seconds:.3f}")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
