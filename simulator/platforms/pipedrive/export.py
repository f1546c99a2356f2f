"""The export of the list of people, all columns: times in the zone of whoever exports, and not saying so."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from simulator.export_files import text
from simulator.model import Company, MailContact
from simulator.platforms.pipedrive import nodes
from simulator.timeline import end_of
from simulator.truth import MAIL_ACCOUNT

ZONE = ZoneInfo("Europe/Paris")
COLUMNS = (
    "Person - Name", "Person - First name", "Person - Last name", "Person - Labels", "Person - Organization",
    "Person - Email - Work", "Person - Email - Home", "Person - Email - Other", "Person - Phone - Work",
    "Person - Phone - Home", "Person - Phone - Mobile", "Person - Phone - Other", "Person - Marketing status",
    "Person - Person created", "Person - Update time", "Person - Owner", "Person - ID",
)  # fmt: skip
WORDS = {"no_consent": "No consent", "subscribed": "Subscribed", "unsubscribed": "Unsubscribed"}


def write(path: Path, contacts: list[MailContact], now: datetime) -> Path:
    there = [one for one in contacts if one.visible_at <= now and not nodes.deleted_at(one, now)]
    lines = [_line(one, now) for one in there]
    return text(
        path, "utf-8-sig", ",", COLUMNS, [[line.get(name) or "" for name in COLUMNS] for line in lines]
    )


def files(company: Company, folder: Path) -> list[Path]:
    return [write(folder / MAIL_ACCOUNT / "people.csv", company.mail_contacts, end_of(company.until))]


def _line(contact: MailContact, now: datetime) -> dict[str, str | None]:
    row = nodes.person(contact, now, nodes.changed_at(contact, now), has_marketing=True)
    mails = {one["label"]: one["value"] for one in row["emails"]}
    status = row["marketing_status"]
    return {
        "Person - Name": row["name"],
        "Person - First name": row["first_name"],
        "Person - Last name": row["last_name"],
        "Person - Organization": "Atelier Exemple" if row["org_id"] else None,
        "Person - Email - Work": mails.get("work"),
        "Person - Email - Home": mails.get("home"),
        # An apostrophe keeps spreadsheets from reckoning with a number.
        "Person - Phone - Mobile": f"'{row['phones'][0]['value']}" if row["phones"] else None,
        "Person - Marketing status": WORDS.get(status, status.capitalize()),
        "Person - Person created": _cell(row["add_time"]),
        "Person - Update time": _cell(row["update_time"]),
        "Person - Owner": "Équipe",
        "Person - ID": str(row["id"]),
    }


def _cell(told: str) -> str:
    return f"{datetime.fromisoformat(told).astimezone(ZONE):%Y-%m-%d %H:%M:%S}"
