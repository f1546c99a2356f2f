"""The entries export: one line per entry, one column per field or part of one, in the site's language.

Entry Id and Entry Date must be among the columns chosen. Part of a name, an address or a consent stands
behind the field's words, `Your name (First)`. A ticked box among several has no field's words, only its own,
and they stand in the cell once more.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC
from itertools import pairwise
from typing import Any

from connectors.cells import when
from connectors.form_tools import Asked, asked
from connectors.stream import Export, Reading, Row
from connectors.tables import normalise

# Our name, then those of the plugin in English and in French, which writes either apostrophe.
KNOWN: Mapping[str, str] = {
    theirs: ours
    for ours, names in {
        "entry_id": "entry_id id_de_lentree id_de_l_entree",
        "entry_date": "entry_date date_de_lentree date_de_l_entree",
        "date_updated": "date_updated",
        "source_url": "source_url url_source",
        "created_by": "created_by_user_id cree_par_id_utilisateur",
        "transaction_id": "transaction_id id_de_la_transaction",
        "payment_amount": "payment_amount montant_du_paiement",
        "payment_date": "payment_date date_du_paiement",
        "payment_status": "payment_status statut_du_paiement",
        "post_id": "post_id id_de_larticle id_de_l_article",
        "user_agent": "user_agent agent_utilisateur",
        "ip": "user_ip ip_de_lutilisateur ip_de_l_utilisateur",
    }.items()
    for theirs in names.split()
}
DATES = frozenset(theirs for theirs, ours in KNOWN.items() if ours == "entry_date")
PARTED = re.compile(r"(?P<field>.*?) ?\((?P<part>[^()]*)\)$", re.DOTALL)
PARTS: Mapping[str, str] = {
    theirs: ours
    for ours, names in {
        "first_name": "first prenom",
        "last_name": "last nom",
        "street": "street_address adresse_postale",
        "city": "city ville",
        "postcode": "zip_postal_code zip_code postal_code zip_code_postal code_postal code_zip",
        "country": "country pays",
    }.items()
    for theirs in names.split()
}
SECOND_LINE = frozenset({"address_line_2", "adresse_ligne_2"})
# "2ème prénom" would be taken for a first name.
UNUSED = SECOND_LINE | {"prefix", "prefixe", "middle", "2eme_prenom", "suffix", "suffixe"}
UNUSED |= {"state_province", "etat_province"}
TICKED = frozenset({"checked", "coche"})
BOXES = TICKED | {"not_checked", "non_coche"}


def to_row(cells: Mapping[str, str], reading: Reading) -> Row | None:
    own = {KNOWN[name]: cell for name, cell in cells.items() if name in KNOWN}
    row: Row = {"id": own.get("entry_id", "")}
    if "entry_date" in own:
        row["created_at_utc"] = row["changed_at_utc"] = when(own["entry_date"], reading)
    if "date_updated" in own:
        # The plugin turns the one into the site's zone and leaves the other in UTC.
        row["changed_at_utc"] = when(own["date_updated"], Reading(zone=UTC))
    if "source_url" in own:
        row["source_url"] = own["source_url"]
    row["columns"] = [*_columns(cells, reading)]
    return row


def _columns(cells: Mapping[str, str], reading: Reading) -> Iterator[dict[str, Any]]:
    parts = {
        name: (found["field"], normalise(found["part"]))
        for name, header in reading.headers.items()
        if (found := PARTED.match(header.strip()))
    }
    consents = [*_consents(cells, parts)]
    theirs = frozenset(KNOWN) | {name for names in consents for name in names}
    for column in asked(cells, reading, theirs):
        if parts.get(column.name, ("", ""))[1] not in UNUSED:
            yield _column(column, cells, parts)
    for names in consents:
        ticked, words, below, *_ = [*(cells.get(name, "") for name in names), "", ""]
        if normalise(ticked) in TICKED:
            field = parts[names[0]][0]
            yield {"type": "consent", "label": field, "text": words or field, "description": below}


def _consents(cells: Mapping[str, str], parts: Mapping[str, tuple[str, str]]) -> Iterator[list[str]]:
    """The columns of each consent: whether it was ticked, its words, what stood below them.

    Side by side, for two of a form may well have one label.
    """
    names = list(parts)
    begins = [place for place, name in enumerate(names) if normalise(cells.get(name, "")) in BOXES]
    for place, following in pairwise([*begins, len(names)]):
        end = min(place + 3, following)
        yield [name for name in names[place:end] if parts[name][0] == parts[names[place]][0]]


def _column(column: Asked, cells: Mapping[str, str], parts: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    field, part = parts.get(column.name, ("", ""))
    if column.is_hidden:
        return {"type": "hidden", "text": column.name, "answer": column.cell}
    if column.box:
        return {"text": column.label, "answer": "yes" if column.box[1] else "no"}
    if column.cell == column.label:
        return {"type": "checkbox", "text": column.label}
    if part not in PARTS:
        return {"text": column.ours or column.label, "answer": column.cell}
    lines = [column.cell]
    if PARTS[part] == "street":
        lines += [
            cells.get(name, "") for name, told in parts.items() if told[0] == field and told[1] in SECOND_LINE
        ]
    return {"type": PARTS[part], "text": column.label, "answer": " ".join(filter(None, lines))}


ENTRIES_EXPORT = Export(
    "responses",
    headers=frozenset({"entry_id", "entry_date"}),
    to_row=to_row,
    known=KNOWN,
    zoneless=DATES,
)
