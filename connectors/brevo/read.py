"""The contacts export: one line per contact, one column per attribute of the account.

No page of the vendor lists the columns, hence `assumed`. Lists and the reason of a blocked address are
not in it, so that this way is poorer than the API and never overrules it.
"""

from collections.abc import Mapping

from connectors.cells import truth, when
from connectors.stream import Export, Reading, Row

IDS = ("contact_id", "id", "identifiant_du_contact")
TIMES = {
    "added_time": "createdAt",
    "created_at": "createdAt",
    "date_d_ajout": "createdAt",
    "modified_time": "modifiedAt",
    "modified_at": "modifiedAt",
    "derniere_modification": "modifiedAt",
    "date_de_modification": "modifiedAt",
}
FLAGS = {
    "email_blacklisted": "emailBlacklisted",
    "email_blocklisted": "emailBlacklisted",
    "sms_blacklisted": "smsBlacklisted",
    "sms_blocklisted": "smsBlacklisted",
    "whatsapp_blacklisted": "whatsappBlacklisted",
    "whatsapp_blocklisted": "whatsappBlacklisted",
}
# Attributes lose their hyphens when headers are normalised.
ATTRIBUTES = {"double_opt_in": "DOUBLE_OPT-IN", "prenom": "FIRSTNAME", "nom": "LASTNAME"}


def to_row(cells: Mapping[str, str], reading: Reading) -> Row | None:
    """A line in the shape of the API; attribute names are upper case there."""
    row: Row = {}
    attributes: dict[str, str] = {}
    for name, cell in cells.items():
        ours = reading.columns.get(name, name)
        if ours in IDS:
            row["id"] = int(cell) if cell.isdigit() else cell
        elif ours in ("email", "e_mail"):
            row["email"] = cell
        elif ours in TIMES:
            row[TIMES[ours]] = when(cell, reading)
        elif ours in FLAGS:
            row[FLAGS[ours]] = truth(cell)
        else:
            attributes[ATTRIBUTES.get(ours, ours.upper())] = cell
    row["attributes"] = attributes
    return row


CONTACTS_EXPORT = Export(
    "contacts",
    headers=frozenset({"contact_id", "email"}),
    to_row=to_row,
    assumed=frozenset({"contact_id", *TIMES, *FLAGS}),
)
