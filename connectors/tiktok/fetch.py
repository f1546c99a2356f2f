"""What is read from TikTok's instant forms: the forms with what they ask, and their leads, in files.

A file holds all leads of a form that TikTok still has, each time anew. It is made on demand and kept apart by
region; to ask in the wrong one gives an empty file and no error, so all regions are asked.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile

from connectors.archives import ARCHIVE_MEMBER
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
from connectors.tiktok.api import REGIONS, TikTok, utc
from connectors.tiktok.read import ALIASES, to_row

LOOKS = 100
ATTEMPTS = 3  # files that TikTok failed to make are asked for again
CHUNK = 5_000


def forms(tiktok: TikTok, account: str, since: Since) -> Iterator[Page | Announced]:
    """Every form of an advertiser, with the names of its questions."""
    for form in tiktok.forms(account):
        asked = {"advertiser_id": account, "page_id": str(form["page_id"])}
        try:
            fields = tiktok.get("page/field/get/", asked).get("fields")
        except NotThere:
            continue  # deleted since the list was read
        times = {
            "created_at_utc": utc(form.get("create_time")),
            "changed_at_utc": utc(form.get("update_time")),
        }
        yield Page([form | {"fields": fields} | {name: time for name, time in times.items() if time}])


def leads(tiktok: TikTok, account: str, since: Since) -> Iterator[Page | Announced]:
    """Leads of an advertiser, several files side by side; one form out of reach does not stop the others."""
    hidden: dict[str, ConnectorError] = {}

    def read(form: str, region: str) -> Iterator[Page]:
        try:
            for rows in () if form in hidden else _leads_of(tiktok, account, form, region):
                yield Page(rows, form=form)
        except (NotThere, MissingPermission, BadAnswer) as error:
            hidden[form] = error

    numbers = [str(form["page_id"]) for form in tiktok.forms(account)]
    files = (partial(read, number, region) for number in numbers for region in REGIONS)
    yield from merged(files, tiktok.at_once)
    if hidden:
        first = next(iter(hidden.values()))
        raise type(first)(f"{len(hidden)} forms of advertiser {account} cannot be read, first: {first}")


def _leads_of(tiktok: TikTok, account: str, form: str, region: str) -> Iterator[list[Row]]:
    asked = {"advertiser_id": account, "task_id": _made(tiktok, account, form, region)}
    content = tiktok.file("page/lead/task/download/", asked, region)
    rows: list[Row] = []
    for row in _rows(content, form):
        rows.append(row)
        if len(rows) >= CHUNK:
            yield rows
            rows = []
    if rows:
        yield rows


def _made(tiktok: TikTok, account: str, form: str, region: str) -> str:
    """The task whose file is ready. It can be fetched for ten minutes, so it is fetched at once."""
    asked = {"advertiser_id": account, "page_id": form}
    for _ in range(ATTEMPTS):
        task, path = tiktok.post("page/lead/task/", asked, region), "page/lead/task/"
        number = str(task.get("task_id") or "")
        if not number:
            raise BadAnswer(f"tiktok {path}: a task without an id")
        for _ in range(LOOKS):
            if task.get("status") in ("SUCCEED", "FAILED"):
                break
            tiktok.env.sleep(tiktok.poll_seconds)
            task = tiktok.post(path, {**asked, "task_id": number}, region)
        if task.get("status") == "SUCCEED":
            return number
    raise PlatformDown(f"tiktok: the file of leads of form {form} was not made; the next run asks again")


def _rows(content: bytes, form: str) -> Iterator[Row]:
    """The leads in a download: a table, or several packed because they are many."""
    if not content.strip():
        return  # nobody of this region
    with NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        try:
            with open_table(Path(file.name)) as table:
                # What went wrong while the file was made stands in it, in the place of leads.
                if "lead_id" not in {ALIASES.get(name, name) for name in table.names}:
                    raise BadAnswer("tiktok: a file of leads without the column lead_id")
                reading = Reading(ALIASES, headers=dict(zip(table.names, table.headers, strict=True)))
                for cells in table.records():
                    cells.pop(ARCHIVE_MEMBER, None)
                    yield {"page_id": form} | to_row(cells, reading)
        except TableError as error:
            raise BadAnswer(f"tiktok: a file of leads that cannot be read: {error}") from None
