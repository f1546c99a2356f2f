"""One customer in words: who, which stages and by what evidence, what we may do and which act decided it.

From the published tables alone; English and French.
"""

import re

from pipelines.portrait_fields import account_lines, field_lines, household_lines
from pipelines.portrait_life import life_lines
from pipelines.portrait_story import next_act_lines, story_lines
from pipelines.portrait_words import money, word
from pipelines.reading import Connection, Row, rows
from pipelines.spoken_for import spoken_for

STAGES = ("ambassador", "loyal_customer", "repeat_customer", "first_time_customer", "prospect", "lead")
WIDE = 90  # of a consent text; the whole is in the table
CHANNELS = ("email", "sms", "phone", "post", "whatsapp")
COLON = {"en": ": ", "fr": " : "}
# What the name of a match rule says as well as its reason does.
SAID_ALREADY = re.compile(r"^both gave the (e-mail address|phone number) |^names | as the same record$")
# Reasons that name their act already.
SAYS_IT_ALL = {"blocked_in_tool", "implied_purchase", "implied_inquiry", "complained"}


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


def permissions(con: Connection, customer_id: str) -> list[Row]:
    """One a purpose, channel and contact point, marketing first, with the act that decided it."""
    return rows(
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


def permission_lines(con: Connection, customer_id: str, language: str) -> list[str]:
    """Per channel and contact point: may we, why, and the act that decided it."""
    lines: list[str] = []
    purpose = None
    for row in permissions(con, customer_id):
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


def permission_told(row: Row, language: str) -> str:
    """The same with until when, and whether anything arrives there."""
    text = permission_why(row, language)
    if row["expires_on"]:
        text += f", {word(language, 'expires', day=row['expires_on'])}"
    if not row["is_deliverable"]:
        text += f", {word(language, 'undeliverable')}"
    return text


def _permission(row: Row, language: str) -> list[str]:
    answer = word(language, "yes" if row["is_allowed"] else "no")
    text = f"{word(language, row['channel']):<9} {answer:<4} {permission_told(row, language)}"
    lines = [f"{text}  [{row['contact_value']}]"]
    if row["wording_text"]:
        shown = row["wording_text"] if len(row["wording_text"]) <= WIDE else row["wording_text"][:WIDE] + "…"
        lines.append(f"{'':<14} {word(language, 'wording')}{COLON[language]}“{shown}”")
    return lines


def profiles(con: Connection, customer_id: str) -> list[Row]:
    """The records of one person: whose number they wear, then first come first."""
    return rows(
        con,
        "from customer_profiles where customer_id = ?"
        " order by matched_by <> 'founder', coalesce(created_at, first_seen_at), profile_id",
        customer_id,
    )


def profile_why(row: Row, language: str) -> str:
    """What ties a record to the others."""
    why = word(language, row["matched_by"])
    if row["matched_by"] != "founder" and row["reason"]:
        why += COLON[language] + spoken_for(language, SAID_ALREADY.sub("", row["reason"]))
    return why


def old_numbers(con: Connection, customer_id: str) -> list[Row]:
    """Numbers that lead here, each with since when."""
    return rows(
        con,
        "select customer_number, since from customer_crosswalk"
        " where customer_id = ? and status = 'redirected' order by since, customer_number",
        customer_id,
    )


def profile_lines(con: Connection, customer_id: str, language: str) -> list[str]:
    """The records of one person, first come first, and what ties each to the others."""
    found = profiles(con, customer_id)
    lines = [word(language, "profiles" if len(found) > 1 else "one_profile", count=len(found))]
    for row in found:
        day, why = row["created_at"] or row["first_seen_at"], profile_why(row, language)
        lines.append(f"  {day:%Y-%m-%d}  {row['platform'] + ' ' + row['object']:<20}  {why}")
        lines.append(f"  {'':<10}  {row['profile_id']}")
    if old := old_numbers(con, customer_id):
        lines += [word(language, "other_numbers"), *(f"  {row['customer_number']}" for row in old)]
    return lines


def full(con: Connection, customer_id: str, language: str) -> str:
    """Everything `firsthand customer` prints of one customer."""
    parts = [
        [*head(con, customer_id, language), *next_act_lines(con, customer_id, language)],
        story_lines(con, customer_id, language),
        [
            word(language, "fields"),
            *(f"  {line}" for line in field_lines(con, customer_id, language)),
        ],
        [word(language, "stages"), *(f"  {line}" for line in stage_lines(con, customer_id, language))],
        permission_lines(con, customer_id, language),
        household_lines(con, customer_id, language),
        account_lines(con, customer_id, language),
        profile_lines(con, customer_id, language),
        life_lines(con, customer_id, language),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)
