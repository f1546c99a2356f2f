"""Google Ads: lead forms and their leads, ads and campaigns with their figures by day (API v26).

Leads can be read for 60 days; the webhook brings them at once with their answers and needs no access to the
API. That needs a developer token and a refresh token: docs/platforms/google_ads.md.
"""

from typing import Any

from connectors.ads import DAY, DIGITS, days_stream
from connectors.erasing import Erasing
from connectors.google_ads.api import client, customers
from connectors.google_ads.fetch import RETENTION_DAYS, forms, leads
from connectors.google_ads.figures import ad_days, campaign_days
from connectors.google_ads.read import LEAD_EXPORT
from connectors.google_ads.receive import receive, verify
from connectors.google_ads.versions import api_version
from connectors.stream import Promise, Stream, Webhook

__all__ = ["EXPORTS", "NAME", "SECRETS", "SEVERAL", "STREAMS", "WEBHOOK", "api_version", "client"]

NAME = "google_ads"
SECRETS = (
    "GOOGLE_ADS_DEVELOPER_TOKEN",
    "GOOGLE_ADS_CLIENT_ID",
    "GOOGLE_ADS_CLIENT_SECRET",
    "GOOGLE_ADS_REFRESH_TOKEN",
)
SEVERAL = {"customers": ""}
WHOLE = r"^-?\d{1,18}$"


def _days(name: str, fetch: Any, ids: str) -> Stream:
    # A figure of nothing is left out, so none of them can be required.
    counts = ("costMicros", "impressions", "clicks", "engagements")
    return days_stream(
        name,
        fetch,
        key=f"{ids}:segments.date",
        day="segments.date",
        accounts=customers,
        promises=(
            *(Promise(path, type="text", pattern=DIGITS) for path in dict.fromkeys((ids, "campaign.id"))),
            Promise("segments.date", type="time", pattern=DAY),
            Promise("customer.currencyCode", type="text", pattern=r"^[A-Z]{3}$"),
            *(Promise(f"metrics.{name}", required=False, type="text", pattern=WHOLE) for name in counts),
            Promise("leads", required=False, type="number"),
        ),
    )


STREAMS = (
    Stream(
        "forms",
        forms,
        key="form_id",
        cursor=False,
        accounts=customers,
        promises=(
            Promise("form_id", type="text", pattern=DIGITS),
            Promise("name", required=False, type="text"),
        ),
    ),
    Stream(
        "leads",
        leads,
        key="lead_id",
        erasing=Erasing(profiles=("lead",)),
        occurred_at="submitted_at",
        form="form_id",
        hourly=True,
        cursor=False,
        retention_days=RETENTION_DAYS,
        accounts=customers,
        # A push need not say when a form was sent, nor a file which form it was.
        poor_ways=frozenset({"webhook", "file"}),
        promises=(
            Promise("lead_id", type="text"),
            Promise("submitted_at", type="time"),
            Promise("answers", type="list"),
            Promise("form_id", required=False, type="text", pattern=DIGITS),
            Promise("campaign_id", required=False, type="text", pattern=DIGITS),
            Promise("gclid", required=False, type="text"),
            Promise("is_test", required=False, type="boolean"),
        ),
    ),
    _days("ad_days", ad_days, "adGroupAd.ad.id"),
    _days("campaign_days", campaign_days, "campaign.id"),
)
WEBHOOK = Webhook(verify, receive, secrets=("GOOGLE_ADS_WEBHOOK_KEY",))
EXPORTS = (LEAD_EXPORT,)
