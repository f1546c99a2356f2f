"""The weekly export: a file per object, every field under its API name, all of it quoted, times in UTC."""

import csv
from datetime import datetime
from pathlib import Path
from typing import Any

from simulator.model import Company, MailContact
from simulator.platforms.salesforce import nodes
from simulator.timeline import end_of
from simulator.truth import MAIL_ACCOUNT


def write(folder: Path, contacts: list[MailContact], now: datetime) -> list[Path]:
    there = [one for one in contacts if one.visible_at <= now]
    people = {
        "Lead": [one for one in there if nodes.is_lead(one)],
        "Contact": [
            one for one in there if nodes.is_contact(one, now) and not nodes.deleted_at("Contact", one, now)
        ],
    }
    return [_file(folder / f"{of}.csv", of, some, now) for of, some in people.items()]


def files(company: Company, folder: Path) -> list[Path]:
    return write(folder / MAIL_ACCOUNT, company.mail_contacts, end_of(company.until))


def _file(path: Path, of: str, contacts: list[MailContact], now: datetime) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [nodes.person(of, one, now, nodes.changed_at(of, one, now), None) for one in contacts]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        if rows:
            writer.writerow(rows[0])
        writer.writerows([_cell(value) for value in row.values()] for row in rows)
    return path


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, str) and value.endswith(".000+0000"):
        return value.removesuffix("+0000").removesuffix(".000").replace("T", " ")
    return "" if value is None else str(value)
