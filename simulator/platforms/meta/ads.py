"""Campaigns, ad sets and ads as objects of an ad account; the account reports in its own zone and currency.

Asked without `effective_status` the edges leave out what is archived. Times carry the account's offset.
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from simulator.ads import Ad, ads_of
from simulator.marketing import PAGES
from simulator.model import Campaign, Company
from simulator.platforms.meta.errors import bad_parameter
from simulator.platforms.meta.nodes import Fields, constant, pick, wanted_fields
from simulator.wire import Call

ACCOUNT_ZONE = ZoneInfo("Europe/Paris")
ARCHIVED_AFTER = timedelta(days=180)
KNOWN_STATES = frozenset(
    {"ACTIVE", "PAUSED", "DELETED", "ARCHIVED", "IN_PROCESS", "WITH_ISSUES", "CAMPAIGN_PAUSED",
     "ADSET_PAUSED", "PENDING_REVIEW", "DISAPPROVED", "PREAPPROVED", "PENDING_BILLING_INFO"}
)  # fmt: skip
NODES = {"campaigns": "Campaign", "adsets": "AdSet", "ads": "Ad"}
WINDOWS = [
    {"event_type": "CLICK_THROUGH", "window_days": 7},
    {"event_type": "VIEW_THROUGH", "window_days": 1},
]


def account_fields(company: Company, account: str) -> Fields:
    ids = {campaign.campaign_id for campaign in company.campaigns if campaign.account_id == account}
    money = {day.currency for day in company.campaign_days if day.campaign_id in ids}
    return constant(
        id=account,
        account_id=account.removeprefix("act_"),
        name=company.name,
        account_status=1,
        currency=min(money, default="EUR"),
        timezone_name=ACCOUNT_ZONE.key,
    )


def objects(company: Company, account: str, edge: str, call: Call, now: datetime) -> list[dict[str, Any]]:
    """All objects of an edge that have been made by now; raises GraphError for a state nobody knows."""
    shown = _states(call.params.get("effective_status"))
    wanted = wanted_fields(call.params.get("fields"), ("id",))
    begun = [c for c in company.campaigns if c.account_id == account and _at(c.starts_on) <= now]
    return [
        pick(NODES[edge], fields, wanted)
        for campaign in begun
        if (state := _state(campaign, now)) in shown
        for fields in _fields(edge, campaign, state)
    ]


def _states(asked: str | None) -> frozenset[str]:
    if asked is None:
        return KNOWN_STATES - {"ARCHIVED", "DELETED"}
    try:
        states = frozenset(map(str, json.loads(asked)))
    except (ValueError, TypeError) as error:
        raise bad_parameter("Param effective_status must be an array.") from error
    if unknown := states - KNOWN_STATES:
        raise bad_parameter(f"effective_status must be one of the known values: {min(unknown)}")
    return states


def _state(campaign: Campaign, now: datetime) -> str:
    if now > _at(campaign.ends_on) + ARCHIVED_AFTER:
        return "ARCHIVED"
    return "PAUSED" if now >= _at(campaign.ends_on + timedelta(days=1)) else "ACTIVE"


def _fields(edge: str, campaign: Campaign, state: str) -> Iterator[Fields]:
    made = {
        "account_id": campaign.account_id.removeprefix("act_"),
        "status": state,
        "effective_status": state,
        "created_time": _stamp(campaign.starts_on),
        "updated_time": _stamp(campaign.starts_on),
        "start_time": _stamp(campaign.starts_on),
        "daily_budget": "2000",  # in cents, as text
        "lifetime_budget": "0",
    }
    if edge == "campaigns":
        goal = "OUTCOME_AWARENESS" if campaign.adset_name.startswith("Large") else "OUTCOME_LEADS"
        yield constant(
            **made,
            id=campaign.campaign_id,
            name=campaign.name,
            objective=goal,
            buying_type="AUCTION",
            stop_time=_stamp(campaign.ends_on),
        )
    elif edge == "adsets":
        yield constant(
            **made,
            id=campaign.adset_id,
            campaign_id=campaign.campaign_id,
            name=campaign.adset_name,
            optimization_goal="LEAD_GENERATION",
            billing_event="IMPRESSIONS",
            attribution_spec=WINDOWS,
            end_time=_stamp(campaign.ends_on),
        )
    else:
        for ad in ads_of(campaign):
            yield constant(
                **{name: made[name] for name in made if not name.endswith("budget") and name != "start_time"},
                id=ad.ad_id,
                name=ad.name,
                campaign_id=campaign.campaign_id,
                adset_id=campaign.adset_id,
                creative=_creative(campaign, ad),
            )


def _creative(campaign: Campaign, ad: Ad) -> dict[str, str]:
    """An ad is a post that the page does not show: its number is the page's and one of its own."""
    page = PAGES["en" if campaign.name.endswith(" EN") else "fr"]
    return {"id": f"6{ad.ad_id[1:]}", "effective_object_story_id": f"{page}_{ad.ad_id[-9:]}"}


def _at(day: date) -> datetime:
    return datetime.combine(day, time(), ACCOUNT_ZONE).astimezone(UTC)


def _stamp(day: date) -> str:
    return datetime.combine(day, time(), ACCOUNT_ZONE).strftime("%Y-%m-%dT%H:%M:%S%z")
