"""What the door refused, as published, less what was decided since and waits in the inbox."""

from dataclasses import dataclass

from pipelines.door import commands
from pipelines.door.decisions import Said
from pipelines.home import Home
from pipelines.judging import published
from pipelines.reading import Connection, Row

OPEN = """
with waiting as (select unnest($waiting) as quarantine_id),
open_records as (
    from refused_records anti join waiting using (quarantine_id)
    where status = $status and ($platform = '' or (platform, stream) = ($platform, $stream))
        and ($reason = '' or list_contains(reasons, $reason))
)
"""


@dataclass(frozen=True)
class Group:
    """Records of one source that were refused for one reason; without any of them, all there are."""

    platform: str = ""
    stream: str = ""
    reason: str = ""

    def __bool__(self) -> bool:
        return bool(self.platform)


class Refusals:
    """Of one publication, seen with what waits in the inbox now."""

    def __init__(self, con: Connection, home: Home) -> None:
        self.con, self.waiting = con, commands.said(home, Said)
        self._asked = sorted({record for said in self.waiting for record in said.records})

    def groups(self) -> list[Row]:
        """Each source and reason: how many records, and the newest; the largest first."""
        return self._ask(
            """
            select platform, stream, reason, count(*) as record_count, max(arrived_at) as newest_at
            from (select platform, stream, unnest(reasons) as reason, arrived_at from open_records)
            group by all order by record_count desc, platform, stream, reason
            """
        )

    def count(self, group: Group = Group(), status: str = "held") -> int:
        found = self._ask("select count(*) as record_count from open_records", group, status)
        return found[0]["record_count"] if found else 0

    def newest(self, group: Group, first: int, most: int, status: str = "held") -> list[Row]:
        """A page of records, without what is in them; the newest first, the last let go first."""
        moment = "decided_at" if status == "dismissed" else "arrived_at"
        return self._ask(
            f"""
            select * exclude (payload) from open_records
            order by {moment} desc, quarantine_id limit {most:d} offset {first:d}
            """,
            group,
            status,
        )

    def ids(self, group: Group) -> list[str]:
        """All held records of a group."""
        found = self._ask("select quarantine_id from open_records order by quarantine_id", group)
        return [row["quarantine_id"] for row in found]

    def record(self, quarantine_id: str) -> Row | None:
        """One record whole, decided on or not."""
        found = published(self.con, "from refused_records where quarantine_id = ?", quarantine_id)
        return found[0] if found else None

    def is_open(self, quarantine_id: str) -> bool:
        """Nothing was decided about it since it was published."""
        return quarantine_id not in self._asked

    def _ask(self, query: str, group: Group = Group(), status: str = "held") -> list[Row]:
        asked = {"platform": group.platform, "stream": group.stream, "reason": group.reason}
        return published(self.con, OPEN + query, {**asked, "status": status, "waiting": self._asked})
