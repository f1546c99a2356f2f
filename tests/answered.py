"""A small publication whose people are given, and its tools: for tests of questions in plain words."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
from homes import make_company

from pipelines.answering.tools import Tools
from pipelines.dictionary.described import tables
from pipelines.home import Home

DAY = "2026-11-20"


def published(root: Path, name: str, rows: dict[str, Iterable[dict[str, Any]]]) -> Home:
    """bi.duckdb with every table that is described, holding `rows`, shown as snapshot `name`."""
    home = make_company(root).home if not (root / "firsthand.yaml").exists() else Home(root)
    folder = home.serving / name
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({"day": DAY}))
    with duckdb.connect(str(folder / "bi.duckdb")) as con:
        for table in tables():
            columns = ", ".join(f'"{one.name}" {one.kind}' for one in table.columns if table.in_bi(one))
            if columns:
                con.execute(f"create table {table.name} ({columns})")
            for row in rows.get(table.name, ()):
                names = ", ".join(f'"{column}"' for column in row)
                con.execute(
                    f"insert into {table.name} ({names}) values ({', '.join('?' * len(row))})",
                    list(row.values()),
                )
    link = home.serving / "linking"
    link.symlink_to(name)
    link.replace(home.serving / "current")
    return home


def person(number: int, **facts: Any) -> dict[str, Any]:
    """Seen on a day that nobody else has: whoever knows the day can ask for one person."""
    day = f"2026-{1 + number // 28:02d}-{1 + number % 28:02d}"
    told = {"customer_id": f"c{number:03d}", "stage": "lead", "country": "FR", "first_seen_on": day}
    can = {f"can_{one}": number % 2 == 0 for one in ("email", "sms", "call", "post")}
    return told | can | {"net_revenue_12m": 0, "activity": "interested"} | facts


def order(number: int, who: str | None, net: float, **facts: Any) -> dict[str, Any]:
    told = {
        "order_id": f"o{number}",
        "customer_id": who,
        "order_date": "2026-10-05",
        "channel": "online_store",
    }
    return told | {"net_converted": net, "net": net, "currency": "EUR", "status": "paid"} | facts


def ask(tools: Tools, tool: str, **arguments: Any) -> dict[str, Any]:
    return getattr(tools, tool)(**arguments)
