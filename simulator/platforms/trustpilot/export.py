"""The file of reviews that Trustpilot Business lets somebody download: times in UTC, without saying so."""

from collections.abc import Iterator
from pathlib import Path

from simulator.clock import Clock, end_of
from simulator.export_files import text
from simulator.faults import Faults
from simulator.model import Company
from simulator.platforms.trustpilot.api import Trustpilot
from simulator.truth import MAIL_ACCOUNT

REVIEWS = "reviews.csv"
COLUMNS = (
    "Review Created (UTC)", "Review Username", "Review User Id", "Review Title", "Review Content",
    "Review Stars", "Review Id", "Reference Id", "Email", "Source Name",
)  # fmt: skip


def files(company: Company, folder: Path) -> list[Path]:
    return [text(folder / MAIL_ACCOUNT / REVIEWS, "utf-8", ",", COLUMNS, rows(company))]


def rows(company: Company) -> Iterator[tuple]:
    for row in Trustpilot(company, Clock(end_of(company.until)), Faults()).stock():
        consumer = row["consumer"]
        yield (
            row["createdAt"][:19].replace("T", " "), consumer["displayName"], consumer["id"], row["title"],
            row["text"], row["stars"], row["id"], row["referenceId"] or "", row["referralEmail"] or "",
            row["source"],
        )  # fmt: skip
