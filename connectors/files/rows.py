"""One line of a file as a row in our columns.

A line without an id gets one computed from who and when, so that the same line in the next export is the
same record.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from connectors.cells import LEFT, money, number, truth, when
from connectors.stream import Reading, Row

TIMES = frozenset({"created_at", "ended_at", "converted_at", "consent_at"})
TICKS = frozenset(
    {
        "email_opt_in", "sms_opt_in", "phone_opt_in", "post_opt_in", "unsubscribed", "is_rewarded",
        "rights_granted",
    }
)  # fmt: skip
NUMBERS = frozenset(
    {"stars", "score", "rate", "quantity", "impressions", "reach", "interactions", "clicks", "conversions"}
)
MONEY = frozenset({"amount", "tax", "cost"})

# What a tick box of an unknown form permits is never documented in the file itself.
ASSUMED = (TICKS - {"is_rewarded", "rights_granted"}) | {"consent_at", "consent_text"}
# Nobody may say these for a whole list of people.
GIVEN_BY_EACH = (TICKS - {"is_rewarded"}) | {"consent_at"}


def row_of(who: str) -> Callable[[Mapping[str, str], Reading], Row]:
    """Reads a line; `who` names the columns that make a line without an id recognisable."""
    return partial(_identified, tuple(who.split()))


def _identified(who: tuple[str, ...], cells: Mapping[str, str], reading: Reading) -> Row:
    row = plain_row(cells, reading)
    row.setdefault("id", computed_id(row, who))
    return row


def plain_row(cells: Mapping[str, str], reading: Reading) -> Row:
    """One line in our columns, with an id only where the line brings one."""
    columns = reading.columns
    row: Row = {}
    other: dict[str, str] = {}
    for name, cell in cells.items():
        ours = columns.get(name)
        if ours is None or ours in row:
            other[name] = cell
        elif ours in TIMES:
            row[ours] = when(cell, reading)
        elif ours in TICKS:
            # A wording or a date in a column of ticks is no yes, and no reason to refuse the lead.
            if isinstance(ticked := truth(cell), bool):
                row[ours] = ticked
                if cell.strip().lower() in LEFT:
                    row["unsubscribed"] = True
            else:
                other[name] = cell
        elif ours in NUMBERS:
            row[ours] = number(cell)
        elif ours in MONEY:
            row[ours], currency = money(cell)
            if currency:
                row.setdefault("currency", currency)
        else:
            row[ours] = cell
    if other:
        row["other"] = other
    return row


def computed_id(row: Row, who: Iterable[str], ordinal: int = 1) -> str:
    """`ordinal`: of lines that look the same and are not, which one."""
    known = [str(row.get(column, "")).lower() for column in who]
    if not any(known):  # nobody in it: the whole line is its own name
        told = {**row, **row.get("other", {})}
        known = [f"{name}={cell}" for name, cell in sorted(told.items()) if name != "other"]
    known += [str(ordinal)] if ordinal > 1 else []
    # Spaces and signs in phones change between exports; letters, digits and marks of addresses do not.
    text = "|".join(re.sub(r"[^\w@.|+-]", "", part) for part in known)
    return "row-" + hashlib.sha256(text.encode()).hexdigest()[:24]
