"""LinkedIn: lead forms and leads, campaigns and creatives with their figures by day (monthly versions).

Leads can be read for 90 days; the webhook hints at new and at deleted ones. A member's token in
LINKEDIN_TOKEN, good for sixty days, or a refresh token: docs/platforms/linkedin.md.
"""

from datetime import timedelta
from typing import Any

from connectors.ads import DAY, DIGITS, days_stream
from connectors.erasing import Erasing
from connectors.linkedin.api import PAGE, accounts, ad_accounts, client
from connectors.linkedin.fetch import forms, leads
from connectors.linkedin.read import LEAD_EXPORT
from connectors.linkedin.receive import handshake, receive, verify
from connectors.linkedin.reports import campaign_analytics, campaigns, creative_analytics, creatives, info
from connectors.linkedin.versions import api_version
from connectors.stream import Promise, Stream, Webhook

__all__ = ["EXPORTS", "NAME", "SECRETS", "SEVERAL", "STREAMS", "WEBHOOK", "api_version", "client"]

NAME = "linkedin"
# Either LINKEDIN_TOKEN, or LINKEDIN_REFRESH_TOKEN with LINKEDIN_CLIENT_ID and LINKEDIN_CLIENT_SECRET:
# `client` says so.
SECRETS = ()
SEVERAL = {"ad_accounts": "", "organizations": PAGE}
# What integrators and Campaign Manager say; LinkedIn's own collection of calls says 365, so the first pull
# asks for all there is.
RETENTION_DAYS = 90
CURRENCY = Promise("currency", type="text", pattern=r"^[A-Z]{3}$")


def _of_account(name: str, fetch: Any, key: str, *promises: Promise) -> Stream:
    """Few, and renamed at any time: read whole."""
    return Stream(
        name,
        fetch,
        key=key,
        cursor=False,
        accounts=ad_accounts,
        promises=(Promise(key, type="text", pattern=DIGITS), *promises),
    )


def _days(level: str, fetch: Any) -> Stream:
    return days_stream(
        f"{level}_analytics",
        fetch,
        key=f"{level}_id:day",
        day="day",
        accounts=ad_accounts,
        promises=(
            Promise(f"{level}_id", type="text", pattern=DIGITS),
            Promise("day", type="time", pattern=DAY),
            # With many digits, and now and then a trace below zero.
            Promise("costInLocalCurrency", type="text", pattern=r"^-?\d{1,13}(\.\d+)?([eE][+-]?\d{1,3})?$"),
            Promise("impressions", type="number"),
        ),
    )


STREAMS = (
    Stream(
        "forms",
        forms,
        key="form_id",
        changed_at="lastModified",
        occurred_at="created",
        cursor=False,
        accounts=accounts,
        promises=(
            Promise("form_id", type="text", pattern=DIGITS),
            Promise("name", required=False, type="text"),
            Promise("content.questions", required=False, type="list"),
            Promise("content.legalInfo.consents", required=False, type="list"),
        ),
    ),
    Stream(
        "leads",
        leads,
        erasing=Erasing(profiles=("lead",)),
        changed_at="submittedAt",
        occurred_at="submittedAt",
        form="form_id",
        hourly=True,
        # Nobody says how late some come, and no form's leads are counted: all that is kept is asked again,
        # though not each hour.
        overlap=timedelta(days=2),
        looks_back=timedelta(days=RETENTION_DAYS),
        retention_days=RETENTION_DAYS,
        accounts=accounts,
        poor_ways=frozenset({"file"}),
        promises=(
            Promise("id", type="text"),
            Promise("submittedAt", type="time"),
            Promise("formResponse", type="object"),
            Promise("formResponse.answers", required=False, type="list"),
            Promise("formResponse.consentResponses", required=False, type="list"),
            Promise("form.content.questions", required=False, type="list"),
            # What a file brings instead.
            Promise("answers", required=False, type="list"),
            Promise("form_id", required=False, type="text", pattern=DIGITS),
            Promise("campaign_id", required=False, type="text", pattern=DIGITS),
            Promise("testLead", required=False, type="boolean"),
        ),
    ),
    _of_account("ad_accounts", info, "account_id", CURRENCY),
    _of_account("campaigns", campaigns, "campaign_id", Promise("name", required=False, type="text")),
    _of_account(
        "creatives",
        creatives,
        "creative_id",
        Promise("campaign_id", type="text", pattern=DIGITS),
        Promise("name", required=False, type="text"),
    ),
    _days("creative", creative_analytics),
    _days("campaign", campaign_analytics),
)
WEBHOOK = Webhook(verify, receive, secrets=("LINKEDIN_CLIENT_SECRET",), handshake=handshake)
EXPORTS = (LEAD_EXPORT,)
