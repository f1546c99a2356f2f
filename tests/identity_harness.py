"""Small warehouses for the proofs of identity: records in, the real models over them, customer numbers out.

dbt runs in this process, see inside.py. What a build finds (its mode, crowds, who is missing) it asks the
warehouse itself: nothing compiled is kept from build to build.
"""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import inside
import pyarrow as pa
import throwaway

from pipelines.config import Config
from pipelines.door import judgements, schema
from pipelines.matching import profiles, reading

BEGINNING = datetime(2026, 1, 1, 12, tzinfo=UTC)
MATCHING = {"threshold_bits": 14.5, "doubtful_bits": 6, "most_per_key": 60, "weights": "shipped"}
NAME = "warehouse.duckdb"
Record = Mapping[str, Any]
Pair = tuple[str, str]


def moment(day: float) -> datetime:
    return BEGINNING + timedelta(days=day)


class Warehouse:
    """contracts.profiles and door.judgements as staging and the door would have left them.

    `most_per_key`: a crowd is on a value that more profiles carry; small, so that tests cross it.
    """

    def __init__(self, folder: Path, most_per_key: int = 60) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.file, self.most_per_key = folder / NAME, most_per_key
        shutil.copy(empty(), self.file)
        self.reopen()
        self._judged = 0

    def land(self, records: Mapping[str, Record], day: float) -> None:
        """These versions: profile id -> what it says. `seen` is the day it first did, else this day."""
        self.lose(records)
        rows = []
        for profile_id, said in records.items():
            platform, account, word, _ = profile_id.split(":", 3)
            seen = moment(said.get("seen", day))
            row = {"profile_id": profile_id, "platform": platform, "account": account, "object": word}
            row |= {"created_at": seen, "first_seen_at": seen, "last_seen_at": moment(day)}
            row |= {"touched_at": moment(day), "is_email_verified": False, "phone_region": "FR"}
            row |= {name: value for name, value in said.items() if name != "seen"}
            rows.append(row)
        if rows:
            # pyarrow takes the columns of the first row for those of all.
            names = {name: None for row in rows for name in row}
            landed = pa.Table.from_pylist([names | row for row in rows])
            self.con.register("landed", landed)
            self.con.execute("insert into contracts.profiles by name from landed")
            self.con.unregister("landed")

    def lose(self, profile_ids: Iterable[str]) -> None:
        """Erased, or nobody's record any more."""
        self.con.execute(
            "delete from contracts.profiles where profile_id in (select unnest(?::varchar[]))",
            [list(profile_ids)],
        )

    def judge(self, left: str, right: str, verdict: Any, day: float) -> None:
        self._judged += 1
        said = judgements.judgement(left, right, verdict, "ines", moment(day))
        # Those of one moment decide by their id.
        judgements.write(self.con, said.model_copy(update={"id": f"{self._judged:06}"}), moment(day))

    def copy(self, folder: Path) -> "Warehouse":
        """The same records and judgements, and nothing built of them."""
        other = Warehouse(folder, self.most_per_key)
        self.con.close()
        other.con.execute(f"attach '{self.file}' as origin (read_only)")
        for table in ("contracts.profiles", "door.judgements"):
            other.con.execute(f"insert into {table} by name from origin.{table}")
        other.con.execute("detach origin")
        self.reopen()
        return other

    def build(self, *, full: bool = False) -> bool:
        """All of identity, by dbt; whether it computed everything anew."""
        self.con.close()
        words = ["build", "--selector", "match", "--resource-type", "model"]
        dbt(self.file, [*words, *(["--full-refresh"] if full else [])], self.most_per_key)
        self.reopen()
        return self.con.execute("select is_full from contracts.int_settled").fetchall()[0][0]

    def numbers(self) -> dict[str, str]:
        """profile id -> customer number; every profile there is, once."""
        rows = self.con.execute(
            "select profile_id, customer_id from identity.int_customer_profiles"
        ).fetchall()
        there = [
            profile_id
            for (profile_id,) in self.con.execute("select profile_id from contracts.profiles").fetchall()
        ]
        assert sorted(profile_id for profile_id, _ in rows) == sorted(there), (
            "a profile lost, or in two customers"
        )
        return dict(rows)

    def own_numbers(self) -> dict[str, str]:
        return dict(
            self.con.execute("select profile_id, own_number from identity.int_customer_profiles").fetchall()
        )

    def rows(self, query: str) -> list[tuple]:
        return self.con.execute(query).fetchall()

    def close(self) -> None:
        self.con.close()

    def reopen(self) -> None:
        self.con = duckdb.connect(str(self.file))
        self.con.execute("set TimeZone = 'UTC'")


def partition(numbers: Mapping[str, str]) -> set[frozenset[str]]:
    """Who is together, whatever the number."""
    groups: dict[str, set[str]] = {}
    for profile_id, number in numbers.items():
        groups.setdefault(number, set()).add(profile_id)
    return {frozenset(group) for group in groups.values()}


@cache
def empty() -> Path:
    """A warehouse of seeds and empty tables, made once and copied."""
    folder = throwaway.folder("identity")
    file = folder / NAME
    (folder / "none.csv").write_text("email\nann@poste.example\n")
    with duckdb.connect() as con:
        # The columns of profiles as a file to match brings them; that those are all is test_dbt_project's.
        reading.read(con, folder / "none.csv", {}, folder)
        profiles.make(con, Config(company="x"))
        con.execute(f"attach '{file}' as made; create schema made.contracts")
        con.execute("create table made.contracts.profiles as from contracts.profiles limit 0")
    with duckdb.connect(str(file)) as con:
        schema.ensure(con, {})
    dbt(file, ["seed"], 60)
    return file


def dbt(file: Path, words: Sequence[str], most_per_key: int) -> None:
    inside.dbt(file, *words, matching=MATCHING | {"most_per_key": most_per_key})
