"""A measure by columns and months. Names come from the dictionary, values are parameters.

Groups that are too small are one, "(other)", as in the aggregates that are published; what each cell tells
goes through the teller.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipelines.answering.publication import Open, Refused
from pipelines.answering.texts import quoted, unquoted
from pipelines.audiences.vocabulary import PEOPLE, is_only_known
from pipelines.dictionary.described import Described, Measure, Table
from pipelines.serving.aggregates import OTHER, UNKNOWN, hide_small

MOST_COLUMNS, MOST_CONDITIONS, MOST_CELLS = 3, 5, 100
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
COUNTED = Measure("sum", "rows")


@dataclass(frozen=True)
class Dimension:
    """What a measure may be broken down by, or held fixed: `sql` over t, the rows, and c, their people."""

    name: str
    sql: str
    is_free: bool
    is_of_person: bool


@dataclass(frozen=True)
class Asked:
    table: Table
    column: Described | None
    measure: Measure
    by: tuple[Dimension, ...]
    where: tuple[tuple[Dimension, str], ...]
    since: str | None
    until: str | None

    @property
    def is_people(self) -> bool:
        """Whether it counts people and nothing else."""
        if self.column is None:
            return self.table.grain == (self.table.person,)
        return self.measure == Measure("count", "people")


def answer(
    open_: Open,
    measure: str,
    by: Sequence[str] = (),
    where: Mapping[str, str] | None = None,
    since: str | None = None,
    until: str | None = None,
) -> dict[str, Any]:
    """Raises Refused for what is not there, may not be asked by, or must not be added up so."""
    asked = _understood(open_, measure, by, where or {}, since, until)
    population = _load(open_, asked)
    # Two questions are compared by their people only where they ask for the same columns and rows of them.
    kind = (measure, tuple(by), *_rows_of(asked, {}))
    rows = open_.teller.of(kind, population, lambda: list(_cells(open_, asked))) or []
    return {
        "measure": measure,
        "unit": asked.table.rows["en"] if asked.column is None else asked.measure.unit,
        "currency": open_.settings.currency if asked.measure.unit == "money" else None,
        "told": "mean" if asked.measure.by == "mean" else "sum",
        "rows": rows,
    }


def _understood(
    open_: Open,
    measure: str,
    by: Sequence[str],
    where: Mapping[str, str],
    since: str | None,
    until: str | None,
) -> Asked:
    table_name, _, column_name = measure.partition(".")
    table = open_.table(table_name)
    if table.person is None or table.person not in {column.name for column in table.columns}:
        raise Refused(f"{table.name} has no row of a person: use compare_campaigns or describe")
    column = open_.column(table, column_name) if column_name else None
    said = column.measure if column else COUNTED
    if said is None:
        raise Refused(f"{measure} is no figure; list_measures tells which there are")
    if said.by == "row":
        raise Refused(f"{measure} is true of its row only: it can be neither added up nor averaged")
    if len(by) > MOST_COLUMNS or len(where) > MOST_CONDITIONS:
        raise Refused(f"at most {MOST_COLUMNS} columns and {MOST_CONDITIONS} conditions")
    dimensions = tuple(dimension_of(open_, table, name) for name in dict.fromkeys(by))
    fixed = tuple((dimension_of(open_, table, name), value) for name, value in where.items())
    held = {one.name for one in dimensions} | {one.name for one, _ in fixed}
    if missing := [name for name in said.not_over if name not in held]:
        raise Refused(f"{measure} must not be added up over {missing[0]}: ask by it, or fix it in where")
    for month in (since, until):
        if month is not None and not (table.time and MONTH.fullmatch(month)):
            raise Refused("since and until are months, such as 2026-11, of a table with a day")
    return Asked(table, column, said, dimensions, fixed, since, until)


def dimension_of(open_: Open, table: Table, name: str) -> Dimension:
    if name == "month":
        if not table.time:
            raise Refused(f"{table.name} has no day, so no months")
        return Dimension(name, f"strftime(t.\"{table.time}\", '%Y-%m')", False, table.name == PEOPLE)
    of_person = name.startswith(f"{PEOPLE}.")
    column = open_.column(open_.table(PEOPLE) if of_person else table, name.removeprefix(f"{PEOPLE}."))
    if column.kind not in ("varchar", "boolean") or is_only_known(column.name) or "number" in column.name:
        raise Refused(f"{name} is no column to ask by: texts and yes or no are, but no ids, days or figures")
    return Dimension(
        name,
        f'cast({"c" if of_person else "t"}."{column.name}" as varchar)',
        column.is_free_text,
        of_person or table.name == PEOPLE,
    )


def _load(open_: Open, asked: Asked) -> np.ndarray:
    """Make `grouped`: a row of the table each, with its person's number, its group, its part. All of them."""
    values: dict[str, Any] = {}
    conditions = ["true"]
    for place, (dimension, value) in enumerate(asked.where):
        if value == UNKNOWN:
            conditions.append(f"{dimension.sql} is null")
        else:
            conditions.append(f"{dimension.sql} = $v{place}")
            values[f"v{place}"] = unquoted(value)
    for word, sign in (("since", ">="), ("until", "<=")):
        if (month := getattr(asked, word)) is not None:
            conditions.append(f"strftime(t.\"{asked.table.time}\", '%Y-%m') {sign} ${word}")
            values[word] = month
    if asked.is_people and asked.column:
        conditions.append(f't."{asked.column.name}"')
    groups = "".join(f", {dimension.sql} as g{place}" for place, dimension in enumerate(asked.by))
    by = ", ".join(f"g{place}" for place in range(len(asked.by)))
    open_.con.execute(
        f"""
        create or replace temp table grouped as
        select *, {f"dense_rank() over (order by {by})" if by else "1"} as place, false as hidden
        from (
            select c.rowid as person, {_part(asked)} as part{groups}
            from "{asked.table.name}" as t left join {PEOPLE} as c on t."{asked.table.person}" = c.customer_id
            where {" and ".join(conditions)}
        ) as asked
        """,
        values,
    )
    found = open_.con.execute("select distinct person from temp.main.grouped where person is not null")
    return np.ma.getdata(found.fetchnumpy()["person"])


def _part(asked: Asked) -> str:
    """What a row brings to the sum or the mean."""
    if asked.column is None or asked.is_people:
        return "1.0"
    name = f't."{asked.column.name}"'
    return f"if({name}, 1.0, 0.0)" if asked.measure.by == "count" else f"cast({name} as double)"


def _cells(open_: Open, asked: Asked) -> Iterator[dict[str, Any]]:
    hide_small(open_.con, open_.teller.smallest, MOST_CELLS)
    groups = "".join(f", if(hidden, null, g{place}) as g{place}" for place in range(len(asked.by)))
    cells = open_.con.execute(
        f"select distinct if(hidden, 0, place) as cell{groups} from temp.main.grouped order by cell"
    ).fetchall()
    way = "avg" if asked.measure.by == "mean" else "sum"
    found = open_.con.execute(
        f"select if(hidden, 0, place) as cell, person, {way}(part) as part from temp.main.grouped"
        " where person is not null and part is not null group by all order by cell, person"
    ).fetchnumpy()
    numbers, people, parts = (np.ma.getdata(found[name]) for name in ("cell", "person", "part"))
    for cell, *values in cells:
        told = {
            one.name: OTHER if cell == 0 else _value(one, value)
            for one, value in zip(asked.by, values, strict=True)
        }
        inside = numbers == cell
        yield told | _told(open_, asked, told, people[inside], parts[inside])


def _value(dimension: Dimension, value: str | None) -> str | None:
    return UNKNOWN if value is None else quoted(value, is_free=dimension.is_free)


def _told(
    open_: Open, asked: Asked, cell: dict[str, Any], members: np.ndarray, parts: np.ndarray
) -> dict[str, Any]:
    teller = open_.teller
    people = teller.people(members)
    if asked.is_people or people is None:
        return {"people": people}
    kind = (asked.table.name, asked.column and asked.column.name, *_rows_of(asked, cell))
    tell = teller.mean if asked.measure.by == "mean" else teller.total
    return {"people": people, "value": tell(kind, members, parts)}


def _rows_of(asked: Asked, cell: dict[str, Any]) -> tuple[Any, ...]:
    """Which rows of its people a cell is of."""
    held = [(one.name, value) for one, value in asked.where if not one.is_of_person]
    held += [(one.name, cell[one.name]) for one in asked.by if cell and not one.is_of_person]
    return asked.since, asked.until, tuple(held)
