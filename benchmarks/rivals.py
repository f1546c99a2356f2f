"""Splink alone or exact matching alone over a warehouse, in a process of its own, so that memory is seen.

    python -m benchmarks.rivals splink|exact WAREHOUSE OUT.parquet

Both read what the product's own cleaning made of `contracts.profiles`: its time, told by dbt, is added to
theirs. Prints the seconds from there to clusters, training included.
"""

import sys
import time
from pathlib import Path

import duckdb
from jinja2 import Environment

from benchmarks.systems import exact, splink_alone
from pipelines.places import DBT_PROJECT

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
            {nobodys_email} or email in (select match_value from warehouse.seeds.placeholder_values)
            or split_part(email, '@', 1) in (select local_part from warehouse.seeds.role_addresses),
            null, email
        ) as email,
        if(
            {nobodys_phone} or phone in (select match_value from warehouse.seeds.placeholder_values),
            null, phone
        ) as phone
    ),
    first_name || ' ' || last_name as full_name
from parted
"""


def _placeholder(kind: str) -> str:
    """The project's own macro as plain SQL."""
    macro = (DBT_PROJECT / "macros" / "is_placeholder.sql").read_text(encoding="utf-8")
    return Environment().from_string(macro).module.is_placeholder(f"'{kind}'", kind)  # noqa: S701  SQL, no page


def main(rival: str, warehouse: Path, out: Path) -> None:
    with duckdb.connect() as con:
        # As much as ours may use; what does not fit goes to disk beside the answer.
        con.execute(f"set threads = 2; set memory_limit = '8GB'; set temp_directory = '{out.parent}/spill'")
        con.execute(f"attach '{warehouse}' as warehouse (read_only)")
        began = time.monotonic()
        con.execute(CLEANED.format(nobodys_email=_placeholder("email"), nobodys_phone=_placeholder("phone")))
        answer = RIVALS[rival](con, "cleaned")
        seconds = time.monotonic() - began
        con.execute(f"copy (select record_id, cluster_id from {answer}) to '{out}' (format parquet)")
    print(f"{seconds:.3f}")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
