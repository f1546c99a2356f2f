"""Passing an erasure on: each platform with a call for it is asked, and what it answered is written down.

Forwarded, not guaranteed: some only take note of it, others have no such call and need a hand.
"""

import json
from collections.abc import Mapping
from typing import Any

from connectors.erasing import Row
from connectors.redaction import redact
from connectors.stream import ConnectorError, Stream, nothing_to_pull
from pipelines import audit_trail, raw
from pipelines.company import Company
from pipelines.door.schema import raw_table
from pipelines.erasure.plan import Plan
from pipelines.erasure.words import say
from pipelines.warehouse_file import warehouse

Record = tuple[str, str, str, str]
# Of a platform's several answers the one that needs somebody most is told.
WORST_FIRST = ("failed", "impossible", "not_sent", "requested", "erased", "not_there")


def tell(company: Company, plan: Plan, *, is_sending: bool, by: str) -> dict[str, str]:
    """platform -> outcome (WORST_FIRST; `failed` with the error). Without `is_sending` nobody is called.

    What was sent is in the audit log: platform and outcome, nobody's id.
    """
    streams = raw.known_streams()
    outcomes: dict[str, list[str]] = {}
    for record in plan.records:
        platform, name, *_ = record
        stream = streams[platform, name]
        # What belongs to somebody goes with them; files and forms of our own are on no platform.
        is_elsewhere = stream.fetch is not nothing_to_pull and company.is_configured(platform)
        if is_elsewhere and stream.erasing.profiles and not stream.erasing.keep:
            outcomes.setdefault(platform, []).append(_one(company, stream, record, is_sending=is_sending))
    told = {platform: min(found, key=_urgency) for platform, found in outcomes.items()}
    if is_sending and told:
        audit_trail.note_by_hand(company.home, "erasure passed on", told, by)
    return told


def _one(company: Company, stream: Stream, record: Record, *, is_sending: bool) -> str:
    platform, name, account, key = record
    if stream.erasing.ask is None:
        return "impossible"
    if not is_sending:
        return "not_sent"
    try:
        return stream.erasing.ask(company.client(platform), key, _row(company, platform, name, account, key))
    except ConnectorError as error:
        return f"failed {type(error).__name__}: {redact(str(error), company.secret_values)[:80]}"


def _row(company: Company, platform: str, stream: str, account: str, key: str) -> Row:
    """The newest version we hold: some platforms want to know the form of an answer."""
    with warehouse(company.home, read_only=True) as con:
        found = con.execute(
            f"select payload::varchar from {raw_table(platform, stream)}"
            " where _account = ? and _key = ? and payload is not null order by _fetched_at desc limit 1",
            [account, key],
        ).fetchall()
    row: Any = json.loads(found[0][0]) if found else {}
    return row


def _urgency(outcome: str) -> int:
    return WORST_FIRST.index(outcome.partition(" ")[0])


def shown(told: Mapping[str, str], language: str) -> list[str]:
    return [outcome_line(language, platform, outcome) for platform, outcome in sorted(told.items())]


def outcome_line(language: str, platform: str, outcome: str) -> str:
    kind, _, why = outcome.partition(" ")
    words = say(language, "erased_there" if kind == "erased" else kind, why=why.partition(":")[0])
    return say(language, "told", platform=platform, outcome=words)
