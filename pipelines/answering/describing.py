"""Which tables, columns and measures there are, in the words of the dictionary."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from pipelines.answering.figures import dimension_of
from pipelines.answering.publication import Open, Refused
from pipelines.answering.texts import quoted
from pipelines.audiences.vocabulary import PEOPLE
from pipelines.dictionary import words
from pipelines.dictionary.described import Table

MOST_VALUES = 40


def measures(open_: Open, language: str | None) -> dict[str, Any]:
    """What `figures` may be asked for: rows of people's tables, and their figures."""
    said = language or open_.settings.language
    return {"measures": [one for table in open_.tables.values() if table.person for one in _of(table, said)]}


def describe(open_: Open, table: str | None, column: str | None, language: str | None) -> dict[str, Any]:
    """Raises Refused."""
    said = language or open_.settings.language
    if table is None:
        return {"tables": {one.name: one.text[said] for one in open_.tables.values()}}
    return _table(open_, table, said) if column is None else _values(open_, table, column, said)


def _of(table: Table, language: str) -> Iterator[dict[str, Any]]:
    yield {"measure": table.name, "means": table.rows[language], "how": words.WAYS["sum"][language]}
    for column in table.columns:
        if column.measure and column.measure.by != "row":
            yield {
                "measure": f"{table.name}.{column.name}",
                "means": f"{column.label[language]}. {column.text[language]}",
                "how": words.said(column.measure, language),
            }


def _table(open_: Open, name: str, language: str) -> dict[str, Any]:
    """A table and its columns. Raises Refused."""
    found = open_.table(name)
    return {
        "table": found.name,
        "means": found.text[language],
        "one_row_by": list(found.grain),
        "months_by": found.time,
        "columns": [
            {
                "column": column.name,
                "type": column.kind,
                "means": f"{column.label[language]}. {column.text[language]}",
                **({"figure": words.said(column.measure, language)} if column.measure else {}),
                **({"written_by_others": True} if column.is_free_text else {}),
            }
            for column in found.columns
        ],
    }


def _values(open_: Open, name: str, column: str, language: str) -> dict[str, Any]:
    """One column, and the values that enough people have, most frequent first. Raises Refused."""
    found = open_.table(name)
    said = open_.column(found, column)
    told = {
        "column": f"{name}.{column}",
        "type": said.kind,
        "means": f"{said.label[language]}. {said.text[language]}",
    }
    if found.person is None:
        return told
    try:
        dimension = dimension_of(open_, found, column)
    except Refused:
        return told
    rows = open_.con.execute(
        f'select {dimension.sql} as value, list(distinct c.rowid) as people from "{found.name}" as t'
        f' inner join {PEOPLE} as c on t."{found.person}" = c.customer_id group by value'
        f" having count(distinct c.rowid) >= $few and value is not null"
        f" order by count(distinct c.rowid) desc, value limit {MOST_VALUES}",
        {"few": open_.teller.smallest},
    ).fetchall()
    told["values"] = [
        {"value": quoted(value, is_free=said.is_free_text), "people": open_.teller.people(np.array(people))}
        for value, people in rows
    ]
    return told
