"""What people decide about refused records: `replay`, `accept`, `dismiss`, `reopen`.

    {"command": "dismiss", ..., "records": ["5f2e..."], "reason": "a test of the agency's"}

replay: judge them again by today's promises; accept: land them though they break one; dismiss: let them go;
reopen: a dismissed one is in question again. Obeying notes it; the same step then gives those who are to be
heard again their hearing (door.quarantine). A record decided on meanwhile, or erased, is no error.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, model_validator

from pipelines.door.command import Command, new_id
from pipelines.door.schema import Connection

Decision = Literal["replay", "accept", "dismiss", "reopen"]
DECISIONS: tuple[Decision, ...] = ("replay", "accept", "dismiss", "reopen")
# Of these the record does not tell why: somebody answers for it.
NEED_REASON = ("accept", "dismiss")
# Records of one command, so that its file stays far below the largest that is read.
MOST = 50_000


class Said(Command):
    command: Decision
    records: list[Annotated[str, Field(pattern="^[0-9a-f]{32}$")]] = Field(min_length=1, max_length=MOST)
    reason: str | None = Field(None, max_length=2000)

    @property
    def record_count(self) -> int:
        return len(self.records)

    @model_validator(mode="after")
    def _says_why(self) -> "Said":
        if self.command in NEED_REASON and not self.reason:
            raise ValueError(f"{self.command} needs a reason")
        return self


def decided(
    decision: Decision, records: Sequence[str], made_by: str, made_at: datetime, reason: str | None = None
) -> list[Said]:
    """New ones, to be sent: one, unless the records are very many. Raises ValueError without a reason."""
    return [
        Said(
            command=decision,
            id=new_id(),
            made_at=made_at,
            made_by=made_by,
            records=list(records[start : start + MOST]),
            reason=reason,
        )
        for start in range(0, len(records), MOST)
    ]


def write(con: Connection, said: Said, ingested_at: datetime) -> None:
    at, by, why = min(said.made_at, ingested_at), said.made_by, said.reason
    # What it must be now, what it becomes, what it waits for, and who decided.
    before, after, asked, *decider = {
        "replay": ("held", "held", "replay", at, by, why),
        "accept": ("held", "held", "accept", at, by, why),
        "dismiss": ("held", "dismissed", None, at, by, why),
        "reopen": ("dismissed", "held", None, None, None, None),
    }[said.command]
    con.execute(
        """
        update door.quarantine
        set status = ?, asked = ?, decided_at = ?, decided_by = ?, decided_why = ?
        where status = ? and quarantine_id in (select unnest(?))
        """,
        [after, asked, *decider, before, said.records],
    )
