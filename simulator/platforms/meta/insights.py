"""Campaign figures per level and day, as the Insights edge gives them: numbers are text.

Rows without delivery are left out. Leads claimed for a day settle over the following days, which is why
readers must come back to recent days.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from simulator.ads import COUNTS, Ad, ads_of, by_ad
from simulator.model import Campaign, CampaignDay, Company
from simulator.platforms.meta.errors import bad_parameter, unknown_field
from simulator.platforms.meta.nodes import wanted_fields
from simulator.wire import Call

LEVELS = ("account", "campaign", "adset", "ad")
DEFAULT = ("account_id", "date_start", "date_stop", "impressions", "spend")
# Share of a day's leads attributed on the day itself, the next and the one after; then all.
SETTLED = (Decimal("0.7"), Decimal("0.9"))
PRESETS = {
    "today": (0, 0),
    "yesterday": (1, 1),
    "last_3d": (3, 1),
    "last_7d": (7, 1),
    "last_14d": (14, 1),
    "last_28d": (28, 1),
    "last_30d": (30, 1),
    "last_90d": (90, 1),
    "maximum": (1126, 0),  # 37 months
}
WINDOWS = ("1d_click", "7d_click", "28d_click", "1d_view", "1d_ev")


@dataclass
class Figures:
    """Sums of some campaign days."""

    campaign: Campaign
    ad: Ad
    since: date
    until: date
    spend: Decimal = Decimal(0)
    impressions: int = 0
    reach: int = 0
    clicks: int = 0
    likes: int = 0
    leads: int = 0
    orders_claimed: int = 0

    def add(self, day: CampaignDay, today: date) -> None:
        self.spend += day.spend
        for name in COUNTS:
            setattr(self, name, getattr(self, name) + getattr(day, name))
        age = (today - day.day).days
        share = SETTLED[age] if age < len(SETTLED) else 1
        self.leads += int(day.leads * share)
        self.orders_claimed += int(day.orders_claimed * share)


def rows(company: Company, account: str, call: Call, today: date) -> list[dict[str, Any]]:
    """All rows of one question, oldest day first.

    Raises GraphError for parameters the edge would refuse.
    """
    level = call.params.get("level") or "account"
    if level not in LEVELS:
        raise bad_parameter(f"level must be one of {', '.join(LEVELS)}")
    since, until = _range(call, today)
    step = _increment(call.params.get("time_increment"), since, until)
    campaigns = {c.campaign_id: c for c in company.campaigns if c.account_id == account}
    sums: dict[tuple[date, str], Figures] = {}
    for day in company.campaign_days:
        campaign = campaigns.get(day.campaign_id)
        if campaign is None or not since <= day.day <= until or not day.impressions:
            continue
        first = since + timedelta(days=(day.day - since).days // step * step)
        last = min(until, first + timedelta(days=step - 1))
        for ad, part in by_ad(campaign, day) if level == "ad" else [(ads_of(campaign)[0], day)]:
            key = (first, ad.ad_id if level == "ad" else _object_of(campaign, level))
            sums.setdefault(key, Figures(campaign, ad, first, last)).add(part, today)
    wanted = wanted_fields(call.params.get("fields"), (*DEFAULT, *_names(level)))
    currency = {day.currency for day in company.campaign_days if day.campaign_id in campaigns}
    windows = _windows(call.params.get("action_attribution_windows"))
    return [_row(sums[key], level, wanted, min(currency, default="EUR"), windows) for key in sorted(sums)]


def _windows(asked: str | None) -> list[str]:
    try:
        windows = [str(one) for one in json.loads(asked or "[]")]
    except (ValueError, TypeError) as error:
        raise bad_parameter("Param action_attribution_windows must be an array.") from error
    if unknown := sorted(set(windows) - {*WINDOWS, "default"}):
        raise bad_parameter(f"action_attribution_windows must be one of {', '.join(WINDOWS)}: {unknown[0]}")
    return windows


def _object_of(campaign: Campaign, level: str) -> str:
    return {
        "account": campaign.account_id,
        "campaign": campaign.campaign_id,
        "adset": campaign.adset_id,
    }[level]


def _names(level: str) -> Iterable[str]:
    return [f"{name}_id" for name in LEVELS[1 : LEVELS.index(level) + 1]]


def _range(call: Call, today: date) -> tuple[date, date]:
    if asked := call.params.get("time_range"):
        try:
            window = json.loads(asked)
            since, until = date.fromisoformat(window["since"]), date.fromisoformat(window["until"])
        except (KeyError, TypeError, ValueError) as error:
            raise bad_parameter("time_range must be {since: YYYY-MM-DD, until: YYYY-MM-DD}") from error
        if since > until:
            raise bad_parameter("Must specify a start date that is not after the end date")
        return since, min(until, today)
    preset = call.params.get("date_preset") or "last_30d"
    if preset not in PRESETS:
        raise bad_parameter(f"date_preset is invalid: {preset}")
    oldest, newest = PRESETS[preset]
    return today - timedelta(days=oldest), today - timedelta(days=newest)


def _increment(asked: str | None, since: date, until: date) -> int:
    whole = (until - since).days + 1
    if not asked or asked == "all_days":
        return max(1, whole)
    if not asked.isdigit() or not 1 <= int(asked) <= 90:
        raise bad_parameter("time_increment must be all_days or a number of days from 1 to 90")
    return int(asked)


def _row(
    figures: Figures, level: str, wanted: list[str], currency: str, windows: list[str]
) -> dict[str, Any]:
    depth = LEVELS.index(level)
    campaign = figures.campaign
    values: dict[str, Any] = {
        "account_id": campaign.account_id.removeprefix("act_"),
        "account_name": "Maison Exemple",
        "account_currency": currency,
        "campaign_id": campaign.campaign_id if depth >= 1 else None,
        "campaign_name": campaign.name if depth >= 1 else None,
        "adset_id": campaign.adset_id if depth >= 2 else None,
        "adset_name": campaign.adset_name if depth >= 2 else None,
        "ad_id": figures.ad.ad_id if depth >= 3 else None,
        "ad_name": figures.ad.name if depth >= 3 else None,
        "spend": f"{figures.spend:.2f}",
        "impressions": str(figures.impressions),
        "reach": str(figures.reach),
        "clicks": str(figures.clicks),
        "inline_link_clicks": str(figures.clicks) if figures.clicks else None,
        "frequency": f"{figures.impressions / max(1, figures.reach):.6f}",
        "ctr": f"{100 * figures.clicks / figures.impressions:.6f}",
        "actions": _actions(figures, windows),
        "date_start": figures.since.isoformat(),
        "date_stop": figures.until.isoformat(),
    }
    for name in wanted:
        if name not in values:
            raise unknown_field(name, "AdsInsights")
    shown = dict.fromkeys((*wanted, "date_start", "date_stop"))
    return {name: values[name] for name in shown if values[name] is not None}


def _actions(figures: Figures, windows: list[str]) -> list[dict[str, str]] | None:
    """A kind of action that did not happen is not listed; `value` is what all windows attribute together."""
    counts = {
        "link_click": figures.clicks,
        "post_reaction": figures.likes,
        "comment": figures.likes // 12,
        "post": figures.likes // 30,
        "post_engagement": figures.clicks + figures.likes + figures.likes // 12 + figures.likes // 30,
        "onsite_conversion.lead_grouped": figures.leads,
        "lead": figures.leads,
        "omni_purchase": figures.orders_claimed,
    }
    return [_action(name, count, windows) for name, count in counts.items() if count] or None


def _action(name: str, count: int, windows: list[str]) -> dict[str, str]:
    """One in eight only saw the ad; a window that has none is not there."""
    viewed = count // 8
    of = {"1d_view": viewed, "1d_click": (count - viewed) * 3 // 4}
    told = {window: of.get(window, count - viewed) for window in windows if window != "default"}
    return {"action_type": name, "value": str(count)} | {k: str(n) for k, n in told.items() if n}
