"""The audience export: a zip with one CSV per state, whose names alone say which."""

import csv
import io
import zipfile
from datetime import datetime
from pathlib import Path

from simulator.model import MailContact
from simulator.platforms.mailchimp import nodes
from simulator.platforms.mailchimp.nodes import Audience

COLUMNS = (
    "Email Address", "First Name", "Last Name", "Address", "Phone Number", "Birthday", "MEMBER_RATING",
    "OPTIN_TIME", "OPTIN_IP", "CONFIRM_TIME", "CONFIRM_IP", "LATITUDE", "LONGITUDE", "GMTOFF", "DSTOFF",
    "TIMEZONE", "CC", "REGION", "LAST_CHANGED", "LEID", "EUID", "NOTES", "TAGS",
)  # fmt: skip
FILES = {
    "subscribed": "subscribed_email_audience_export",
    "unsubscribed": "unsubscribed_email_audience_export",
    "cleaned": "cleaned_email_audience_export",
    "transactional": "nonsubscribed_email_audience_export",
    "archived": "archived_email_audience_export",
    "pending": "pending_email_audience_export",
}
MORE = {"unsubscribed": "UNSUB_TIME", "cleaned": "CLEAN_TIME"}


def write(path: Path, audience: Audience, contacts: list[MailContact], now: datetime) -> Path:
    there = nodes.members(audience, contacts)
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for standing, name in FILES.items():
            text = io.StringIO(newline="")
            writer = csv.writer(text)
            more = [MORE[standing]] if standing in MORE else []
            writer.writerow([*COLUMNS, *more])
            for contact in there:
                if nodes.status(contact, audience, now) == standing:
                    writer.writerow(_row(contact, audience, now, bool(more)))
            # A fixed date: else no two exports of the same company would be equal.
            entry = zipfile.ZipInfo(f"{name}_{audience.list_id}.csv", (2026, 1, 1, 0, 0, 0))
            archive.writestr(entry, text.getvalue().encode("utf-8-sig"))
    return path


def _row(contact: MailContact, audience: Audience, now: datetime, has_end: bool) -> list[object]:
    row = nodes.member(contact, audience, now, nodes.changed_at(contact, now))
    merged = row["merge_fields"]
    changed = _day(row["last_changed"])
    return [
        row["email_address"], merged["FNAME"], merged["LNAME"], "", merged["PHONE"], "", row["member_rating"],
        _day(row["timestamp_signup"]), row["ip_signup"], _day(row["timestamp_opt"]), row["ip_opt"],
        "", "", "", "", "", "", "", changed, row["web_id"], row["unique_email_id"], "", "",
        *([changed] if has_end else []),
    ]  # fmt: skip


def _day(text: str) -> str:
    return text.replace("T", " ").removesuffix("+00:00")
