"""Figures per creative or campaign and day: money as text of many digits, counts as numbers, no pages."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from simulator.ads import by_ad
from simulator.model import CampaignDay, Company
from simulator.platforms.linkedin.nodes import urn
from simulator.platforms.linkedin.restli import Projection, Unreadable

PIVOTS = {"CREATIVE": "sponsoredCreative", "CAMPAIGN": "sponsoredCampaign"}
MOST_FIELDS = 20
DEFAULT = ("impressions", "clicks")
TRACE = "-2.0E-18"  # where nothing was paid there may be less than nothing


def rows(company: Company, accounts: frozenset[str], asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    """All rows of one question, oldest day first. Raises Unreadable."""
    pivot = asked.get("pivot")
    if pivot not in PIVOTS or asked.get("timeGranularity") != "DAILY":
        raise Unreadable("Invalid param: pivot or timeGranularity")
    wanted: Projection = asked.get("fields") or dict.fromkeys(DEFAULT)
    if len(wanted) > MOST_FIELDS:
        raise Unreadable(f"No more than {MOST_FIELDS} fields")
    first, last = _day(asked, "start"), _day(asked, "end")
    named = {urn("sponsoredAccount", account): account for account in accounts}
    mine = {named.get(told) for told in asked.get("accounts") or ()}
    if not mine or None in mine:
        raise Unreadable("Invalid param: accounts")
    campaigns = {one.campaign_id: one for one in company.campaigns if one.account_id in mine}
    found = []
    for day in company.campaign_days:
        campaign = campaigns.get(day.campaign_id)
        if campaign is None or not first <= day.day <= last or not day.impressions:
            continue
        if pivot == "CREATIVE":
            found += [_row(pivot, ad.ad_id, part, wanted) for ad, part in by_ad(campaign, day)]
        else:
            found.append(_row(pivot, campaign.campaign_id, day, wanted))
    return found


def _row(pivot: str, key: str, day: CampaignDay, wanted: Projection) -> dict[str, Any]:
    parts = {"year": day.day.year, "month": day.day.month, "day": day.day.day}
    values = {
        "dateRange": {"start": parts, "end": parts},
        "pivotValues": [urn(PIVOTS[pivot], key)],
        "impressions": day.impressions,
        "clicks": day.clicks,
        "costInLocalCurrency": f"{day.spend:.15f}" if day.spend else TRACE,
        "costInUsd": f"{day.spend}" if day.spend else TRACE,
        "likes": day.likes,
        "comments": day.likes // 12,
        "shares": day.likes // 30,
        "oneClickLeads": day.leads,
        "approximateMemberReach": day.reach,
    }
    if unknown := [name for name in wanted if name not in values]:
        raise Unreadable(f"Invalid field: {unknown[0]}")
    return {name: values[name] for name in wanted}


def _day(asked: Mapping[str, Any], which: str) -> date:
    try:
        parts = asked["dateRange"][which]
        return date(int(parts["year"]), int(parts["month"]), int(parts["day"]))
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable(f"Invalid param: dateRange.{which}") from error
