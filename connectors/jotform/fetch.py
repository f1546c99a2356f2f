"""What is read from Jotform: forms with their questions, submissions newest first."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from connectors.catching_up import catch_up
from connectors.jotform.api import Jotform
from connectors.offsets import walk
from connectors.side_by_side import merged
from connectors.stream import Announced, BadAnswer, NotThere, Page, Row, Since
from connectors.times import moment

LARGEST = 1000  # the largest page
FORMS = 2  # side by side, each with its pages
# By so many pages overlap: where pages are asked for side by side, one that comes between two of them moves a
# submission from a page not yet asked for onto one that was.
SLACK = 20
BINNED = "DELETED"  # the status of what lies in the bin, where lists still show it; the forms' counts do not


def _listed(jotform: Jotform, path: str, offset: int, params: Mapping[str, Any]) -> list[Any]:
    rows = jotform.get(path, {**params, "offset": offset, "limit": LARGEST})
    if not isinstance(rows, list):
        raise BadAnswer(f"jotform {path}: no list in the answer")
    return rows


def _forms(jotform: Jotform) -> Iterator[Row]:
    """Each form once: pages overlap, for one that is made meanwhile moves the others back."""
    met: set[str] = set()
    for page in walk(lambda offset: (_listed(jotform, "user/forms", offset, {}), None), LARGEST, SLACK):
        for item in page.rows:
            if not isinstance(item, dict) or not str(item.get("id") or "").isalnum():
                raise BadAnswer("jotform forms: an item without an id")
            if str(item["id"]) not in met:
                met.add(str(item["id"]))
                yield item


def forms(jotform: Jotform, account: str, since: Since) -> Iterator[Page | Announced]:
    """Each form changed since, with its questions: a consent is worth what its text says."""
    for item in _forms(jotform):
        row = jotform.dated(item)
        changed = moment(row.get("changed_at_utc"))
        if since.moment and changed and changed < since.moment:
            continue
        try:
            asked = jotform.get(f"form/{item['id']}/questions")
        except NotThere:
            continue  # thrown away since the list was read
        yield Page([{**row, "questions": asked}])


def responses(jotform: Jotform, account: str, since: Since) -> Iterator[Page | Announced]:
    """Submissions, form by form; a form that holds more than we do is read whole. What is binned is gone: the
    bin is read of a form that holds less, and in all but hourly runs of every form, for in the count one that
    was binned hides one that came late.

    The first page of a form is waited for alone: meanwhile others are read.
    """
    forms = [item for item in _forms(jotform) if item.get("status") != BINNED]
    yield from merged(
        (partial(_of_listed, jotform, since, item) for item in forms), min(FORMS, jotform.at_once)
    )


def _of_listed(jotform: Jotform, since: Since, item: Row) -> Iterator[Page | Announced]:
    form, told = str(item["id"]), str(item.get("count"))
    count = int(told) if told.isascii() and told.isdigit() else None
    if count is not None:
        yield Announced(form, count)
    with suppress(NotThere):  # thrown away since the list was read
        lacking = yield from catch_up(
            since,
            count,
            partial(_changed, jotform, form, count),
            partial(_of_form, jotform, form, {}, count),
            created="created_at_utc",
            form=form,
        )
        if lacking < 0 or (lacking == 0 and since.moment and since.looks_closely):
            yield from _of_form(jotform, form, {"status:eq": BINNED}, count)


def _changed(jotform: Jotform, form: str, count: int | None, begin: datetime) -> Iterator[Page]:
    """What is new and what was edited are asked for apart; the answer leaves out the moment itself."""
    after = jotform.local(begin - timedelta(seconds=1))
    for of in ("created_at:gt", "updated_at:gt"):
        yield from _of_form(jotform, form, {of: after}, count)


def _of_form(jotform: Jotform, form: str, filters: dict[str, str], count: int | None) -> Iterator[Page]:
    """The answers to a form, newest first; where all are asked for, as many pages side by side as its count
    says there are, each with the end of the one before: what comes meanwhile moves the others back."""
    asked = {"orderby": "created_at", **({"filter": json.dumps(filters)} if filters else {})}
    promised = None if filters else count

    def ask(offset: int) -> tuple[list[Any], int | None]:
        return _listed(jotform, f"form/{form}/submissions", offset, asked), promised

    for rows in (page.rows for page in walk(ask, LARGEST, SLACK, jotform.at_once)):
        binned = [row for row in rows if _is_binned(row)]
        there = [row for row in rows if not _is_binned(row)] if binned else rows
        if there:
            yield Page([jotform.dated(row) for row in there], form=form)
        if binned:
            yield Page([_gone(jotform, form, row) for row in binned], "delete", form=form)


def _is_binned(row: Any) -> bool:
    return isinstance(row, dict) and row.get("status") == BINNED and bool(row.get("id"))


def _gone(jotform: Jotform, form: str, row: Row) -> Row:
    """Dated by the last change of what was binned, as what is put back will be."""
    told = jotform.dated(row)
    dates = {"changed_at_utc": told["changed_at_utc"]} if "changed_at_utc" in told else {}
    return {"id": row["id"], "form_id": form} | dates
