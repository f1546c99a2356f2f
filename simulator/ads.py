"""The ads of a campaign, and which of them brought a lead: one, or two that share its people and its money.

The company plans by campaign; platforms, exports and pushes all tell ads by this one division.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from simulator.model import Campaign, CampaignDay, Lead

# Two ads of a campaign reach some of the same people.
OVERLAP = Decimal("1.15")
COUNTS = ("impressions", "reach", "clicks", "likes")
CLAIMS = ("leads", "orders_claimed")
LONG_ID = 15  # campaigns of the made-up company; the few of a test have one ad each


@dataclass(frozen=True)
class Ad:
    """`percent` of its campaign's money, impressions and clicks."""

    ad_id: str
    name: str
    percent: int


def ads_of(campaign: Campaign) -> tuple[Ad, ...]:
    """The first is the campaign's own; campaigns with an even number have a second."""
    first = Ad(campaign.ad_id, campaign.ad_name, 100)
    if len(campaign.ad_id) < LONG_ID or int(campaign.ad_id) % 2:
        return (first,)
    # One digit differs, whatever it is in the first.
    digit = "6" if campaign.ad_id[4] == "5" else "5"
    second = Ad(f"{campaign.ad_id[:4]}{digit}{campaign.ad_id[5:]}", f"{campaign.ad_name} B", 40)
    return Ad(first.ad_id, first.name, 60), second


def ad_of(lead: Lead, campaign: Campaign) -> Ad:
    """The same each time for the same lead."""
    ads = ads_of(campaign)
    draw = hashlib.blake2b(f"ad {lead.lead_id}".encode(), digest_size=2).digest()
    return ads[-1] if int.from_bytes(draw) % 100 >= ads[0].percent else ads[0]


def handed_out(leads: list[Lead], now: datetime, kept: timedelta) -> list[Lead]:
    """What somebody downloads of a form's leads: newest first, as far back as the platform keeps them."""
    return [lead for lead in reversed(leads) if lead.created_at >= now - kept and lead.visible_at <= now]


def by_ad(campaign: Campaign, day: CampaignDay) -> Iterable[tuple[Ad, CampaignDay]]:
    """A campaign's day by ad: what can be added up adds up to it, reach does not."""
    ads, left = ads_of(campaign), day
    for ad in ads:
        is_last = ad is ads[-1]
        part = left if is_last else replace(
            day,
            spend=(day.spend * ad.percent / 100).quantize(Decimal("0.01")),
            **{name: getattr(day, name) * ad.percent // 100 for name in (*COUNTS, *CLAIMS)},
        )  # fmt: skip
        left = replace(
            left, spend=left.spend - part.spend,
            **{name: getattr(left, name) - getattr(part, name) for name in (*COUNTS, *CLAIMS)},
        )  # fmt: skip
        reach = int(part.reach * OVERLAP) if len(ads) > 1 else part.reach
        yield ad, replace(part, reach=min(reach, part.impressions))
