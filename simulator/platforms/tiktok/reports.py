"""Figures per ad or campaign and day: all numbers as text, a dash where there is none."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from simulator.ads import Ad, by_ad
from simulator.model import Campaign, CampaignDay, Company

LEVELS = {"AUCTION_AD": "ad", "AUCTION_CAMPAIGN": "campaign"}
MOST_DAYS = 30


class Unreadable(ValueError):
    """Parameters that TikTok would refuse; the text is its answer."""


def rows(company: Company, advertiser: str, asked: Mapping[str, str]) -> list[dict[str, Any]]:
    """All rows of one question, oldest day first. Raises Unreadable."""
    level = LEVELS.get(asked.get("data_level", ""))
    if level is None:
        raise Unreadable("data_level: not a valid choice")
    dimensions, metrics = names(asked, "dimensions"), names(asked, "metrics")
    if dimensions != [f"{level}_id", "stat_time_day"]:
        raise Unreadable(f"dimensions: {dimensions} do not go with {asked['data_level']}")
    first, last = _day(asked, "start_date"), _day(asked, "end_date")
    if (last - first).days >= MOST_DAYS or last < first:
        raise Unreadable("The time range of stat_time_day cannot exceed 30 days")
    campaigns = {one.campaign_id: one for one in company.campaigns if one.account_id == advertiser}
    found = []
    for day in company.campaign_days:
        campaign = campaigns.get(day.campaign_id)
        if campaign is not None and first <= day.day <= last and day.impressions:
            parts = by_ad(campaign, day) if level == "ad" else [(None, day)]
            found += [_row(level, campaign, ad, part, metrics) for ad, part in parts]
    return found


def _row(
    level: str, campaign: Campaign, ad: Ad | None, day: CampaignDay, metrics: list[str]
) -> dict[str, Any]:
    values = {
        "spend": f"{day.spend.quantize(Decimal('0.01'))}",
        "impressions": str(day.impressions),
        "reach": str(day.reach),
        "clicks": str(day.clicks),
        "likes": str(day.likes),
        "comments": str(day.likes // 12),
        "shares": str(day.likes // 30),
        # A campaign that asks for nothing else has no form to count.
        "onsite_form": str(day.leads) if day.leads else "-",
        "campaign_id": campaign.campaign_id,
        "campaign_name": campaign.name,
        "adgroup_id": campaign.adset_id,
        "adgroup_name": campaign.adset_name,
        "ad_name": ad.name if ad else "-",
    }
    if unknown := [name for name in metrics if name not in values]:
        raise Unreadable(f"metrics: {unknown[0]} is not supported")
    number = ad.ad_id if ad else campaign.campaign_id
    return {
        "dimensions": {f"{level}_id": number, "stat_time_day": f"{day.day} 00:00:00"},
        "metrics": {name: values[name] for name in metrics},
    }


def names(asked: Mapping[str, str], name: str) -> list[str]:
    try:
        found = json.loads(asked.get(name) or "null")
    except ValueError as error:
        raise Unreadable(f"{name}: not a valid list") from error
    if not isinstance(found, list):
        raise Unreadable(f"{name}: Missing data for required field.")
    return found


def _day(asked: Mapping[str, str], name: str) -> date:
    try:
        return date.fromisoformat(asked.get(name, ""))
    except ValueError as error:
        raise Unreadable(f"{name}: not a valid date") from error
