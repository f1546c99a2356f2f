"""What is read from Meta's lead forms: the forms, their leads, and the leads made to try them out."""

import json
from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise

from connectors.catching_up import catch_up
from connectors.meta.ads import ad_accounts, ads_of
from connectors.meta.graph import LIMIT, Meta
from connectors.side_by_side import merged
from connectors.stream import Announced, ConnectorError, MissingPermission, NotThere, Page, Row, Since

FORM_FIELDS = (
    "id,name,status,locale,created_time,leads_count,expired_leads_count,questions,legal_content,"
    "tracking_parameters"
)
LEAD_FIELDS = (
    "id,created_time,ad_id,ad_name,adset_id,adset_name,campaign_id,campaign_name,form_id,is_organic,"
    "platform,field_data,custom_disclaimer_responses,partner_name,retailer_item_id,post"
)

# Older leads are not handed out. The help centre's figure ("download leads"); the developer pages name none.
RETENTION_DAYS = 90
Window = tuple[datetime | None, datetime | None]


def pages(meta: Meta) -> list[str]:
    """The pages to read: those configured, else all the user may act for."""
    chosen = meta.env.settings.get("pages")
    return [str(page) for page in chosen] if chosen else sorted(meta.page_tokens())


def forms(meta: Meta, account: str, since: Since) -> Iterator[Page | Announced]:
    """Every form of a page with its questions and the wording of its boxes, archived ones too."""
    for rows in meta.pages(f"{account}/leadgen_forms", {"fields": FORM_FIELDS}, account):
        yield Page(rows)


def test_leads(meta: Meta, account: str, since: Since) -> Iterator[Page | Announced]:
    """Leads that somebody of the company made to try a form out; Meta counts and lists them apart."""
    for form in meta.list(f"{account}/leadgen_forms", {"fields": "id"}, account):
        for rows in meta.pages(f"{form['id']}/test_leads", {"fields": LEAD_FIELDS}, account):
            yield Page(rows, form=str(form["id"]))


def leads(meta: Meta, account: str, since: Since) -> Iterator[Page | Announced]:
    """Leads of a page, forms side by side; one form out of reach does not stop the others."""
    counted = {"fields": "id,leads_count,expired_leads_count"}
    hidden: dict[str, ConnectorError] = {}
    walks: list[Callable[[], Iterator[Page]]] = []
    for form in meta.list(f"{account}/leadgen_forms", counted, account):
        form_id, count = str(form["id"]), form.get("leads_count")
        if isinstance(count, int):
            yield Announced(form_id, count, _expired(form))
        if since.moment and since.landed.get(form_id):
            walks.append(partial(_news_of_form, meta, account, form, since, hidden))
        else:
            # Many are cut by time, to be read side by side.
            for window in _windows(meta, form):
                walks.append(partial(_leads_of_form, meta, account, form_id, window, hidden))
    yield from merged(walks, meta.at_once)
    if hidden:
        yield from _leads_by_ad(meta, account, hidden.keys(), since)
        # Said at the end: the rest of the page is read, but its cursor must not move.
        raise MissingPermission(
            f"{len(hidden)} forms of page {account} cannot be read, first: {next(iter(hidden.values()))}; of "
            "their leads only those of ads were read: look at the page's Leads Access"
        )


def _expired(form: Row) -> int:
    expired = form.get("expired_leads_count")
    return expired if isinstance(expired, int) else 0


def _news_of_form(
    meta: Meta, page: str, form: Row, since: Since, hidden: dict[str, ConnectorError]
) -> Iterator[Page]:
    form_id, count = str(form["id"]), form.get("leads_count")
    yield from catch_up(
        since,
        count + _expired(form) if isinstance(count, int) else None,
        lambda begin: _leads_of_form(meta, page, form_id, (begin, None), hidden),
        lambda: _leads_of_form(meta, page, form_id, (None, None), hidden),
        created="created_time",
        form=form_id,
    )


def _windows(meta: Meta, form: Row) -> list[Window]:
    """All leads of a form, many of them cut by time."""
    count = form.get("leads_count")
    pages = count // LIMIT if isinstance(count, int) else 0
    cuts = max(1, min(meta.at_once, pages // 2))
    now = meta.http.date or meta.env.now()
    reach = timedelta(days=RETENTION_DAYS)
    edges = [now - reach + reach * number / cuts for number in range(1, cuts)]
    return list(pairwise([None, *(edge.replace(microsecond=0) for edge in edges), None]))


def _leads_of_form(
    meta: Meta, page: str, form: str, window: Window, hidden: dict[str, ConnectorError]
) -> Iterator[Page]:
    try:
        for rows in _leads_of(meta, page, form, *window):
            yield Page(rows, form=form)
    except (NotThere, MissingPermission) as error:
        hidden[form] = error


def _leads_by_ad(meta: Meta, page: str, forms: Collection[str], since: Since) -> Iterator[Page | Announced]:
    """The other way to a lead: what the ads brought, of forms that do not open themselves."""
    for ad in (ad for account in ad_accounts(meta) for ad in ads_of(meta, account)):
        try:
            for rows in _leads_of(meta, page, str(ad["id"]), since.moment):
                yield Page([row for row in rows if isinstance(row, dict) and row.get("form_id") in forms])
        except (NotThere, MissingPermission) as error:
            meta.warn_once(f"leads of an ad cannot be read: {error}")


def _leads_of(
    meta: Meta, page: str, owner: str, begin: datetime | None, end: datetime | None = None
) -> Iterator[list[Row]]:
    """Leads of a form or of an ad: all, or those from a moment on and before another."""
    params = {"fields": LEAD_FIELDS}
    # GREATER_THAN is strict and counts whole seconds.
    conditions = [
        {"field": "time_created", "operator": operator, "value": value}
        for operator, value in (
            ("GREATER_THAN", begin and int(begin.timestamp()) - 1),
            ("LESS_THAN", end and int(end.timestamp())),
        )
        if value is not None
    ]
    if conditions:
        params["filtering"] = json.dumps(conditions)
    yield from meta.pages(f"{owner}/leads", params, page)
