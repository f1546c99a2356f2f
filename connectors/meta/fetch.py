"""What is read from Meta: forms and leads page by page, figures of ads month by month."""

import json
from collections.abc import Iterator
from datetime import date, timedelta

from connectors.meta.graph import Meta, log
from connectors.stream import Announced, ConnectorError, MissingPermission, NotThere, Page, Row, Since

FORM_FIELDS = (
    "id,name,status,locale,created_time,leads_count,expired_leads_count,questions,legal_content,"
    "tracking_parameters"
)
LEAD_FIELDS = (
    "id,created_time,ad_id,ad_name,adset_id,adset_name,campaign_id,campaign_name,form_id,is_organic,"
    "platform,field_data,custom_disclaimer_responses,partner_name,retailer_item_id,post"
)
INSIGHT_FIELDS = (
    "account_id,account_currency,campaign_id,campaign_name,adset_id,adset_name,ad_id,ad_name,"
    "spend,impressions,reach,clicks,inline_link_clicks,actions,date_start,date_stop"
)
INSIGHT_LIMIT = 500  # small rows; where it is too much, Meta says so and less is asked
FIRST_REACH = timedelta(days=730)  # of 37 months served; two years tell a season from a trend
WINDOW = timedelta(days=30)


def pages(meta: Meta) -> list[str]:
    """The pages to read: those configured, else all the user may act for."""
    chosen = meta.env.settings.get("pages")
    return [str(page) for page in chosen] if chosen else sorted(meta.page_tokens())


def ad_accounts(meta: Meta) -> list[str]:
    """Ad accounts as configured, with or without their act_."""
    chosen = [str(account) for account in meta.env.settings.get("ad_accounts") or ()]
    if not chosen:
        log.warning("platforms.meta.ad_accounts names none: no figures of ads are read")
    return [f"act_{account.removeprefix('act_')}" for account in chosen]


def forms(meta: Meta, account: str, since: Since) -> Iterator[Page | Announced]:
    """Every form of a page with its questions and the wording of its boxes, archived ones too."""
    for rows in meta.pages(f"{account}/leadgen_forms", {"fields": FORM_FIELDS}, account):
        yield Page(rows)


def leads(meta: Meta, account: str, since: Since) -> Iterator[Page | Announced]:
    """Leads of a page, form by form; one form out of reach does not stop the others."""
    counted = {"fields": "id,leads_count,expired_leads_count"}
    hidden: list[ConnectorError] = []
    for form in meta.list(f"{account}/leadgen_forms", counted, account):
        try:
            yield from _leads_of_form(meta, account, form, since)
        except (NotThere, MissingPermission) as error:
            hidden.append(error)
    if hidden:
        # Said at the end: the rest of the page is read, but its cursor must not move.
        raise MissingPermission(f"{len(hidden)} forms of page {account} cannot be read, first: {hidden[0]}")


def _leads_of_form(meta: Meta, page: str, form: Row, since: Since) -> Iterator[Page | Announced]:
    form_id, count = str(form["id"]), form.get("leads_count")
    expired = form.get("expired_leads_count")
    expired = expired if isinstance(expired, int) else 0
    if isinstance(count, int):
        yield Announced(form_id, count, expired)
    params = {"fields": LEAD_FIELDS}
    # More there than here: something arrived with an old date, or has never been read.
    is_whole = (
        since.moment is None or not isinstance(count, int) or count + expired > since.landed.get(form_id, 0)
    )
    if not is_whole:
        # GREATER_THAN is strict and counts whole seconds.
        after = int(since.moment.timestamp()) - 1
        condition = {"field": "time_created", "operator": "GREATER_THAN", "value": after}
        params["filtering"] = json.dumps([condition])
    for rows in meta.pages(f"{form_id}/leads", params, page):
        yield Page(rows, form=form_id)


def insights(meta: Meta, account: str, since: Since) -> Iterator[Page | Announced]:
    """Figures per ad and day, oldest first; days without delivery have no row."""
    today = meta.today()
    first = since.moment.date() if since.moment else today - FIRST_REACH
    # From a clock behind ours the window would end before it begins.
    for begin, end in _windows(min(first, today), today):
        params = {
            "level": "ad",
            "time_increment": 1,
            "time_range": json.dumps({"since": begin.isoformat(), "until": end.isoformat()}),
            "fields": INSIGHT_FIELDS,
            "limit": INSIGHT_LIMIT,
        }
        for rows in meta.pages(f"{account}/insights", params):
            yield Page(rows)


def _windows(first: date, last: date) -> Iterator[tuple[date, date]]:
    while first <= last:
        end = min(first + WINDOW - timedelta(days=1), last)
        yield first, end
        first = end + timedelta(days=1)
