"""What the door refused and is about one customer: in none of our tables, and held about them all the same.

A record is theirs by its key, or by an address or number that nobody else gave.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from pipelines.company import Company
from pipelines.door import recognise
from pipelines.door.schema import Streams
from pipelines.dsar.sides import own_side
from pipelines.erasure import values
from pipelines.erasure.members import Member
from pipelines.reading import Connection, Row, rows

Points = Collection[tuple[str, str]]


def held_back(
    company: Company, con: Connection, streams: Streams, customer_id: str, theirs: Sequence[Member]
) -> list[Row]:
    """Refused records, whether somebody let them go or not; those landed since are told elsewhere."""
    keys = {(one.platform, one.stream, one.account, one.key) for one in theirs}
    given = values.given(con, streams, [one.profile_id for one in theirs], {customer_id})
    points = {(one.kind, one.value) for one in given if one.is_blocked and not one.others}
    regions = company.config.phone_regions
    refused = rows(
        con,
        f"""
        select
            platform, stream, account, key, via, arrived_at, reasons, payload,
            {recognise.alike("email")} as email, {recognise.alike("phone")} as phone
        from door.quarantine where status in ('held', 'dismissed') order by arrived_at, quarantine_id
        """,
    )
    return [
        {
            "source": row["platform"],
            "kind": row["stream"],
            "way": row["via"],
            "received_at": row["arrived_at"],
            "why": ", ".join(row["reasons"]),
            "content": _content(row, streams, points, regions),
        }
        for row in refused
        if (row["platform"], row["stream"], row["account"], row["key"]) in keys
        or points & _points({kind: row[kind] or () for kind in recognise.LIKE}, regions)
    ]


def _points(found: Mapping[str, Sequence[Any]], regions: Sequence[str]) -> set[tuple[str, str]]:
    return {
        (kind, one)
        for kind, texts in found.items()
        for text in texts
        for one in recognise.spelt_as(kind, str(text), regions)
    }


def _content(row: Row, streams: Streams, points: Points, regions: Sequence[str]) -> Any:
    """As it came; of a line that names two people, nothing where it does not tell which of them this is."""
    try:
        content = json.loads(row["payload"] or "")
    except ValueError:
        return row["payload"]
    stream = streams.get((row["platform"], row["stream"]))
    sides = stream.erasing.sides if stream else {}
    if not sides or not isinstance(content, dict):
        return content
    return next(_sides_of(content, sides, points, regions), {})


def _sides_of(
    content: Mapping[str, Any], sides: Mapping[str, Sequence[str]], points: Points, regions: Sequence[str]
) -> Iterator[Any]:
    for word, fields in sides.items():
        texts = [content[name] for name in fields if content.get(name)]
        if _points(dict.fromkeys(recognise.LIKE, texts), regions) & set(points):
            yield own_side(content, sides, word)
