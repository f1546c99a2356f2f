"""The contacts export: one line per contact, properties as columns under their names in the user's language.

It is poorer than the API (single subscriptions are not in it) and never overrules it.
"""

import re
from collections.abc import Mapping
from typing import Any

from connectors.cells import truth, when
from connectors.stream import Export, Reading, Row

# Our column, then what English and French exports call it, as normalised.
COLUMNS = {
    theirs: ours
    for ours, names in {
        "hs_object_id": "record_id id_de_fiche_d_informations id_de_la_fiche_d_informations",
        "email": "email e_mail adresse_e_mail",
        "hs_additional_emails": "additional_email_addresses adresses_e_mail_supplementaires",
        "firstname": "first_name prenom",
        "lastname": "last_name nom nom_de_famille",
        "phone": "phone_number numero_de_telephone",
        "mobilephone": "mobile_phone_number numero_de_telephone_mobile numero_de_telephone_portable",
        "company": "company_name nom_de_l_entreprise",
        "jobtitle": "job_title intitule_de_poste fonction",
        "address": "street_address adresse_postale adresse",
        "city": "city ville",
        "zip": "postal_code zip_code code_postal",
        "country": "country_region country pays_region pays",
        "hs_language": "preferred_language langue_preferee",
        "createdate": "create_date date_de_creation",
        "lastmodifieddate": "last_modified_date date_de_la_derniere_modification "
        "date_de_derniere_modification",
        "lifecyclestage": "lifecycle_stage phase_du_cycle_de_vie",
        "hs_email_optout": "unsubscribed_from_all_email unsubscribed_from_all_emails "
        "desabonne_de_tous_les_e_mails",
        "hs_merged_object_ids": "merged_record_ids merged_object_ids id_des_fiches_d_informations_fusionnees",
    }.items()
    for theirs in names.split()
}
TIMES = {"createdate": "createdAt", "lastmodifieddate": "updatedAt"}
LANGUAGE = re.compile(r"[a-z]{2}(-[a-z]{2})?", re.IGNORECASE)
LANGUAGES = {"french": "fr", "francais": "fr", "français": "fr", "english": "en", "anglais": "en"}


def to_row(cells: Mapping[str, str], reading: Reading) -> Row | None:
    """A line in the shape of the API. What is empty is left out: it may be a column nobody exported."""
    row: Row = {}
    properties: dict[str, Any] = {}
    for name, cell in cells.items():
        ours = reading.columns.get(name)
        if ours == "hs_object_id":
            row["id"] = properties[ours] = cell
        elif ours in TIMES:
            row[TIMES[ours]] = properties[ours] = when(cell, reading)
        elif ours == "hs_email_optout":
            properties[ours] = {True: "true", False: "false"}.get(truth(cell), cell)
        elif ours == "hs_language":
            if language := _language(cell):
                properties[ours] = language
        elif ours == "lifecyclestage":
            # A word of the user's language; which stage of the account it is, the API tells.
            continue
        elif ours:
            properties[ours] = cell
    return row | {"properties": properties}


def _language(cell: str) -> str | None:
    return LANGUAGES.get(cell.strip().lower(), cell.strip() if LANGUAGE.fullmatch(cell.strip()) else None)


CONTACTS_EXPORT = Export(
    "contacts",
    headers=frozenset({"hs_object_id", "email", "createdate"}),
    to_row=to_row,
    assumed=frozenset(name for name, ours in COLUMNS.items() if ours == "hs_merged_object_ids"),
    # In the zone of whoever exports.
    zoneless=frozenset(name for name, ours in COLUMNS.items() if ours in TIMES),
    known=COLUMNS,
)
