"""The contacts: semicolons, times as day-month-year in the account's zone."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from simulator.export_files import text
from simulator.model import Company
from simulator.platforms.brevo import nodes
from simulator.timeline import end_of
from simulator.truth import MAIL_ACCOUNT

COLUMNS = (
    "CONTACT ID", "EMAIL", "LASTNAME", "FIRSTNAME", "SMS", "DOUBLE_OPT-IN", "OPT_IN", "LANDLINE_NUMBER",
    "EXT_ID", "EMAIL_BLACKLISTED", "SMS_BLACKLISTED", "ADDED_TIME", "MODIFIED_TIME",
)  # fmt: skip


def files(company: Company, folder: Path) -> list[Path]:
    now = end_of(company.until)

    def day(told: str) -> str:
        return f"{datetime.fromisoformat(told):%d-%m-%Y %H:%M}"

    def rows() -> Iterator[list[str]]:
        for record in company.mail_contacts:
            row = nodes.contact(record, now, nodes.modified_at(record, now, None))
            told = row["attributes"]
            blocked = ["Yes" if row[flag] else "No" for flag in ("emailBlacklisted", "smsBlacklisted")]
            yield [
                row["id"], row.get("email", ""), told.get("LASTNAME", ""), told.get("FIRSTNAME", ""),
                told.get("SMS", ""), told.get("DOUBLE_OPT-IN", ""), "", "", told.get("EXT_ID", ""), *blocked,
                day(row["createdAt"]), day(row["modifiedAt"]),
            ]  # fmt: skip

    return [text(folder / MAIL_ACCOUNT / "contacts.csv", "utf-8", ";", COLUMNS, rows())]
