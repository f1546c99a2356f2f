"""A reader of `serving/current`, as a BI tool is one: python reader.py hold|reconnect SERVING STOP_FILE.

`hold` opens the file once, `reconnect` for each look. Prints what it saw as JSON once STOP_FILE is there.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import duckdb

# Two readers and a publisher on two processors: nobody may starve the others. Some ten looks a publication.
PAUSE = 0.1
TABLES = "select table_name from duckdb_tables() where not internal order by all"


def counts(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    names = [name for (name,) in con.execute(TABLES).fetchall()]
    return {name: con.execute(f'select count(*) from "{name}"').fetchone()[0] for name in names}


def look(file: Path) -> dict[str, int]:
    con = duckdb.connect(str(file), read_only=True)
    try:
        return counts(con)
    finally:
        con.close()


def read(how: str, serving: Path, stop: Path) -> dict[str, Any]:
    looks, errors, seen, mixed = 0, [], set(), []
    held = duckdb.connect(str(serving / "current" / "marketing.duckdb"), read_only=True)
    if how == "reconnect":
        held.close()
    # One more look after the end, so that the last publication is seen too.
    while not (was_over := stop.exists()) or not looks:
        try:
            if how == "hold":
                found = counts(held)
            else:
                found = look(serving / "current" / "marketing.duckdb")
                # A careful reader follows the link once and stays in that snapshot.
                folder = (serving / "current").resolve()
                told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["counts"]
                if look(folder / "marketing.duckdb") != told:
                    mixed.append(folder.name)
            seen.add(json.dumps(found, sort_keys=True))
        except Exception as error:
            errors.append(f"{type(error).__name__}: {error}")
        looks += 1
        time.sleep(PAUSE)
        if was_over:
            break
    return {"looks": looks, "errors": errors, "mixed": mixed, "seen": [json.loads(one) for one in seen]}


if __name__ == "__main__":
    print(json.dumps(read(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))))
