"""Meta: lead forms and leads, ads with their figures by day, posts and Instagram media (Graph API v26.0).

Leads can be read for 90 days; older ones only come from the lead export. A system-user token in META_TOKEN
opens the pages, whose own tokens read forms, leads and posts. How to get one: docs/platforms/meta.md.
"""

from typing import Any

from connectors.ads import AMOUNT, COUNT, DAY, DIGITS, SETTLING, days_stream
from connectors.erasing import Erasing, never
from connectors.meta.ads import (
    accounts,
    ad_accounts,
    ads,
    adset_insights,
    adsets,
    campaign_insights,
    campaigns,
    insights,
)
from connectors.meta.fetch import RETENTION_DAYS, forms, leads, pages, test_leads
from connectors.meta.graph import client
from connectors.meta.posts import instagram_accounts, media, posts
from connectors.meta.read import LEAD_EXPORT
from connectors.meta.receive import handshake, receive, verify
from connectors.meta.versions import api_version
from connectors.stream import Promise, Stream, Webhook

__all__ = ["EXPORTS", "NAME", "SECRETS", "SEVERAL", "STREAMS", "WEBHOOK", "api_version", "client"]

NAME = "meta"
SECRETS = ("META_TOKEN",)
SEVERAL = {"pages": ""}
LEAD = (
    Promise("id", type="text", pattern=DIGITS),
    Promise("created_time", type="time"),
    Promise("form_id", type="text", pattern=DIGITS),
    Promise("field_data", type="list"),
    # Organic leads, and all leads without a permission on the ads, name no campaign.
    Promise("campaign_id", required=False, type="text", pattern=DIGITS),
    Promise("is_organic", required=False, type="boolean"),
    Promise("platform", required=False, type="text", values=frozenset({"fb", "ig"})),
    Promise("custom_disclaimer_responses", required=False, type="list"),
)
FIGURES = (
    Promise("campaign_id", type="text", pattern=DIGITS),
    Promise("date_start", type="time", pattern=DAY),
    Promise("date_stop", type="time", pattern=DAY),
    Promise("spend", type="text", pattern=AMOUNT),
    Promise("account_currency", type="text", pattern=r"^[A-Z]{3}$"),
    Promise("impressions", type="text", pattern=COUNT),
    Promise("reach", required=False, type="text", pattern=COUNT),
    Promise("clicks", required=False, type="text", pattern=COUNT),
    Promise("actions", required=False, type="list"),
)
OBJECT = (
    Promise("id", type="text", pattern=DIGITS),
    Promise("name", type="text"),
    Promise("status", required=False, type="text"),
    Promise("effective_status", required=False, type="text"),
    Promise("created_time", required=False, type="time"),
)


def _figures(name: str, fetch: Any, level: str) -> Stream:
    """Days of one level."""
    return days_stream(
        name,
        fetch,
        key=f"{level}_id:date_start",
        day="date_start",
        accounts=ad_accounts,
        promises=(Promise(f"{level}_id", type="text", pattern=DIGITS), *FIGURES),
    )


def _objects(name: str, fetch: Any, *more: Promise) -> Stream:
    """Few, renamed and stopped at any time: read whole."""
    return Stream(
        name,
        fetch,
        # Not by updated_time: a campaign that ends, or whose ad set is stopped, was not "updated".
        occurred_at="created_time",
        cursor=False,
        accounts=ad_accounts,
        promises=(*OBJECT, *more),
    )


# A word of the company's, be it about somebody: of a later date it is still no act of theirs.
OURS = Erasing(is_new_act=never)
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
        counted="present",
        erasing=Erasing(profiles=("lead",)),
        changed_at="created_time",
        occurred_at="created_time",
        form="form_id",
        hourly=True,
        retention_days=RETENTION_DAYS,
        accounts=pages,
        poor_ways=frozenset({"file"}),
        promises=LEAD,
    ),
    # Counted apart by the platform, and nobody's: in a table of their own they cannot hide a missing lead.
    Stream(
        "test_leads",
        test_leads,
        erasing=OURS,
        occurred_at="created_time",
        form="form_id",
        cursor=False,
        accounts=pages,
        promises=LEAD,
    ),
    Stream(
        "ad_accounts",
        accounts,
        cursor=False,
        accounts=ad_accounts,
        promises=(
            Promise("id", type="text", pattern=r"^act_\d+$"),
            Promise("name", required=False, type="text"),
            Promise("currency", type="text", pattern=r"^[A-Z]{3}$"),
            Promise("timezone_name", type="text"),
        ),
    ),
    _objects("campaigns", campaigns),
    _objects("adsets", adsets, Promise("campaign_id", type="text", pattern=DIGITS)),
    _objects("ads", ads, Promise("campaign_id", type="text", pattern=DIGITS)),
    _figures("insights", insights, "ad"),
    _figures("adset_insights", adset_insights, "adset"),
    _figures("campaign_insights", campaign_insights, "campaign"),
    Stream(
        "posts",
        posts,
        erasing=OURS,
        occurred_at="created_time",
        overlap=SETTLING,
        accounts=pages,
        promises=(
            Promise("id", type="text", pattern=r"^\d+(_\d+)?$"),
            Promise("created_time", type="time"),
            Promise("message", required=False, type="text"),
            Promise("permalink_url", required=False, type="text"),
            Promise("insights.data", required=False, type="list"),
            Promise("reactions.summary.total_count", required=False, type="number"),
            Promise("comments.summary.total_count", required=False, type="number"),
            Promise("shares.count", required=False, type="number"),
        ),
    ),
    Stream(
        "media",
        media,
        erasing=OURS,
        occurred_at="timestamp",
        overlap=SETTLING,
        accounts=instagram_accounts,
        promises=(
            Promise("id", type="text", pattern=DIGITS),
            Promise("timestamp", type="time"),
            Promise("media_type", required=False, type="text"),
            Promise("caption", required=False, type="text"),
            Promise("permalink", required=False, type="text"),
            Promise("insights.data", required=False, type="list"),
            Promise("like_count", required=False, type="number"),
            Promise("comments_count", required=False, type="number"),
        ),
    ),
)
WEBHOOK = Webhook(verify, receive, secrets=("META_APP_SECRET", "META_VERIFY_TOKEN"), handshake=handshake)
EXPORTS = (LEAD_EXPORT,)
