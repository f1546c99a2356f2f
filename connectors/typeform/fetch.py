"""What is read from Typeform: forms with their wording, responses newest first."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

from connectors.catching_up import catch_up
from connectors.stream import Announced, BadAnswer, Page, Row, Since
from connectors.typeform.api import Typeform

FORMS, RESPONSES = 200, 1000  # the largest page of each


def _forms(typeform: Typeform) -> Iterator[list[Row]]:
    page = 1
    while True:
        data = typeform.get("forms", {"page": page, "page_size": FORMS})
        items, count = data.get("items"), data.get("page_count")
        if not isinstance(items, list) or any(not isinstance(i, dict) or not i.get("id") for i in items):
            raise BadAnswer("typeform forms: no items with an id in the answer")
        if items:
            yield items
        if not isinstance(count, int) or page >= count:
            return
        page += 1


def forms(typeform: Typeform, account: str, since: Since) -> Iterator[Page | Announced]:
    """Every form with its questions and their wording: a consent is worth what its text says."""
    for items in _forms(typeform):
        yield Page([typeform.get(f"forms/{item['id']}", {}) for item in items])


def responses(typeform: Typeform, account: str, since: Since) -> Iterator[Page | Announced]:
    """Completed responses, form by form; a form that holds more than we do is read whole."""
    for items in _forms(typeform):
        for item in items:
            yield from _responses_of_form(typeform, str(item["id"]), since)


def _responses_of_form(typeform: Typeform, form: str, since: Since) -> Iterator[Page | Announced]:
    path = f"forms/{form}/responses"
    count = typeform.get(path, {"page_size": 1}).get("total_items")
    if isinstance(count, int):
        yield Announced(form, count)
    read = partial(_pages, typeform, form)
    yield from catch_up(since, count, read, read, key="token", created="submitted_at", form=form)


def _pages(typeform: Typeform, form: str, begin: datetime | None = None) -> Iterator[Page]:
    path = f"forms/{form}/responses"
    params: dict[str, Any] = {"page_size": RESPONSES}
    if begin:
        params["since"] = begin.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    while True:
        items = typeform.get(path, params).get("items")
        if not isinstance(items, list):
            raise BadAnswer(f"typeform form {form}: no items in the answer")
        if items:
            yield Page([_named(form, item) for item in items], form=form)
        if len(items) < RESPONSES:
            return
        params["before"] = _last(items)


def _named(form: str, item: Any) -> Any:
    # What is no object goes on as it is: the door holds it and says so.
    return {"form_id": form, **item} if isinstance(item, dict) else item


def _last(items: list[Row]) -> str:
    """The token that leads on: newest first, so that of the oldest, wherever it stands."""
    known = [item for item in reversed(items) if isinstance(item, dict) and item.get("token")]
    if not known:
        raise BadAnswer("typeform: a page of responses without a token cannot be followed")
    return min(known, key=lambda item: str(item.get("submitted_at")))["token"]
