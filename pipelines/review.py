"""The review queue: pairs the rules cannot decide, as published, less what was judged since."""

from collections.abc import Mapping

from pipelines.judge_words import say
from pipelines.judging import Pair, Standing, published
from pipelines.paper.numbers import plain
from pipelines.reading import Connection, Row
from pipelines.spoken_for import spoken_for

SHOWN = ("name", "email", "phone", "place", "birth_date", "company", "created_at", "customer_id")
WIDTH = 40
Stands = Mapping[Pair, Standing]


def queue(con: Connection, stands: Stands, limit: int = 0) -> list[Row]:
    """The published queue without what was judged since, unless that was taken back; 0 is all of it.

    `stands`: as `judging.standing` tells.
    """
    gone = _judged_since(stands)
    # Those left out are few, and may all stand at its head.
    first = f" limit {limit + len(gone)}" if limit > 0 else ""
    asked = published(con, f"from review_queue order by queue_position{first}")
    left = [row for row in asked if (row["left_profile_id"], row["right_profile_id"]) not in gone]
    return left[:limit] if limit > 0 else left


def length(con: Connection, stands: Stands) -> int:
    """How many pairs `queue` holds."""
    found = published(con, "select count(*) as pairs from review_queue")
    gone = [pair for pair in _judged_since(stands) if _asked(con, pair)]
    return found[0]["pairs"] - len(gone) if found else 0


def holds(con: Connection, stands: Stands, pair: Pair) -> bool:
    """Whether `queue` asks about this pair."""
    return pair not in _judged_since(stands) and bool(_asked(con, pair))


def _judged_since(stands: Stands) -> set[Pair]:
    return {pair for pair, one in stands.items() if one.is_waiting and one.verdict != "withdrawn"}


def _asked(con: Connection, pair: Pair) -> list[Row]:
    query = "select evidence from review_queue where left_profile_id = ? and right_profile_id = ?"
    return published(con, query, *pair)


def evidence(con: Connection, pair: Pair) -> str | None:
    """What the queue says is known of a pair, so that it is not asked again before more is."""
    found = _asked(con, pair) or published(
        con,
        """
        from review_queue where [left_customer_id, right_customer_id] in (
            select [a.customer_id, b.customer_id] from customer_profiles as a, customer_profiles as b
            where a.profile_id in ($1, $2) and b.profile_id in ($1, $2) and a.customer_id <> b.customer_id
        )
        """,
        *pair,
    )
    return found[0]["evidence"] if found else None


def compared(row: Row) -> list[tuple[str, str, str]]:
    """Each field that either record has, and what it is on the left and on the right."""
    found = []
    for name in SHOWN:
        left, right = (row[f"{side}_{name}"] for side in ("left", "right"))
        if name == "created_at":
            left, right = (value and f"{value:%Y-%m-%d}" for value in (left, right))
        if left or right:
            found.append((name, left or "", right or ""))
    return found


def side_by_side(row: Row, language: str) -> list[str]:
    """A doubtful pair, one line a field that either record has; what agrees is marked."""
    weight = say(language, "weight", weight=plain(row["weight"], language, 1))
    lines = [
        f"{row['queue_position']}. {say(language, row['kind'])}, {weight}",
        f"   {spoken_for(language, row['reason'])}",
    ]
    if row["earlier_verdict"]:
        verdict = say(language, row["earlier_verdict"])
        lines.append(f"   {say(language, 'judged_before', verdict=verdict)}")
    kinds = [f"{row[f'{side}_platform']} {row[f'{side}_object']}" for side in ("left", "right")]
    lines.append(f"     {say(language, 'record'):<11}{kinds[0]:<{WIDTH}}{kinds[1]}")
    for name, left, right in compared(row):
        mark = "=" if left == right else " "
        lines.append(f"   {mark} {say(language, name):<11}{left:<{WIDTH}}{right}".rstrip())
    return [*lines, f"     {row['left_profile_id']}", f"     {row['right_profile_id']}"]
