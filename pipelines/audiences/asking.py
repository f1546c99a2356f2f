"""Whom an audience means, on what is published now: how many, who may be written to, who not and why.

As published: who withdrew since, or was erased a minute ago, is told by `firsthand export`, which asks anew.
"""

import contextlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pipelines import config, laws, reading
from pipelines.audiences import compiling, store, tree, vocabulary
from pipelines.audiences.compiling import Question
from pipelines.audiences.tree import Audience
from pipelines.audiences.vocabulary import Vocabulary
from pipelines.exporting.selection import Selection, from_query, without_addresses
from pipelines.home import Home
from pipelines.reading import Connection

# Which column of customers tells of which channel.
CHANNELS = {"email": "email", "sms": "sms", "phone": "call", "post": "post"}
POINTS = {"email": "best_email", "sms": "best_phone", "phone": "best_phone", "post": "postal_address"}
GATHERED = (
    "customer_id", "stage", "country", "net_revenue_total", "net_revenue_12m", "contacts_last_30d",
    *(f"{what}_{word}" for word in CHANNELS.values() for what in ("can", "why_not")),
    *dict.fromkeys(POINTS.values()),
)  # fmt: skip
SAMPLE = ("customer_id", "display_name", "stage", "activity", "country", "order_count", "net_revenue_12m")


@dataclass(frozen=True)
class Reach:
    """By one channel: people who may be written to and where it arrives, and the others by reason.

    `at_cap`: of the reachable, who was contacted as often as their law allows in those days.
    """

    reachable: int
    excluded: dict[str, int]
    at_cap: int = 0


@dataclass(frozen=True)
class Figures:
    """`overlap`: how many of them other audiences hold too. Amounts in the company's currency."""

    day: date
    matching: int
    everybody: int
    reach: dict[str, Reach]
    reachable_by_any: int
    net_revenue_total: Decimal
    net_revenue_12m: Decimal
    by_stage: dict[str, int]
    overlap: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Asker:
    """One open publication, `snapshot`: every answer is of the same people on the same day."""

    home: Home
    con: Connection
    vocabulary: Vocabulary
    snapshot: str

    def read(self, name: str, text: str) -> Audience:
        """One that is not saved, such as a builder holds. Raises Wrong."""
        return tree.read(name, text)

    def question(self, audience: Audience) -> Question:
        """Raises Wrong."""
        return compiling.compile(audience, self.vocabulary, lambda name: store.read(self.home, name).audience)

    def figures(self, audience: Audience, overlap_with: Sequence[str] = ()) -> Figures:
        """Raises Wrong; an audience of `overlap_with` that is wrong is left out."""
        self._gather(self.question(audience))
        everybody = self.con.execute("select count(*) from customers").fetchone()[0]
        matching, any_channel, total, year = self.con.execute(
            "select count(*), count(*) filter (where can_email or can_sms or can_call or can_post),"
            " coalesce(sum(net_revenue_total), 0), coalesce(sum(net_revenue_12m), 0) from members"
        ).fetchone()
        by_stage = self.con.execute(
            "select stage, count(*) from members group by stage order by count(*) desc, stage"
        ).fetchall()
        return Figures(
            self.vocabulary.day, matching, everybody, {name: self._reach(name) for name in CHANNELS},
            any_channel, total, year, dict(by_stage), self._overlap(audience.name, overlap_with),
        )  # fmt: skip

    def count(self, audience: Audience) -> int:
        question = self.question(audience)
        return self.con.execute(f"select count(*) from ({question.sql})", question.values).fetchone()[0]

    def sample(self, audience: Audience, size: int = 10) -> list[dict[str, Any]]:
        """The same few as long as the publication lasts, and no addresses: those leave by exports."""
        question = self.question(audience)
        return without_addresses(
            reading.rows(
                self.con,
                f"select {', '.join(SAMPLE)}, first_name, last_name from customers"
                f" where customer_id in ({question.sql}) order by md5(customer_id), customer_id limit $most",
                {**question.values, "most": size},
            )
        )

    def selection(self, kept: store.Kept, more: Sequence[str] = ()) -> Selection:
        """As an export takes it; its digest is of the audience and all it leans on, on this day.

        Raises Wrong, and Changed where one of them was edited since it was saved.
        """
        question = self.question(kept.audience)
        leaned_on = {one.name: store.saved(self.home, one.name).audience.text for one in question.others}
        meant = json.dumps([kept.audience.text, leaned_on, self.vocabulary.day.isoformat()], sort_keys=True)
        found = from_query(self.con, question.sql, question.values, meant, more)
        return replace(found, audience=kept.audience.name, version=kept.version)

    def _gather(self, question: Question) -> None:
        """Once, with all that figures are made of: what follows looks at no others."""
        self.con.execute(
            f"create or replace temp table members as select {', '.join(GATHERED)} from customers"
            f" where customer_id in ({question.sql})",
            question.values,
        )

    def _reach(self, channel: str) -> Reach:
        word = CHANNELS[channel]
        # An address that two people have is written to once: the second is counted, and why.
        rows = self.con.execute(
            f"""
            with people as (
                select can_{word} as may, why_not_{word} as why, row_number() over (
                    partition by can_{word}, {POINTS[channel]} order by customer_id
                ) > 1 and {POINTS[channel]} is not null as is_second
                from members
            )
            select case when may and is_second then 'same_point_as_another'
                when not may and (why is null or why in ('no_address', 'no_number')) then 'no_contact_point'
                when not may then why end as reason, count(*)
            from people group by reason order by count(*) desc, reason
            """
        ).fetchall()
        counts = dict(rows)
        return Reach(counts.pop(None, 0), counts, self._at_cap(channel, word))

    def _at_cap(self, channel: str, word: str) -> int:
        """Nobody knows of contacts no tool tells of: those count as none."""
        if not (caps := _monthly_caps(channel)):
            return 0
        places, most = zip(*caps, strict=True)
        return self.con.execute(
            f"""
            select count(*) from members
            inner join (select unnest($places) as country, unnest($most) as most) as caps using (country)
            where can_{word} and contacts_last_30d >= caps.most
            """,
            {"places": list(places), "most": list(most)},
        ).fetchone()[0]

    def _overlap(self, itself: str, others: Sequence[str]) -> dict[str, int]:
        found = {}
        for name in others:
            if name == itself:
                continue
            with contextlib.suppress(KeyError, config.ConfigError):
                question = self.question(store.read(self.home, name).audience)
                found[name] = self.con.execute(
                    f"select count(*) from ({question.sql}) semi join members using (customer_id)",
                    question.values,
                ).fetchone()[0]
        return found


@cache
def _monthly_caps(channel: str) -> tuple[tuple[str, int], ...]:
    """Country and how often in thirty days: of the law files that ship, which stay while a process lives."""
    return tuple(
        (law.jurisdiction, cap.most)
        for law in laws.read()
        for cap in law.caps
        if channel in cap.channels and cap.days == 30
    )


@contextlib.contextmanager
def opened(home: Home) -> Iterator[Asker]:
    """What is published now. Raises ConfigError where nothing is."""
    with reading.opened(home) as con:
        path = con.execute(
            "select path from duckdb_databases() where database_name = current_database()"
        ).fetchone()[0]
        folder = Path(path).parent
        yield Asker(home, con, vocabulary.read(con, day_of(folder, home)), folder.name)


def day_of(folder: Path, home: Home) -> date:
    """The company's day that this publication was computed for."""
    said = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    if "day" in said:
        return date.fromisoformat(said["day"])
    # Made before publications told their day: the day they were built on.
    built_at = datetime.fromisoformat(said["built_at"])
    return built_at.astimezone(ZoneInfo(config.read(home).time_zone)).date()
