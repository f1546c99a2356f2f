"""What one customer's fields rest on, with the values that lost; household and company.

From the published tables alone; English and French.
"""

from itertools import groupby

from pipelines.portrait_words import word
from pipelines.reading import Connection, Row, rows

FIELDS = (
    "first_name", "last_name", "best_email", "best_phone", "postal_address", "postcode", "city", "country",
    "language", "company", "job_title",
)  # fmt: skip
# Part of the postal address, told once with it.
WITHIN_ADDRESS = ("postcode", "city")
SHARED = ("landline", "address", "mailbox", "mobile")
LABEL, VALUE = 16, 44
# The rest is in the tables.
MOST_LOSERS, MOST_OTHERS = 3, 9


def field_lines(con: Connection, customer_id: str, language: str) -> list[str]:
    """Each field with its source, then the values that lost, nearest first."""
    return [
        f"{label:<{LABEL}} {shown:<{VALUE}} {told}".rstrip()
        for label, shown, told in field_rows(con, customer_id, language)
    ]


def field_rows(con: Connection, customer_id: str, language: str) -> list[tuple[str, str, str]]:
    """Label, value, and whose word it is and why; of the values that lost, without the label."""
    found = rows(
        con,
        "from customer_fields where customer_id = ? order by list_position(?, field), value_rank",
        customer_id,
        list(FIELDS),
    )
    has_address = any(row["field"] == "postal_address" and row["is_winner"] for row in found)
    told = []
    for field, group in groupby(found, key=lambda row: row["field"]):
        values = list(group)
        if has_address and field in WITHIN_ADDRESS:
            continue
        told += [_told(row, place, language) for place, row in enumerate(values[: MOST_LOSERS + 1])]
        if len(values) > MOST_LOSERS + 1:
            told.append(("", word(language, "and_more", count=len(values) - MOST_LOSERS - 1), ""))
    return told


def _told(row: Row, place: int, language: str) -> tuple[str, str, str]:
    label = word(language, f"field.{row['field']}") if place == 0 else ""
    shown = row["value"] if row["is_winner"] else word(language, "not_value", value=row["value"])
    if place == 0 and not row["is_winner"]:
        # The winner was taken whole and has no such part.
        shown = f"-  {shown}"
    source = f"{row['platform']} {row['said_at']:%Y-%m-%d}" if row["said_at"] else row["platform"]
    if row["record_count"] > 1:
        source += f", {word(language, 'record_count', count=row['record_count'])}"
    why = word(language, f"{'won' if row['is_winner'] else 'lost'}.{row['decided_by']}")
    return label, shown, source if row["decided_by"] == "only_value" else f"{source}; {why}"


def household_lines(con: Connection, customer_id: str, language: str) -> list[str]:
    """The household, what ties this customer to it, and the others."""
    found = rows(
        con,
        """
        select h.*, m.reason from households as h
        inner join household_members as m on h.household_id = m.household_id where m.customer_id = ?
        """,
        customer_id,
    )
    if not found:
        return []
    (home,) = found
    where = " ".join(part for part in (home["postcode"], home["city"]) if part)
    title = word(language, "household", name=home["name"] or "-", count=home["size"])
    return [
        f"{title}{', ' + where if where else ''}   {home['household_id']}",
        f"  {_shared(home['reason'], language)}",
        *_others(con, "household", home["household_id"], customer_id, language),
    ]


def _shared(reason: str, language: str) -> str:
    """The reason in the table is English; its values are not of any language."""
    if language == "en":
        return reason
    reason = reason.replace("shares ", f"{word(language, 'shares')} ", 1).replace(
        " and the ", f" {word(language, 'and')} the "
    )
    for kind in SHARED:
        reason = reason.replace(f"the {kind} ", f"{word(language, f'the {kind}')} ")
    return reason


def account_lines(con: Connection, customer_id: str, language: str) -> list[str]:
    """The company, what ties this customer to it, and the others."""
    found = rows(
        con,
        """
        select a.*, m.matched_by from accounts as a
        inner join account_members as m on a.account_id = m.account_id where m.customer_id = ?
        """,
        customer_id,
    )
    if not found:
        return []
    (company,) = found
    title = "account" if company["size"] > 1 else "account_of_one"
    return [
        f"{word(language, title, name=company['name'], count=company['size'])}   {company['account_id']}",
        f"  {word(language, company['matched_by'], domain=company['domain'] or '-')}",
        *_others(con, "account", company["account_id"], customer_id, language),
    ]


def members(con: Connection, group: str, group_id: str, customer_id: str) -> list[Row]:
    """The others of a household or account, its founder first."""
    return rows(
        con,
        f"""
        select c.display_name, c.customer_id from {group}_members as m
        inner join customers as c on m.customer_id = c.customer_id
        where m.{group}_id = ? and m.customer_id <> ? order by not m.is_founder, c.display_name, c.customer_id
        """,
        group_id,
        customer_id,
    )


def _others(con: Connection, group: str, group_id: str, customer_id: str, language: str) -> list[str]:
    found = members(con, group, group_id, customer_id)
    lines = [f"  {row['display_name']:<30}  {row['customer_id']}" for row in found[:MOST_OTHERS]]
    if len(found) > MOST_OTHERS:
        lines.append(f"  {word(language, 'and_more', count=len(found) - MOST_OTHERS)}")
    return lines
