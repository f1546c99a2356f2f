"""What is read from Gravity Forms: forms with their fields, entries by number, all pages side by side."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from connectors.catching_up import Newcomers
from connectors.gravity_forms.api import GravityForms, is_number, times
from connectors.offsets import walk
from connectors.side_by_side import in_order
from connectors.stream import Announced, BadAnswer, Page, Row, Since

LARGEST = 200  # entries a page: no limit is the plugin's, but its server holds them all in memory
# Binned during the walk, one moves the others on by one: pages overlap by this many.
SLACK = 5
# Binned, or found to be no person's. Neither moves an entry's time of change.
GONE = ("trash", "spam")
# So far back we look for what staff binned, or found to be no spam after all, where no count tells of it.
SECOND_THOUGHTS = timedelta(days=30)


def _listed(gravity: GravityForms) -> list[Row]:
    """The active forms, each with its number, its title and the count of its active entries."""
    told = gravity.get("forms")
    if told == []:  # so PHP writes an object without members
        return []
    items = list(told.values()) if isinstance(told, dict) else [None]
    if not all(isinstance(item, dict) and is_number(item.get("id")) for item in items):
        raise BadAnswer("gravity_forms forms: an item without an id")
    return items


def _count(item: Row) -> int | None:
    """A site may leave the counts out, for speed."""
    return int(item["entries"]) if is_number(item.get("entries")) else None


def _page(gravity: GravityForms, path: str, search: Row, offset: int) -> tuple[list[Any], int | None]:
    asked = {
        "search": json.dumps(search),
        "sorting[key]": "id",
        "sorting[direction]": "ASC",
        "paging[page_size]": LARGEST,
        "paging[offset]": offset,
    }
    told = gravity.get(path, asked)
    rows = told.get("entries") if isinstance(told, dict) else None
    if not isinstance(rows, list):
        raise BadAnswer(f"gravity_forms {path}: no entries in the answer")
    return rows, int(told["total_count"]) if is_number(told.get("total_count")) else None


def _walk(gravity: GravityForms, path: str, search: Row) -> Iterator[list[Any]]:
    """All pages upwards by number: what comes meanwhile stands at the end."""
    for page in walk(partial(_page, gravity, path, search), LARGEST, SLACK, gravity.at_once):
        yield page.rows


def forms(gravity: GravityForms, account: str, since: Since) -> Iterator[Page | Announced]:
    """Each active form with its fields: a consent is worth what its text says."""
    numbers = [str(item["id"]) for item in _listed(gravity)]
    for form in in_order((partial(gravity.form, number) for number in numbers), gravity.at_once):
        if form is not None:  # else thrown away since the list was read
            yield Page([form])


def responses(gravity: GravityForms, account: str, since: Since) -> Iterator[Page | Announced]:
    """Entries that are new or were edited, of forms that are closed as well; then, form by form, whole where
    one holds more than we do, and where it holds less what is in its bin, and what may have been there.

    In the count an entry that was binned hides one that came late: all but hourly runs look for such ones.
    """
    listed = _listed(gravity)
    for item in listed:
        if (count := _count(item)) is not None:
            yield Announced(str(item["id"]), count)
    if since.moment is None:
        yield from _active(gravity, "entries", {})
        return
    newcomers = Newcomers(since, "id", "created_at_utc", form="form_id")
    yield from newcomers.met(_active(gravity, "entries", _from("date_updated", since.moment)))
    for item in listed:
        form, count = str(item["id"]), _count(item)
        path = f"forms/{form}/entries"
        lacking = newcomers.lacking(count, form) if count is not None else 1
        if lacking > 0:
            yield from _active(gravity, path, {})
        lately = _from("date_created", since.moment - SECOND_THOUGHTS)
        if lacking < 0:
            yield from _gone(gravity, form, {})
            yield from _active(gravity, path, lately)
        elif lacking == 0 and since.looks_closely:
            yield from _gone(gravity, form, lately)


def _from(time: str, begin: datetime) -> Row:
    """Entries are kept in UTC, and compared as they are kept; only searches by day are in the site's zone."""
    value = f"{begin.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    return {"field_filters": [{"key": time, "operator": ">=", "value": value}]}


def _active(gravity: GravityForms, path: str, search: Row) -> Iterator[Page]:
    for rows in _walk(gravity, path, {"status": "active"} | search):
        yield Page([gravity.completed(row) for row in rows])


def _gone(gravity: GravityForms, form: str, search: Row) -> Iterator[Page]:
    """The deletion is dated by the entry's last change, which it did not move: nor does taking it back."""
    for status in GONE:
        for rows in _walk(gravity, f"forms/{form}/entries", {"status": status} | search):
            there = [row for row in rows if _has_number(row)]
            found = [{"id": row["id"], "form_id": form} | times(row, "changed_at_utc") for row in there]
            yield Page(found, "delete", form=form)


def _has_number(row: Any) -> bool:
    return isinstance(row, dict) and is_number(row.get("id"))
