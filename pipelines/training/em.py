"""Splink learns: u from random pairs of strangers, m by expectation maximisation on several keys.

Works in the connection it is given and leaves nothing in it.
"""

import logging
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pipelines.reading import Connection, rows
from pipelines.resemblance.recipe import COMPARISONS, Comparison
from pipelines.training import Refused
from pipelines.training.keys import Counted
from pipelines.training.prior import RULES, Prior

SAMPLED_PAIRS = 1_000_000
SEED = 1
# Half a pair more than was seen: nothing is impossible because nobody happened to meet it.
HALF = 0.5
# Say nothing for or against: what is missing is missing for reasons of the form, not of the person.
NEUTRAL = {(c.name, "unknown") for c in COMPARISONS} | {("first_name", "one_word")}
# Not learned: that somebody typed nonsense is a guard's business.
UNLEARNED = {"known_by"}
# Of a column on fewer records than this, the shipped weights stay.
THIN = 0.05
FILLED = {"place": "coalesce(street, postcode, city)"}


@dataclass(frozen=True)
class Seen:
    """A level: how often among pairs of one person and of two, of about how many that had values at all."""

    m: float
    u: float
    of_one: float
    of_two: float


def learn(
    con: Connection, keys: Sequence[Counted], prior: Prior, say: Callable[[str], None]
) -> dict[tuple[str, str], Seen]:
    """What was seen of each level; comparisons on too few records are left out. Raises Refused."""
    from splink import DuckDBAPI, Linker

    filled = {c.name: _filled(con, c) for c in COMPARISONS if c.name not in UNLEARNED}
    learned = [c for c in COMPARISONS if filled.get(c.name, 0) >= THIN]
    _hush()
    api = DuckDBAPI(connection=con)
    of_one: dict[str, float] = {}
    with warnings.catch_warnings(), _floored():
        warnings.simplefilter("ignore")
        say(f"comparing {SAMPLED_PAIRS:,} random pairs of strangers")
        strangers = Linker(api.register("strangers"), _settings(learned))
        strangers.training.estimate_u_using_random_sampling(max_pairs=SAMPLED_PAIRS, seed=SEED)
        of_two = {c.name: _sampled(con, c) for c in learned}
        u = {
            level: (share * of_two[level[0]] + HALF) / (of_two[level[0]] + HALF)
            for level, share in _shares(strangers, learned, "u").items()
        }
        linker = Linker(api.register("people"), _settings(learned, u))
        linker.training.estimate_probability_two_random_records_match(list(RULES), recall=prior.recall)
        for counted in keys:
            say(f"learning on {counted.key.word}: {counted.pairs:,} pairs")
            learn_on = linker.training.estimate_parameters_using_expectation_maximisation
            core = learn_on(counted.key.condition).core_model_settings
            found = counted.pairs * core.probability_two_random_records_match
            for comparison in core.comparisons:
                name = comparison.output_column_name
                of_one[name] = of_one.get(name, 0.0) + found * filled[name]
        m = _shares(linker, learned, "m")
    api.delete_tables_created_by_splink_from_db()
    if missing := [c.name for c in learned if c.name not in of_one]:
        raise Refused(
            f"untrained: {', '.join(missing)}. Every key has a column they look at; add one without, such as"
            " --key phone"
        )
    return {level: Seen(m[level], u[level], of_one[level[0]], of_two[level[0]]) for level in m}


@contextmanager
def _floored() -> Iterator[None]:
    """What no pair of one person shows becomes rarer with each turn, until Splink 5.0 refuses a share that a
    double no longer holds, instead of the least it takes. How rare it counts for is weighed later."""
    from splink.internals import expectation_maximisation as em
    from splink.internals.comparison_level import M_U_CLAMP_MIN

    look_up = em.m_u_records_to_lookup_dict

    def floored(records: list[dict[str, Any]]) -> Any:
        shares = ("m_probability", "u_probability")
        return look_up([one | {name: max(one[name], M_U_CLAMP_MIN) for name in shares} for one in records])

    em.m_u_records_to_lookup_dict = floored
    try:
        yield
    finally:
        em.m_u_records_to_lookup_dict = look_up


def _hush() -> None:
    """Splink's advice is for whoever makes a model by hand; ours is checked by what it comes to."""
    logging.getLogger("splink").disabled = True
    for name in list(logging.root.manager.loggerDict):
        if name.startswith("splink"):
            logging.getLogger(name).setLevel(logging.CRITICAL)


def _sampled(con: Connection, comparison: Comparison) -> float:
    """About how many of the random pairs have values to compare."""
    strangers = rows(con, "select count(*) as records from strangers")[0]["records"]
    return min(SAMPLED_PAIRS, strangers * (strangers - 1) / 2) * _filled(con, comparison) ** 2


def _filled(con: Connection, comparison: Comparison) -> float:
    column = FILLED.get(comparison.name, comparison.name)
    return rows(con, f"select count({column}) / count(*) as share from people")[0]["share"]


def _settings(learned: list[Comparison], u: dict[tuple[str, str], float] | None = None) -> dict:
    from splink import SettingsCreator

    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="n",
        comparisons=[_comparison(one, u or {}) for one in learned],
        blocking_rules_to_generate_predictions=["l.n = r.n"],
        retain_matching_columns=False,
    )


def _comparison(comparison: Comparison, u: dict[tuple[str, str], float]) -> Any:
    """The recipe's levels with nothing said of what they weigh; neutral ones are what Splink calls null."""
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl

    levels = []
    for level in comparison.levels:
        key = comparison.name, level.name
        if key in NEUTRAL:
            condition = "1 = 1" if level.condition == "else" else level.condition
            levels.append(cll.CustomLevel(condition, level.name).configure(is_null_level=True))
            continue
        made = cll.ElseLevel() if level.condition == "else" else cll.CustomLevel(level.condition, level.name)
        levels.append(made.configure(u_probability=u[key]) if key in u else made)
    return cl.CustomComparison(levels, output_column_name=comparison.name)


def _shares(linker: Any, learned: list[Comparison], side: str) -> dict[tuple[str, str], float]:
    """By level, from the model as Splink saves it: in the recipe's order, with words where it met none."""
    found = {}
    for comparison, saved in zip(learned, linker.misc.save_model_to_json()["comparisons"], strict=True):
        for level, kept in zip(comparison.levels, saved["comparison_levels"], strict=True):
            if (comparison.name, level.name) not in NEUTRAL:
                share = kept.get(f"{side}_probability")
                found[comparison.name, level.name] = float(share) if isinstance(share, int | float) else 0.0
    return found
