"""A made-up stream and its landing files, for tests of the door; and what staging reads of a raw stream."""

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from jinja2 import Template

from connectors.landing import LandingWriter
from connectors.stream import Announced, Page, Promise, Stream
from pipelines.home import Home

DAY_ONE = datetime(2026, 11, 1, 8, tzinfo=UTC)
NOTHING = iter(())


def nothing(client: Any, account: str, since: Any) -> Any:
    return NOTHING


MEMBERS = Stream(
    "members",
    nothing,
    key="id",
    changed_at="updated",
    occurred_at="created",
    form="form",
    promises=(
        Promise("id", type="text"),
        Promise("created", required=False, type="time"),
        Promise("email", required=False, type="text", pattern=r"^[^@\s]+@[^@\s]+$"),
        Promise("state", required=False, values=frozenset({"in", "out"})),
        Promise("tags", required=False, type="list"),
        Promise("address.city", required=False, type="text"),
        Promise("spent", required=False, type="number"),
        Promise("vip", required=False, type="boolean"),
        Promise("extra", required=False, type="object"),
    ),
)
SHOPS = Stream(
    "shops",
    nothing,
    cursor=False,
    promises=(Promise("name", type="text"),),
    poor_ways=frozenset({"file"}),
)
STREAMS = {("tillpoint", "members"): MEMBERS, ("tillpoint", "shops"): SHOPS}
_later = itertools.count()


def drop(
    home: Home,
    rows: Sequence[Any],
    *,
    stream: Stream = MEMBERS,
    via: str = "api",
    account: str = "till",
    fetched_at: datetime | None = None,
    arrived_at: datetime | None = None,
    op: str = "upsert",
    announced: Sequence[Announced] = (),
    drained: bool = True,
    backfill: bool = False,
    inbox: Sequence[str] = (),
    platform: str = "tillpoint",
) -> str:
    """Write a batch as a connector would; its name."""
    started_at = fetched_at or DAY_ONE + timedelta(minutes=next(_later))
    writer = LandingWriter(home.landing, platform, stream, via, started_at, backfill=backfill)
    for said in announced:
        writer.take(account, said, started_at)
    writer.take(account, Page(list(rows), op), started_at, arrived_at)
    if drained:
        writer.drained(account)
    return writer.commit(inbox)


def latest(relation: str, *, keep_deleted: bool = False) -> str:
    """dbt's macro of that name, as SQL to select from."""
    file = Path(__file__).parents[1] / "dbt_project" / "macros" / "latest.sql"
    return Template(file.read_text(encoding="utf-8")).module.latest(relation, keep_deleted)


def home_at(folder: Path) -> Home:
    return Home.at(folder)
