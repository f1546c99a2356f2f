"""What is read from Mailchimp, audience by audience."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.catching_up import catch_up
from connectors.mailchimp.api import LARGEST, Mailchimp, dated
from connectors.offsets import walk
from connectors.stream import Announced, BadAnswer, NotThere, Page, Row, Since

# Left out of the plain list without a word; asked for last, so that who is archived meanwhile is met there.
ARCHIVED = {"status": "archived"}
WITHOUT_LINKS = {"exclude_fields": "members._links,_links"}
# By when they came, which no edit moves: sorted by change, each edit would push somebody over a page's edge.
IN_ORDER = {"sort_field": "timestamp_signup", "sort_dir": "ASC"}
CLICKED_LATE = timedelta(days=90)  # how long after it was sent a letter is still looked at


def listed(mailchimp: Mailchimp, path: str, things: str, at_once: int = 1, **params: Any) -> Iterator[Page]:
    """All pages of a list by offset."""

    def ask(offset: int) -> tuple[list[Any], int | None]:
        data = mailchimp.get(path, count=LARGEST, offset=offset, **params)
        rows, promised = data.get(things), data.get("total_items")
        if not isinstance(rows, list):
            raise BadAnswer(f"mailchimp: no list of {things} in the answer")
        return rows, promised if isinstance(promised, int) else None

    return walk(ask, LARGEST, at_once=at_once)


def lists(mailchimp: Mailchimp, account: str, since: Since) -> Iterator[Page | Announced]:
    """The audience, with its groups: what somebody chose is worth what its text says."""
    row = mailchimp.get(f"lists/{account}", exclude_fields="_links")
    groups = []
    path = f"lists/{account}/interest-categories"
    for page in listed(mailchimp, path, "categories", exclude_fields="categories._links,_links"):
        for group in page.rows:
            if not isinstance(group, dict) or not str(group.get("id") or "").isalnum():
                raise BadAnswer("mailchimp interest categories: one without an id")
            interests = listed(mailchimp, f"{path}/{group['id']}/interests", "interests")
            groups.append({**group, "interests": [one for inner in interests for one in inner.rows]})
    yield Page([{**row, "interest_categories": groups}])


def members(mailchimp: Mailchimp, account: str, since: Since) -> Iterator[Page | Announced]:
    """Members changed after `since`; all of them where the audience has more than we do."""
    path = f"lists/{account}/members"
    alone = {"count": 1, "offset": 0, **WITHOUT_LINKS}
    held = [mailchimp.get(path, **alone, **which).get("total_items") for which in _walks()]
    count = sum(held) if all(isinstance(one, int) for one in held) else None
    if count is not None:
        yield Announced("", count)
    yield from catch_up(
        since,
        count,
        lambda begin: _members(mailchimp, path, since_last_changed=_stamp(begin)),
        lambda: _members(mailchimp, path),
        created="came_at",
    )


def _members(mailchimp: Mailchimp, path: str, **asked: str) -> Iterator[Page]:
    asked |= WITHOUT_LINKS | IN_ORDER
    for which in _walks():
        for page in listed(mailchimp, path, "members", mailchimp.at_once, **asked, **which):
            yield Page([dated(row) for row in page.rows])


def _walks() -> tuple[dict[str, str], ...]:
    return {}, ARCHIVED


def reports(mailchimp: Mailchimp, account: str, since: Since) -> Iterator[Page | Announced]:
    """What was sent to this audience, with its figures so far."""
    params = {"exclude_fields": "reports._links,_links"}
    if since.moment:
        params["since_send_time"] = _stamp(since.moment)
    for page in listed(mailchimp, "reports", "reports", **params):
        if rows := [row for row in page.rows if isinstance(row, dict) and row.get("list_id") == account]:
            yield Page(rows)


def activity(mailchimp: Mailchimp, account: str, since: Since) -> Iterator[Page | Announced]:
    """What each reader of each letter did, an act a row: click, bounce, unsubscribe, abuse.

    Opens are left out: mail programs open by themselves, so they say nothing of anybody.
    """
    sent = Since(since.moment - CLICKED_LATE if since.moment else None)
    letters = [row for page in reports(mailchimp, account, sent) for row in _rows(page)]
    for letter in {str(row.get("id")): row for row in letters if row.get("id")}:
        try:
            yield from _of_letter(mailchimp, letter, since.moment)
        except NotThere:
            continue  # deleted since the list was read


def _of_letter(mailchimp: Mailchimp, letter: str, since: datetime | None) -> Iterator[Page]:
    params = {"since": _stamp(since)} if since else {}
    for page in listed(mailchimp, f"reports/{letter}/email-activity", "emails", **params):
        told = [_act(reader, act) for reader in _rows(page) for act in _acts(reader)]
        if rows := [row for row in told if row.get("action") != "open"]:
            yield Page(rows)
    for page in listed(mailchimp, f"reports/{letter}/unsubscribed", "unsubscribes"):
        yield Page([{**row, "action": "unsubscribe"} for row in _rows(page)])
    for page in listed(mailchimp, f"reports/{letter}/abuse-reports", "abuse_reports"):
        yield Page([{**row, "action": "abuse", "timestamp": row.get("date")} for row in _rows(page)])


def _act(reader: Row, act: Row) -> Row:
    return {name: value for name, value in reader.items() if name not in ("activity", "_links")} | act


def _acts(reader: Row) -> list[Row]:
    acts = reader.get("activity")
    return [act for act in acts if isinstance(act, dict)] if isinstance(acts, list) else []


def _rows(page: Page) -> list[Row]:
    return [row for row in page.rows if isinstance(row, dict)]


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")
