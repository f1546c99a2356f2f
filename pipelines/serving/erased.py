"""Nobody who was erased may be published: the last look, should every earlier one have failed.

Every personal value of every table is hashed and looked up among the tombstones, and whatever looks like an
address or a number in a refused record. Who came back after the request is a new customer, first seen on or
after its day, or a record that arrived since, and may be there.
"""

from collections.abc import Sequence

from pipelines import normalise
from pipelines.door.tombstones import EMAIL_LIKE
from pipelines.keyed import Keyed
from pipelines.serving.build import Connection, column_types
from pipelines.serving.contents import Mart, Place

AT_ONCE = 100_000
# Holds a record whole, as a platform told it.
DOCUMENT = "payload"
IN_DOCUMENT = rf"{EMAIL_LIKE}|[+][0-9][0-9 ().-]{{5,20}}[0-9]"

MARTS: Place = ("warehouse", "marts")


def reasons_against(con: Connection, marts: Sequence[Mart], keyed: Keyed, place: Place = MARTS) -> list[str]:
    """Which tables hold an erased person; `place`: the database and schema they stand in.

    A scoped tombstone spares a household: it is not looked up here.
    """
    if not con.execute("select exists (from warehouse.door.tombstones where scope = '')").fetchone()[0]:
        return []
    places = [(mart, column) for mart in marts for column in _personal(con, mart, place)]
    query = "select distinct key_version from warehouse.door.tombstones order by all"
    versions = con.execute(query).fetchall()
    _find_erased(con, places, place, [keyed.of_version(version) for (version,) in versions])
    _find_returned(con, places, place)
    found = []
    for mart, column in places:
        count = con.execute(_count_query(con, mart, column, place)).fetchone()[0]
        if count:
            found.append(f"{mart.name}.{column} holds {count} values of people who were erased")
    return found


def _personal(con: Connection, mart: Mart, place: Place) -> list[str]:
    kinds = column_types(con, *place, mart.name)
    return [c.name for c in mart.columns if c.is_personal and kinds.get(c.name) == "VARCHAR"]


def _find_erased(
    con: Connection, places: Sequence[tuple[Mart, str]], place: Place, keys: Sequence[Keyed]
) -> None:
    """Make `erased(value, requested_on)`: published values that a tombstone knows."""
    import pandas as pd

    con.execute("create or replace temp table erased (value varchar, requested_on date)")
    values = " union ".join(
        f"select {_values(name)} from {_named(place, mart.name)}" for mart, name in places
    )
    if not places:
        return
    con.execute(
        "create or replace temp table personal as select row_number() over () as place, value "
        f"from ({values}) as found (value) where regexp_matches(value, '@|^[+]')"
    )
    count = con.execute("select count(*) from personal").fetchone()[0]
    for start in range(0, count, AT_ONCE):
        chunk = con.execute(
            "select value from personal where place > ? and place <= ?", [start, start + AT_ONCE]
        ).fetchall()
        rows = [(value, _digest(key, value)) for (value,) in chunk for key in keys]
        con.register("hashed", pd.DataFrame(rows, columns=["value", "digest"], dtype="object"))
        con.execute(
            """
            insert into erased
            select h.value, cast(max(t.requested_at) as date)
            from hashed as h inner join warehouse.door.tombstones as t on h.digest = t.digest and t.scope = ''
            group by all
            """
        )
        con.unregister("hashed")


def _values(column: str) -> str:
    return f"unnest(regexp_extract_all({DOCUMENT}, '{IN_DOCUMENT}'))" if column == DOCUMENT else f'"{column}"'


def _digest(keyed: Keyed, value: str) -> str | None:
    address = normalise.email_match(value)
    # Published numbers are in international form already: their region is in them.
    number = None if address else normalise.phone_e164(value, "ZZ")
    if address or number:
        return keyed.digest("email" if address else "phone", address or number or "")
    return None


def _find_returned(con: Connection, places: Sequence[tuple[Mart, str]], place: Place) -> None:
    """Make `returned(customer_id, value)`: customers first seen after the request, and what they gave."""
    con.execute("create or replace temp table returned (customer_id varchar, value varchar)")
    if "first_seen_on" not in column_types(con, *place, "customers"):
        return
    for mart, column in places:
        if _has_customer(con, mart, place):
            con.execute(
                f"""
                insert into returned
                select distinct cast(c.customer_id as varchar), e.value
                from {_named(place, mart.name)} as m
                inner join erased as e on m."{column}" = e.value
                inner join {_named(place, "customers")} as c on m.customer_id = c.customer_id
                where c.first_seen_on >= e.requested_on
                """
            )


def _named(place: Place, table: str) -> str:
    return f'{".".join(place)}."{table}"'


def _has_customer(con: Connection, mart: Mart, place: Place) -> bool:
    return "customer_id" in column_types(con, *place, mart.name)


def _count_query(con: Connection, mart: Mart, column: str, place: Place) -> str:
    same_customer = (
        "and cast(m.customer_id as varchar) = r.customer_id" if _has_customer(con, mart, place) else ""
    )
    is_there = f"contains(m.{DOCUMENT}, e.value)" if column == DOCUMENT else f'm."{column}" = e.value'
    if "arrived_at" in column_types(con, *place, mart.name):
        is_there += " and cast(m.arrived_at as date) < e.requested_on"
    return f"""
        select count(*) from {_named(place, mart.name)} as m
        inner join erased as e on {is_there}
        where not exists (from returned as r where r.value = e.value {same_customer})
    """
