"""The profiles of `make bench-identity`: the same again, skewed, shared, with everybody's truth."""

from pathlib import Path

import duckdb
import pytest

from benchmarks import crowd
from benchmarks.identity import GROWTH, INCREMENT_FASTER, Size, verdicts
from benchmarks.identity_build import Build
from benchmarks.scoring import score

RECORDS, MORE = 20_000, 1_000


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> duckdb.DuckDBPyConnection:
    return _make(tmp_path_factory.mktemp("crowd"), seed=7)


def _make(folder: Path, seed: int) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("set TimeZone = 'UTC'")
    crowd.write(con, RECORDS, MORE, seed, folder / "arrivals.parquet", folder / "truth.parquet")
    for name in ("arrivals", "truth"):
        con.execute(f"create table {name} as from '{folder / name}.parquet'")
    return con


def _one(con: duckdb.DuckDBPyConnection, query: str) -> object:
    return con.execute(query).fetchall()[0][0]


def test_crowd__the_same_seed_makes_the_same_rows_and_another_seed_others(made, tmp_path: Path) -> None:
    rows = "from contracts.profiles order by profile_id"
    assert made.execute(rows).fetchall() == _make(tmp_path, seed=7).execute(rows).fetchall()
    assert made.execute(rows).fetchall() != _make(tmp_path, seed=8).execute(rows).fetchall()


def test_crowd__every_profile_is_there_once_with_its_truth(made) -> None:
    assert _one(made, "select count(distinct profile_id) from contracts.profiles") == RECORDS
    everybody = "select profile_id from contracts.profiles union all select profile_id from arrivals"
    assert _one(made, f"select count(*) from ({everybody})") == RECORDS + MORE
    without = f"select count(*) from ({everybody}) where profile_id not in (select record_id from truth)"
    assert _one(made, without) == 0
    assert _one(made, "select count(*) from truth") == RECORDS + MORE


def test_crowd__people_leave_a_little_over_two_records_with_a_long_tail(made) -> None:
    base = "truth where record_id in (select profile_id from contracts.profiles)"
    assert 2.0 < RECORDS / _one(made, f"select count(distinct cluster_id) from {base}") < 2.4
    assert _one(made, f"select max(n) from (select count(*) as n from {base} group by cluster_id)") >= 16


def test_crowd__a_fixed_share_of_those_who_arrive_is_known(made) -> None:
    known = """
        select count(*) from arrivals inner join truth on profile_id = record_id
        where cluster_id in (
            select cluster_id from truth where record_id in (select profile_id from contracts.profiles)
        )
    """
    # A few of the people have none of their records among the first.
    assert 0.57 * MORE < _one(made, known) <= 0.6 * MORE


def test_crowd__names_are_skewed_and_values_shared(made) -> None:
    counts = (
        "select count(*) as n from contracts.profiles where last_name is not null group by lower(last_name)"
    )
    assert _one(made, f"select max(n) / avg(n) from ({counts})") > 10
    # One mailbox, several people: families and offices.
    shared = """
        select count(*) from (
            select lower(trim(email)) from contracts.profiles inner join truth on profile_id = record_id
            where email is not null group by 1 having count(distinct cluster_id) > 1
        )
    """
    assert _one(made, shared) > 100


def test_crowd__nobody_can_be_reached(made) -> None:
    reserved = r"regexp_matches(lower(email), '\.(example|test) *$')"
    assert _one(made, f"select count(*) from contracts.profiles where not {reserved}") == 0


def test_identity__bounds_are_judged_at_the_million_and_growth_beyond() -> None:
    def size(records: int, full: float, more: float) -> Size:
        nothing = score({}, {"a": "1"})
        builds = (Build(full, 1.0, 2 * 1024**3, {}), Build(more, 1.0, 1, {}))
        return Size(records, 1.0, *builds, nothing, nothing)

    kept = verdicts([size(100_000, 5, 1), size(1_000_000, 30, 1), size(5_000_000, 150, 2)])
    assert [is_kept for *_, is_kept in kept] == [True] * 4
    broken = verdicts([size(1_000_000, 41, 2), size(5_000_000, 41 * 5 * 1.31, 2)])
    assert [is_kept for *_, is_kept in broken] == [False, True, False, False]
    assert [bound for *_, bound, _ in broken][-2:] == [INCREMENT_FASTER, GROWTH]
    assert verdicts([size(100_000, 5, 1)]) == []
