"""What is read from Pinterest's lead ads: accounts, forms, ads, and the leads of each ad, in files.

A file holds the leads of one ad and some days. It is made on demand; which of the last thirty days it shall
hold is all that can be asked for, so it is all of them, each time anew.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from connectors.pinterest.api import Pinterest
from connectors.pinterest.read import ALIASES, to_row
from connectors.side_by_side import merged
from connectors.stream import (
    Announced,
    BadAnswer,
    ConnectorError,
    MissingPermission,
    NotThere,
    Page,
    PlatformDown,
    Reading,
    Row,
    Since,
)
from connectors.tables import TableError, open_table

KEPT = timedelta(days=29)  # and today: thirty days in all
LOOKS, ATTEMPTS = 100, 3
# Those that are over have leads, too.
STATUSES = ("ACTIVE", "PAUSED", "ARCHIVED")


def info(pinterest: Pinterest, account: str, since: Since) -> Iterator[Page | Announced]:
    """The account: in which money it reports. Who owns it is nobody's lead."""
    found = pinterest.get(f"ad_accounts/{account}")
    if not isinstance(found, dict):
        raise BadAnswer("pinterest ad_accounts: no object in the answer")
    yield Page([{name: value for name, value in found.items() if name != "owner"}])


def forms(pinterest: Pinterest, account: str, since: Since) -> Iterator[Page | Announced]:
    """Every form with its questions and what is disclosed beside them."""
    for rows in pinterest.pages(f"ad_accounts/{account}/lead_forms"):
        yield Page(rows)


def ads(pinterest: Pinterest, account: str, since: Since) -> Iterator[Page | Announced]:
    """Every ad, with its campaign: figures name neither."""
    for rows in pinterest.pages(f"ad_accounts/{account}/ads", entity_statuses=STATUSES):
        yield Page(rows)


def leads(pinterest: Pinterest, account: str, since: Since) -> Iterator[Page | Announced]:
    """The leads of each ad with a form, several files side by side; one out of reach stops no other."""
    hidden: dict[str, ConnectorError] = {}

    def read(ad: Row) -> Iterator[Page]:
        try:
            rows = list(_leads_of(pinterest, account, ad))
        except (NotThere, MissingPermission, BadAnswer) as error:
            hidden[str(ad.get("id"))] = error
            return
        if rows:
            yield Page(rows, form=str(ad["lead_form_id"]))

    listed = (row for page in ads(pinterest, account, since) if isinstance(page, Page) for row in page.rows)
    with_form = [ad for ad in listed if isinstance(ad, dict) and ad.get("id") and ad.get("lead_form_id")]
    yield from merged([partial(read, ad) for ad in with_form], pinterest.at_once)
    if hidden:
        first = next(iter(hidden.values()))
        raise type(first)(f"{len(hidden)} ads of account {account} cannot be read, first: {first}")


def _leads_of(pinterest: Pinterest, account: str, ad: Row) -> Iterator[Row]:
    content = pinterest.file(_made(pinterest, account, str(ad["id"])))
    known = {"form_id": ad["lead_form_id"], "ad_id": ad["id"], "campaign_id": ad.get("campaign_id")}
    for row in _rows(content):
        yield {name: str(value) for name, value in known.items() if value} | row | {"told_by": "api"}


def _made(pinterest: Pinterest, account: str, ad: str) -> str:
    """The address of the file of an ad."""
    today = (pinterest.http.date or pinterest.env.now()).date()
    asked = {"start_date": (today - KEPT).isoformat(), "end_date": today.isoformat(), "ad_id": ad}
    path = f"ad_accounts/{account}/leads_export"
    for _ in range(ATTEMPTS):
        begun: Any = pinterest.post(path, asked)
        number = str(begun.get("leads_export_id") or "") if isinstance(begun, dict) else ""
        if not number:
            raise BadAnswer(f"pinterest {path}: an export without an id")
        for _ in range(LOOKS):
            told = pinterest.get(f"{path}/{number}")
            if not isinstance(told, dict):
                raise BadAnswer(f"pinterest {path}: no object in the answer")
            if told.get("export_status") == "FINISHED" and isinstance(told.get("download_url"), str):
                return told["download_url"]
            if told.get("export_status") == "FAILED":
                break
            pinterest.env.sleep(pinterest.poll_seconds)
    raise PlatformDown(f"pinterest: the file of leads of ad {ad} was not made; the next run asks again")


def _rows(content: bytes) -> Iterator[Row]:
    if not content.strip():
        return  # nobody answered
    with NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        try:
            with open_table(Path(file.name)) as table:
                reading = Reading(ALIASES, headers=dict(zip(table.names, table.headers, strict=True)))
                for cells in table.records():
                    yield to_row(cells, reading)
        except TableError as error:
            raise BadAnswer(f"pinterest: a file of leads that cannot be read: {error}") from None
