"""Labelled sets: made again alike, with the truth of every record, hard in the ways they promise."""

from collections import Counter
from pathlib import Path

import duckdb
import pytest

from benchmarks import contest
from benchmarks.labelled import SETS, LabelledSet
from benchmarks.labelled.rows import COLUMNS
from benchmarks.scoring import score
from benchmarks.systems import exact, splink_alone
from benchmarks.systems.cleaning import clean

SMALL = [one for one in SETS if one.size == "2k"]
RESERVED = (".example", ".test")


@pytest.fixture(params=SMALL, ids=[one.name for one in SMALL])
def labelled(request) -> LabelledSet:
    return request.param


def test_labelled__the_same_seed_makes_the_same_rows_and_another_seed_others(labelled: LabelledSet) -> None:
    rows = labelled.rows()
    assert rows == labelled.rows()
    other = LabelledSet(labelled.kind, labelled.size, labelled.people, labelled.seed + 1, labelled.make)
    assert rows != other.rows()


def test_labelled__every_record_has_its_truth_and_people_have_several(labelled: LabelledSet) -> None:
    rows = labelled.rows()
    assert all(tuple(one) == COLUMNS for one in rows)
    assert len({one["record_id"] for one in rows}) == len(rows) > 1_500
    counts = Counter(one["true_cluster_id"] for one in rows)
    assert None not in counts
    assert labelled.people * 0.95 <= len(counts) <= labelled.people
    assert sum(n > 1 for n in counts.values()) > len(counts) / 3
    assert max(counts.values()) >= 5


def test_labelled__nobody_can_be_reached(labelled: LabelledSet) -> None:
    emails = [one["email"].strip().lower() for one in labelled.rows() if one["email"]]
    assert [one for one in emails if not one.endswith(RESERVED)] == []


def test_labelled__registers_have_neither_email_nor_phone() -> None:
    for one in next(one for one in SMALL if one.kind == "register").rows():
        assert one["email"] is None and one["phone"] is None and one["first_name"]


def test_labelled__exact_matching_is_scored_on_a_file_without_seeing_its_truth(tmp_path: Path) -> None:
    file = next(one for one in SMALL if one.kind == "leads").write(tmp_path)
    assert "true_cluster_id" not in clean(file).column_names
    found = contest.compete(file, contest.EXACT).score
    # Hard enough to need more than exact rules, and not hopeless.
    assert 0.8 < found.f1 < 0.95
    assert found.over_merged > 0 and found.split_people > 0


def test_contest__a_floor_that_is_not_reached_is_named() -> None:
    truth = {"a": "1", "b": "1", "c": "2"}
    own = contest.Result("made_leads_2k", contest.OURS, score({}, truth), 1.0)
    assert contest.shortcomings(own) == ["made_leads_2k: F1 0.0000 is under 0.93"]
    assert contest.shortcomings(contest.Result("made_leads_2k", contest.EXACT, score({}, truth), 1.0)) == []
    assert contest.shortcomings(contest.Result("somebody_else", contest.OURS, score({}, truth), 1.0)) == []
    assert contest.shortcomings(contest.Result("made_leads_2k", contest.OURS, score(truth, truth), 1.0)) == []


def test_exact__joins_by_each_key_and_follows_the_chain(tmp_path: Path) -> None:
    columns = ", ".join(
        f"null::varchar as {name}" for name in COLUMNS if name not in ("record_id", "true_cluster_id")
    )
    said = {
        "a": {"email": "Lea.Roy+x@mail.test", "phone": "06 39 98 12 34"},
        "b": {"phone": "+33639981234"},
        "c": {"email": "lea.roy@mail.test", "first_name": "Léa", "last_name": "Roy", "dob": "1990-02-01"},
        "d": {"full_name": "ROY, Lea", "dob": "01/02/1990"},
        "e": {"full_name": "Lea Roy"},
        "f": {"email": "info@cabinet.example"},
        "g": {"email": "info@cabinet.example", "phone": "0000000000"},
        "h": {"phone": "00 00 00 00 00"},
    }
    con = duckdb.connect()
    con.execute(f"create table records as select 'x' as record_id, 'y' as true_cluster_id, {columns} limit 0")
    for record, values in said.items():
        names = ", ".join(["record_id", *values])
        con.execute(
            f"insert into records ({names}) values ({', '.join('?' * (len(values) + 1))})",
            [record, *values.values()],
        )
    file = tmp_path / "few.parquet"
    con.execute(f"copy records to '{file}' (format parquet)")
    answer = exact.clusters(clean(file))
    assert answer["a"] == answer["b"] == answer["c"] == answer["d"]
    assert len({answer[one] for one in "aefgh"}) == 5


def test_splink__a_rule_that_yields_too_many_pairs_is_left_out() -> None:
    con = duckdb.connect()
    con.execute("create table records as select i::varchar as record_id, 'x' as email from range(2000) t(i)")
    assert splink_alone._pairs(con, "records", ("email",)) == 2000 * 1999 // 2
