"""Splink adds up the evidence: given pairs in, weights in bits and the level of each comparison out.

Takes the open DuckDB connection of whoever calls; writes nothing that stays but the table asked for.
"""

import logging
import warnings
from collections.abc import Sequence
from typing import Any

import duckdb

from pipelines.resemblance.recipe import COMPARISONS, Comparison
from pipelines.resemblance.weights import Weights

# Splink wants both probabilities of a level; only their ratio counts here.
LIKELY = 0.9


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
    from splink import DuckDBAPI, Linker

    hush()
    api = DuckDBAPI(connection=con)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # By bare names: Splink looks for the columns of a qualified one in vain.
        con.execute(f"create or replace temp view compared as from {compared}")
        con.execute(
            f"create or replace temp table blocked_pairs as "
            f"select left_n as join_key_l, right_n as join_key_r, '0' as match_key from {pairs} as pairs"
        )
        # Splink would look for every column of the recipe among the table's; ours are made for each other.
        made = settings(weights, comparisons, with_levels)
        linker = Linker(api.register("compared"), made, validate_settings=False)
        given = linker.table_management.register_blocked_pairs_for_predict(api.register("blocked_pairs"))
        # Or it would copy both sides of every pair once more.
        given.metadata["registered_for_predict"] = False
        scored = linker.inference.predict(warning_mode="never")
    bits = ", ".join(f"mw_{c.name} as bits_{c.name}" for c in comparisons)
    if with_levels:
        bits += "".join(f", {_level(c)} as level_{c.name}" for c in comparisons)
    con.execute(
        f"create or replace temp table {into} as "
        f"select n_l as left_n, n_r as right_n, match_weight as weight, {bits} from {scored.physical_name}"
    )
    api.delete_tables_created_by_splink_from_db()


def hush() -> None:
    """Splink's advice is for whoever makes a model by hand; ours is checked by what it comes to."""
    logging.getLogger("splink").disabled = True
    for name in list(logging.root.manager.loggerDict):
        if name.startswith("splink"):
            logging.getLogger(name).setLevel(logging.CRITICAL)


def settings(
    weights: Weights, comparisons: Sequence[Comparison] = COMPARISONS, with_levels: bool = False
) -> dict:
    """Splink's settings, made from the recipe and the weights each time: nothing of them is stored."""
    from splink import SettingsCreator

    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="n",
        # Half and half: what is needed beyond doubt is the threshold's business.
        probability_two_random_records_match=0.5,
        comparisons=[_comparison(one, weights.bits[one.name]) for one in comparisons],
        blocking_rules_to_generate_predictions=["l.n = r.n"],
        # Splink keeps the levels with the values they were found on.
        retain_matching_columns=with_levels,
        retain_intermediate_calculation_columns=True,
    )


def _level(comparison: Comparison) -> str:
    """Splink numbers levels from the last one, which is 0."""
    names = ", ".join(f"'{level.name}'" for level in reversed(comparison.levels))
    return f"[{names}][gamma_{comparison.name} + 1]"


def _comparison(comparison: Comparison, bits: dict[str, float]) -> Any:
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl

    levels = []
    for level in comparison.levels:
        made = cll.ElseLevel() if level.condition == "else" else cll.CustomLevel(level.condition, level.name)
        ratio = 2.0 ** bits[level.name]
        m, u = (LIKELY, LIKELY / ratio) if ratio >= 1 else (LIKELY * ratio, LIKELY)
        levels.append(made.configure(m_probability=m, u_probability=u))
    return cl.CustomComparison(levels, output_column_name=comparison.name)
