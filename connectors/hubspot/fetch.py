"""What is read from HubSpot: contacts with how each of their addresses stands, forms and their answers."""

import logging
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from typing import Any

from connectors.catching_up import catch_up
from connectors.hubspot.api import HubSpot
from connectors.landing import at
from connectors.offsets import BELIEVED_EMPTY
from connectors.side_by_side import in_order, split
from connectors.stream import Announced, BadAnswer, MissingPermission, NotThere, Page, Row, Since
from connectors.times import moment

log = logging.getLogger("connectors")

STAGES = ("marketingqualifiedlead", "salesqualifiedlead", "opportunity")
# The largest pages.
LISTED, FOUND, TOGETHER, FORMS, ANSWERS = 100, 200, 100, 50, 50
MANY = 2000  # contacts: so many are searched for side by side, where all are asked for
# HubSpot tells a handful unless they are named; of names it does not know it says nothing.
PROPERTIES = (
    "email", "hs_additional_emails", "firstname", "lastname", "phone", "mobilephone", "company", "jobtitle",
    "address", "city", "zip", "country", "hs_language", "date_of_birth", "createdate", "lastmodifieddate",
    "hs_object_id", "hs_merged_object_ids", "hs_calculated_merged_vids", "hs_object_source", "lifecyclestage",
    "hs_lead_status", "hs_email_optout", "hs_email_hard_bounce_reason_enum", "hs_email_quarantined",
    *(f"hs_v2_date_entered_{stage}" for stage in STAGES),
    *(f"hs_lifecyclestage_{stage}_date" for stage in STAGES),
)  # fmt: skip
Ask = Callable[[], dict[str, Any]]
NOWHERE = "hubspot search: more is announced, but nothing leads to it"


def contacts(hubspot: HubSpot, account: str, since: Since) -> Iterator[Page | Announced]:
    """Contacts changed at or after `since`; all where HubSpot holds more than we do. Then the deleted.

    Searches go in the order of numbers, from the last one on, so that no page is moved by an edit and the
    10,000 results at which a search ends are never reached.
    """
    count = _count(hubspot)
    if count is not None:
        yield Announced("", count)
    yield from catch_up(
        since,
        count,
        lambda begin: _completed(hubspot, _changed(hubspot, begin)),
        lambda: _completed(hubspot, _everybody(hubspot, count)),
        created="createdAt",
    )
    # Of who is deleted nothing is kept but who and when: nothing more is asked.
    for rows in _listed(hubspot, ("hs_object_id",), archived="true"):
        if gone := [deleted(row) for row in rows if _is_news(row, since.moment)]:
            yield Page(gone, "delete")


def _completed(hubspot: HubSpot, found: Generator[list[Any], None, None]) -> Iterator[Page]:
    """How addresses stand is asked for while the next contacts are read. Closed whatever happens: where those
    are searched for side by side, threads wait to be told so."""
    with closing(found):
        for rows in in_order((partial(complete, hubspot, rows) for rows in found), hubspot.at_once):
            yield Page(rows)


def _count(hubspot: HubSpot) -> int | None:
    found = hubspot.call(f"{hubspot.contacts}/search", body={"limit": 1, "properties": ["hs_object_id"]})
    total = found.get("total")
    return total if isinstance(total, int) and not isinstance(total, bool) else None


def _listed(
    hubspot: HubSpot, properties: Iterable[str] = PROPERTIES, archived: str = "false"
) -> Iterator[list[Any]]:
    params = {"limit": LISTED, "properties": ",".join(properties), "archived": archived}
    return walk(hubspot.call, hubspot.contacts, params)


def walk(call: Callable[[str, Row], dict[str, Any]], path: str, params: Row) -> Iterator[list[Any]]:
    """The pages of a list, by the token each gives for the next. `call` is HubSpot's, or its `get` where the
    list may well not be there."""
    token = None
    while True:
        asked = params | ({"after": token} if token else {})
        data, rows = _page(path, partial(call, path, asked))
        if rows:
            yield rows
        following = at(data, "paging.next.after")
        if following is None:
            return
        if not isinstance(following, str) or following == token:
            raise BadAnswer(f"hubspot {path}: more is announced, but nothing leads to it")
        token = following


def _page(path: str, ask: Ask) -> tuple[dict[str, Any], list[Any]]:
    """One page; asked again where it is empty and more is promised."""
    for _ in range(BELIEVED_EMPTY):
        data = ask()
        rows = data.get("results")
        if not isinstance(rows, list):
            raise BadAnswer(f"hubspot {path}: no list of results in the answer")
        if rows or not (at(data, "paging.next") or data.get("total")):
            break
    return data, rows


def _everybody(hubspot: HubSpot, count: int | None) -> Generator[list[Any], None, None]:
    """All contacts: in the list each page leads to the next; where they are many, stretches of numbers are
    searched side by side. An index that shows fewer than it counts is not believed: the list lags behind
    nothing."""
    if hubspot.at_once > 1 and count is not None and count >= MANY:
        _, first, _ = _found(hubspot, [_number("GT", 0)], "ASCENDING")
        met = 0
        for rows, ids in split(partial(_stretch, hubspot), min(first, default=0), hubspot.at_once):
            met += len(ids)
            if rows:
                yield rows
        left = _count(hubspot)  # some may have been deleted meanwhile
        if met >= (count if left is None else min(count, left)):
            return
        log.warning("hubspot: a search shows %s of %s contacts: the list is read", met, count)
    yield from _listed(hubspot)


def _stretch(
    hubspot: HubSpot, begin: int, end: int | None, last: int | None
) -> tuple[tuple[list[Any], set[int]], int | None, int]:
    """A page of the contacts with numbers from `begin` on, before `end` and before the last one met."""
    below = end if last is None else last
    tests = [_number("GTE", begin), *([_number("LT", below)] if below is not None else [])]
    rows, ids, is_last = _found(hubspot, tests, "DESCENDING")
    if is_last:
        return (rows, ids), None, begin
    if not ids or min(ids) < begin or (below is not None and min(ids) >= below):
        raise BadAnswer(NOWHERE)
    return (rows, ids), min(ids), min(ids)


def _changed(hubspot: HubSpot, since: datetime) -> Generator[list[Any], None, None]:
    moment_ms = str(int(since.astimezone(UTC).timestamp() * 1000))
    lately = {"propertyName": "lastmodifieddate", "operator": "GTE", "value": moment_ms}
    last = 0
    while True:
        rows, ids, is_last = _found(hubspot, [lately, _number("GT", last)], "ASCENDING")
        if rows:
            yield rows
        if is_last:
            return
        if not ids or max(ids) <= last:
            raise BadAnswer(NOWHERE)
        last = max(ids)


def _number(operator: str, value: int) -> Row:
    return {"propertyName": "hs_object_id", "operator": operator, "value": str(value)}


def _found(hubspot: HubSpot, tests: list[Row], direction: str) -> tuple[list[Any], set[int], bool]:
    """A page of a search in the order of numbers, the numbers in it, and whether it is the last."""
    asked = {
        "filterGroups": [{"filters": tests}],
        "sorts": [{"propertyName": "hs_object_id", "direction": direction}],
        "properties": list(PROPERTIES),
        "limit": FOUND,
    }
    data, rows = _page("search", lambda: hubspot.call(f"{hubspot.contacts}/search", body=asked))
    ids = {int(key) for row in rows if is_id(key := str(at(row, "id")))}
    total = data.get("total")
    # What is repeated within a page is no further result.
    is_last = total <= len(ids) if isinstance(total, int) else at(data, "paging.next") is None
    return rows, ids, is_last or not rows


def is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 20


def deleted(row: Any) -> Row:
    """What is left to say of a deleted contact: who, and when. Deleting moves nobody's last change."""
    gone = at(row, "archivedAt")
    return {"id": at(row, "id"), "updatedAt": gone, "archivedAt": gone, "archived": True}


def _is_news(row: Any, since: datetime | None) -> bool:
    gone = moment(at(row, "archivedAt"))
    return since is None or gone is None or gone >= since


# -- how each address stands ------------------------------------------------------------------------


def complete(hubspot: HubSpot, rows: list[Any]) -> list[Any]:
    """The contacts with `subscriptions`, the state of each of their addresses on each kind of mail.

    Without the scope for it there are none; that somebody left everything is told by the contact itself.
    """
    told = _states(hubspot, dict.fromkeys(one for row in rows for one in addresses(row)))
    if told is None:
        return rows
    return [
        row | {"subscriptions": [state for one in addresses(row) for state in told.get(one, ())]}
        if isinstance(row, dict)
        else row
        for row in rows
    ]


def addresses(row: Any) -> list[str]:
    """Every address of a contact, in small letters: the first, and those it took over or was given."""
    more = str(at(row, "properties.hs_additional_emails") or "").split(";")
    found = [str(at(row, "properties.email") or ""), *more]
    return list(dict.fromkeys(one for text in found if "@" in (one := text.strip().lower())))


def _states(hubspot: HubSpot, asked: Iterable[str]) -> dict[str, list[Row]] | None:
    found: dict[str, list[Row]] = {}
    wanted = list(asked)
    path = f"{hubspot.preferences}/statuses/batch/read?channel=EMAIL"
    for begin in range(0, len(wanted), TOGETHER):
        if not hubspot.reads_statuses:
            return None
        try:
            data = hubspot.call(path, body={"inputs": wanted[begin : begin + TOGETHER]})
        except MissingPermission as error:
            hubspot.reads_statuses = False
            log.warning("%s; who left everything is known all the same, single subscriptions are not", error)
            return None
        results = data.get("results")
        if not isinstance(results, list):
            raise BadAnswer("hubspot statuses: no list of results in the answer")
        for one in results:
            states = at(one, "statuses")
            kept = [state for state in states if isinstance(state, dict)] if isinstance(states, list) else []
            kept.sort(key=lambda state: str(state.get("subscriptionId")))
            found[str(at(one, "subscriberIdString")).strip().lower()] = kept
    return found if hubspot.reads_statuses else None


def subscription_types(hubspot: HubSpot, account: str, since: Since) -> Iterator[Page | Announced]:
    """The kinds of mail somebody may be subscribed to."""
    rows = hubspot.call(f"{hubspot.preferences}/definitions").get("results")
    if not isinstance(rows, list):
        raise BadAnswer("hubspot definitions: no list of results in the answer")
    if rows:
        yield Page(rows)


# -- forms ------------------------------------------------------------------------------------------


def forms(hubspot: HubSpot, account: str, since: Since) -> Iterator[Page | Announced]:
    """Every form with its words; those put away too, for what was answered on them was."""
    for archived in ("false", "true"):
        params = {"limit": FORMS, "formTypes": "all", "archived": archived}
        for rows in walk(hubspot.call, "marketing/v3/forms", params):
            yield Page(rows)


def responses(hubspot: HubSpot, account: str, since: Since) -> Iterator[Page | Announced]:
    """What was answered on each form, newest first; no count is told of any."""
    told = [row for page in forms(hubspot, account, since) if isinstance(page, Page) for row in page.rows]
    for form in dict.fromkeys(str(key) for row in told if (key := at(row, "id"))):
        if not form.replace("-", "").isalnum():
            raise BadAnswer("hubspot forms: one without a usable id")
        try:
            yield from _of_form(hubspot, form, since.moment)
        except NotThere:
            continue  # put away for good since the forms were read


def _of_form(hubspot: HubSpot, form: str, since: datetime | None) -> Iterator[Page]:
    for rows in walk(hubspot.get, f"form-integrations/v1/submissions/forms/{form}", {"limit": ANSWERS}):
        yield Page([row | {"form_id": form} if isinstance(row, dict) else row for row in rows], form=form)
        if _is_old(rows, since):
            return


def _is_old(rows: list[Any], since: datetime | None) -> bool:
    """Whether all of a page is older than what is asked for. A page may come in any order."""
    times = [found for row in rows if (found := moment(at(row, "submittedAt")))]
    return since is not None and bool(times) and max(times) < since
