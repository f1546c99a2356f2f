"""`allowed`, asked at this moment for a day: the only way by which anybody's address leaves.

The rules are views in the warehouse (dbt_project/models/consent/allowed.sql); here the day is handed to them,
with what staff entered a minute ago. Step 1 is asked here too: the key of tombstones is in no file.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

from pipelines import normalise
from pipelines.door import commands, consents, tombstones
from pipelines.home import Home
from pipelines.keyed import Keyed

Connection = duckdb.DuckDBPyConnection
# Both of Google's flags, or neither.
ADS = "ads"
PURPOSES = {ADS: consents.ADS}
CHANNELS = ("email", "sms", "phone", "post", "whatsapp", "ad_upload")
CONTACT_TYPES = {"email": ("email",), "post": ("post",), "ad_upload": ("email", "phone")}

# One row per customer asked about: the best point (allowed and arriving, then verified, then latest) and what
# `allowed` says of it; a point that another customer before them has as well is not written to twice.
ASK = """
with points as (
    select points.*
    from consent.int_customer_contact_points as points
    semi join asked using (customer_id)
    where list_contains($types, points.contact_type)
),

answers as (
    select
        contact_type,
        contact_value,
        bool_and(is_allowed) as is_allowed,
        -- Of several purposes the first refused explains the refusal.
        arg_min(
            struct_pack(reason, basis, expires_on, jurisdiction, law, decided_by_act), (is_allowed, purpose)
        ) as said
    from consent.allowed
    semi join points using (contact_type, contact_value)
    where channel = $channel and list_contains($purposes, purpose)
    group by contact_type, contact_value
    having count(*) = len($purposes)
),

judged as (
    select
        points.customer_id,
        points.contact_type,
        points.contact_value,
        coalesce(answers.is_allowed, false) as is_allowed,
        coalesce(answers.said.reason, 'no_rule') as reason,
        answers.said.basis as basis,
        answers.said.expires_on as expires_on,
        answers.said.jurisdiction as jurisdiction,
        answers.said.law as law,
        answers.said.decided_by_act as decided_by_act,
        undeliverable.contact_value is null
            and not ($channel in ('sms', 'whatsapp') and coalesce(points.phone_kind = 'landline', false))
            as arrives
    from points
    left join answers using (contact_type, contact_value)
    left join consent.int_undeliverable as undeliverable using (contact_type, contact_value)
    qualify row_number() over (
        partition by points.customer_id
        order by is_allowed and arrives desc, is_allowed desc, points.is_verified desc,
            points.last_seen_at desc, points.contact_type, points.contact_value
    ) = 1
)

select
    asked.place,
    asked.customer_id,
    judged.* exclude (customer_id, reason),
    case
        when judged.customer_id is null then 'no_contact_point'
        when judged.is_allowed and not judged.arrives then 'undeliverable'
        when judged.is_allowed and row_number() over (
            partition by judged.contact_value, judged.is_allowed and judged.arrives order by asked.place
        ) > 1 then 'same_point_as_another'
        else judged.reason
    end as reason
from asked
left join judged using (customer_id)
order by asked.place
"""


@dataclass(frozen=True)
class Answer:
    """What came of one customer: may they be written to, where, why, until when, by which law."""

    customer_id: str
    is_allowed: bool
    reason: str
    contact_value: str | None = None
    contact_type: str | None = None
    basis: str | None = None
    expires_on: date | None = None
    jurisdiction: str | None = None
    law: str | None = None
    decided_by_act: str | None = None


def hear(con: Connection, home: Home, at: datetime) -> int:
    """Put what staff entered and no run has obeyed into the ledger, inside the transaction that is open.

    Their files stay: whether this lasts is for the transaction to say, and the next run obeys each once.
    """
    heard = commands.said(home, consents.Said)
    for said in heard:
        consents.write(con, said, at)
    return len(heard)


def ask(
    con: Connection,
    customer_ids: Sequence[str],
    channel: str,
    purpose: str,
    day: date,
    keyed: Keyed | None,
) -> list[Answer]:
    """One answer for each, in the order given. `keyed` may be None only where nobody was ever erased."""
    con.execute(f"set variable permission_as_of = date '{day.isoformat()}'")
    con.execute("create or replace temp table asked (place bigint, customer_id varchar)")
    con.execute(
        "insert into asked select unnest(range(len($ids))), unnest($ids::varchar[])",
        {"ids": list(dict.fromkeys(customer_ids))},
    )
    found = con.execute(
        ASK,
        {
            "channel": channel,
            "types": list(CONTACT_TYPES.get(channel, ("phone",))),
            "purposes": list(PURPOSES.get(purpose, (purpose,))),
        },
    )
    names = [column[0] for column in found.description]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    erased = _erased(con, (row for row in rows if row["is_allowed"]), keyed)
    return [_answer(row, row["customer_id"] in erased) for row in rows]


def _answer(row: dict[str, Any], is_erased: bool) -> Answer:
    keeps = row["is_allowed"] and row["arrives"] and row["reason"] != "same_point_as_another"
    told = {name: row[name] for name in Answer.__dataclass_fields__ if name in row}
    if is_erased:
        return Answer(row["customer_id"], False, "was_erased")
    return Answer(**told | {"is_allowed": bool(keeps)})


def _erased(con: Connection, rows: Iterable[dict[str, Any]], keyed: Keyed | None) -> set[str]:
    """Customers whose point a tombstone matches, unless they came back by an act of their own (step 1)."""
    stones: dict[tuple[str, str], list[tuple[str, datetime]]] = {}
    for digest, kind, scope, at in con.execute(
        "select digest, kind, scope, requested_at from door.tombstones where kind in ('email', 'phone')"
    ).fetchall():
        stones.setdefault((kind, digest), []).append((scope, at))
    if not stones:
        return set()
    if keyed is None:
        raise ValueError("there are tombstones, and no key to read them by")
    keys = tombstones.keys(con, keyed)
    matched: dict[tuple[str, str], list[tuple[str, datetime]]] = {}
    at_stake: list[tuple[str, str, str]] = []
    for row in rows:
        kind, value = row["contact_type"], row["contact_value"]
        match = normalise.email_match(value) if kind == "email" else value
        found = [stone for key in keys for stone in stones.get((kind, key.digest(kind, match or value)), ())]
        if found:
            matched[(kind, value)] = found
            at_stake.append((row["customer_id"], kind, value))
    acted, names = _last_acts(con, at_stake), _first_names(con, at_stake)
    return {
        customer_id
        for customer_id, kind, value in at_stake
        for scope, requested_at in matched[(kind, value)]
        if scope in {"", *(key.digest("first_name", n) for key in keys for n in names.get(customer_id, ()))}
        and not (acted.get((kind, value)) and acted[(kind, value)] > requested_at)
    }


def _last_acts(con: Connection, at_stake: list[tuple[str, str, str]]) -> dict[tuple[str, str], datetime]:
    """When the person behind each point last did something of their own, as its ledger tells."""
    found = con.execute(
        "select contact_type, contact_value, max(occurred_at) from contracts.consent_acts"
        " where list_contains($values::varchar[], contact_value) and actor in ('person', 'staff')"
        " group by all",
        {"values": sorted({value for _, _, value in at_stake})},
    )
    return {(kind, value): at for kind, value, at in found.fetchall()}


def _first_names(con: Connection, at_stake: list[tuple[str, str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for customer_id, name in con.execute(
        "select profiles.customer_id, names.match_value from contracts.identifiers as names"
        " inner join identity.int_customer_profiles as profiles using (profile_id)"
        " where names.identifier_type in ('first_name', 'full_name') and names.match_value is not null"
        " and list_contains($ids::varchar[], profiles.customer_id)",
        {"ids": sorted({customer_id for customer_id, _, _ in at_stake})},
    ).fetchall():
        found.setdefault(customer_id, set()).update({name, *name.split()})
    return found


def counts(answers: Iterable[Answer]) -> tuple[int, dict[str, int]]:
    """How many are allowed, and how many are not, by reason, most first."""
    allowed, refused = 0, {}
    for one in answers:
        if one.is_allowed:
            allowed += 1
        else:
            refused[one.reason] = refused.get(one.reason, 0) + 1
    return allowed, dict(sorted(refused.items(), key=lambda each: (-each[1], each[0])))


def as_json(refused: dict[str, int]) -> str:
    return json.dumps(refused, sort_keys=True)
