"""Adds up the evidence: given pairs in, weights in bits and the level of each comparison out.

What Splink predicts by the same recipe and weights, to the last digit (tests/test_scorer.py): once both
probabilities of a level are known, a score is a sum. Splink learns the weights (pipelines/training). To write
its statement down it takes longer than DuckDB over a night's pairs, and its statement half as long again over
those of a million people.
"""

from collections.abc import Sequence

import duckdb

from pipelines.resemblance.recipe import COMPARISONS, Comparison
from pipelines.resemblance.weights import Weights


def score(
    con: duckdb.DuckDBPyConnection,
    compared: str,
    pairs: str,
    into: str,
    weights: Weights,
    comparisons: Sequence[Comparison] = COMPARISONS,
    *,
    with_levels: bool = False,
) -> None:
    """Make temp table `into`: left_n, right_n, weight, bits_<comparison> for each row of `pairs`.

    `compared` names a table of int_identity__compared's shape, of whoever is in `pairs` and, for speed, of
    few others; `pairs` one with left_n and right_n.
    `comparisons`: only these, and `compared` needs no more columns than they read; `with_levels` adds
    level_<comparison>, its name.
    """
    columns = [name for name, *_ in con.execute(f"describe {compared}").fetchall() if name != "n"]
    sides = ", ".join(f"{side}.{name} as {name}_{side}" for name in columns for side in "lr")
    found = [f"{_bits(one, weights)} as bits_{one.name}" for one in comparisons]
    if with_levels:
        found += [f"{_level(one)} as level_{one.name}" for one in comparisons]
    con.execute(
        f"""
        create or replace temp table {into} as
        with beside as (
            select pairs.left_n, pairs.right_n, {sides}
            from {pairs} as pairs
            inner join {compared} as l on pairs.left_n = l.n
            inner join {compared} as r on pairs.right_n = r.n
        ),
        found as (select left_n, right_n, {", ".join(found)} from beside)
        select left_n, right_n, {" + ".join(f"bits_{one.name}" for one in comparisons)} as weight,
            found.* exclude (left_n, right_n)
        from found
        """
    )


def _bits(comparison: Comparison, weights: Weights) -> str:
    bits = weights.bits[comparison.name]
    return _first_level(comparison, {name: f"'{worth!r}'::double" for name, worth in bits.items()})


def _level(comparison: Comparison) -> str:
    return _first_level(comparison, {level.name: f"'{level.name}'" for level in comparison.levels})


def _first_level(comparison: Comparison, values: dict[str, str]) -> str:
    """Of the first level that holds; the last is `else`."""
    *levels, last = comparison.levels
    whens = " ".join(f"when {level.condition} then {values[level.name]}" for level in levels)
    return f"case {whens} else {values[last.name]} end"
