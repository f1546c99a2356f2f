"""The ownership marts for a million people and ten million touches: seconds, and the ratio to a bare scan.

dbt builds them once; then each mart's own SQL is timed here, and so are a drill and the index on what was
built. The floor reads the rows they read, once, every column they use. Processor seconds are told beside the
wall's, for the machine may have other work; memory is bounded, so large sorts spill.

    python -m benchmarks.ownership [people]
"""

import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from benchmarks.consent import MEMORY, median, timed, told
from benchmarks.identity_build import SHORT_NAME, company
from benchmarks.memory import watched
from pipelines import dbt_parsed
from pipelines.door import schema
from pipelines.ownership import dependence, drill, left, losses, useful
from pipelines.places import DBT_PROJECT

PEOPLE, TOUCHES_EACH, ORDERS_EACH = 1_000_000, 10, 1.5
DAY = date(2026, 11, 20)
MARTS = (
    "order_ownership", "customer_ownership", "campaign_touches", "customer_campaigns", "order_campaigns",
    "campaign_costs", "campaign_results", "order_attribution",
)  # fmt: skip
MODELS = ("channel_owners", "relay_domains", "int_customer_events", *MARTS)
MOST = 60

# Two years of touches; a third of all people bought, some of them often. What no mart here reads is left out.
PREPARED = """
create schema identity; create schema contracts; create schema consent; create schema marts;
create schema staging;
create table identity.int_customer_profiles as
select if(i % 3 = 0, 'shopify', 'meta') || ':bench:record:' || i as profile_id,
    {short_name} as n, md5(i::varchar) as customer_id
from range({people}) as r (i);
create table contracts.events as
select
    'e' || i || ':' || k as event_id,
    if(i % 3 = 0, 'shopify', 'meta') || ':bench:record:' || i as profile_id,
    {short_name} as profile_n, 'form_answered' as event_type,
    timestamptz '2024-11-20 00:00:00+00' + to_minutes((hash(i * 31 + k) % 1051200)::bigint) as occurred_at,
    occurred_at as ingested_at, occurred_at as touched_at,
    if(k % 2 = 0, 'meta', 'typeform') as platform,
    ['facebook', 'instagram', 'google', 'newsletter', 'form', 'shop', 'referral'][(hash(i + k) % 7)::int + 1]
        as channel,
    -- Every fourth touch names one of three hundred campaigns; one in ten people says where they heard of us.
    case when k % 4 = 0 then 'c' || (hash(i) % 300) end as campaign_id,
    null::decimal(18, 2) as amount, null::varchar as currency, null::varchar as evidence,
    case when k = 1 and i % 10 = 0 then json('{{"said": "Salon de Lyon"}}') end as details
from range({people}) as r (i) cross join range({touches}) as s (k);
create table consent.int_customer_permissions as
select
    md5(i::varchar) as customer_id,
    channel,
    'marketing' as purpose,
    'person' || i || if(i % 50 = 0, '@privaterelay.appleid.com', '@poste.example') as contact_value,
    hash(i::varchar || channel) % 3 = 0 as is_allowed,
    true as is_deliverable,
    ['consent', 'never_asked', 'said_no'][(hash(i::varchar || channel) % 3)::int + 1] as reason
from range({people}) as r (i) cross join (values ('email'), ('sms'), ('phone'), ('post')) as c (channel);
create table marts.orders as
select
    'o' || j as order_id,
    md5((hash(j) % ({people} // 3))::varchar) as customer_id,
    timestamptz '2024-11-20 00:00:00+00' + to_minutes((hash(j * 17) % 1051200)::bigint) as ordered_at,
    ordered_at::date as order_date,
    (10 + hash(j) % 200)::decimal(18, 2) as gross, gross as net_converted, gross as gross_converted,
    0::decimal(18, 2) as refunded_converted,
    'shopify' as platform,
    ['facebook', 'google', 'shop', 'shop'][(hash(j) % 4)::int + 1] as channel
from range(({people} * {orders})::bigint) as r (j);
create table marts.customers as
with worth as (
    select customer_id, count(*)::integer as order_count, min(order_date) as first_order_on,
        sum(net_converted) filter (where order_date > date '2025-11-20')::decimal(18, 2) as net_revenue_12m
    from marts.orders group by customer_id
)
select
    md5(i::varchar) as customer_id, 'Person ' || i as display_name,
    ['FR', 'BE', 'CA'][(i % 3)::int + 1] as country, 'lead' as stage, 'active' as activity,
    ['facebook', 'google', 'form', 'newsletter'][(i % 4)::int + 1] as first_source, 'meta' as first_platform,
    if(i % 10 = 0, 'Vu sur Instagram', null) as said_they_heard_from,
    date '2024-11-20' as first_seen_on, worth.first_order_on, coalesce(worth.order_count, 0) as order_count,
    coalesce(worth.net_revenue_12m, 0)::decimal(18, 2) as net_revenue_12m,
    'consent' as basis_email, 'consent' as basis_sms, 'consent' as basis_call, 'consent' as basis_post
from range({people}) as r (i) left join worth on md5(i::varchar) = worth.customer_id;
create table marts.touchpoints as
select platform, 'lead_created' as touch_type, occurred_at::date as touch_date from contracts.events;
create table contracts.spend as
select
    'meta' as platform, 'c' || c as campaign_id, 'Campaign ' || c as campaign_name, null::varchar as post_id,
    date '2024-11-20' + d::integer as spend_date, 10::decimal(18, 2) as cost, 'EUR' as currency,
    1000 as impressions, 800 as reach, 10 as interactions, 5 as clicks, 1 as leads_claimed,
    null::bigint as orders_claimed
from range(300) as r (c) cross join range(730) as s (d);
create table contracts.campaign_reach as select platform, campaign_id, spend_date, reach from contracts.spend;
create table staging.stg_files__spend as
select 'salon' as platform, 'Salon' as campaign_id, 'salon10' as code, null::varchar as link,
    'salon de lyon' as heard;
create table staging.stg_files__rates (currency varchar, rate_date date, rate double);
create table marts.campaigns as
select platform, spend_date as campaign_date, leads_claimed, 1 as lead_count from contracts.spend;
create table marts.customer_stages as
select customer_id, axis, if(axis = 'stage', 'lead', 'active') as value, date '2024-11-20' as valid_from,
    null::date as valid_to
from marts.customers cross join (values ('stage'), ('activity')) as a (axis);
create table marts.lead_ledger (platform varchar, lead_date date, missing bigint);
"""
# One pass over what the marts read.
FLOOR = """
select
    (
        select bit_xor(
            hash(event_id, profile_id, event_type, occurred_at, platform, channel, campaign_id, details)
        )
        from contracts.events
    ),
    (select bit_xor(hash(profile_id, customer_id)) from identity.int_customer_profiles),
    (select bit_xor(hash(permissions)) from consent.int_customer_permissions as permissions),
    (select bit_xor(hash(orders)) from marts.orders as orders),
    (select bit_xor(hash(spend)) from contracts.spend as spend),
    (
        select bit_xor(
            hash(customer_id, country, first_source, first_platform, first_order_on, net_revenue_12m)
        )
        from marts.customers
    )
"""


def build(root: Path) -> dict[str, str]:
    """By dbt as everywhere; each mart's SQL as dbt ran it."""
    here, target = company(root), root / "data" / "dbt"
    words = [sys.executable, "-m", "pipelines.dbt_child", "--log-level-file", "none", "build"]
    words += ["--resource-type", "seed", "--resource-type", "model", "--select", *MODELS]
    words += ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    words += ["--target-path", str(target), "--log-path", str(target), "--vars", dbt_parsed.variables(here)]
    watched(words, dbt_parsed.environment(here.home))
    compiled = target / "compiled" / "firsthand" / "models" / "marts"
    return {name: (compiled / f"{name}.sql").read_text(encoding="utf-8") for name in MARTS}


def main(people: int) -> int:
    with tempfile.TemporaryDirectory(prefix="ownership-") as folder:
        root = Path(folder)
        file = root / "data" / "warehouse.duckdb"
        file.parent.mkdir()
        given = {"people": people, "touches": TOUCHES_EACH, "orders": ORDERS_EACH}
        limits = {"threads": 2, "memory_limit": MEMORY}
        with duckdb.connect(str(file), config=limits) as con:
            con.execute("set TimeZone = 'UTC'; set preserve_insertion_order = false")
            con.execute("set force_compression = 'uncompressed'")  # as dbt writes what it builds
            schema.ensure(con, {})
            con.execute(PREPARED.format(**given, short_name=SHORT_NAME))
        code = build(root)
        with duckdb.connect(str(file), config=limits) as con:
            con.execute("set TimeZone = 'UTC'; set preserve_insertion_order = false; use marts")
            con.execute(f"set variable lifecycle_as_of = date '{DAY}'")
            floor = median(con, FLOOR)
            print(
                f"{people:,} people, {people * TOUCHES_EACH:,} touches; bare scan of all of it: {told(floor)}"
            )
            wall = processor = 0.0
            for name in MARTS:
                took = timed(con, f"create or replace temp table bench as {code[name]}")
                wall, processor = wall + took.wall, processor + took.processor
                print(f"{name}: {told(took)}")
            by_wall, by_processor = wall / floor.wall, processor / floor.processor
            print(f"ratio {by_wall:.1f} by the wall, {by_processor:.1f} by the processor")
            _questions(con, root)
        return 0 if by_processor <= MOST else 1


def _questions(con: duckdb.DuckDBPyConnection, root: Path) -> None:
    """What a reader waits for."""

    settings = company(root).config
    loss = losses.of(["meta"], settings)
    now = datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC)
    asked = {
        "a drill": lambda: drill.ask(con, settings, loss, 6, DAY, {}, now),
        "the index": lambda: dependence.ask(con, settings, DAY),
        "seen against useful": lambda: useful.ask(con, settings, DAY),
        "what the money left": lambda: left.ask(con, settings, DAY),
    }
    for name, ask in asked.items():
        began, worked = time.perf_counter(), time.process_time()
        ask()
        print(
            f"{name}: {time.perf_counter() - began:.2f} s ({time.process_time() - worked:.2f} s of processor)"
        )


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE))
