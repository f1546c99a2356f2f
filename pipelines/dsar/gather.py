"""All that is held about one customer, table by table, and nothing about anybody else.

`provided`: whether the person gave it themselves, by a form, an order or a letter. That is what portability
(Art. 20) covers; what we compute of it is not.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines import audit_log, raw
from pipelines.company import Company
from pipelines.door.schema import Streams, raw_table
from pipelines.dsar.held_back import held_back
from pipelines.dsar.sides import own_side
from pipelines.erasure import members
from pipelines.erasure.members import Member
from pipelines.reading import Connection, Row, rows
from pipelines.warehouse_file import warehouse


@dataclass(frozen=True)
class Section:
    """One table: `name` is its file and its key in words.py."""

    name: str
    rows: list[Row]
    is_provided: bool


# Columns that name another person or a colleague of ours, and ids that only machines read, are not asked for.
PUBLISHED = {
    "identity": (
        """
        select field, value, is_winner as is_in_use, platform as source, said_at
        from customer_fields where customer_id = ? order by field, value_rank
        """,
        True,
    ),
    "records": (
        """
        select platform as source, object as kind, profile_id as record, created_at, first_seen_at, matched_by
        from customer_profiles where customer_id = ? order by first_seen_at, profile_id
        """,
        False,
    ),
    "events": (
        """
        select occurred_at, touch_type as what, platform as source, channel, campaign_id as campaign
        from touchpoints where customer_id = ? and not starts_with(touch_type, 'permission_')
        order by occurred_at, touchpoint_id
        """,
        True,
    ),
    "orders": (
        """
        select
            order_name, ordered_at, status, gross, refunded, net, tax, shipping, currency, channel,
            cancelled_at, last_refunded_at
        from orders where customer_id = ? order by ordered_at
        """,
        True,
    ),
    "permission_acts": (
        """
        select
            occurred_at, ingested_at as learned_at, channel, purpose, contact_value as contact, act, actor,
            basis, platform as source, wording_text as wording_shown
        from consents where customer_id = ? order by occurred_at, consent_act_id
        """,
        True,
    ),
    "permissions": (
        """
        select
            channel, purpose, contact_value as contact, is_allowed, reason, basis, policy_country as law,
            expires_on
        from customer_permissions where customer_id = ? order by all
        """,
        False,
    ),
    "stages": (
        """
        select axis, value, valid_from, valid_to, cause
        from customer_stages where customer_id = ? order by valid_from, axis
        """,
        False,
    ),
    # The other half of a recommendation is somebody else.
    "recommendations": (
        """
        select
            case when referrer_customer_id = ? then 'a person you recommended us to'
                else 'a person who recommended us to you' end as other_person,
            via, given_on, status, converted_on, undone_on
        from referrals where ? in (referrer_customer_id, referee_customer_id) order by given_on, via
        """,
        True,
    ),
    # Every column there is, so that none added later is forgotten: one a row.
    "computed": (
        """
        select what, value from (
            unpivot (
                select
                    columns(* exclude (customer_id, referred_by_customer_id, purge_on))::varchar,
                    purge_on::varchar as erased_without_a_new_act_on,
                    (referred_by_customer_id is not null)::varchar as came_by_a_recommendation
                from customers where customer_id = ?
            ) on columns(*) into name what value value
        )
        """,
        False,
    ),
    "next_act": (
        "select act, channel, reason_en, reason_fr from next_acts where customer_id = ?",
        False,
    ),
    "numbers": (
        "select customer_number, status, since from customer_crosswalk where customer_id = ? order by since",
        False,
    ),
}


def gather(company: Company, con: Connection, customer_id: str) -> list[Section]:
    """Every section, empty ones too: that there is nothing is an answer. `con`: the publication."""
    found = [
        Section(name, rows(con, query, *[customer_id] * query.count("?")), is_provided)
        for name, (query, is_provided) in PUBLISHED.items()
    ]
    with warehouse(company.home) as private:
        raw.ensure(private)  # a table may be newer than the last run
        streams = raw.known_streams()
        theirs = members.of_customer(private, streams, customer_id)
        return [
            *found,
            _as_received(private, streams, theirs),
            Section("held_back", held_back(company, private, streams, customer_id, theirs), is_provided=True),
            _handed_out(company, private, customer_id),
        ]


def _as_received(con: Connection, streams: Streams, theirs: Sequence[Member]) -> Section:
    """Each version of each record as its platform or form sent it: where every field above comes from."""
    received = [row for member in theirs for row in _versions(con, streams, member)]
    return Section("as_received", received, is_provided=True)


def _versions(con: Connection, streams: Streams, member: Member) -> list[Row]:
    if member.stream is None:
        return []
    stream = streams[member.platform, member.stream]
    versions = rows(
        con,
        f"select _via as way, _fetched_at as received_at, payload::varchar as content"
        f" from {raw_table(member.platform, member.stream)}"
        " where _account = ? and _key = ? and payload is not null order by _fetched_at, _version",
        member.account,
        member.key,
    )
    return [
        {"source": member.platform, "kind": member.word}
        | {name: row[name] for name in ("way", "received_at")}
        | {"content": own_side(json.loads(row["content"]), stream.erasing.sides, member.word)}
        for row in versions
    ]


def _handed_out(company: Company, con: Connection, customer_id: str) -> Section:
    """Every list and answer this customer's data went into, under any number of theirs."""
    lists = rows(
        con,
        """
        select exports.exported_at as at, 'export' as what, exports.channel, exports.purpose, members.basis,
            exports.audience, exports.recipient
        from door.export_members as members
        inner join door.exports as exports using (export_id)
        where members.customer_id in (
            select own_number from identity.int_customer_profiles where customer_id = ?
        )
        order by exports.exported_at
        """,
        customer_id,
    )
    nothing = {"channel": None, "purpose": None, "basis": None, "audience": None, "recipient": None}
    answers = [
        {"at": entry.at, "what": entry.what} | nothing
        for entry in audit_log.entries(company.home)
        if entry.facts.get("customer") == customer_id
    ]
    return Section("handed_out", lists + answers, is_provided=False)
