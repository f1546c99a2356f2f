"""What is read from Tally: forms with their questions, submissions newest first."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from connectors.catching_up import catch_up
from connectors.declared import Api
from connectors.stream import Announced, BadAnswer, NotThere, Page, Row, Since
from connectors.times import moment

LARGEST = 500  # the largest page of forms and of submissions
# Signed for ever, and they open the answers to whoever has them: no place for that in a log.
LINKS = frozenset({"previewUrl", "pdfUrl"})


def _pages(tally: Api, path: str, of: str, **params: Any) -> Iterator[list[Any]]:
    """The lists of all pages. Newest first: one that comes meanwhile moves the others back, so that some are
    met twice and none is passed over; after a deletion the count says what was."""
    page = 1
    while True:
        data = tally.get(path, {**params, "page": page, "limit": LARGEST})
        rows = data.get(of)
        if not isinstance(rows, list):
            raise BadAnswer(f"tally {path}: no {of} in the answer")
        if rows:
            yield rows
        if data.get("hasMore") is not True:
            return
        page += 1


def _forms(tally: Api) -> Iterator[Row]:
    for items in _pages(tally, "forms", "items"):
        for item in items:
            if not isinstance(item, dict) or not isinstance(item.get("id"), str):
                raise BadAnswer("tally forms: an item without an id")
            yield item


def forms(tally: Api, account: str, since: Since) -> Iterator[Page | Announced]:
    """Each form changed since, with its questions and blocks: a consent is worth what its text says."""
    for item in _forms(tally):
        changed = moment(item.get("updatedAt"))
        if since.moment and changed and changed < since.moment:
            continue
        try:
            whole = tally.get(f"forms/{item['id']}")
            asked = tally.get(f"forms/{item['id']}/questions").get("questions")
        except NotThere:
            continue  # thrown into the bin since the list was read
        yield Page([{**item, **whole, "questions": asked}])


def responses(tally: Api, account: str, since: Since) -> Iterator[Page | Announced]:
    """Completed submissions, form by form; a form that holds more than we do is read whole."""
    for item in _forms(tally):
        try:
            yield from _of_form(tally, item["id"], since)
        except NotThere:
            continue  # as above


def _of_form(tally: Api, form: str, since: Since) -> Iterator[Page | Announced]:
    path = f"forms/{form}/submissions"
    counts = tally.get(path, {"filter": "completed", "limit": 1}).get("totalNumberOfSubmissionsPerFilter")
    count = counts.get("completed") if isinstance(counts, dict) else None
    if isinstance(count, int) and not isinstance(count, bool):
        yield Announced(form, count)

    def read(begin: datetime | None = None) -> Iterator[Page]:
        asked = {"startDate": begin.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")} if begin else {}
        for rows in _pages(tally, path, "submissions", filter="completed", **asked):
            yield Page([_kept(row) for row in rows], form=form)

    yield from catch_up(since, count, read, read, created="submittedAt", form=form)


def _kept(row: Any) -> Any:
    if not isinstance(row, dict):
        return row  # the door holds it and says so
    return {name: value for name, value in row.items() if name not in LINKS}
