"""Millions of made-up profiles in the shape of `contracts.profiles`, and whose they are; all in SQL.

Names, towns and postcodes are skewed as in real registers, people leave about 2.2 records with a tail up to
forty, households share a last name, a house, sometimes a landline and a mailbox. Addresses are missing,
shared, tagged and mistyped; names shortened and misspelt. The same number and seed give the same rows.
"""

from pathlib import Path

import duckdb

from benchmarks.crowd import lists
from simulator import names
from simulator.mess import MISSPELT, PLACEHOLDER_EMAILS, TAGS
from simulator.people import MAILBOXES
from simulator.phones import OTHER_AREAS, QUEBEC_AREAS

Connection = duckdb.DuckDBPyConnection
HERE = Path(__file__).parent
# A little under the mean of what people.sql deals out, so that there are always enough.
RECORDS_PER_PERSON = 2.15
# Of ten who arrive later, so many are known already.
KNOWN_IN_TEN = 6

# Who leaves each record: `copy` is its place among the person's.
FIRST_TURNS = """
create or replace temp table crowd_turns as
select row_number() over (order by dice(person * 64 + copy, 16), person, copy) - 1 as n, person, copy
from (select person, unnest(range(record_count)) as copy from crowd_people where person < {people})
qualify n < {records}
"""
LATER_TURNS = """
create or replace temp table crowd_turns as
select
    {records} + n as n,
    -- Known people come back; the others were never seen.
    if(n % 10 < {known}, (dice(n, 17) * {people})::bigint % {people}, {people} + n) as person,
    50 as copy
from range({more}) as t (n)
"""


def write(con: Connection, records: int, more: int, seed: int, arrivals: Path, truth: Path) -> None:
    """`records` profiles as table contracts.profiles; `more` of a later day and all their truth as files."""
    people = round(records / RECORDS_PER_PERSON)
    con.execute(_sql("dice", seed=seed, slots=lists.SLOTS))
    lists.register(con)
    con.execute(_sql("people", people=people + more, **_places()))
    con.execute(FIRST_TURNS.format(people=people, records=records))
    _say(con)
    profiles = _sql("profiles")
    con.execute("create schema if not exists contracts")
    con.execute(f"create or replace table contracts.profiles as select * exclude (person) from ({profiles})")
    con.execute(f"create or replace temp table crowd_truth as select profile_id, person from ({profiles})")
    con.execute(LATER_TURNS.format(people=people, records=records, known=KNOWN_IN_TEN, more=more))
    _say(con)
    con.execute(f"insert into crowd_truth select profile_id, person from ({profiles})")
    con.execute(f"copy (select * exclude (person) from ({profiles})) to '{arrivals}' (format parquet)")
    known = "select profile_id as record_id, person::varchar as cluster_id from crowd_truth"
    con.execute(f"copy ({known}) to '{truth}' (format parquet)")
    for table in ("people", "turns", "said", "truth", "first_names", "last_names", "towns"):
        con.execute(f"drop table crowd_{table}")


def _sql(name: str, **values: object) -> str:
    return (HERE / f"{name}.sql").read_text(encoding="utf-8").format(**values)


def _places() -> dict[str, object]:
    streets = [street.replace("'", " ") for land in ("FR", "BE", "CA") for street in names.STREETS[land]]
    areas = [*QUEBEC_AREAS, *OTHER_AREAS]
    lists_of = {"streets": streets, "mailboxes": list(MAILBOXES), "pastimes": list(lists.PASTIMES)}
    return lists_of | {"areas": areas, "area_count": len(areas)}


def _say(con: Connection) -> None:
    misspelt = ", ".join(f"'{right}': '{wrong}'" for right, wrong in MISSPELT.items())
    lists_of = {"nobodys_emails": list(PLACEHOLDER_EMAILS), "tags": list(TAGS)}
    con.execute(_sql("said", **lists_of, misspelt=f"map {{{misspelt}}}"))
