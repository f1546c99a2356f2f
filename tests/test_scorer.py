"""Scores are what Splink's own prediction makes of the same recipe and weights."""

import random
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from pipelines.resemblance import scorer, weights
from pipelines.resemblance.recipe import COMPARISONS, Comparison

RECORDS, PAIRS = 200, 4000
# Splink wants both probabilities of a level; only their ratio counts.
LIKELY = 0.9
NAMES = ["marie", "marc", "jean francois", "jf", "j", "julien", "julie", "durand", "durant", "de la tour"]
MAILBOXES = ["marie.durand", "marie.durand72", "mariedurand", "contact", "jf.martin", "m.durand"]
COLUMNS = {
    "first_name": NAMES,
    "last_name": NAMES,
    "first_forms": [["marie", "manon"], ["jean", "francois"], None],
    "last_forms": [["durand"], ["tour"], None],
    "first_initials": ["j", "jf", "m", None],
    "first_initials_of": ["j", "jf", "m"],
    "is_known_first_name": [True, False],
    "full_name_standing": [None, "few", "some", "many", "crowd"],
    "email": [f"{box}@{domain}" for box in MAILBOXES for domain in ("post.example", "psot.example")],
    "mailbox": ["mariedurand", "mariedurand72", "jfmartin", "contact"],
    "email_standing": [None, None, "role", "crowd", "shared"],
    "phone": ["+33639980001", "+33639980010", "+33639980999", "+33261910001"],
    "other_phone": [None, None, "+33639980001"],
    "phone_standing": [None, None, "shared", "crowd"],
    "is_landline": [True, False],
    "birth_date": ["19700101", "19700110", "19701001", "19910312", "19450312"],
    "birth_date_standing": [None, None, "crowd"],
    "street": ["12 rue des lilas", "12 rue des lila", "3 place du marche"],
    "city": ["lyon", "lyons", "montreal"],
    "postcode": ["69001", "69002", "h2x1y4"],
    "country": ["FR", "CA"],
    "company": ["maison exemple", "autre"],
    "national_id": ["123456789", "123456780", "999999999"],
    "is_evasive": [False, False, False, True],
}  # fmt: skip


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    rng = random.Random(3)
    with duckdb.connect() as con:
        types = {"first_forms": "varchar[]", "last_forms": "varchar[]"}
        types |= dict.fromkeys(("is_known_first_name", "is_landline", "is_evasive"), "boolean")
        columns = ", ".join(f"{name} {types.get(name, 'varchar')}" for name in COLUMNS)
        con.execute(f"create table people (n bigint, {columns})")
        for n in range(RECORDS):
            # Every fifth value is missing, as in life; what is true or false is always known.
            row = [
                rng.choice(of) if types.get(name) == "boolean" or rng.random() < 0.8 else None
                for name, of in COLUMNS.items()
            ]
            con.execute(f"insert into people values ({', '.join('?' * (len(row) + 1))})", [n, *row])
        asked = rng.sample([(i, j) for i in range(RECORDS) for j in range(i)], PAIRS)
        con.execute("create table asked (left_n bigint, right_n bigint)")
        con.executemany("insert into asked values (?, ?)", asked)
        yield con


def test_a_score_is_what_splink_predicts(con: duckdb.DuckDBPyConnection) -> None:
    used = weights.read()
    scorer.score(con, "people", "asked", "ours", used, with_levels=True)
    con.execute("create view splinks as from " + splinks(con, used))
    columns = ", ".join(
        f"(round(ours.bits_{c.name} - splinks.mw_{c.name}, 9) = 0"
        f" and ours.level_{c.name} = {names(c)}[splinks.gamma_{c.name} + 1]) as {c.name}"
        for c in COMPARISONS
    )
    found = con.execute(
        f"""
        select round(ours.weight - splinks.match_weight, 9) = 0 as weight, {columns}
        from ours inner join splinks on ours.left_n = splinks.n_l and ours.right_n = splinks.n_r
        """
    ).fetchall()
    assert len(found) == PAIRS
    assert all(map(all, found))


def test_all_levels_are_met_but_a_few(con: duckdb.DuckDBPyConnection) -> None:
    scorer.score(con, "people", "asked", "ours", weights.read(), with_levels=True)
    for comparison in COMPARISONS:
        met = con.execute(f"select count(distinct level_{comparison.name}) from ours").fetchall()[0][0]
        assert met > len(comparison.levels) / 2, comparison.name


def test_only_what_is_asked_for_is_compared(con: duckdb.DuckDBPyConnection) -> None:
    only = [c for c in COMPARISONS if c.name in ("country", "company")]
    con.execute("create or replace view narrow as select n, country, company from people")
    scorer.score(con, "narrow", "(from asked limit 10)", "few", weights.read(), only)
    assert [name for name, *_ in con.execute("describe few").fetchall()] == [
        "left_n", "right_n", "weight", "bits_company", "bits_country",
    ]  # fmt: skip
    sums = "select count(*), bool_and(weight = bits_company + bits_country) from few"
    assert con.execute(sums).fetchall() == [(10, True)]


def names(comparison: Comparison) -> str:
    """Splink numbers levels from the last one, which is 0."""
    return str([level.name for level in reversed(comparison.levels)])


def splinks(con: duckdb.DuckDBPyConnection, used: weights.Weights) -> str:
    """Splink's prediction of the pairs asked for: the table it is in."""
    from splink import DuckDBAPI, Linker, SettingsCreator

    con.execute(
        "create table pairs as"
        " select left_n as join_key_l, right_n as join_key_r, '0' as match_key from asked"
    )
    api = DuckDBAPI(connection=con)
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="n",
        # Half and half: what is needed beyond doubt is the threshold's business.
        probability_two_random_records_match=0.5,
        comparisons=[_comparison(one, used.bits[one.name]) for one in COMPARISONS],
        blocking_rules_to_generate_predictions=["l.n = r.n"],
        retain_matching_columns=True,
        retain_intermediate_calculation_columns=True,
    )
    linker = Linker(api.register("people"), settings)
    linker.table_management.register_blocked_pairs_for_predict(api.register("pairs"))
    name: str = linker.inference.predict().physical_name
    return name


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
