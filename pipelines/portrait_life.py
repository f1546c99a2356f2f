"""What became of a customer's number, in words: born, joined by others, parted from them, and why."""

from pipelines.portrait_words import word
from pipelines.reading import Connection, Row, rows

MOST = 12  # the newest; the whole is in the table identity_log


def life_lines(con: Connection, customer_id: str, language: str) -> list[str]:
    """Oldest first, without records that were this customer's from their birth: those are listed already."""
    found = rows(
        con,
        """
        -- Apart, for of each only a part of the table is read: it lies by event and number.
        with told as (
            from identity_log where customer_number = $1
            union
            from identity_log where event <> 'born' and $1 in (customer_id, previous_customer_id)
        )
        select *, count(*) over () as told from told order by entry desc limit $2
        """,
        customer_id,
        MOST,
    )
    if not found:
        return []
    lines = [word(language, "life")]
    if found[0]["told"] > len(found):
        lines.append("  " + word(language, "and_more", count=found[0]["told"] - len(found)))
    return lines + [f"  {_told(row, customer_id, language)}" for row in reversed(found)]


def _told(row: Row, customer_id: str, language: str) -> str:
    why = word(language, row["cause"])
    if row["judged_by"]:
        why += f" ({row['judged_by']})"
    return f"{row['since']:%Y-%m-%d}  {_event(row, customer_id, language)}: {why}"


def _event(row: Row, customer_id: str, language: str) -> str:
    if row["customer_number"] != customer_id:
        what = "joined" if row["customer_id"] == customer_id else "left"
        return word(language, f"life.{what}", number=row["customer_number"])
    if row["customer_id"] not in {customer_id, None}:
        return word(language, "life.went", number=row["customer_id"])
    return word(language, f"life.{row['event']}")
