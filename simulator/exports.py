"""The files a marketer would download from each platform, laid out as the inbox wants them.

    <platform>/<account>/  what the platform's own `export.py` writes
    files/                 what lives in no platform: referrals, reviews, NPS answers, spend without an API

Where the API renders the same record, the same code does: a file must never tell another story.
"""

from datetime import datetime, time
from pathlib import Path

from openpyxl import Workbook

from simulator.export_files import text
from simulator.fleet import FLEET
from simulator.marketing import PARIS
from simulator.model import Company

SPEND_COLUMNS = ("Du", "Au", "Support", "Campagne", "Montant TTC", "Portée", "Réponse")


def exports(company: Company, out_dir: Path) -> list[Path]:
    """Writes all of them below `out_dir`; returns what was written."""
    written = []
    for name, platform in FLEET.items():
        written += platform.files(company, out_dir / name) if platform.files else []
    return written + _files(company, out_dir / "files")


def _files(company: Company, folder: Path) -> list[Path]:
    people = {person.person_id: f"{person.first_name} {person.last_name}" for person in company.people}
    referrals = (
        (
            row.referral_id, f"{row.at.astimezone(PARIS):%d/%m/%Y %H:%M:%S}", row.code, row.referrer_email,
            people[row.referrer_person_id], row.referee_email, people[row.referee_person_id], row.order_name,
        )
        for row in company.referrals
    )  # fmt: skip
    header = (
        "ID parrainage", "Date", "Code parrainage", "Email parrain", "Nom parrain", "Email filleul",
        "Nom filleul", "Commande",
    )  # fmt: skip
    answers = (
        (row.answer_id, f"{row.at:%Y-%m-%dT%H:%M:%SZ}", row.email, row.score) for row in company.nps_answers
    )
    spend = (
        (
            f"{row.first_day:%d/%m/%Y}", f"{row.last_day:%d/%m/%Y}", row.channel, row.campaign,
            f"{row.cost:.2f} €".replace(".", ","), row.reach, row.heard or "",
        )
        for row in company.offline_spend
    )  # fmt: skip
    return [
        # Old accounting software: no UTF-8, and a semicolon because the comma is for decimals.
        text(folder / "referrals.csv", "latin-1", ";", header, referrals),
        _reviews(company, folder / "reviews.xlsx"),
        text(folder / "nps.csv", "utf-8", ",", ("answer_id", "answered_at", "email", "score"), answers),
        text(folder / "depenses.csv", "utf-8", ";", SPEND_COLUMNS, spend),
    ]


def _reviews(company: Company, path: Path) -> Path:
    book = Workbook(write_only=True)
    # Without it the file would carry the moment it was written, and no two runs would be equal.
    book.properties.created = book.properties.modified = datetime.combine(company.until, time())
    sheet = book.create_sheet("Avis")
    sheet.append(["ID avis", "Date", "Email", "Note", "Avis", "Commande"])
    for row in company.reviews:
        local = row.at.astimezone(PARIS).replace(tzinfo=None)  # spreadsheets know no zones
        sheet.append([row.review_id, local, row.email, row.stars, row.text, row.order_name])
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path
