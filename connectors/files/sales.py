"""Sales of a till, a market, a telephone: a line is an article or a whole ticket.

Tickets are put together again in stg_files__sales. Two lines that look the same are two articles.
"""

from collections.abc import Mapping
from typing import Any

from connectors.erasing import Row, StandIns
from connectors.files.rows import computed_id, plain_row
from connectors.stream import Reading

LINE = ("store", "receipt", "created_at")
# Without a ticket's number: who, when and what.
TICKET = ("store", "created_at", "email", "phone", "full_name", "product", "amount")
FACTS = ("amount", "tax", "currency", "quantity", "product", "store", "campaign", "country")


def sale_row(cells: Mapping[str, str], reading: Reading) -> Row:
    row = plain_row(cells, reading)
    if "id" not in row:
        who = LINE if "receipt" in row else TICKET
        first = computed_id(row, who)
        # Counted within the file: the next export has the ticket's lines in the same order.
        reading.seen[first] += 1
        row["id"] = computed_id(row, who, reading.seen[first])
    return row


def ledger_row(sale: Row, key: str, stand_ins: StandIns) -> Row:
    """The line as bookkeeping needs it; its ticket keeps together under another number. Times are days."""
    row: dict[str, Any] = {name: sale[name] for name in FACTS if sale.get(name) is not None}
    row |= {"id": key, "erased": True}
    for name in ("receipt", "refund_of"):
        if sale.get(name):
            row[name] = stand_ins.number(f"receipt {sale[name]}")
    if day := stand_ins.day(sale.get("created_at")):
        row["created_at"] = day
    return row
