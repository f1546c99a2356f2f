"""TikTok: instant forms and their leads, ads with their figures by day (Business API v1.3).

Leads can be read for 90 days, as a file that is made on demand; the webhook brings them at once with their
answers. A long-term token of an Admin of the ad account in TIKTOK_TOKEN: docs/platforms/tiktok.md.
"""

from typing import Any

from connectors.ads import DAY, DIGITS, days_stream
from connectors.erasing import Erasing
from connectors.stream import Promise, Stream, Webhook
from connectors.tiktok.api import advertisers, client
from connectors.tiktok.fetch import forms, leads
from connectors.tiktok.read import LEAD_EXPORT
from connectors.tiktok.receive import receive, verify
from connectors.tiktok.reports import ad_reports, campaign_reports, info
from connectors.tiktok.versions import api_version

__all__ = ["EXPORTS", "NAME", "SECRETS", "SEVERAL", "STREAMS", "WEBHOOK", "api_version", "client"]

NAME = "tiktok"
SECRETS = ("TIKTOK_TOKEN",)
SEVERAL = {"advertisers": ""}


def _days(name: str, fetch: Any, level: str) -> Stream:
    return days_stream(
        name,
        fetch,
        key=f"dimensions.{level}_id:day",
        day="day",
        accounts=advertisers,
        promises=(
            Promise(f"dimensions.{level}_id", type="text", pattern=DIGITS),
            Promise("day", type="time", pattern=DAY),
            # A dash where there is none; else digits, as text or not.
            Promise("metrics.spend"),
            Promise("metrics.impressions"),
        ),
    )


STREAMS = (
    Stream(
        "forms",
        forms,
        key="page_id",
        changed_at="changed_at_utc",
        occurred_at="created_at_utc",
        cursor=False,
        accounts=advertisers,
        # Signed anew at each look.
        volatile=("preview_url", "thumbnail"),
        promises=(
            Promise("page_id", type="text", pattern=DIGITS),
            Promise("title", required=False, type="text"),
            Promise("fields", required=False, type="list"),
        ),
    ),
    Stream(
        "leads",
        leads,
        key="lead_id",
        erasing=Erasing(profiles=("lead",)),
        occurred_at="created_time",
        form="page_id",
        hourly=True,
        cursor=False,
        # https://ads.tiktok.com/help/article/leads-center-manage
        retention_days=90,
        accounts=advertisers,
        poor_ways=frozenset({"file"}),
        promises=(
            Promise("lead_id", type="text", pattern=DIGITS),
            Promise("created_time", type="time"),
            Promise("answers", type="list"),
            # A lead from a message answered no form.
            Promise("page_id", required=False, type="text", pattern=DIGITS),
            Promise("campaign_id", required=False, type="text", pattern=DIGITS),
            Promise("is_test", required=False, type="boolean"),
        ),
    ),
    Stream(
        "advertisers",
        info,
        key="advertiser_id",
        cursor=False,
        accounts=advertisers,
        promises=(
            Promise("advertiser_id", type="text", pattern=DIGITS),
            Promise("currency", type="text", pattern=r"^[A-Z]{3}$"),
            Promise("timezone", required=False, type="text"),
        ),
    ),
    _days("ad_reports", ad_reports, "ad"),
    _days("campaign_reports", campaign_reports, "campaign"),
)
WEBHOOK = Webhook(verify, receive, secrets=("TIKTOK_APP_SECRET",))
EXPORTS = (LEAD_EXPORT,)
