"""The histories of a million people with ten million events: seconds, memory, and the ratio to a bare scan.

Then days with ten thousand new events each: what the increment of the middling one takes beside the rebuild,
and whether both tell the same. dbt builds one model at a time; what counts is the models' own time, start-up
apart. What of that passes whatever the size (dbt's work on each model, planning of statements) is measured in
a small town and printed apart. The floor reads the same events once, every column, grouped by person.

    python -m benchmarks.lifecycle [people]
"""

import json
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from benchmarks.identity_build import SHORT_NAME, company
from benchmarks.memory import watched
from pipelines import clock, dbt_parsed
from pipelines.door import schema
from pipelines.places import DBT_PROJECT

PEOPLE, EVENTS_EACH, NEWS = 1_000_000, 10, 10_000
FASTER = 20  # times, for a day's news against everybody
TRIES = 3  # of the floor, and days; the one in the middle counts
SMALL = 1_000  # people of whom next to nothing is to be read
MODELS = "+int_lifecycle__epoch,path:models/lifecycle"
SEEDS = ("event_points", "internal_domains")
MEGABYTE = 1024**2

# Everybody has one record; every fiftieth writes from a company of ten.
PEOPLE_SQL = """
create schema if not exists contracts; create schema if not exists identity;
create or replace table identity.int_customer_profiles as
select
    'shopify:bench:customer:' || i as profile_id,
    {short_name} as n,
    md5(i::varchar)::uuid::varchar as customer_id,
    timestamptz '2023-01-01 00:00:00+00' + to_hours((hash(i) % 20000)::bigint) as created_at,
    created_at as first_seen_at
from range({people}) as r (i);
create or replace table contracts.profiles as
select profile_id, created_at as touched_at from identity.int_customer_profiles;
create or replace table contracts.identifiers (
    profile_id varchar, identifier_type varchar, match_value varchar
);
create or replace table identity.int_account_members as
select 'account-' || i // 500 as account_id, md5(i::varchar)::uuid::varchar as customer_id,
    timestamptz '2023-01-01 00:00:00+00' as since
from range({people}) as r (i) where i % 50 = 0;
create or replace table identity.int_contact_points (
    profile_id varchar, identifier_type varchar, match_value varchar, is_role boolean, is_placeholder boolean
);
create or replace table identity.int_household_members (customer_id varchar, household_id varchar);
create or replace table identity.int_identity__news (entry bigint);
"""

# People come in bursts of a few days and stay away for months; a quarter buys.
EVENTS_SQL = """
create or replace table drawn as
select
    i, j, hash(i * 31 + j) as h, hash(i) as p,
    'e:' || i || ':' || j as event_id,
    'shopify:bench:customer:' || i as profile_id,
    {short_name} as profile_n,
    case
        when j = 0 then 'lead_created'
        when p % 4 = 0 and h % 3 = 0 then 'order_paid'
        when h % 100 < 45 then 'site_visit'
        when h % 100 < 65 then 'mail_opened'
        when h % 100 < 85 then 'mail_clicked'
        when h % 100 < 91 then 'add_to_cart'
        when h % 100 < 96 then 'form_answered'
        when h % 100 < 97 then 'quote_requested'
        when h % 100 < 98 and p % 4 = 0 then 'review_written'
        when h % 100 < 99 then 'nps_given'
        else 'unsubscribed'
    end as event_type,
    timestamptz '2023-01-01 00:00:00+00'
        + to_minutes(((p % 480000) + (j // 3) * (90000 + h % 160000) + (h // 7) % 9000)::bigint)
        as occurred_at
from range({since}, {until}) as r (i) cross join range({first}, {last}) as s (j);
insert into contracts.events by name
select
    event_id, profile_id, profile_n, event_type, occurred_at, occurred_at + interval 5 minute as ingested_at,
    ingested_at as touched_at, 'shopify' as platform, 'shop' as channel, null::varchar as campaign_id,
    case when event_type = 'order_paid' then 20 + h % 80 end::decimal(18, 2) as amount, 'EUR' as currency,
    event_id as evidence,
    case event_type
        when 'order_paid' then json_object('order_name', event_id, 'shipping', 5)
        when 'form_answered' then json_object('form', h % 3)
        when 'lead_created' then json_object('form', 'f')
        when 'review_written' then json_object('stars', 1 + h % 5, 'characters', h % 90)
        when 'nps_given' then json_object('score', h % 11)
    end as details
from drawn
union all by name
select
    event_id || ':refund' as event_id, profile_id, profile_n, 'order_refunded' as event_type,
    occurred_at + interval 6 day as occurred_at, occurred_at + interval 6 day as ingested_at,
    ingested_at as touched_at, 'shopify' as platform, 'shop' as channel,
    (20 + h % 80)::decimal(18, 2) as amount, 'EUR' as currency, event_id as evidence
from drawn where event_type = 'order_paid' and h % 40 = 3;
drop table drawn;
"""
TABLE = """
create or replace table contracts.events (
    event_id varchar, profile_id varchar, profile_n bigint, event_type varchar, occurred_at timestamptz,
    ingested_at timestamptz, touched_at timestamptz, platform varchar, channel varchar, campaign_id varchar,
    amount decimal(18, 2), currency varchar, evidence varchar, details json
);
"""
# A night's news is dated after all that was known.
NEWS_SQL = """
insert into contracts.events by name
select * exclude (moment) replace (
    'n{day}:' || event_id as event_id, evidence || ':n{day}' as evidence, moment as occurred_at,
    moment + interval 5 minute as ingested_at, moment + interval 5 minute as touched_at
)
from (
    select *, (select max(touched_at) from contracts.events) + to_seconds(row_number() over ()) as moment
    from contracts.events using sample reservoir({news} rows) repeatable ({day})
)
"""
FLOOR = """
create or replace temp table floor as
select profile_id, count(*) as n, bit_xor(hash({columns})) as h from contracts.events group by profile_id
"""
SAME = """
select count(*), bit_xor(hash({columns})), sum(hash({columns}))
from lifecycle.int_lifecycle__history
"""


@dataclass(frozen=True)
class Build:
    """One call of dbt: the models' own seconds, and the most memory."""

    seconds: float
    peak: int
    by_model: dict[str, float]


def build(root: Path, *more: str, full: bool, day: datetime | None = None) -> Build:
    """`more` models beyond the histories; raises RuntimeError with what dbt said, if it failed."""
    here, target = company(root), root / "data" / "dbt"
    on = (day or clock.ingest_time()).date()
    variables = json.dumps(here.config.dbt_vars(on, on) | {"identity_version": "bench"})
    words = [sys.executable, "-m", "pipelines.dbt_child", "--log-level-file", "none", "build"]
    words += ["--resource-type", "seed", "--resource-type", "model", "--threads", "1"]
    words += ["--select", *SEEDS, MODELS, *more, *(["--full-refresh"] if full else [])]
    words += ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    words += ["--target-path", str(target), "--log-path", str(target), "--vars", variables]
    took, _, _ = watched(words, dbt_parsed.environment(here.home))
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    by_model = {
        one["unique_id"].rpartition(".")[2]: one["execution_time"]
        for one in results
        if one["unique_id"].startswith("model.")
    }
    return Build(sum(by_model.values()), took.peak, by_model)


def make(file: Path, people: int) -> None:
    """Everybody and their events, a hundred thousand people at a time."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(file), config={"threads": 2, "memory_limit": "2GB"}) as con:
        con.execute("set TimeZone = 'UTC'; set preserve_insertion_order = false")
        con.execute("set force_compression = 'uncompressed'")  # as dbt writes what it builds
        schema.ensure(con, {})
        con.execute(PEOPLE_SQL.format(people=people, short_name=SHORT_NAME) + TABLE)
        for since in range(0, people, 100_000):
            until = min(since + 100_000, people)
            span = {"since": since, "until": until, "first": 0, "last": EVENTS_EACH}
            con.execute(EVENTS_SQL.format(**span, short_name=SHORT_NAME))


def happen(file: Path, news: int, day: int = 1) -> None:
    """The news of the `day`-th night."""
    with duckdb.connect(str(file)) as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute(NEWS_SQL.format(news=news, day=day))


def fixed() -> tuple[float, float]:
    """Seconds of a rebuild and of a day in a small town."""
    with tempfile.TemporaryDirectory(prefix="lifecycle-") as folder:
        root = Path(folder)
        file = company(root).home.warehouse
        make(file, SMALL)
        whole = build(root, full=True)
        happen(file, NEWS * SMALL // PEOPLE)
        return whole.seconds, build(root, full=False).seconds


def floor(file: Path) -> float:
    """The median of a few, the first look at the disk left out."""
    tries = []
    with duckdb.connect(str(file), read_only=True, config={"threads": 2}) as con:
        names = ", ".join(name for name, *_ in con.execute("describe contracts.events").fetchall())
        for _ in range(TRIES + 1):
            began = time.perf_counter()
            con.execute(FLOOR.format(columns=names))
            tries.append(time.perf_counter() - began)
    return statistics.median(tries[1:])


def told(file: Path) -> tuple:
    """What the histories say, as a few numbers: whatever their order, the same rows give the same."""
    with duckdb.connect(str(file), read_only=True) as con:
        names = ", ".join(
            name for name, *_ in con.execute("describe lifecycle.int_lifecycle__history").fetchall()
        )
        return con.execute(SAME.format(columns=names)).fetchone()


def slowest(built: Build) -> str:
    ranked = sorted(built.by_model.items(), key=lambda one: -one[1])[:5]
    return ", ".join(f"{name} {seconds:.2f}" for name, seconds in ranked)


def main(people: int) -> int:
    with tempfile.TemporaryDirectory(prefix="lifecycle-") as folder:
        root = Path(folder)
        file = company(root).home.warehouse
        make(file, people)
        with duckdb.connect(str(file)) as con:
            (count,) = con.execute("select count(*) from contracts.events").fetchone()
        whole = build(root, full=True)
        bare = floor(file)
        print(f"{people:,} people, {count:,} events: {whole.seconds:.1f} s, {whole.peak / MEGABYTE:,.0f} MB")
        print(f"  {slowest(whole)}")
        print(f"bare scan and group by person: {bare:.2f} s; ratio {whole.seconds / bare:.1f}")
        days = []
        for number in range(TRIES):
            happen(file, NEWS, number + 1)
            days.append(build(root, full=False))
        day = sorted(days, key=lambda one: one.seconds)[TRIES // 2]
        after = told(file)
        again = build(root, full=True)
        factor = again.seconds / day.seconds
        fixed_whole, fixed_day = fixed()
        beyond = (again.seconds - fixed_whole) / (day.seconds - fixed_day)
        each = ", ".join(f"{one.seconds:.2f}" for one in days)
        print(f"a day with {NEWS:,} new events: {day.seconds:.2f} s ({each}), {day.peak / MEGABYTE:,.0f} MB")
        print(f"  {slowest(day)}")
        print(f"rebuilt with them: {again.seconds:.1f} s; the increment is {factor:.1f} times faster")
        print(
            f"  apart from what {len(day.by_model)} models take for {SMALL:,} people too ({fixed_day:.2f} s, "
            f"{fixed_whole:.2f} s): {beyond:.1f} times faster"
        )
        same = after == told(file)
        print("increment and rebuild tell the same" if same else "INCREMENT AND REBUILD DIFFER")
        print(f"{after[0]:,} stretches of days")
    return 0 if same and factor >= FASTER else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE))
