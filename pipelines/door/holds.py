"""The command `hold`: somebody's data must be kept for a court, an authority or a dispute, or no longer.

    {"command": "hold", ..., "customer_number": "5e1b412e-...", "is_held": true, "reason": "file 12/2026"}

While it lasts nobody of that customer is erased, neither by retention nor by request (Art. 17(3)(e)).
"""

from datetime import datetime
from typing import Literal

from pydantic import Field

from pipelines.door.command import Command, new_id
from pipelines.door.schema import Connection


class Said(Command):
    command: Literal["hold"] = "hold"
    customer_number: str = Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
    is_held: bool
    reason: str | None = Field(None, max_length=2000)


def hold(number: str, made_by: str, made_at: datetime, reason: str | None, *, is_held: bool) -> Said:
    """A new one, to be sent."""
    return Said(
        id=new_id(), made_at=made_at, made_by=made_by, customer_number=number, is_held=is_held, reason=reason
    )


def write(con: Connection, said: Said, ingested_at: datetime) -> None:
    con.execute(
        "insert into door.holds values (?, ?, ?, ?, ?, ?, ?)",
        [
            said.id,
            said.customer_number,
            said.is_held,
            said.reason,
            said.made_by,
            min(said.made_at, ingested_at),
            ingested_at,
        ],
    )


def held(con: Connection) -> set[str]:
    """The customer numbers on hold, as they were given."""
    rows = con.execute(
        "select customer_number, arg_max(is_held, (made_at, ingested_at, hold_id))"
        " from door.holds group by customer_number"
    ).fetchall()
    return {number for number, is_held in rows if is_held}
