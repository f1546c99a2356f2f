"""Meta: lead forms, leads and the daily figures of ads (Graph API v26.0).

Leads can be read for 90 days; older ones only come from the lead export. A system-user token in META_TOKEN
opens the pages, whose own tokens read forms and leads. Limit: posts and Instagram are not read yet.
"""

from datetime import timedelta

from connectors.erasing import Erasing
from connectors.meta.fetch import ad_accounts, forms, insights, leads, pages
from connectors.meta.graph import client
from connectors.meta.read import LEAD_EXPORT
from connectors.meta.receive import handshake, receive, verify
from connectors.stream import Promise, Stream, Webhook

__all__ = ["EXPORTS", "NAME", "SECRETS", "STREAMS", "WEBHOOK", "client"]

NAME = "meta"
SECRETS = ("META_TOKEN",)
DIGITS, AMOUNT = r"^\d+$", r"^\d+(\.\d+)?$"
SETTLING = timedelta(days=28)  # figures move for as long as the longest attribution window

STREAMS = (
    Stream(
        "forms",
        forms,
        occurred_at="created_time",
        cursor=False,
        volatile=("leads_count", "expired_leads_count"),
        accounts=pages,
        promises=(
            Promise("id", type="text", pattern=DIGITS),
            Promise("name", type="text"),
            Promise("status", type="text", values=frozenset({"ACTIVE", "ARCHIVED", "DELETED", "DRAFT"})),
            Promise("locale", type="text"),
            Promise("leads_count", required=False, type="number"),
            Promise("questions", required=False, type="list"),
            Promise("legal_content", required=False, type="object"),
        ),
    ),
    Stream(
        "leads",
        leads,
        erasing=Erasing(profiles=("lead",)),
        changed_at="created_time",
        occurred_at="created_time",
        form="form_id",
        hourly=True,
        retention_days=90,
        accounts=pages,
        poor_ways=frozenset({"file"}),
        promises=(
            Promise("id", type="text", pattern=DIGITS),
            Promise("created_time", type="time"),
            Promise("form_id", type="text", pattern=DIGITS),
            Promise("field_data", type="list"),
            # Organic leads, and all leads without a permission on the ads, name no campaign.
            Promise("campaign_id", required=False, type="text", pattern=DIGITS),
            Promise("is_organic", required=False, type="boolean"),
            Promise("platform", required=False, type="text", values=frozenset({"fb", "ig"})),
            Promise("custom_disclaimer_responses", required=False, type="list"),
        ),
    ),
    Stream(
        "insights",
        insights,
        key="ad_id:date_start",
        occurred_at="date_start",
        overlap=SETTLING,
        accounts=ad_accounts,
        promises=(
            Promise("ad_id", type="text", pattern=DIGITS),
            Promise("campaign_id", type="text", pattern=DIGITS),
            Promise("campaign_name", required=False, type="text"),
            Promise("date_start", type="time"),
            Promise("date_stop", type="time"),
            Promise("spend", type="text", pattern=AMOUNT),
            Promise("account_currency", type="text", pattern=r"^[A-Z]{3}$"),
            Promise("impressions", type="text", pattern=DIGITS),
            Promise("reach", required=False, type="text", pattern=DIGITS),
            Promise("clicks", required=False, type="text", pattern=DIGITS),
            Promise("actions", required=False, type="list"),
        ),
    ),
)
WEBHOOK = Webhook(verify, receive, secrets=("META_APP_SECRET", "META_VERIFY_TOKEN"), handshake=handshake)
EXPORTS = (LEAD_EXPORT,)
