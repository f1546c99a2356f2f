"""`allowed` for a million people, four channels and three purposes: seconds, and the ratio to a bare scan.

Twelve answers a person, from the ledger as it lies in the warehouse: about three acts a person, a tenth of
them noes, some people linked, some objecting as a whole. dbt builds what no day changes (points, countries,
links); then `allowed` is asked for one day, every column of every answer. Written into a table, as a nightly
build does, the same answers are the floor: read once, every column, by the same query. Processor seconds are
told beside those of the wall, for the machine may have other work; memory is bounded, so large sorts spill.

    python -m benchmarks.consent [people]
"""

import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.identity_build import company
from benchmarks.memory import watched
from pipelines import dbt_parsed
from pipelines.door import schema
from pipelines.places import DBT_PROJECT

PEOPLE = 1_000_000
TRIES = 3
DAY = "2026-11-20"
CHANNELS = ("email", "sms", "phone", "post")
PURPOSES = ("marketing", "profiling", "review_request")
# What no day changes, then the views.
MODELS = (
    "laws", "law_places", "consent__staff_entries", "consent_acts", "int_profile_points", "int_links",
    "int_customer_contact_points", "int_customers_on_day", "int_profile_places", "int_customer_countries",
    "int_consent_points", "int_consent_purposes", "int_consent_questions", "int_consent_counted",
    "int_consent_said",
    "int_consent_confirmed", "int_consent_relations",
    "int_objections", "allowed",
)  # fmt: skip
SEEDS = ("free_mail_domains",)

# Every fiftieth person is one with the next; countries as a small company has them.
PREPARED = """
create schema if not exists contracts; create schema if not exists identity;
create or replace table identity.int_customer_profiles as
select
    'files:bench:lead:' || i as profile_id,
    md5(i::varchar) as own_number,
    md5((i - (i % 50 = 1)::int)::varchar) as customer_id
from range({people}) as r (i);
create or replace table contracts.identifiers as
with said as (
    select i, unnest([
        {{'kind': 'email', 'value': 'person' || i || if(i % 4 = 0, '@gmail.example', '@poste.example')}},
        {{'kind': 'phone', 'value': '+336' || lpad(i::varchar, 8, '0')}},
        {{'kind': 'post', 'value': i || ' rue des Lilas, 75005 Paris'}},
        {{'kind': 'country', 'value': string_split('FR FR FR DE CA BE GB US FR JP', ' ')[i % 10 + 1]}},
        {{'kind': 'postcode', 'value': '75005'}}
    ]) as one
    from range({people}) as r (i)
)
select
    'files:bench:lead:' || i as profile_id, one.kind as identifier_type, one.value as contact_value,
    one.value as match_value, null::varchar as phone_kind, false as is_verified,
    timestamptz '2025-01-01 00:00:00+00' as first_seen_at,
    timestamptz '2026-01-01 00:00:00+00' as last_seen_at
from said;
create or replace table identity.int_contact_points as
select
    profile_id, identifier_type, match_value, false as is_role, false as is_disposable,
    false as is_placeholder
from contracts.identifiers where identifier_type in ('email', 'phone');
insert into door.identity_log by name
select
    row_number() over (order by own_number) as entry, timestamptz '2025-01-01 00:00:00+00' as logged_at,
    own_number as customer_number, 'born' as event, customer_id, 'bench' as cause,
    timestamptz '2025-01-01 00:00:00+00' as since
from identity.int_customer_profiles;
create or replace table contracts.int_platform_acts as
with told as (
with drawn as (
    select i, k, hash(i * 7 + k) as h
    from range({people}) as r (i) cross join range(3) as s (k)
)
select
    'act:' || i || ':' || k as consent_act_id,
    'shopify' as platform,
    'files:bench:lead:' || i as profile_id,
    case k when 0 then 'email' else 'phone' end as contact_type,
    case k
        when 0 then 'person' || i || if(i % 4 = 0, '@gmail.example', '@poste.example')
        else '+336' || lpad(i::varchar, 8, '0')
    end as contact_value,
    case k when 0 then 'email' when 1 then 'sms' else 'phone' end as channel,
    'marketing' as purpose,
    case h % 20 when 0 then 'withdraw' when 1 then 'deny' when 2 then 'confirm' when 3 then 'asserted_grant'
        when 4 then 'implied_start' else 'grant' end as act,
    case h % 20 when 3 then 'source_state' else 'person' end as actor,
    case h % 20 when 4 then 'implied_purchase' else 'consent' end as basis,
    timestamptz '2025-01-01 00:00:00+00' + to_hours((h % 15000)::bigint) as occurred_at,
    'second' as occurred_at_precision,
    occurred_at + interval 5 minute as ingested_at,
    'record' as evidence_record_id,
    false as needs_confirmation,
    null::varchar as wording_version, null::varchar as wording_text, null::varchar as locale,
    null::varchar as collection_point, null::varchar as evidence, 'bench' as reason
from drawn
union all by name
select
    'object:' || i as consent_act_id, 'shopify' as platform, 'files:bench:lead:' || i as profile_id,
    'email' as contact_type,
    'person' || i || if(i % 4 = 0, '@gmail.example', '@poste.example') as contact_value,
    'email' as channel, 'marketing' as purpose, 'object' as act, 'person' as actor, 'consent' as basis,
    timestamptz '2025-06-01 00:00:00+00' as occurred_at, 'second' as occurred_at_precision,
    timestamptz '2025-06-01 00:05:00+00' as ingested_at, 'record' as evidence_record_id,
    false as needs_confirmation, 'bench' as reason
from range({people}) as r (i) where i % 100 = 7
)
select
    *, contact_value as match_value, md5_number(contact_type || ':' || contact_value) as point_key,
    md5_number(contact_type || ':' || contact_value) as mailbox_key
from told;
"""
COLUMNS = """
    contact_type, contact_value, channel, purpose, is_allowed, reason, basis, expires_on, law, decided_by_act
"""
EVERY = f"where channel in {CHANNELS} and purpose in {PURPOSES}"
ONE = "where channel = 'email' and purpose = 'marketing'"
READ = f"select count(*), bit_xor(hash({COLUMNS})) from {{source}}"
WRITE = f"create or replace table bench_answers as select {COLUMNS} from consent.allowed {EVERY}"
# With Python around it, below two gigabytes.
MEMORY = "1600MB"


def build(root: Path) -> None:
    """The seeds and models, by dbt as everywhere; raises RuntimeError with what it said."""
    here, target = company(root), root / "data" / "dbt"
    words = [sys.executable, "-m", "pipelines.dbt_child", "--log-level-file", "none", "build"]
    words += ["--resource-type", "seed", "--resource-type", "model", "--select", *SEEDS, *MODELS]
    words += ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    words += ["--target-path", str(target), "--log-path", str(target), "--vars", dbt_parsed.variables(here)]
    watched(words, dbt_parsed.environment(here.home))


@dataclass(frozen=True)
class Took:
    wall: float
    processor: float
    found: list[tuple]


def timed(con: duckdb.DuckDBPyConnection, query: str) -> Took:
    began, worked = time.perf_counter(), time.process_time()
    found = con.execute(query).fetchall()
    return Took(time.perf_counter() - began, time.process_time() - worked, found)


def median(con: duckdb.DuckDBPyConnection, query: str) -> Took:
    tries = sorted((timed(con, query) for _ in range(TRIES)), key=lambda one: one.wall)
    return tries[len(tries) // 2]


def main(people: int) -> None:
    with tempfile.TemporaryDirectory(prefix="consent-") as folder:
        root = Path(folder)
        file = root / "data" / "warehouse.duckdb"
        file.parent.mkdir()
        with duckdb.connect(str(file), config={"memory_limit": MEMORY}) as con:
            con.execute("set TimeZone = 'UTC'; set preserve_insertion_order = false")
            schema.ensure(con, {})
            con.execute(PREPARED.format(people=people))
        began = time.perf_counter()
        build(root)
        print(f"dbt, what no day changes: {time.perf_counter() - began:.1f} s with its start")
        with duckdb.connect(str(file), config={"threads": 2, "memory_limit": MEMORY}) as con:
            con.execute("set TimeZone = 'UTC'; set preserve_insertion_order = false")
            con.execute("set force_compression = 'uncompressed'")  # as dbt writes what it builds
            con.execute(f"set variable permission_as_of = date '{DAY}'")
            asked = median(con, READ.format(source=f"consent.allowed {EVERY}"))
            one = timed(con, READ.format(source=f"consent.allowed {ONE}"))
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            written = timed(con, WRITE)
            floor = median(con, READ.format(source="bench_answers"))
            by_reason = con.execute(
                "select reason, count(*) from bench_answers group by 1 order by 2 desc"
            ).fetchall()
        assert asked.found == floor.found, "what is asked and what was written differ"
        print(f"{people:,} people, {asked.found[0][0]:,} answers: {told(asked)}, peak {peak:,.0f} MB")
        print(f"bare scan of the same rows: {told(floor)}")
        print(
            f"ratio {asked.wall / floor.wall:.1f} by the wall, "
            f"{asked.processor / floor.processor:.1f} by the processor"
        )
        print(f"asked and written into a table: {told(written)}")
        print(f"e-mail and marketing alone, as an export to everybody asks: {told(one)}")
        print(", ".join(f"{reason} {number:,}" for reason, number in by_reason))


def told(took: Took) -> str:
    return f"{took.wall:.2f} s ({took.processor:.2f} s of processor)"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE)
