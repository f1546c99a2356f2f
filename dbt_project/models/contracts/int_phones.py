"""One row per spelling of a phone number and the region it was written in, with its E.164 form.

Spellings met before are kept: phonenumbers takes tens of microseconds each, so a million would cost half
a minute a night. Plain French numbers are read in SQL, where the two readers cannot differ.
"""

PLAIN_FRENCH = r"^(0|\+33|0033)([1-7][0-9]{8})$"


def read(raw_value: str, region: str) -> str:
    """E.164 and kind, parted by a bar; empty where no such number can exist."""
    import phonenumbers

    from pipelines.normalise import phone_e164

    e164 = phone_e164(raw_value, region)
    if e164 is None:
        return ""
    kind = phonenumbers.number_type(phonenumbers.parse(e164))
    fixed, mobile = phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE
    # North America does not tell them apart, and ranges kept for fiction have no kind at all.
    return f"{e164}|{ {fixed: 'landline', mobile: 'mobile'}.get(kind, 'unknown')}"


def model(dbt, session):
    dbt.config(materialized="incremental", incremental_strategy="append")
    met = "where phone_region <> ''"
    if dbt.is_incremental:
        met += f" and not exists (from {dbt.this} known where known.raw_value = s.raw_value and known.phone_region = s.phone_region)"
    con = session
    while hasattr(con, "_cursor"):
        con = con._cursor
    try:
        con.remove_function("read_phone")
    except Exception:  # noqa: BLE001, S110  not there the first time
        pass
    con.create_function("read_phone", read, ["VARCHAR", "VARCHAR"], "VARCHAR")
    profiles = dbt.ref("profiles")
    con.execute(
        f"""
        create or replace temp table new_spellings as
        with s as (
            select distinct trim(raw_value) as raw_value, phone_region
            from (unpivot (select phone, landline, phone_region from profiles)
                  on phone, landline into name known_by value raw_value)
        ),
        plain as (
            select *, regexp_extract(regexp_replace(raw_value, '[ .()-]', '', 'g'), '{PLAIN_FRENCH}', 2) as national
            from s {met}
        ),
        read as (
            select raw_value, phone_region,
                case when phone_region = 'FR' and national <> ''
                    then '+33' || national || '|' || case when national[1] in ('6', '7') then 'mobile' else 'landline' end
                    else read_phone(raw_value, phone_region) end as found
            from plain
        )
        select raw_value, phone_region, nullif(split_part(found, '|', 1), '') as e164,
            nullif(split_part(found, '|', 2), '') as phone_kind
        from read
        """
    )
    return con.table("new_spellings")
