"""The yardstick of `make accuracy`, by cases worked out by hand."""

import random
from collections import defaultdict
from itertools import combinations

import duckdb
import pytest

from benchmarks.scoring import score, score_tables

TRUTH = {"a": "1", "b": "1", "c": "1", "d": "2", "e": "2", "f": "3"}


def test_scoring__one_moved_record() -> None:
    # True pairs ab ac bc de; called ab cd ce de; both ab de.
    found = score({"a": "x", "b": "x", "c": "y", "d": "y", "e": "y", "f": "z"}, TRUTH)
    assert (found.right_pairs, found.called_pairs, found.true_pairs) == (2, 4, 4)
    assert found.precision == found.recall == found.f1 == 0.5
    # a, b: 2 of 2; c: 1 of 3; d, e: 2 of 3; f: 1 of 1
    assert found.b3_precision == pytest.approx((1 + 1 + 1 / 3 + 2 / 3 + 2 / 3 + 1) / 6)
    # a, b: 2 of 3; c: 1 of 3; d, e, f: all
    assert found.b3_recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 3) / 6)
    assert (found.over_merged, found.split_people, found.people, found.clusters) == (1, 1, 3, 3)


def test_scoring__the_names_of_clusters_do_not_matter() -> None:
    found = score({record: f"other {cluster}" for record, cluster in TRUTH.items()}, TRUTH)
    assert found.f1 == found.b3_f1 == 1
    assert found.over_merged == found.split_people == 0


def test_scoring__everybody_one_and_everybody_alone() -> None:
    one = score(dict.fromkeys(TRUTH, "x"), TRUTH)
    assert (one.recall, one.precision, one.over_merged) == (1, 4 / 15, 1)
    alone = score({record: record for record in TRUTH}, TRUTH)
    assert (alone.recall, alone.precision, alone.f1, alone.b3_precision) == (0, 1, 0, 1)
    assert (alone.split_people, alone.over_merged) == (2, 0)


def test_scoring__what_is_missing_stands_alone_and_what_is_unknown_is_not_counted() -> None:
    found = score({"a": "x", "b": "x", "stranger": "x"}, TRUTH)
    assert (found.records, found.right_pairs, found.called_pairs, found.true_pairs) == (6, 1, 1, 4)
    # Two missing records never share a cluster, whatever the answer calls its own.
    assert score({}, TRUTH).clusters == 6


def test_scoring__a_record_named_twice_is_refused() -> None:
    con = duckdb.connect()
    con.execute(
        "create table answer as select * from (values ('a', 'x'), ('a', 'y')) v(record_id, cluster_id)"
    )
    con.execute("create table truth as select 'a' as record_id, '1' as cluster_id")
    with pytest.raises(ValueError, match="more than once"):
        score_tables(con, "answer", "truth")


def test_scoring__agrees_with_counting_every_pair() -> None:
    rng = random.Random(5)
    truth = {f"r{i}": str(rng.randrange(20)) for i in range(120)}
    answer = {record: str(rng.randrange(25)) for record in truth}
    called = {pair for pair in combinations(truth, 2) if answer[pair[0]] == answer[pair[1]]}
    true = {pair for pair in combinations(truth, 2) if truth[pair[0]] == truth[pair[1]]}
    members, persons = defaultdict(set), defaultdict(set)
    for record in truth:
        members[answer[record]].add(record)
        persons[truth[record]].add(record)
    own = [len(members[answer[r]] & persons[truth[r]]) for r in truth]
    found = score(answer, truth)
    assert (found.right_pairs, found.called_pairs, found.true_pairs) == (
        len(called & true),
        len(called),
        len(true),
    )
    assert found.b3_precision == pytest.approx(
        sum(n / len(members[answer[r]]) for n, r in zip(own, truth, strict=True)) / len(truth)
    )
    assert found.b3_recall == pytest.approx(
        sum(n / len(persons[truth[r]]) for n, r in zip(own, truth, strict=True)) / len(truth)
    )
    assert found.over_merged == sum(len({truth[r] for r in those}) > 1 for those in members.values())
    assert found.split_people == sum(len({answer[r] for r in those}) > 1 for those in persons.values())
