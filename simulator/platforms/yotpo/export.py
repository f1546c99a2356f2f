"""The file of reviews that Yotpo mails to whoever asks for it."""

from collections.abc import Iterator
from pathlib import Path

from simulator.clock import Clock, end_of
from simulator.export_files import text
from simulator.faults import Faults
from simulator.model import Company
from simulator.platforms.yotpo.api import Yotpo
from simulator.truth import MAIL_ACCOUNT

REVIEWS = "reviews.csv"
COLUMNS = (
    "Review ID", "Review Status", "Review Creation Date", "Reviewer Display Name", "Reviewer Email",
    "Reviewer Type", "Review Title", "Review Content", "Review Score",
)  # fmt: skip


def files(company: Company, folder: Path) -> list[Path]:
    return [text(folder / MAIL_ACCOUNT / REVIEWS, "utf-8", ",", COLUMNS, rows(company))]


def rows(company: Company) -> Iterator[tuple]:
    for row in Yotpo(company, Clock(end_of(company.until)), Faults()).stock():
        yield (
            row["id"], "Published", row["created_at"], row["name"], row["email"], row["reviewer_type"],
            row["title"], row["content"], row["score"],
        )  # fmt: skip
