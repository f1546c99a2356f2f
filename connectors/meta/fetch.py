"""What is read from Meta's lead forms: the forms, their leads, and the leads made to try them out."""

import json
from collections.abc import Collection, Iterator

from connectors.meta.ads import ad_accounts, ads_of
from connectors.meta.graph import Meta
from connectors.stream import Announced, ConnectorError, MissingPermission, NotThere, Page, Row, Since

FORM_FIELDS = (
    "id,name,status,locale,created_time,leads_count,expired_leads_count,questions,legal_content,"
    "tracking_parameters"
)
LEAD_FIELDS = (
    "id,created_time,ad_id,ad_name,adset_id,adset_name,campaign_id,campaign_name,form_id,is_organic,"
    "platform,field_data,custom_disclaimer_responses,partner_name,retailer_item_id,post"
)


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
    """Leads of a page, form by form; one form out of reach does not stop the others."""
    counted = {"fields": "id,leads_count,expired_leads_count"}
    hidden: dict[str, ConnectorError] = {}
    for form in meta.list(f"{account}/leadgen_forms", counted, account):
        try:
            yield from _leads_of_form(meta, account, form, since)
        except (NotThere, MissingPermission) as error:
            hidden[str(form["id"])] = error
    if hidden:
        yield from _leads_by_ad(meta, account, hidden.keys(), since)
        # Said at the end: the rest of the page is read, but its cursor must not move.
        raise MissingPermission(
            f"{len(hidden)} forms of page {account} cannot be read, first: {next(iter(hidden.values()))}; of "
            "their leads only those of ads were read: look at the page's Leads Access"
        )


def _leads_of_form(meta: Meta, page: str, form: Row, since: Since) -> Iterator[Page | Announced]:
    form_id, count = str(form["id"]), form.get("leads_count")
    expired = form.get("expired_leads_count")
    expired = expired if isinstance(expired, int) else 0
    if isinstance(count, int):
        yield Announced(form_id, count, expired)
    # More there than here: something arrived with an old date, or has never been read.
    is_whole = not isinstance(count, int) or count + expired > since.landed.get(form_id, 0)
    for rows in _leads_of(meta, page, form_id, Since(None) if is_whole else since):
        yield Page(rows, form=form_id)


def _leads_by_ad(meta: Meta, page: str, forms: Collection[str], since: Since) -> Iterator[Page | Announced]:
    """The other way to a lead: what the ads brought, of forms that do not open themselves."""
    for ad in (ad for account in ad_accounts(meta) for ad in ads_of(meta, account)):
        try:
            for rows in _leads_of(meta, page, str(ad["id"]), since):
                yield Page([row for row in rows if isinstance(row, dict) and row.get("form_id") in forms])
        except (NotThere, MissingPermission) as error:
            meta.warn_once(f"leads of an ad cannot be read: {error}")


def _leads_of(meta: Meta, page: str, owner: str, since: Since) -> Iterator[list[Row]]:
    """Leads of a form or of an ad, newest first: all, or those from a moment on."""
    params = {"fields": LEAD_FIELDS}
    if since.moment is not None:
        # GREATER_THAN is strict and counts whole seconds.
        after = int(since.moment.timestamp()) - 1
        condition = {"field": "time_created", "operator": "GREATER_THAN", "value": after}
        params["filtering"] = json.dumps([condition])
    yield from meta.pages(f"{owner}/leads", params, page)
