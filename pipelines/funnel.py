"""The funnel of a day: conversion of cohorts, time in stage, stock and flow.

dbt works them out (dbt_project/models/lifecycle/funnel__*.sql). What is published is of the day of the last
run; for another day the same views are asked in the warehouse: restated, that is with all we know today.
"""

from datetime import date

import duckdb

from pipelines import reading
from pipelines.config import ConfigError
from pipelines.home import Home
from pipelines.paper import text
from pipelines.paper.numbers import plain
from pipelines.portrait_words import money, word
from pipelines.reading import Row
from pipelines.warehouse_file import warehouse

TABLES = {
    "conversion": "step_number, cohort_month nulls first",
    "stays": "stage_number",
    "flow": "month, stage_number",
}
WORDS = {
    "en": {
        "conversion": "Who reaches the next stage within {days} days",
        "stays": "How long people stay in a stage: days after which so many have left",
        "flow": "Who stands where at the end of {month}, who came and who left",
        "columns.conversion": "from|to|entered in|entered|reached|rate|95 % between|taken back|days|value"
        "|a day",
        "columns.stays": "stage|stays|ended|a quarter|half|three quarters",
        "columns.flow": "stage|stand there|came|fell back|moved up|left back",
        "all": "all",
        "immature": "too early",
        "too_few": "too few",
        "not_reached": "not reached",
        "day": "As of {day}, with all that is known today.",
        "hidden": "too few: under 30 people, a rate says more than it knows; too early: not everybody has had"
        " the time.",
    },
    "fr": {
        "conversion": "Qui atteint l'étape suivante sous {days} jours",
        "stays": "Combien de temps on reste à une étape : jours au bout desquels tant sont partis",
        "flow": "Qui se trouve où à la fin de {month}, qui est venu, qui est parti",
        "columns.conversion": "de|vers|entrés en|entrés|arrivés|taux|95 % entre|annulés|jours|valeur"
        "|par jour",
        "columns.stays": "étape|séjours|terminés|un quart|la moitié|trois quarts",
        "columns.flow": "étape|présents|venus|redescendus|montés|descendus",
        "all": "tous",
        "immature": "trop tôt",
        "too_few": "trop peu",
        "not_reached": "non atteint",
        "day": "Au {day}, avec tout ce que l'on sait aujourd'hui.",
        "hidden": "trop peu : moins de 30 personnes, un taux en dirait trop ; trop tôt : tous n'ont pas eu le"
        " temps.",
    },
}


def read(home: Home, table: str, day: date | None) -> list[Row]:
    """The rows of one of TABLES, as published or as of another day. Raises ConfigError."""
    try:
        if day is None:
            with reading.opened(home) as con:
                return reading.rows(con, f"from funnel_{table} order by {TABLES[table]}")
        if not home.warehouse.exists():
            raise ConfigError("nothing is built yet: `firsthand run` first")
        with warehouse(home, read_only=True) as con:
            con.execute(f"set variable lifecycle_as_of = date '{day.isoformat()}'")
            return reading.rows(con, f"from lifecycle.funnel__{table} order by {TABLES[table]}")
    except duckdb.CatalogException:
        raise ConfigError("what is built does not have the funnel yet: `firsthand run` first") from None


def report(found: dict[str, list[Row]], language: str, *, with_cohorts: bool) -> str:
    """Everything read, in columns."""
    words = WORDS[language]
    parts = []
    if rows := found.get("conversion"):
        shown = [row for row in rows if with_cohorts or row["cohort_month"] is None]
        title = words["conversion"].format(days=rows[0]["within_days"])
        parts.append([title, *_columns("conversion", [step_cells(row, language) for row in shown], words)])
    if rows := found.get("stays"):
        parts.append([words["stays"], *_columns("stays", [stay_cells(row, language) for row in rows], words)])
    if rows := found.get("flow"):
        month = rows[-1]["month"]
        now = [flow_cells(row, language) for row in rows if row["month"] == month]
        parts.append([words["flow"].format(month=f"{month:%Y-%m}"), *_columns("flow", now, words)])
    return "\n\n".join("\n".join(part) for part in parts)


def step_cells(row: Row, language: str) -> list[str]:
    words, told = WORDS[language], row["status"] == "mature"
    month = row["cohort_month"]
    cells = [word(language, row["from_stage"]), word(language, row["to_stage"])]
    cells += [
        f"{month:%Y-%m}" if month else words["all"],
        plain(row["entered_count"], language),
        plain(row["converted_count"], language),
    ]
    cells.append(_share(row["conversion_rate"], language) if told else words[row["status"]])
    between = [row["rate_at_least"], row["rate_at_most"]] if told else []
    cells.append(" - ".join(_share(rate, language) for rate in between))
    # The share where enough converted to say one, else how many.
    rate = row["reversal_rate"]
    cells.append(plain(row["reversed_count"], language) if rate is None else _share(rate, language))
    days = row["median_days"]
    cells.append("" if days is None else plain(days, language, 0 if days == int(days) else 1))
    return cells + [
        "" if row[name] is None else money(row[name], language) for name in ("median_value", "velocity")
    ]


def stay_cells(row: Row, language: str) -> list[str]:
    words = WORDS[language]
    nothing = words["too_few" if row["status"] == "too_few" else "not_reached"]
    times = ("quarter_left_after_days", "median_days", "three_quarters_left_after_days")
    return [
        word(language, row["stage"]),
        *(plain(row[name], language) for name in ("stay_count", "ended_count")),
        *(nothing if row[name] is None else str(row[name]) for name in times),
    ]


def flow_cells(row: Row, language: str) -> list[str]:
    counts = ("stock_count", "came_count", "came_back_count", "moved_up_count", "reversed_count")
    return [word(language, row["stage"]), *(plain(row[name], language) for name in counts)]


def _share(share: float, language: str) -> str:
    return f"{plain(100 * share, language, 1)} %"


def _columns(table: str, rows: list[list[str]], words: dict[str, str]) -> list[str]:
    return text.columns([words[f"columns.{table}"].split("|"), *rows], 3 if table == "conversion" else 1)
