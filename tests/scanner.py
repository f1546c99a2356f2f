"""Reads every file below a folder, whatever it is, and says whose addresses, numbers and names are in it.

Written without the product's own normaliser on purpose: what that one misses, this one must find.
"""

import gzip
import io
import re
import sqlite3
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from functools import lru_cache
from pathlib import Path

import duckdb

LOCAL = re.compile(r"[\w.+-]{1,80}\Z")
DOMAIN = re.compile(r"@[\w.-]{1,80}\.\w+")
NUMBER = re.compile(r"\d[\d .()/\xa0-]{6,22}\d")  # a plus before it says nothing more
CODES = ("33", "32", "1")  # of the made-up company's countries


def needles(emails: Iterable[str], phones: Iterable[str], names: Iterable[str]) -> set[str]:
    """What to look for of one person."""
    return (
        {mailbox(email) for email in emails}
        | {subscriber(phone) for phone in phones}
        | {name.casefold() for name in names}
    )


def mailbox(address: str) -> str:
    """Lower case, without a tag; without dots where the provider has none."""
    local, _, domain = address.casefold().partition("@")
    local = local.partition("+")[0]
    return f"{local.replace('.', '') if domain.startswith('g') and 'mail' in domain else local}@{domain}"


@lru_cache(100_000)  # most are days, and a day is written thousands of times
def subscriber(number: str) -> str:
    """The digits after country code and trunk zero, however it was written."""
    digits = re.sub(r"\D", "", number).removeprefix("00")
    for code in CODES:
        if digits.startswith(code) and len(digits) - len(code) in (8, 9, 10):
            return "tel:" + digits[len(code) :].removeprefix("0")
    return "tel:" + digits.lstrip("0")


def scan(root: Path, people: Mapping[str, set[str]]) -> dict[str, dict[str, set[str]]]:
    """store -> person -> what of them was found there. A store is the first two parts of a path."""
    owners: dict[str, set[str]] = defaultdict(set)
    for person, wanted in people.items():
        for needle in wanted:
            owners[needle].add(person)
    names = {needle for needle in owners if "@" not in needle and not needle.startswith("tel:")}
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink():
            store = "/".join(path.relative_to(root).parts[:2])
            for text in texts_of(path):
                for needle in _in_text(text, owners, names):
                    for person in owners[needle]:
                        found[store][person].add(needle)
    return {store: dict(who) for store, who in found.items()}


def _in_text(text: str, owners: Mapping[str, set[str]], names: set[str]) -> Iterator[str]:
    yield from {mailbox(address) for address in _addresses(text)} & owners.keys()
    yield from {subscriber(number) for number in set(NUMBER.findall(text))} & owners.keys()
    folded = text.casefold()
    yield from (name for name in names if _is_whole(name, folded))


def _addresses(text: str) -> Iterator[str]:
    """From each @ to both sides: a pattern for the whole would begin anew at every letter before it."""
    for domain in DOMAIN.finditer(text):
        if local := LOCAL.search(text[max(0, domain.start() - 80) : domain.start()]):
            yield local[0] + domain[0]


def _is_whole(name: str, text: str) -> bool:
    """And not the beginning of another: record 12 is not record 123."""
    place = text.find(name)
    while place >= 0:
        around = text[max(0, place - 1) : place], text[place + len(name) : place + len(name) + 1]
        if not any(one.isalnum() for one in around):
            return True
        place = text.find(name, place + 1)
    return False


def texts_of(path: Path) -> Iterator[str]:
    """All that is written in a file, decoded as its kind wants it; and its bare bytes as well."""
    content = path.read_bytes()
    if path.suffix == ".duckdb":
        yield from _duckdb(path)
    elif path.suffix == ".parquet":
        yield from _rows(duckdb.connect().execute(f"from read_parquet('{path}')"))
    elif content.startswith(b"SQLite format 3"):
        yield from _sqlite(path)
    elif content.startswith(b"\x1f\x8b"):
        content = gzip.decompress(content)
    elif content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for name in packed.namelist():
                yield re.sub(r"<[^>]+>", " ", packed.read(name).decode("utf-8", "replace"))
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        yield content.decode("utf-16", "replace")
    yield content.decode("utf-8", "ignore")


def _duckdb(path: Path) -> Iterator[str]:
    with closing(duckdb.connect(str(path), read_only=True)) as con:
        tables = con.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        for schema, table in tables:
            yield from _rows(con.execute(f'from "{schema}"."{table}"'))


def _rows(found: duckdb.DuckDBPyConnection) -> Iterator[str]:
    while rows := found.fetchmany(500):
        yield _lines(rows)


def _sqlite(path: Path) -> Iterator[str]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as con:
        tables = con.execute("select name from sqlite_master where type = 'table'").fetchall()
        for (table,) in tables:
            yield _lines(con.execute(f'select * from "{table}"'))


def _lines(rows: Iterable[tuple]) -> str:
    """A line each: hundreds of names are looked for once in a text and not once in every row."""
    # Beside each other, so that a name in two columns reads as one.
    return "\n".join(" ".join(str(value) for value in row if value is not None) for row in rows)
