"""The weekly export (Data Export Service): a file per object, each field a column by its API name, in UTC."""

from collections.abc import Mapping
from typing import Any

from connectors.cells import truth, when
from connectors.salesforce.fetch import ALWAYS, FIELDS
from connectors.stream import Export, Reading, Row
from connectors.tables import normalise

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
FLAGS = frozenset({
    "IsDeleted", "HasOptedOutOfEmail", "DoNotCall", "IsConverted", "IsClosed", "IsWon", "IsPrimary",
})  # fmt: skip
TIMES = frozenset({"CreatedDate", "SystemModstamp", "EmailBouncedDate"})
NUMBERS = frozenset({"Amount"})


def whole_id(text: str) -> str:
    """The 18 characters of an id: some exports tell 15, which differ in capitals alone."""
    if len(text) != 15 or not text.isalnum():
        return text
    lots = (text[begin : begin + 5] for begin in (0, 5, 10))
    return text + "".join(
        LETTERS[sum(1 << place for place, letter in enumerate(lot) if letter.isascii() and letter.isupper())]
        for lot in lots
    )


def to_row(of: str, cells: Mapping[str, str], reading: Reading) -> Row | None:
    """A line in the shape of the API. What is empty is left out: no export tells null from nothing."""
    row: Row = {"attributes": {"type": of}}
    for name in (*ALWAYS, *FIELDS[of]):
        cell = cells.get(normalise(name), "")
        if cell:
            row[name] = _value(name, cell, reading)
    # A record in the bin is told by the API, with when it went there.
    return None if row.get("IsDeleted") is True else row


def _value(name: str, cell: str, reading: Reading) -> Any:
    if name in TIMES:
        return when(cell, reading)
    if name in FLAGS:
        return truth(cell)
    if name in NUMBERS:
        try:
            return float(cell)
        except ValueError:
            return cell
    return whole_id(cell) if name.endswith("Id") else cell


def export_of(stream: str, of: str, *telling: str) -> Export:
    """`telling`: columns that this object's file has and no other's."""
    headers = frozenset(map(normalise, ("Id", "SystemModstamp", *telling)))
    return Export(stream, headers=headers, to_row=lambda cells, reading: to_row(of, cells, reading))


LEADS_EXPORT = export_of("lead_records", "Lead", "ConvertedContactId", "LastName")
CONTACTS_EXPORT = export_of("contacts", "Contact", "AccountId", "MailingCity", "LastName")
