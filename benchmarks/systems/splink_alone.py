"""Splink 5 alone, as someone who knows it would set it up for records they have not seen yet.

One recipe for every set: columns that are nearly always null are left out; name and place, whose parts
depend on each other, are one comparison each; a blocking rule that would yield too many pairs is left out;
prior and weights are learnt from the records themselves; pairs from .95 on are linked.
"""

import logging
import sys
from collections.abc import Callable, Sequence
from functools import partial

import duckdb
import pyarrow as pa
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from benchmarks.systems.splink_comparisons import comparisons

Rule = tuple[str, ...]
THRESHOLD = 0.95
# Less than one record in fifty says nothing that could be learnt.
FILLED_AT_LEAST = 0.02
# Pairs a rule may yield for each record, on average; a first name alone passes in a small list only. In a
# long one the pairs themselves are the limit, down to what any rule must be allowed.
PAIRS_PER_RECORD, MOST_PAIRS, LEAST_PER_RECORD = 150, 20_000_000, 10
U_PAIRS = 5e6
SEED = 1

# To find pairs with. The first of those that may be used, per training session, see SESSIONS.
BLOCKING: tuple[Rule, ...] = (
    ("email",), ("phone",), ("national_id",), ("first_name", "last_name"), ("last_name", "birth_date"),
    ("first_name", "birth_date"), ("birth_date", "postcode"), ("birth_date", "city"),
    ("last_name", "postcode"), ("first_name", "postcode"), ("address", "postcode"), ("last_name", "city"),
    ("first_name", "city"), ("substr(email, 1, 6)",), ("birth_date",), ("last_name",), ("first_name",),
)  # fmt: skip
# Nobody else has it: what the prior is counted from, and how much of the truth such rules usually find.
CERTAIN: tuple[Rule, ...] = (
    ("email",),
    ("phone",),
    ("national_id",),
    ("first_name", "last_name", "birth_date"),
)
CERTAIN_RECALL = 0.7
# Each session learns what it does not block on, so that between them everything is learnt.
SESSIONS: tuple[Rule, ...] = (
    ("first_name", "last_name"), ("email",), ("phone",), ("birth_date",), ("national_id",),
    ("address", "postcode"), ("last_name", "postcode"),
)  # fmt: skip
ENOUGH_PAIRS = 200


def clusters(records: pa.Table) -> dict[str, str]:
    """Record -> cluster, from cleaned records; training included."""
    with duckdb.connect() as con:
        con.register("cleaned", records)
        con.execute("create table records as from cleaned")
        answer = link(con, "records")
        return dict(con.execute(f"select record_id, cluster_id::varchar from {answer}").fetchall())


def link(con: duckdb.DuckDBPyConnection, table: str) -> str:
    """Train, score and cluster a table of cleaned records; the name of the table of clusters."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    db = DuckDBAPI(connection=con)
    filled = _filled(con, table)
    pairs = {
        rule: _pairs(con, table, rule) for rule in {*BLOCKING, *CERTAIN, *SESSIONS} if _usable(rule, filled)
    }
    size = con.execute(f"select count(*) from {table}").fetchall()[0][0]
    limit = max(min(PAIRS_PER_RECORD * size, MOST_PAIRS), LEAST_PER_RECORD * size)
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_id",
        comparisons=comparisons(filled),
        blocking_rules_to_generate_predictions=[
            block_on(*rule) for rule in BLOCKING if 0 < pairs.get(rule, 0) <= limit
        ],
        retain_matching_columns=False,
    )
    certain = [rule for rule in CERTAIN if pairs.get(rule, 0)]
    sessions = [rule for rule in SESSIONS if ENOUGH_PAIRS <= pairs.get(rule, 0) <= limit]
    linker = _trained(partial(Linker, db.register(table), settings, log_level=None), certain, sessions)
    predicted = linker.inference.predict(threshold_match_probability=THRESHOLD)
    return linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, THRESHOLD).physical_name


def _trained(make: Callable[[], Linker], certain: list[Rule], sessions: list[Rule]) -> Linker:
    linker = make()
    if certain:
        rules = [block_on(*rule) for rule in certain]
        linker.training.estimate_probability_two_random_records_match(rules, recall=CERTAIN_RECALL)
    linker.training.estimate_u_using_random_sampling(max_pairs=U_PAIRS, seed=SEED)
    for rule in sessions:
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(block_on(*rule))
        except ValueError as reason:
            # A level that hardly any pair reaches can fall to nothing within a session, which Splink refuses;
            # and the prior of that session stays behind. So begin again without it; the others teach as much.
            print(f"Splink: trained without {' and '.join(rule)}: {reason}", file=sys.stderr)
            return _trained(make, certain, [one for one in sessions if one != rule])
    return linker


def _filled(con: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    """The columns that are there often enough."""
    columns = [name for name, *_ in con.execute(f"describe {table}").fetchall() if name != "record_id"]
    shares = con.execute(
        f"select {', '.join(f'count({c}) / count(*)' for c in columns)} from {table}"
    ).fetchall()
    return {c for c, share in zip(columns, shares[0], strict=True) if share >= FILLED_AT_LEAST}


def _usable(rule: Sequence[str], filled: set[str]) -> bool:
    return all(any(part == c or f"({c}," in part for c in filled) for part in rule)


def _pairs(con: duckdb.DuckDBPyConnection, table: str, rule: Rule) -> int:
    """How many pairs a blocking rule yields: counted, not tried."""
    there = " and ".join(f"{part} is not null" for part in rule)
    blocks = f"select count(*) as n from {table} where {there} group by {', '.join(rule)}"
    return int(con.execute(f"select coalesce(sum(n * (n - 1) // 2), 0) from ({blocks})").fetchall()[0][0])
