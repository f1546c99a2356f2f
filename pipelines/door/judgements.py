"""The command `judge`: two profiles are one person, are two, or are the rules' business again.

    {"command": "judge", ..., "left": "meta:1:lead:9", "right": "shopify:s:customer:7",
     "verdict": "together", "reason": "she told us on the phone"}

Append-only in door.judgements; the newest of a pair is in force (int_judgements). A profile nobody knows is
no error: it may still come, and a judgement outlives what a platform deletes.
"""

from datetime import datetime
from typing import Literal

from pydantic import Field, model_validator

from pipelines.door.command import Command, new_id
from pipelines.door.schema import Connection

Verdict = Literal["together", "apart", "withdrawn"]


class Said(Command):
    command: Literal["judge"] = "judge"
    left: str = Field(min_length=1, max_length=1000)
    right: str = Field(min_length=1, max_length=1000)
    verdict: Verdict
    reason: str | None = Field(None, max_length=2000)
    evidence: str | None = Field(None, max_length=100)

    @model_validator(mode="after")
    def _names_two(self) -> "Said":
        if self.left == self.right:
            raise ValueError("left and right are the same profile")
        return self


def judgement(
    left: str,
    right: str,
    verdict: Verdict,
    made_by: str,
    made_at: datetime,
    reason: str | None = None,
    evidence: str | None = None,
) -> Said:
    """A new one, to be sent. `evidence`: as the review queue names what was looked at."""
    return Said(
        id=new_id(),
        made_at=made_at,
        made_by=made_by,
        left=left,
        right=right,
        verdict=verdict,
        reason=reason,
        evidence=evidence,
    )


def write(con: Connection, said: Said, ingested_at: datetime) -> None:
    # A clock that runs ahead must not win for ever: nobody judged after we learned of it.
    judged_at = min(said.made_at, ingested_at)
    con.execute(
        "insert into door.judgements values ($1, least($2, $3), greatest($2, $3), $4, $5, $6, $7, $8, $9)",
        [
            said.id,
            said.left,
            said.right,
            said.verdict,
            said.made_by,
            said.reason or None,
            said.evidence,
            judged_at,
            ingested_at,
        ],
    )
