"""The export of a segment of everybody: a line per profile, its times in the account's zone, unsaid."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from simulator.export_files import text
from simulator.model import Company, MailContact
from simulator.platforms.klaviyo import nodes
from simulator.timeline import end_of
from simulator.truth import MAIL_ACCOUNT

ZONE = ZoneInfo("Europe/Paris")
COLUMNS = (
    "Email", "Klaviyo ID", "First Name", "Last Name", "Organization", "Title", "Phone Number", "Address",
    "Address 2", "City", "State / Region", "Country", "Zip Code", "Latitude", "Longitude", "Source",
    "IP Address", "Email Marketing Consent", "Email Marketing Consent Timestamp",
    "Historic Number Of Orders", "First Active", "Last Active", "Profile Created On", "Date Added",
    "Last Open", "Last Click", "Email Suppressions", "Email Suppressions Timestamp",
)  # fmt: skip


def write(path: Path, contacts: list[MailContact], now: datetime) -> Path:
    lines = [_line(one, now) for one in contacts if one.visible_at <= now]
    return text(
        path, "utf-8-sig", ",", COLUMNS, [[line.get(name) or "" for name in COLUMNS] for line in lines]
    )


def files(company: Company, folder: Path) -> list[Path]:
    return [write(folder / MAIL_ACCOUNT / "everybody.csv", company.mail_contacts, end_of(company.until))]


def _line(contact: MailContact, now: datetime) -> dict[str, str | None]:
    told = nodes.profile(contact, now, now, "", is_whole=True)
    attributes, mail = told["attributes"], told["attributes"]["subscriptions"]["email"]["marketing"]
    gone = mail["suppression"]
    return {
        "Email": attributes["email"],
        "Klaviyo ID": told["id"],
        "First Name": attributes["first_name"],
        "Last Name": attributes["last_name"],
        "Organization": attributes["organization"],
        "Phone Number": attributes["phone_number"],
        "Country": attributes["location"]["country"],
        "Email Marketing Consent": mail["consent"],
        "Email Marketing Consent Timestamp": _cell(mail["consent_timestamp"]),
        "Historic Number Of Orders": "0",
        "Profile Created On": _cell(attributes["created"]),
        "Date Added": _cell(attributes["created"]),
        "Email Suppressions": ",".join(one["reason"] for one in gone),
        "Email Suppressions Timestamp": _cell(gone[0]["timestamp"]) if gone else None,
    }


def _cell(text: str | None) -> str | None:
    return f"{datetime.fromisoformat(text).astimezone(ZONE):%Y-%m-%d %H:%M:%S}" if text else None
