"""The dbt project, whole: each story of tests/scenarios played into one empty warehouse and built once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import retold
import stories

from pipelines import portrait_story
from pipelines.config import Config
from pipelines.matching import profiles, reading

# What links customers without merging them.
GROUPS = ("household", "account")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def con(told: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(told), read_only=True) as reader:
        reader.execute("set TimeZone = 'UTC'")
        yield reader


def customers(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return dict(con.execute("select profile_id, customer_id from marts.customer_profiles").fetchall())


@pytest.mark.parametrize("story", stories.names())
def test_the_right_records_are_one_customer(con: duckdb.DuckDBPyConnection, story: str) -> None:
    belongs = customers(con)
    expected = {
        stories.profile(story, line["record"]): line["customer"] for line in stories.read(story, "expected")
    }
    assert {p for p, letter in expected.items() if letter == "-"} & set(belongs) == set(), "nobody's record"
    by_number: dict[str, set[str]] = {}
    for profile, letter in expected.items():
        if letter != "-":
            by_number.setdefault(belongs[profile], set()).add(letter)
    mixed = {number: letters for number, letters in by_number.items() if len(letters) > 1}
    assert not mixed, "strangers in one customer"
    apart = {letter for letters in by_number.values() for letter in letters}
    assert len(by_number) == len(apart), "one person under several numbers"


@pytest.mark.parametrize("story", stories.names())
def test_the_customer_table_says_what_is_expected(con: duckdb.DuckDBPyConnection, story: str) -> None:
    belongs = customers(con)
    for line in stories.read(story, "expected"):
        for column, cell in list(line.items())[2:]:
            if not cell or column in GROUPS:
                continue
            number = belongs[stories.profile(story, line["record"])]
            assert _value(con, number, column) == cell, f"{line['record']}: {column}"


def _value(con: duckdb.DuckDBPyConnection, number: str, column: str) -> str:
    axis, is_dated, day = column.partition(" on ")
    if is_dated:
        found = con.execute(
            """
            select value from marts.customer_stages
            where customer_id = ? and axis = ? and valid_from <= ?::date
                and coalesce(valid_to > ?::date, true)
            """,
            [number, axis, day, day],
        ).fetchone()
    else:
        found = con.execute(
            f'select cast("{column}" as varchar) from marts.customers where customer_id = ?', [number]
        ).fetchone()
    return "none" if found is None or found[0] is None else found[0]


def test_the_unit_tests_beside_the_models_hold(told: Path, tmp_path: Path) -> None:
    """Whether a rule turns on the right day, and on null; dbt takes the columns from what was built."""
    shutil.copy(told, tmp_path / "warehouse.duckdb")
    retold.dbt(tmp_path / "warehouse.duckdb", "test", "--select", "test_type:unit")


def test_a_file_to_match_brings_every_column_of_a_profile(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    (tmp_path / "list.csv").write_text("email\nann@poste.example\n")
    with duckdb.connect() as own:
        reading.read(own, tmp_path / "list.csv", {}, tmp_path)
        profiles.make(own, Config(company="x"))
        brought = own.execute("select column_name, column_type from (describe contracts.profiles)").fetchall()
    needed = con.execute("select column_name, column_type from (describe contracts.profiles)").fetchall()
    assert set(needed) - set(brought) == set()


def test_who_shares_an_address_and_is_kept_apart_is_asked_about(con: duckdb.DuckDBPyConnection) -> None:
    story = "couple_on_one_mailbox"
    letters = {
        stories.profile(story, line["record"]): line["customer"] for line in stories.read(story, "expected")
    }
    asked = con.execute("select left_profile_id, right_profile_id from marts.review_queue").fetchall()
    pairs = [{letters[left], letters[right]} for left, right in asked if left in letters and right in letters]
    assert pairs
    assert all(len(pair) == 2 for pair in pairs), "one person asked about twice"
    assert len(pairs) == len({frozenset(pair) for pair in pairs})


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("story", stories.names())
def test_who_belongs_together_is_linked(con: duckdb.DuckDBPyConnection, story: str, group: str) -> None:
    belongs = customers(con)
    linked = dict(
        con.execute(f"select customer_id, {group}_id from marts.{group}_members").fetchall()  # one each
    )
    found: dict[str, set[str | None]] = {}
    for line in stories.read(story, "expected"):
        if line.get(group):
            number = belongs[stories.profile(story, line["record"])]
            found.setdefault(line[group], set()).add(linked.get(number))
    assert found.pop("none", {None}) == {None}, f"in a {group}, though alone"
    assert all(len(ids) == 1 and None not in ids for ids in found.values()), f"one {group} in pieces"
    assert len({one for ids in found.values() for one in ids}) == len(found), f"two of a {group} in one"


def test_the_stories_do_not_know_each_other(con: duckdb.DuckDBPyConnection) -> None:
    mixed = con.execute(
        """
        select customer_id, list(distinct account) from marts.customer_profiles
        group by customer_id having count(distinct account) > 1
        """
    ).fetchall()
    assert mixed == []


def test_a_story_tells_the_payment_of_a_cancelled_order_and_what_was_said_about_mail(told: Path) -> None:
    with duckdb.connect(str(told), read_only=True) as con:
        con.execute("set TimeZone = 'UTC'; set schema = 'marts'")
        belongs = customers(con)
        cancelled = belongs[stories.profile("what_each_event_does", "shop customer 2")]
        lines = portrait_story.story_lines(con, cancelled, "en")
        unsubscribed = belongs[stories.profile("what_each_event_does", "meta lead 4")]
        touches = con.execute(
            "select touch_date::varchar, touch_type from touchpoints"
            " where customer_id = ? and starts_with(touch_type, 'permission_') order by all",
            [unsubscribed],
        ).fetchall()
    assert "  2025-02-01  paid an order [#22]" in lines
    assert "  2025-03-20  an order was cancelled [#22]" in lines
    assert {("2025-01-01", "permission_grant"), ("2025-02-20", "permission_withdraw")} <= set(touches)
