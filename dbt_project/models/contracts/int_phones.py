"""One row per spelling of a phone number and the regions to read it in, in order, with its E.164 form.

Spellings met before are kept: phonenumbers takes tens of microseconds each, half a minute a night for a
million. Where everybody is computed anew they are read anew: the reader itself may be another by now. Plain
French numbers are read in SQL, where the two readers cannot differ.
"""

import contextlib
from typing import Any

import duckdb

# `spellings` is what no earlier run has read; {known} names the table of those, or nothing.
SPELLINGS = """
create or replace temp table spellings as
select distinct trim(met.raw_value) as raw_value, met.phone_region
from (
    unpivot (select phone, landline, phone_region from {profiles})
    on phone, landline into name known_by value raw_value
) as met
where trim(met.raw_value) <> '' {not_known}
"""
NOT_KNOWN = """
and not exists (
    from {known} as k where k.raw_value = trim(met.raw_value) and k.phone_region = met.phone_region
)
"""
READ = r"""
create or replace temp table new_phones as
with plain as (
    select
        *,
        regexp_extract(
            regexp_replace(raw_value, '[ .()-]', '', 'g'), '^(?:0|\+33|0033)([1-7][0-9]{8})$', 1
        ) as national
    from spellings
),
read as (
    select
        raw_value,
        phone_region,
        case
            when starts_with(phone_region, 'FR') and national <> ''
                then '+33' || national || if(national[1] in ('6', '7'), '|mobile', '|landline')
            else read_phone(raw_value, phone_region)
        end as found
    from plain
)
select
    raw_value,
    phone_region,
    nullif(split_part(found, '|', 1), '') as e164,
    nullif(split_part(found, '|', 2), '') as phone_kind
from read
"""


def read_phone(raw_value: str, regions: str) -> str:
    """E.164 and kind, parted by a bar; empty where no such number can exist in any of the regions."""
    import phonenumbers

    from pipelines.normalise import phone_e164

    e164 = next(filter(None, (phone_e164(raw_value, region) for region in regions.split())), None)
    if e164 is None:
        return ""
    kind = phonenumbers.number_type(phonenumbers.parse(e164))
    kinds = {
        phonenumbers.PhoneNumberType.FIXED_LINE: "landline",
        phonenumbers.PhoneNumberType.MOBILE: "mobile",
    }
    # North America does not tell them apart, and ranges kept for fiction have no kind at all.
    return f"{e164}|{kinds.get(kind, 'unknown')}"


def model(dbt: Any, session: Any) -> duckdb.DuckDBPyRelation:
    dbt.config(materialized="incremental", incremental_strategy="append")
    con = session
    while hasattr(con, "_cursor"):
        con = con._cursor
    with contextlib.suppress(duckdb.Error):
        con.remove_function("read_phone")  # of an earlier build in this process
    con.create_function("read_phone", read_phone, ["VARCHAR", "VARCHAR"], "VARCHAR")
    # Named, not read: the relation itself would be run again for each use.
    dbt.ref("profiles")
    dbt.ref("int_settled")
    settled = f"{dbt.this.database}.{dbt.this.schema}.int_settled"
    if dbt.is_incremental and con.execute(f"select is_full from {settled}").fetchall()[0][0]:
        con.execute(f"delete from {dbt.this}")
    profiles = f"{dbt.this.database}.{dbt.this.schema}.profiles"
    not_known = NOT_KNOWN.format(known=dbt.this) if dbt.is_incremental else ""
    con.execute(SPELLINGS.format(profiles=profiles, not_known=not_known))
    con.execute(READ)
    return con.table("new_phones")
