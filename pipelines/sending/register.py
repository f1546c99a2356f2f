"""Which lists are ours: `door.lists`. Only those are touched; being on one of them proves nobody's yes."""

from dataclasses import dataclass
from datetime import datetime

from pipelines.company import Company
from pipelines.door import schema
from pipelines.warehouse_file import warehouse


@dataclass(frozen=True)
class Ours:
    platform: str
    account: str
    list_id: str
    name: str
    audience: str
    purpose: str


def ours(company: Company) -> list[Ours]:
    if not company.home.warehouse.exists():
        return []
    with warehouse(company.home) as con:
        con.execute(schema.DOOR)
        rows = con.execute(
            "select platform, account, list_id, name, audience, purpose from door.lists"
            " order by made_at, list_id"
        ).fetchall()
    return [Ours(*row) for row in rows]


def enter(company: Company, one: Ours, at: datetime) -> None:
    """On disk before anybody is put on it."""
    with warehouse(company.home) as con:
        con.execute(schema.DOOR)
        con.execute(
            "insert or replace into door.lists values (?, ?, ?, ?, ?, ?, ?)",
            [one.platform, one.account, one.list_id, one.name, one.audience, one.purpose, at],
        )


def strike(company: Company, one: Ours) -> None:
    """It is no more at the platform."""
    with warehouse(company.home) as con:
        con.execute(
            "delete from door.lists where platform = ? and account = ? and list_id = ?",
            [one.platform, one.account, one.list_id],
        )
