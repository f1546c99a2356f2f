"""The engine's input from the file: `contracts.profiles`, as the platforms' staging would have yielded it.

Numbers hang on the record alone: a record is as old as its created_at says, those without are younger than
all that have one, and among equals the record's own id decides. So the order of rows changes nothing.
"""

import duckdb
from jinja2 import Environment

from pipelines.config import Config
from pipelines.door import schema
from pipelines.matching import MatchError
from pipelines.places import DBT_PROJECT

Connection = duckdb.DuckDBPyConnection
FEW = 3

# Times as connectors.cells.when reads them, for a million rows at once.
MOMENT = r"""
create or replace temp macro slashed(text) as
    regexp_replace(text, '^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})', '\1/\2/\3');
create or replace temp macro moment(text, formats) as
    case
        when regexp_full_match(text, '\d{10}') then to_timestamp(text::bigint)
        when regexp_full_match(text, '\d{13}') then to_timestamp(text::bigint / 1000)
        when regexp_matches(text, '^\d') then coalesce(
            try_cast(
                if(contains(text, ':'), regexp_replace(text, '\s*([+-]\d\d):?(\d\d)$', '\1:\2'), text)
                as timestamptz
            ),
            try_strptime(slashed(text), formats)
        )
    end
"""
DAYS = {True: "%d/%m/%Y", False: "%m/%d/%Y"}
TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", " à %Hh%M")

DAY_FIRST = r"""
select
    count(*) filter (where regexp_extract(slashed(created_at), '^(\d+)/', 1)::int > 12) > 0
    or count(*) filter (where regexp_extract(slashed(created_at), '^\d+/(\d+)/', 1)::int > 12) = 0
from given where regexp_matches(slashed(created_at), '^\d{1,2}/\d{1,2}/\d{4}')
"""

RECORDS = """
create or replace table records as
select
    'file:' || coalesce(source, 'file') || ':record:' || record_id as profile_id,
    record_id,
    row_number
from (select row_number, source, coalesce(record_id, row_number::varchar) as record_id from given)
"""

PROFILES = """
create or replace table contracts.profiles as
with dated as (select *, moment(created_at, {formats}) as made_at from given),
aged as (
    select *, coalesce(made_at, max(made_at) over (), timestamptz '1970-01-01 00:00:00+00') as seen_at
    from dated
),
-- Few are met, and telling one takes a dozen expressions.
countries as (
    select country, {code} as code from (select distinct country from given where country is not null)
)
select
    records.profile_id,
    coalesce(aged.source, 'file') as platform,
    'file' as account,
    'record' as object,
    aged.made_at as created_at,
    aged.seen_at as first_seen_at,
    aged.seen_at as last_seen_at,
    aged.seen_at as touched_at,
    aged.email,
    aged.phone,
    null::varchar as landline,
    aged.first_name,
    aged.last_name,
    aged.full_name,
    aged.company,
    null::varchar as job_title,
    aged.address as street,
    aged.city,
    aged.postcode,
    aged.country,
    null::varchar as language,
    aged.dob as birth_date,
    aged.national_id,
    null::varchar as platform_id,
    false as is_email_verified,
    concat_ws(' ', countries.code, $region, nullif($countries, '')) as phone_region
from aged
inner join records on aged.row_number = records.row_number
left join countries on aged.country = countries.country
"""


def make(con: Connection, config: Config) -> None:
    """Everything the identity models read. Raises MatchError where two records share an id."""
    con.execute(RECORDS)
    _refuse_doubles(con)
    con.execute(MOMENT)
    is_day_first = con.execute(DAY_FIRST).fetchall()[0][0]
    formats = [DAYS[is_day_first] + clock for clock in TIMES] + ["%Y%m%d", "%Y%m%d%H%M%S", "%Y/%m/%d"]
    con.execute("create schema if not exists contracts")
    con.execute(
        PROFILES.format(formats=formats, code=country_code("country")),
        {"region": config.default_phone_region, "countries": " ".join(config.countries)},
    )
    # People's judgements and whatever else the door keeps: none, here.
    schema.ensure(con, {})


def undated(con: Connection) -> int:
    """How many records gave a time of creation that nobody can read."""
    return con.execute(
        """
        select count(*) from given inner join records using (row_number)
        inner join contracts.profiles as profiles using (profile_id)
        where given.created_at is not null and profiles.created_at is null
        """
    ).fetchall()[0][0]


def _refuse_doubles(con: Connection) -> None:
    doubles = con.execute(
        """
        select record_id, list(row_number order by row_number)[:3], count(*) over ()
        from records group by record_id having count(*) > 1 order by min(row_number) limit ?
        """,
        [FEW],
    ).fetchall()
    if doubles:
        named = "; ".join(f"{record} on rows {', '.join(map(str, rows))}" for record, rows, _ in doubles)
        raise MatchError(f"{doubles[0][2]:,} record_ids are on several rows, for example {named}")


def country_code(column: str) -> str:
    """The project's own macro as plain SQL, so that a country means the same here."""
    macros = [
        (DBT_PROJECT / "macros" / f"{name}.sql").read_text()
        for name in ("plain_words", "name_key", "country_code")
    ]
    return Environment().from_string("".join(macros)).module.country_code(column)  # noqa: S701  SQL, no page
