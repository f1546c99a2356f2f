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
# The models that clean: spellings of phones, and every identifier in its match form.
CLEANING = ("int_phones", "identifiers")

# One row per profile. A full name is parted as the labelled sets' cleaning does it.
CLEANED = r"""
create table cleaned as
with told as (
    select
        profile_id as record_id,
        min(match_value) filter (where identifier_type = 'email') as email,
        min(match_value) filter (where identifier_type = 'phone') as phone,
        min(match_value) filter (where identifier_type = 'first_name') as first_name,
        min(match_value) filter (where identifier_type = 'last_name') as last_name,
        min(match_value) filter (where identifier_type = 'full_name') as whole,
        min(match_value) filter (where identifier_type = 'birth_date') as birth_date,
        min(match_value) filter (where identifier_type = 'street') as address,
        min(match_value) filter (where identifier_type = 'postcode') as postcode,
        min(match_value) filter (where identifier_type = 'city') as city
    from warehouse.contracts.identifiers
    group by profile_id
),
parted as (
    select
        * exclude (whole) replace (
            coalesce(first_name, if(last_name is null, split_part(whole, ' ', 1), null)) as first_name,
            coalesce(
                last_name, if(first_name is null, nullif(regexp_extract(whole, '^\S+ (.*)$', 1), ''), null)
            ) as last_name
        )
    from told
)
select
    * replace (
        if(
            email in (select match_value from warehouse.seeds.placeholder_values)
            or split_part(email, '@', 1) in (select local_part from warehouse.seeds.role_addresses),
            null, email
        ) as email,
        if(
            phone in (select match_value from warehouse.seeds.placeholder_values)
            or replace(right(phone, 8), right(phone, 1), '') = '',
            null, phone
        ) as phone
    ),
    first_name || ' ' || last_name as full_name
from parted
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
