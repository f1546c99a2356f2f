"""A publication of a thousand people made one of a million: everybody, with all that is theirs, that often.

Written as a publication is, each table lying as its readers ask for it.
"""

import re
from pathlib import Path

import duckdb

from pipelines.serving import contents
from pipelines.serving.build import ROWS_TOGETHER, STORAGE_VERSION

# Whose they are is in these; rows of the other tables are sums, and stay.
OF_PEOPLE = re.compile(
    r"(customer|profile|household|account|order|touchpoint|consent_act)_id$|^customer_number$"
)
NUMBER = re.compile(r"customer_id$|^customer_number$")
ADDRESS = re.compile(r"^(best_email|left_email|right_email|contact_value)$")


def crowded(file: Path, copies: int, manifest: Path) -> None:
    """Everybody that often, in place. The first of each keeps what it was. `manifest`: dbt's."""
    order = {
        mart.name: f" order by {', '.join(mart.read_by)}" for mart in contents.read(manifest) if mart.read_by
    }
    full = file.with_suffix(".crowded")
    with duckdb.connect(
        config={"threads": 2, "memory_limit": "4GB", "preserve_insertion_order": False}
    ) as con:
        how = f"storage_version '{STORAGE_VERSION}', row_group_size {ROWS_TOGETHER}"
        con.execute(f"attach '{file}' as few (read_only); attach '{full}' as many ({how})")
        tables = con.execute("select table_name from duckdb_tables() where database_name = 'few'").fetchall()
        for (table,) in tables:
            columns = [name for name, *_ in con.execute(f"describe few.{table}").fetchall()]
            told = ", ".join(f"{another(name)} as {name}" for name in columns)
            is_of_people = any(OF_PEOPLE.search(name) for name in columns)
            con.execute(
                f"create table many.{table} as select {told} from few.{table} cross join"
                f" range({copies if is_of_people else 1}) as r (k){order.get(table, '')}"
            )
    full.replace(file)


def another(column: str) -> str:
    """The column of somebody's k-th double; nobody's phone, or they would all be one's."""
    if NUMBER.search(column):
        is_word = f"{column} not similar to '[0-9a-f-]{{36}}'"
        return f"if(k = 0 or {is_word}, {column}, md5({column} || k)::uuid::varchar)"
    if ADDRESS.search(column):
        return f"if(k = 0, {column}, if(contains({column}, '@'), k || '.' || {column}, null))"
    if column.endswith("phone"):
        return f"if(k = 0, {column}, null)"
    return f"if(k = 0, {column}, {column} || ':' || k)" if OF_PEOPLE.search(column) else column
