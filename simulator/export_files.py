"""What the exports of several platforms share: text files as vendors write them, one for each form."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from types import ModuleType

from simulator.model import Campaign, Company, Form, Lead
from simulator.timeline import end_of

Files = Callable[[Company, Path], list[Path]]


def text(path: Path, encoding: str, separator: str, header: Iterable[str], rows: Iterable[Iterable]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Plain "utf-16" writes a BOM in the machine's order, which the format fixes as little-endian.
    codec = "utf-16-le" if encoding == "utf-16" else encoding
    with path.open("w", encoding=codec, newline="") as file:
        if codec != encoding:
            file.write("\ufeff")
        writer = csv.writer(file, delimiter=separator, lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows(rows)
    return path


def each_form(company: Company, platform: str, write: Callable[[Form, list[Lead]], Path]) -> list[Path]:
    """A file for each form that is kept there, of all its answers."""
    leads: dict[str, list[Lead]] = defaultdict(list)
    for lead in company.leads:
        leads[lead.form_id].append(lead)
    return [write(form, leads[form.form_id]) for form in company.forms if form.platform == platform]


def submissions(platform: str, export: ModuleType) -> Files:
    """The files of a form tool whose `export` has FILE, ENCODING and lines(form, leads)."""

    def files(company: Company, folder: Path) -> list[Path]:
        def write(form: Form, leads: list[Lead]) -> Path:
            header, *rows = export.lines(form, list(reversed(leads)))
            path = folder / form.account_id / export.FILE.format(form=form)
            return text(path, export.ENCODING, ",", header, rows)

        return each_form(company, platform, write)

    return files


def handed_out(
    platform: str, write: Callable[[Path, Form, list[Lead], dict[str, Campaign], datetime], Path]
) -> Files:
    """The files of an ad platform, which hands out the leads of so many days before now."""

    def files(company: Company, folder: Path) -> list[Path]:
        campaigns = {campaign.campaign_id: campaign for campaign in company.campaigns}
        now = end_of(company.until)
        return each_form(
            company,
            platform,
            lambda form, leads: write(folder / form.account_id, form, leads, campaigns, now),
        )

    return files
