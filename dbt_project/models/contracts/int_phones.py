"""One row per spelling of a phone number and the regions to read it in, in order, with its E.164 form.

Spellings met before are kept: phonenumbers takes tens of microseconds each, half a minute a night for a
million. Where everybody is computed anew they are read anew: the reader itself may be another by now. Plain
numbers are read in SQL.
"""

import contextlib
from typing import Any

import duckdb

# `spellings` is what no earlier run has read; {known} names the table of those, or nothing.
SPELLINGS = """
create or replace temp table spellings as
select distinct trim(met.raw_value) as raw_value, met.phone_region
from (
    unpivot (select phone, landline, phone_region from {profiles} {touched})
    on phone, landline into name known_by value raw_value
) as met
where trim(met.raw_value) <> '' {not_known}
"""
# An increment need not look at who was settled before; whoever is not among those known is new however old.
TOUCHED = """
where touched_at >= (select settled_at from {settled})
    or profile_id not in (select profile_id from {features})
"""
NOT_KNOWN = """
and not exists (
    from {known} as k where k.raw_value = trim(met.raw_value) and k.phone_region = met.phone_region
)
"""
# The plain spellings of the numbers that are most, where the two readings cannot differ: French ones, and
# North American ones behind countries in which ten digits without a leading zero cannot be a number.
READ = r"""
create or replace temp table new_phones as
with plain as (
    select
        *,
        regexp_replace(raw_value, '[ .()-]', '', 'g') as digits,
    from spellings
),
read as (
    select
        raw_value,
        phone_region,
        case
            when starts_with(phone_region, 'FR') and regexp_full_match(digits, '(0|\+33|0033)[1-7][0-9]{8}')
                then '+33' || right(digits, 9) || if(right(digits, 9)[1] >= '6', '|mobile', '|landline')
            when regexp_full_match(digits, '\+33[67][0-9]{8}') then digits || '|mobile'
            when regexp_full_match(digits, '\+33[1-5][0-9]{8}') then digits || '|landline'
            when
                regexp_full_match(digits, '\+1[2-9][0-9]{2}[2-9][0-9]{6}')
                or regexp_full_match(digits, '1?[2-9][0-9]{2}[2-9][0-9]{6}')
                and regexp_matches(phone_region, '^((FR|BE|ES|CH) )*(CA|US)( |$)')
                -- what begins like +32 without its plus may be meant so
                and not regexp_matches(digits, '^(32|33|34|41)')
                then '+1' || right(digits, 10) || '|unknown'
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
    here = f"{dbt.this.database}.{dbt.this.schema}"
    touched = not_known = ""
    if dbt.is_incremental:
        not_known = NOT_KNOWN.format(known=dbt.this)
        if con.execute(f"select is_full from {here}.int_settled").fetchall()[0][0]:
            con.execute(f"delete from {dbt.this}")
        else:
            features = f"{dbt.this.database}.identity.int_profile_features"
            touched = TOUCHED.format(settled=f"{here}.int_settled", features=features)
    profiles = f"{here}.profiles"
    con.execute(SPELLINGS.format(profiles=profiles, touched=touched, not_known=not_known))
    con.execute(READ)
    return con.table("new_phones")
