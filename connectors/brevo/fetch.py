"""What is read from Brevo, list by list, and what its errors mean."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.catching_up import catch_up
from connectors.client import Answer, Client, Env, Retry, judge_status
from connectors.landing import at
from connectors.offsets import DELETION_SLACK, walk
from connectors.stream import (
    Announced,
    BadAnswer,
    BrokenToken,
    ConnectorError,
    MissingPermission,
    NotThere,
    Page,
    Row,
    Since,
)
from connectors.times import moment

CONTACTS, CAMPAIGNS, EVENTS = 1000, 50, 10_000  # the largest page of each list
# Before Brevo had any: the vendor's page names no longest range. Not so many days before now, or what is read
# would hang on the day of the first pull.
FIRST_EVENTS = datetime(2012, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Brevo:
    http: Client
    account: str
    env: Env
    at_once: int = 6  # pages side by side: as many as the pace can use where an answer takes half a second


def client(env: Env) -> Brevo:
    key = env.secret("BREVO_API_KEY")
    http = Client.of(
        env,
        "brevo",
        env.settings.get("base_url", "https://api.brevo.com/v3"),
        headers={"api-key": key, "Accept": "application/json"},
        per_second=10,  # allowed on contacts (the vendor's page on limits); what is left is told in headers
        judge=judge,
        ease=ease,
        secrets=(key,),
    )
    at_once = int(env.settings.get("at_once", Brevo.at_once))
    return Brevo(http, str(env.settings.get("account", "brevo")), env, at_once)


def judge(answer: Answer) -> Retry | ConnectorError | None:
    """Brevo names its errors in `code` and never sends Retry-After."""
    if answer.status == 429:
        return Retry("too many calls", _seconds(answer.headers.get("x-sib-ratelimit-reset")))
    code = answer.data.get("code") if isinstance(answer.data, dict) and answer.status >= 400 else None
    if answer.status == 401 or code == "unauthorized":
        return BrokenToken("the key is refused: put a new one into BREVO_API_KEY")
    if code in {"permission_denied", "account_under_validation"}:
        return MissingPermission(f"the account may not do this ({code})")
    if code == "document_not_found":
        return NotThere(code)
    if code and answer.status < 500:
        return BadAnswer(f"{code}: {str(answer.data.get('message'))[:200]}")
    return judge_status(answer)


def ease(answer: Answer) -> float:
    """Seconds to breathe where the answer says that nothing is left: a second process may be at it too."""
    is_used_up = answer.headers.get("x-sib-ratelimit-remaining") == "0"
    return (_seconds(answer.headers.get("x-sib-ratelimit-reset")) or 1.0) if is_used_up else 0.0


def _seconds(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None


def _moment(found: datetime) -> str:
    return found.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{found.microsecond // 1000:03d}Z"


def _walk(
    brevo: Brevo, path: str, things: str, limit: int, params: Mapping[str, Any], overlap: int = 0
) -> Iterator[Page]:
    """All pages of a list by offset."""

    def ask(offset: int) -> tuple[list[Any], int | None]:
        data = brevo.http.get(path, {**params, "limit": limit, "offset": offset}).data
        if not isinstance(data, dict) or not isinstance(rows := data.get(things, []), list):
            raise BadAnswer(f"brevo {path}: no list of {things} in the answer")
        promised = data.get("count")
        return rows, promised if isinstance(promised, int) else None

    return walk(ask, limit, overlap, brevo.at_once)


def _held(brevo: Brevo, path: str, params: Mapping[str, Any]) -> int | None:
    """How many records a list says it has."""
    data = brevo.http.get(path, {**params, "limit": 1, "offset": 0}).data
    count = data.get("count") if isinstance(data, dict) else None
    return count if isinstance(count, int) else None


def contacts(brevo: Brevo, account: str, since: Since) -> Iterator[Page | Announced]:
    """Contacts modified at or after `since`, in the order of creation: sorting by change is not offered."""
    # Ascending, or each newcomer would push a contact we have not seen onto a page we have.
    params = {"sort": "asc"}
    count = _held(brevo, "contacts", params)
    if count is not None:
        yield Announced("", count)

    def read(begin: datetime | None = None) -> Iterator[Page]:
        changed = {"modifiedSince": _moment(begin)} if begin else {}
        return _walk(brevo, "contacts", "contacts", CONTACTS, params | changed, DELETION_SLACK)

    yield from catch_up(since, count, read, read, created="createdAt")


def campaigns(brevo: Brevo, account: str, since: Since) -> Iterator[Page | Announced]:
    """Sent campaigns; on later pulls only those whose statistics still count, lest zeros replace them."""
    params = {"status": "sent", "statistics": "globalStats", "excludeHtmlContent": "true", "sort": "asc"}
    for page in _walk(brevo, "emailCampaigns", "campaigns", CAMPAIGNS, params):
        rows = [row for row in page.rows if _still_counts(row, since)]
        if rows:
            yield Page(rows)


def _still_counts(campaign: Row, since: Since) -> bool:
    sent = moment(at(campaign, "sentDate"))
    return since.moment is None or sent is None or sent >= since.moment


def events(brevo: Brevo, account: str, since: Since) -> Iterator[Page | Announced]:
    """Custom events, keyed by contact. Without both dates only six months would come."""
    now = brevo.env.now()
    # Tomorrow: an event dated by a clock ahead of ours is an event.
    whole = {"startDate": _moment(FIRST_EVENTS), "endDate": _moment(now + timedelta(days=1))}

    def read(begin: datetime = FIRST_EVENTS) -> Iterator[Page]:
        ends = {"startDate": _moment(begin), "endDate": _moment(max(now, begin) + timedelta(days=1))}
        return _walk(brevo, "events", "events", EVENTS, ends)

    # Others send events in late and with old dates; only the count betrays them.
    held = _held(brevo, "events", whole) if since.moment else None
    yield from catch_up(since, held, read, read, key="contact_id:event_name:event_date", created="event_date")
