"""Random small worlds and random audiences over them; and a publication's tables to ask them of."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import duckdb
from audience_oracle import World
from hypothesis import strategies as st

DAY = date(2026, 11, 20)
PEOPLE = ("ada", "bo", "cleo", "dan", "eve")
TABLES: Mapping[str, Mapping[str, str]] = {
    "customers": {
        "customer_id": "varchar", "country": "varchar", "stage": "varchar", "best_email": "varchar",
        "order_count": "integer", "net_revenue_total": "decimal(18, 2)", "average_stars": "decimal(3, 2)",
        "can_email": "boolean", "last_order_on": "date", "purge_on": "date",
    },
    "orders": {
        "order_id": "varchar", "customer_id": "varchar", "order_date": "date", "status": "varchar",
        "net_converted": "decimal(18, 2)", "cancelled_at": "timestamp with time zone",
    },
    "touchpoints": {
        "touchpoint_id": "varchar", "customer_id": "varchar", "touch_date": "date", "touch_type": "varchar",
    },
    "referrals": {
        "referrer_customer_id": "varchar", "given_on": "date", "status": "varchar", "converted_on": "date",
        "net_revenue": "decimal(18, 2)",
    },
    "customer_ownership": {
        "customer_id": "varchar", "owned_channels": "varchar[]", "has_refused": "boolean",
    },
}  # fmt: skip
WHOSE = {"orders": "customer_id", "touchpoints": "customer_id", "referrals": "referrer_customer_id"} | {
    "customer_ownership": "customer_id"
}
DAYS = {"orders": "order_date", "touchpoints": "touch_date", "referrals": "given_on"} | {
    "customer_ownership": None
}
OF_NUMBERS = ("at_least", "more_than", "at_most", "less_than")
TEXTS = ("FR", "fr", "NO", "Été", "été", "O'Hara", "50%", "a_b", 'x" or 1=1; drop table customers; --', "")

texts = st.sampled_from(TEXTS)
numbers = st.sampled_from((0, 1, 2, 3, 4.5, 10, 19.99, 20, 300, -5))
counts = st.integers(0, 4)
near = st.integers(-60, 60).map(lambda days: DAY + timedelta(days=days))
spans = st.sampled_from((1, 7, 30, 59, 60, 61))
VALUES: Mapping[str, st.SearchStrategy[Any]] = {
    "varchar": texts,
    "integer": st.integers(0, 4),
    "decimal(18, 2)": numbers.map(lambda number: Decimal(str(number))),
    "decimal(3, 2)": st.sampled_from([Decimal("1.00"), Decimal("4.50"), Decimal("3.00")]),
    "boolean": st.booleans(),
    "date": near,
    "timestamp with time zone": st.just(datetime(2026, 11, 1, tzinfo=UTC)),
    "varchar[]": st.lists(st.sampled_from(("email", "sms", "post")), unique=True),
}
KNOWN = st.fixed_dictionaries({"known": st.booleans()})


def _some(**words: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """One or two of these comparisons."""
    pairs = st.one_of([st.tuples(st.just(word), given) for word, given in words.items()])
    return st.lists(pairs, min_size=1, max_size=2, unique_by=lambda pair: pair[0]).map(dict)


COMPARED: Mapping[str, st.SearchStrategy[dict[str, Any]]] = {
    "varchar": _some(
        **{
            "is": texts,
            "in": st.lists(texts, min_size=1, max_size=3),
            "contains": texts,
            "starts_with": texts,
        }
    ),
    "integer": _some(**{"is": numbers, "in": st.lists(numbers, min_size=1, max_size=3)})
    | _some(**dict.fromkeys(OF_NUMBERS, numbers)),
    "boolean": _some(**{"is": st.booleans()}),
    "date": _some(
        **{
            "is": near,
            "from": near,
            "until": near,
            "last_days": spans,
            "before_days": spans,
            "next_days": spans,
        }
    ),
    "timestamp with time zone": KNOWN,
    "varchar[]": _some(holds=st.sampled_from(("email", "sms", "fax")), empty=st.booleans()),
}
WINDOWS = st.just({}) | _some(**{"last_days": spans, "before_days": spans, "from": near, "until": near})


def fields(table: str) -> st.SearchStrategy[dict[str, Any]]:
    """A condition on one field of it."""

    def of(column: str) -> st.SearchStrategy[dict[str, Any]]:
        kind = TABLES[table][column]
        own = column == "best_email" or column.endswith("_id")
        compared = KNOWN if own else KNOWN | COMPARED["integer" if kind.startswith("decimal") else kind]
        return compared.map(lambda said: {"field": column, **said})

    return st.sampled_from(sorted(TABLES[table])).flatmap(of)


def grouped(leaves: st.SearchStrategy[Any], most: int) -> st.SearchStrategy[Any]:
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
            inner.map(lambda part: {"not": part}),
        ),
        max_leaves=most,
    )


@st.composite
def of_rows(draw: Callable[[Any], Any]) -> dict[str, Any]:
    table = draw(st.sampled_from(sorted(WHOSE)))
    kinds = ["count", "happened", "never"]
    amounts = sorted(name for name, kind in TABLES[table].items() if kind == "decimal(18, 2)")
    kind = draw(st.sampled_from([*kinds, "sum"] if amounts else kinds))
    said: dict[str, Any] = {kind: f"{table}.{draw(st.sampled_from(amounts))}" if kind == "sum" else table}
    if DAYS[table]:
        said |= draw(WINDOWS)
    if draw(st.booleans()):
        said["where"] = draw(grouped(fields(table), 4))
    if kind == "count":
        said |= draw(_some(**dict.fromkeys(("is", *OF_NUMBERS), counts)))
    if kind == "sum":
        said |= draw(_some(**dict.fromkeys(OF_NUMBERS, numbers)))
    return said


simple = grouped(fields("customers") | of_rows(), 6)
conditions = grouped(
    fields("customers") | of_rows() | st.sampled_from(("first", "second")).map(lambda n: {"audience": n}), 6
)


@st.composite
def worlds(draw: Callable[[Any], Any]) -> World:
    """Up to five people, what they did, and two audiences, the second leaning on the first."""

    def row(table: str, **fixed: Any) -> dict[str, Any]:
        given = {
            column: draw(st.none() | VALUES[kind])
            for column, kind in TABLES[table].items()
            if column not in fixed
        }
        return given | fixed

    people = [row("customers", customer_id=who) for who in PEOPLE[: draw(st.integers(1, len(PEOPLE)))]]
    whose = st.sampled_from([person["customer_id"] for person in people]) | st.none()
    things = {
        table: [row(table, **{column: draw(whose)}) for _ in range(draw(st.integers(0, 5)))]
        for table, column in WHOSE.items()
    }
    audiences = {"first": draw(simple)}
    audiences["second"] = {"any": [{"not": {"audience": "first"}}, draw(simple)]}
    return World(people, things, WHOSE, DAYS, audiences, DAY)


def tables() -> duckdb.DuckDBPyConnection:
    """Empty ones, in memory."""
    con = duckdb.connect()
    for table, columns in TABLES.items():
        con.execute(f"create table {table} ({', '.join(f'{name} {kind}' for name, kind in columns.items())})")
    return con


def fill(con: duckdb.DuckDBPyConnection, world: World) -> None:
    con.begin()
    for table, rows in {"customers": world.people, **world.things}.items():
        con.execute(f"delete from {table}")
        if rows:
            columns = list(TABLES[table])
            marks = ", ".join(f"({', '.join('?' * len(columns))})" for _ in rows)
            con.execute(
                f"insert into {table} values {marks}", [row[name] for row in rows for name in columns]
            )
    con.commit()
