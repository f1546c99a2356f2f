"""Pinterest: lead forms and their leads, ads with their figures by day (API v5).

Leads can be read for thirty days, as a file that is made on demand, ad by ad; lead ads are in beta and not
open to every app. A token of somebody who may see the ad account: docs/platforms/pinterest.md. The webhook
sends leads encrypted, and how its bodies are laid out is documented nowhere: it is not read.
"""

from connectors.ads import DAY, DIGITS, days_stream
from connectors.erasing import Erasing
from connectors.pinterest.api import accounts, client
from connectors.pinterest.fetch import ads, forms, info, leads
from connectors.pinterest.figures import days
from connectors.pinterest.read import LEAD_EXPORT
from connectors.stream import Promise, Stream

__all__ = ["EXPORTS", "NAME", "SECRETS", "SEVERAL", "STREAMS", "client"]

NAME = "pinterest"
# Or PINTEREST_REFRESH_TOKEN with PINTEREST_CLIENT_ID and PINTEREST_CLIENT_SECRET: `client` says so.
SECRETS = ("PINTEREST_TOKEN",)
SEVERAL = {"ad_accounts": ""}
RETENTION_DAYS = 30  # developers.pinterest.com, leads_export: what is asked for may be no older

STREAMS = (
    Stream(
        "forms",
        forms,
        changed_at="updated_time",
        occurred_at="created_time",
        cursor=False,
        accounts=accounts,
        promises=(
            Promise("id", type="text", pattern=DIGITS),
            Promise("name", required=False, type="text"),
            Promise("questions", required=False, type="list"),
        ),
    ),
    Stream(
        "leads",
        leads,
        key="lead_id",
        erasing=Erasing(profiles=("lead",)),
        occurred_at="created_time",
        form="form_id",
        hourly=True,
        cursor=False,
        retention_days=RETENTION_DAYS,
        accounts=accounts,
        poor_ways=frozenset({"file"}),
        promises=(
            Promise("lead_id", type="text"),
            Promise("created_time", type="time"),
            Promise("answers", type="list"),
            Promise("form_id", required=False, type="text", pattern=DIGITS),
            Promise("campaign_id", required=False, type="text", pattern=DIGITS),
        ),
    ),
    Stream(
        "ad_accounts",
        info,
        cursor=False,
        accounts=accounts,
        promises=(
            Promise("id", type="text", pattern=DIGITS),
            Promise("currency", type="text", pattern=r"^[A-Z]{3}$"),
        ),
    ),
    Stream(
        "ads",
        ads,
        changed_at="updated_time",
        cursor=False,
        accounts=accounts,
        promises=(
            Promise("id", type="text", pattern=DIGITS),
            Promise("campaign_id", required=False, type="text", pattern=DIGITS),
            Promise("name", required=False, type="text"),
        ),
    ),
    days_stream(
        "ad_days",
        days,
        key="AD_ID:DATE",
        day="DATE",
        accounts=accounts,
        promises=(
            Promise("AD_ID", type="text", pattern=DIGITS),
            Promise("DATE", type="time", pattern=DAY),
            # A number, or left out where it is zero.
            Promise("SPEND_IN_MICRO_DOLLAR", required=False, type="number"),
            Promise("TOTAL_IMPRESSION", required=False, type="number"),
        ),
    ),
)
EXPORTS = (LEAD_EXPORT,)
