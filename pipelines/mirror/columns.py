"""A published column on PostgreSQL: its type there, and its values as COPY's text format wants them.

Values are made by DuckDB, whole chunks at a time. All published types (serving/contents.py) are known here; a
list within a list, which PostgreSQL holds only if it is a rectangle, goes as text.
"""

import re

TYPES = {
    "BOOLEAN": "boolean",
    "TINYINT": "smallint",
    "SMALLINT": "smallint",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "HUGEINT": "numeric(39,0)",
    "UTINYINT": "smallint",
    "USMALLINT": "integer",
    "UINTEGER": "bigint",
    "UBIGINT": "numeric(20,0)",
    "UHUGEINT": "numeric(39,0)",
    "FLOAT": "real",
    "DOUBLE": "double precision",
    "VARCHAR": "text",
    "UUID": "uuid",
    "BLOB": "bytea",
    "DATE": "date",
    "TIME": "time",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamp with time zone",
    "INTERVAL": "interval",
}
DECIMAL = re.compile(r"DECIMAL(\(\d+,\d+\))")
# PostgreSQL's text holds no NUL.
CLEAN = "replace({}, chr(0), chr(65533))"
ESCAPED = r"replace(replace(replace(replace({}, '\', '\\'), chr(9), '\t'), chr(10), '\n'), chr(13), '\r')"


def type_of(kind: str) -> str:
    """PostgreSQL's word for a DuckDB type."""
    if kind.endswith("[]"):
        inner = kind.removesuffix("[]")
        return "text" if inner.endswith("[]") else type_of(inner) + "[]"
    if decimal := DECIMAL.fullmatch(kind):
        return "numeric" + decimal[1]
    return TYPES.get(kind, "text")


def text_of(name: str, kind: str) -> str:
    """An expression in DuckDB's SQL: the value as a field of a line of COPY."""
    column = f'"{name}"'
    inner = kind.removesuffix("[]")
    if kind.endswith("[]") and not inner.endswith("[]"):
        quoted = _replaced(_replaced(_plain("e", inner), r"'\'", r"'\\'"), "'\"'", "'\\\"'")
        elements = f"list_transform({column}, lambda e: coalesce('\"' || {quoted} || '\"', 'NULL'))"
        value = f"'{{' || array_to_string({elements}, ',') || '}}'"
    else:
        value = _plain(column, kind)
    return f"coalesce({ESCAPED.format(CLEAN.format(value))}, '\\N')"


def _plain(value: str, kind: str) -> str:
    return f"'\\x' || hex({value})" if kind == "BLOB" else f"cast({value} as varchar)"


def _replaced(value: str, what: str, by: str) -> str:
    return f"replace({value}, {what}, {by})"
