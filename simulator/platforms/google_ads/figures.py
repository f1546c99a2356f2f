"""Figures per ad or campaign and day: money in millionths as text, conversions as fractions."""

from collections.abc import Iterator
from typing import Any

from simulator.ads import Ad, by_ad
from simulator.model import Campaign, CampaignDay, Company
from simulator.platforms.google_ads.query import Query, Refused

MICROS = 1_000_000


def rows(company: Company, customer: str, query: Query) -> Iterator[dict[str, Any]]:
    """One row per day of an ad, or of a campaign; by what a conversion is where that is asked."""
    if "segments.date" not in query.asked:
        raise Refused("EXPECTED_FILTERS_ON_DATE_RANGE", "A date range is expected.")
    by_action = any(name.startswith("segments.conversion") for name in (*query.fields, *query.asked))
    if by_action and any(name in query.fields for name in ("metrics.cost_micros", "metrics.impressions")):
        raise Refused(
            "PROHIBITED_SEGMENT_WITH_METRIC_IN_SELECT_OR_WHERE_CLAUSE",
            "Cannot select the segment conversion_action_category with the metric cost_micros.",
        )
    campaigns = {one.campaign_id: one for one in company.campaigns if one.account_id == customer}
    for day in company.campaign_days:
        campaign = campaigns.get(day.campaign_id)
        if campaign is not None and day.impressions:
            parts = by_ad(campaign, day) if query.source == "ad_group_ad" else [(None, day)]
            for ad, part in parts:
                if not by_action or part.leads:
                    yield _row(campaign, ad, part, by_action)


def _row(campaign: Campaign, ad: Ad | None, day: CampaignDay, by_action: bool) -> dict[str, Any]:
    account = f"customers/{campaign.account_id}"
    row: dict[str, Any] = {
        "customer.resource_name": account,
        "customer.currency_code": day.currency,
        "campaign.resource_name": f"{account}/campaigns/{campaign.campaign_id}",
        "campaign.id": campaign.campaign_id,
        "campaign.name": campaign.name,
        "segments.date": day.day.isoformat(),
    }
    if ad is not None:
        row |= {
            "ad_group.resource_name": f"{account}/adGroups/{campaign.adset_id}",
            "ad_group.id": campaign.adset_id,
            "ad_group.name": campaign.adset_name,
            "ad_group_ad.resource_name": f"{account}/adGroupAds/{campaign.adset_id}~{ad.ad_id}",
            "ad_group_ad.ad.id": ad.ad_id,
            "ad_group_ad.ad.name": ad.name,
        }
    if by_action:
        return row | {
            "segments.conversion_action_category": "SUBMIT_LEAD_FORM",
            "metrics.all_conversions": float(day.leads),
        }
    return row | {
        "metrics.cost_micros": str(int(day.spend * MICROS)),
        "metrics.impressions": str(day.impressions),
        "metrics.clicks": str(day.clicks),
        "metrics.engagements": str(day.likes),
    }
