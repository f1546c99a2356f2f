"""One customer in words: who, which stages and by what evidence, what we may do and which act decided it.

Reads serving/current only, like everybody else, through a connection that can touch nothing else.
"""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

from pipelines import normalise
from pipelines.config import ConfigError
from pipelines.home import Home
from pipelines.portrait_words import word

NUMBER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
STAGES = ("ambassador", "loyal_customer", "repeat_customer", "first_time_customer", "prospect", "lead")
WIDE = 90  # of a consent text; the whole is in the table
CHANNELS = ("email", "sms", "phone", "post", "whatsapp")
COLON = {"en": ": ", "fr": " : "}
# What the name of a match rule says as well as its reason does.
SAID_ALREADY = re.compile(r"^both gave the (e-mail address|phone number) |^names | as the same record$")
# Reasons that name their act already.
SAYS_IT_ALL = {"blocked_in_tool", "implied_purchase", "implied_inquiry", "complained"}
Row = dict[str, Any]
Connection = duckdb.DuckDBPyConnection


@contextlib.contextmanager
def opened(home: Home) -> Iterator[Connection]:
    """The publication shown now. Raises ConfigError where there is none yet."""
    path = home.serving / "current" / "marketing.duckdb"
    if not path.exists():
        raise ConfigError("nothing is published yet: `firsthand run` first")
    # Resolved: a publication meanwhile must not change the file under an open connection.
    con = duckdb.connect(str(path.resolve()), read_only=True)
    for setting in ("TimeZone = 'UTC'", "enable_external_access = false", "lock_configuration = true"):
        con.execute(f"set {setting}")
    try:
        yield con
    finally:
        con.close()


def rows(con: Connection, query: str, *values: Any) -> list[Row]:
    found = con.execute(query, list(values))
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@dataclass(frozen=True)
class Found:
    """Whom a number, an address or a phone means; `old_number` where it was answered by another."""

    customer_ids: list[str]
    old_number: str | None = None
    is_erased: bool = False


def find(con: Connection, words: str, region: str) -> Found:
    """By number, old ones included; else by e-mail or phone, however it is spelt."""
    words = words.strip()
    if NUMBER.fullmatch(words.lower()):
        return _by_number(con, words.lower())
    values = {v for v in (normalise.email_contact(words), normalise.phone_e164(words, region)) if v}
    exact = rows(
        con,
        "select distinct customer_id from customer_permissions where list_contains(?, contact_value)"
        " union select customer_id from customers where list_contains(?, best_email)"
        " or list_contains(?, best_phone) order by all",
        *[sorted(values)] * 3,
    )
    if exact or "@" not in words:
        return Found([row["customer_id"] for row in exact])
    # Another spelling of one mailbox: dots, plus tags.
    wanted = normalise.email_match(words)
    known = rows(
        con, "select distinct customer_id, contact_value from customer_permissions where channel = 'email'"
    )
    same = {r["customer_id"] for r in known if normalise.email_match(r["contact_value"]) == wanted}
    return Found(sorted(same))


def _by_number(con: Connection, number: str) -> Found:
    known = rows(con, "from customer_crosswalk where customer_number = ?", number)
    if not known:
        return Found([])
    if known[0]["status"] == "erased":
        return Found([], number, is_erased=True)
    now = str(known[0]["customer_id"])
    return Found([now], number if now != number else None)


def head(con: Connection, customer_id: str, language: str) -> list[str]:
    """Name, places to reach them, stage and orders, in three lines."""
    (c,) = rows(con, "from customers where customer_id = ?", customer_id)
    name = c["display_name"] or c["company"] or "-"
    places = [c["city"], c["country"], c["best_email"], c["best_phone"]]
    stage = f"{word(language, c['stage'])} {word(language, 'since', day=c['stage_since'])}"
    if c["commercial_stage"] != c["stage"]:
        stage += f" ({word(language, c['commercial_stage'])})"
    source = " / ".join(dict.fromkeys(s for s in (c["first_source"], c["first_platform"]) if s)) or "-"
    parts = [stage, word(language, "known_since", day=c["first_seen_on"], source=source)]
    if c["order_count"]:
        net, currency = money(c["net_revenue_total"], language), c["currency"] or ""
        parts.append(word(language, "orders", count=c["order_count"], net=net, currency=currency))
    return [
        f"{name}   {word(language, 'number')} {customer_id}",
        "  " + " · ".join(str(place) for place in places if place),
        "  " + " · ".join(parts),
    ]


def money(amount: Decimal, language: str) -> str:
    """1,234.50 or 1 234,50."""
    text = f"{amount:,.2f}"
    return text.translate(str.maketrans(",.", " ,")) if language == "fr" else text


def stage_steps(con: Connection, customer_id: str) -> list[Row]:
    """Each stage they reached or lost, oldest first, with the event that gave or took it."""
    return rows(
        con,
        """
        with happened as (
            select touchpoint_id as evidence, touch_type as what, touch_date as day, platform from touchpoints
            where customer_id = $1
            union all by name
            select evidence, touch_type as what, touch_date as day, platform from touchpoints
            where customer_id = $1 and touch_type = 'order_paid'
            union all by name
            select profile_id as evidence, 'profile' as what, created_at::date as day, platform
            from customer_profiles where customer_id = $1
        )
        select s.value, s.valid_from, s.cause, s.evidence, any_value(h.what) as what,
            any_value(h.day) as day, any_value(h.platform) as platform
        from customer_stages as s left join happened as h on s.evidence = h.evidence
        where s.customer_id = $1 and s.axis = 'stage'
        group by s.value, s.valid_from, s.cause, s.evidence order by s.valid_from, s.value
        """,
        customer_id,
    )


def stage_why(step: Row, language: str) -> str:
    """What gave a stage, or took the higher one before it."""
    why = word(language, step["what"] or step["evidence"])
    if step["platform"]:
        why += f" ({step['platform']}, {step['day']})"
    return why if step["cause"] == "event" else f"{word(language, step['cause'])}; {why}"


def stage_lines(con: Connection, customer_id: str, language: str) -> list[str]:
    return [
        f"{step['valid_from']}  {word(language, step['value']):<20}  {stage_why(step, language)}"
        for step in stage_steps(con, customer_id)
    ]


def permission_lines(con: Connection, customer_id: str, language: str) -> list[str]:
    """Per channel and contact point: may we, why, and the act that decided it."""
    decided = rows(
        con,
        """
        select p.*, a.reason as said, a.platform, a.wording_text
        from customer_permissions as p
        left join consents as a
            on p.decided_by_act = a.consent_act_id and p.customer_id = a.customer_id
            and p.contact_value = a.contact_value
        where p.customer_id = ?
        order by p.purpose <> 'marketing', p.purpose, list_position(?, p.channel), p.contact_value
        """,
        customer_id,
        list(CHANNELS),
    )
    lines, purpose = [], None
    for row in decided:
        if row["purpose"] != purpose:
            purpose = row["purpose"]
            lines.append(word(language, "permissions", purpose=purpose))
        lines += [f"  {line}" for line in _permission(row, language)]
    return lines


def permission_why(row: Row, language: str) -> str:
    """The reason of a decision and the act behind it: what, when, told by whom."""
    why = word(language, row["reason"])
    if row["said"] and row["reason"] not in SAYS_IT_ALL:
        why += f"{COLON[language]}{word(language, row['said'])}"
    return why + (f", {row['occurred_at']:%Y-%m-%d} ({row['platform']})" if row["said"] else "")


def _permission(row: Row, language: str) -> list[str]:
    answer = word(language, "yes" if row["is_allowed"] else "no")
    text = f"{word(language, row['channel']):<9} {answer:<4} {permission_why(row, language)}"
    if row["expires_on"]:
        text += f", {word(language, 'expires', day=row['expires_on'])}"
    if not row["is_deliverable"]:
        text += f", {word(language, 'undeliverable')}"
    lines = [f"{text}  [{row['contact_value']}]"]
    if row["wording_text"]:
        shown = row["wording_text"] if len(row["wording_text"]) <= WIDE else row["wording_text"][:WIDE] + "…"
        lines.append(f"{'':<14} {word(language, 'wording')}{COLON[language]}“{shown}”")
    return lines


def profile_lines(con: Connection, customer_id: str, language: str) -> list[str]:
    """The records of one person, first come first, and what ties each to the others."""
    found = rows(
        con,
        "from customer_profiles where customer_id = ?"
        " order by matched_by <> 'founder', coalesce(created_at, first_seen_at), profile_id",
        customer_id,
    )
    lines = [word(language, "profiles" if len(found) > 1 else "one_profile", count=len(found))]
    for row in found:
        day = row["created_at"] or row["first_seen_at"]
        why = word(language, row["matched_by"])
        if row["matched_by"] != "founder" and row["reason"]:
            why += COLON[language] + SAID_ALREADY.sub("", row["reason"])
        lines.append(f"  {day:%Y-%m-%d}  {row['platform'] + ' ' + row['object']:<20}  {why}")
        lines.append(f"  {'':<10}  {row['profile_id']}")
    old = rows(
        con,
        "select customer_number from customer_crosswalk where customer_id = ? and status = 'redirected'"
        " order by since, customer_number",
        customer_id,
    )
    if old:
        lines += [word(language, "other_numbers"), *(f"  {row['customer_number']}" for row in old)]
    return lines


def full(con: Connection, customer_id: str, language: str) -> str:
    """Everything `firsthand customer` prints of one customer."""
    return "\n".join(
        [
            *head(con, customer_id, language),
            "",
            word(language, "stages"),
            *(f"  {line}" for line in stage_lines(con, customer_id, language)),
            "",
            *permission_lines(con, customer_id, language),
            "",
            *profile_lines(con, customer_id, language),
        ]
    )
