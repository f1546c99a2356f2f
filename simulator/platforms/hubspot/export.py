"""The contacts export: every property as a column, under its name in English or French, in the zone of
whoever exports."""

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from simulator.model import MailContact
from simulator.platforms.hubspot import nodes

ZONE = ZoneInfo("Europe/Paris")
COLUMNS = {
    "en": (
        "Record ID", "First Name", "Last Name", "Email", "Phone Number", "Company Name", "Job Title",
        "Lifecycle Stage", "Preferred language", "Create Date", "Last Modified Date",
        "Unsubscribed from all email", "Merged record IDs", "Contact owner",
    ),
    "fr": (
        "ID de fiche d'informations", "Prénom", "Nom", "E-mail", "Numéro de téléphone", "Nom de l'entreprise",
        "Intitulé de poste", "Phase du cycle de vie", "Langue préférée", "Date de création",
        "Date de la dernière modification", "Désabonné de tous les e-mails",
        "ID des fiches d'informations fusionnées", "Propriétaire du contact",
    ),
}  # fmt: skip
NAMES = (
    "hs_object_id", "firstname", "lastname", "email", "phone", "company", "jobtitle", "lifecyclestage",
    "hs_language", "createdate", "lastmodifieddate", "hs_email_optout", "hs_merged_object_ids",
)  # fmt: skip


def write(path: Path, contacts: list[MailContact], now: datetime, language: str = "en") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS[language])
        writer.writerows(lines(contacts, now))
    return path


def lines(contacts: list[MailContact], now: datetime) -> Iterator[list[str]]:
    for contact in contacts:
        if contact.visible_at > now or nodes.archived_at(contact, now):
            continue
        told = nodes.properties(contact, now, nodes.changed_at(contact, now), nodes.merged_before(contact))
        yield [_cell(name, told[name]) for name in NAMES] + [""]


def _cell(name: str, value: str | None) -> str:
    if name == "phone" and value:
        # An apostrophe keeps spreadsheets from reckoning with a number.
        return f"'{value}"
    if name in ("createdate", "lastmodifieddate") and value:
        # To the minute, and without saying of which zone.
        return f"{datetime.fromisoformat(value).astimezone(ZONE):%Y-%m-%d %H:%M}"
    return value or ""
