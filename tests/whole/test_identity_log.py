"""The life of a customer number as the log tells it: every event once, whatever happens to a build."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import identity_harness as harness
import inside
import pytest

from pipelines.config import Config
from pipelines.door import judgements, schema
from pipelines.door.judgements import judgement
from pipelines.matching import profiles, reading

DAY_ONE = datetime(2026, 11, 1, 5, tzinfo=UTC)
# All of identity, as `firsthand match` builds it, and what is told of numbers.
BUILT = ["+identity_log", "+customer_crosswalk", "+int_identity__epoch"]
GIVEN = ["path:models/staging", "profiles"]

pytestmark = pytest.mark.slow


@dataclass
class Life:
    """A warehouse whose profiles the test writes itself, built by dbt like any other."""

    folder: Path
    day: int = 0

    def __post_init__(self) -> None:
        self.file = self.folder / "warehouse.duckdb"
        shutil.copy(harness.empty(), self.file)

    @property
    def now(self) -> datetime:
        return DAY_ONE + timedelta(days=self.day)

    def add(self, record_id: str, **said: str) -> None:
        """One record more, come today."""
        file = self.folder / "given.csv"
        file.write_text("\n".join([",".join(["record_id", *said]), ",".join([record_id, *said.values()])]))
        with duckdb.connect() as own:
            reading.read(own, file, {}, self.folder)
            profiles.make(own, Config(company="x"))
            own.execute("update contracts.profiles set first_seen_at = $1, touched_at = $1", [self.now])
            own.execute(f"copy contracts.profiles to '{self.folder / 'one.parquet'}'")
        with self.warehouse() as con:
            con.execute(f"insert into contracts.profiles by name from '{self.folder / 'one.parquet'}'")

    def say(self, left: str, right: str, verdict: Any) -> None:
        said = judgement(profile(left), profile(right), verdict, "ines", self.now)
        with self.warehouse() as con:
            judgements.write(con, said, self.now)

    def run(self, statement: str) -> None:
        with self.warehouse() as con:
            con.execute(statement)

    def build(self, *words: str) -> list[tuple[str, ...]]:
        """A night: what the door learned, dbt; what the log has more of afterwards."""
        self.day += 1
        with self.warehouse() as con:
            con.execute(
                "insert into door.batches values ($1, 'files', 'leads', 'file', $2, 1, 1, 0, 0, true, null)",
                [str(self.day), self.now],
            )
            last = con.execute("select coalesce(max(entry), 0) from door.identity_log").fetchall()[0][0]
        what = ["--select", *BUILT, "--exclude", *GIVEN, "--resource-type", "model"]
        inside.dbt(self.file, "build", *what, *words)
        return self.read(
            """
            select
                name(customer_number), event, name(customer_id), name(previous_customer_id), cause,
                (select if(is_full, 'full', 'increment') from contracts.int_settled)
            from door.identity_log where entry > ? order by all
            """,
            last,
        )

    def read(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.warehouse() as con:
            con.execute(
                "create table if not exists names as select profile_id, own_number "
                "from identity.int_customer_profiles limit 0"
            )
            con.execute(
                "insert into names select profile_id, own_number from identity.int_customer_profiles "
                "where profile_id not in (select profile_id from names)"
            )
            con.execute(
                "create temp macro name(number) as (select split_part(profile_id, ':', 4) from names "
                "where own_number = number)"
            )
            return con.execute(query, list(values)).fetchall()

    def warehouse(self) -> duckdb.DuckDBPyConnection:
        con = duckdb.connect(str(self.file))
        con.execute("set TimeZone = 'UTC'")
        schema.ensure(con, {})
        return con


def profile(record_id: str) -> str:
    return f"file:file:record:{record_id}"


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    """Two strangers, logged. What follows happens to them in the order of this file."""
    life = Life(tmp_path_factory.mktemp("life"))
    life.add("old", first_name="Marie", last_name="Durand", email="marie.durand@poste.example")
    life.day += 1
    life.add("new", first_name="Marie", last_name="Lefevre", email="m.lefevre@boite.example")
    assert life.build() == [
        ("new", "born", "new", None, "first_record", "full"),
        ("old", "born", "old", None, "first_record", "full"),
    ]
    yield life


def test_the_same_again_writes_nothing_in_an_increment_or_in_full(life: Life) -> None:
    assert life.build() == []
    assert life.build("--full-refresh") == []


def test_a_record_that_joins_is_born_into_its_customer(life: Life) -> None:
    life.add("form", first_name="Marie", last_name="Durand", email="marie.durand@poste.example")
    came = life.now
    assert life.build() == [("form", "born", "old", None, "same_email", "increment")]
    assert life.read("select since from marts.customer_crosswalk where name(customer_number) = 'form'") == [
        (came,)
    ]
    assert life.read(
        "select one_profile_id, other_profile_id from marts.identity_log order by entry desc limit 1"
    ) in ([(profile("old"), profile("form"))], [(profile("form"), profile("old"))])


def test_a_merge_a_split_and_who_said_so(life: Life) -> None:
    life.say("form", "new", "together")
    assert life.build() == [("new", "merged", "old", "new", "judged_together", "increment")]
    assert life.read(
        "select status, since from marts.customer_crosswalk where name(customer_number) = 'new'"
    ) == [("redirected", life.now)]
    life.say("form", "new", "apart")
    assert life.build() == [("new", "parted", "new", "old", "judged_apart", "increment")]
    assert life.read(
        "select status, since from marts.customer_crosswalk where name(customer_number) = 'new'"
    ) == [("current", life.now)]
    assert life.read("select distinct judged_by from marts.identity_log where cause like 'judged%'") == [
        ("ines",)
    ]


def test_a_build_that_died_before_the_log_is_made_good_and_not_doubled(life: Life) -> None:
    life.say("form", "new", "together")
    # Dead between int_customer_profiles and the log: the one knows, the other does not, no epoch was written.
    assert len(life.build()) == 1
    life.run("delete from door.identity_log where entry = (select max(entry) from door.identity_log)")
    life.run("drop table identity.int_identity__epoch")
    assert life.build() == [("new", "merged", "old", "new", "judged_together", "full")]
    assert life.build() == []


def test_a_founder_that_goes_leaves_its_number_and_may_return(life: Life) -> None:
    life.run(f"create table gone as from contracts.profiles where profile_id = '{profile('old')}'")
    life.run("delete from contracts.profiles where profile_id in (select profile_id from gone)")
    assert life.build() == [
        ("form", "parted", "new", "old", "erased_or_gone", "increment"),
        ("new", "parted", "new", "old", "erased_or_gone", "increment"),
        ("old", "ended", None, "old", "erased_or_gone", "increment"),
    ]
    assert life.read(
        "select customer_id, status from marts.customer_crosswalk where name(customer_number) = 'old'"
    ) == [(None, "erased")]
    life.run("insert into contracts.profiles from gone")
    assert life.build() == [
        ("form", "merged", "old", "new", "same_email", "increment"),
        ("new", "merged", "old", "new", "same_email", "increment"),
        ("old", "returned", "old", None, "first_record", "increment"),
    ]


def test_a_record_that_changed_parts_and_a_rule_that_changed_is_told_from_it(life: Life) -> None:
    life.run(
        f"""
        update contracts.profiles
        set
            email = 'zoe.petit@boite.example', first_name = 'Zoé', last_name = 'Petit',
            touched_at = '{life.now}'
        where profile_id = '{profile("form")}'
        """
    )
    happened = life.build()
    assert ("form", "parted", "record_changed") in [(row[0], row[1], row[4]) for row in happened], happened


def test_the_log_counts_on_and_no_number_is_in_two_states_at_once(life: Life) -> None:
    entries = [entry for (entry,) in life.read("select entry from door.identity_log order by entry")]
    assert len(entries) == len(set(entries))
    told = life.read(
        """
        select customer_number, customer_id from door.identity_log
        qualify row_number() over (partition by customer_number order by entry desc) = 1 order by all
        """
    )
    assert told == life.read(
        "select own_number, customer_id from identity.int_customer_profiles order by all"
    )
