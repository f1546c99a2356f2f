"""Meta's ads and posts by its own SDK, asked with the very fields, states and metrics of our connector."""

import re
from decimal import Decimal
from typing import Any

from facebook_business.adobjects.ad import Ad
from facebook_business.adobjects.adaccount import AdAccount
from facebook_business.adobjects.adset import AdSet
from facebook_business.adobjects.adsinsights import AdsInsights
from facebook_business.adobjects.campaign import Campaign
from facebook_business.adobjects.igmedia import IGMedia
from facebook_business.adobjects.iguser import IGUser
from facebook_business.adobjects.lead import Lead
from facebook_business.adobjects.page import Page
from facebook_business.adobjects.pagepost import PagePost
from facebook_business.exceptions import FacebookRequestError

from connectors.meta.ads import ACCOUNT_FIELDS, FIELDS, FIGURES, LEVELS, STATES, WINDOWS
from connectors.meta.fetch import LEAD_FIELDS
from connectors.meta.posts import MEDIA, POSTS
from fidelity.meta_types import check_all, check_types
from fidelity.report import Report, must

# Asked for as edges, beside the fields that the SDK declares types for.
EDGES = {"insights", "reactions", "comments"}


def published(report: Report, page_id: str) -> None:
    wanted = [*POSTS.fields.split(","), f"insights.metric({','.join(POSTS.metrics)})"]
    with report.check("published_posts with our fields and their figures") as notes:
        posts = list(Page(page_id).get_published_posts(fields=wanted, params={"limit": 20}))
        plain = [one.export_all_data() for one in posts]
        # Edges beside the fields: the SDK declares no type for them.
        check_all(PagePost, [{k: v for k, v in one.items() if k not in EDGES} for one in plain])
        must(len({one["id"] for one in plain}) == len(plain) > 20, "lost or twice")
        must(all(one["reactions"]["summary"]["total_count"] >= 0 for one in plain), "no reactions")
        must(_names(plain[0]["insights"]["data"]) == list(POSTS.metrics), "other figures than asked for")
        notes.append(f"{len(plain)} posts in pages of 20")
    with report.check("the figures of one post alone are the same"):
        alone = list(PagePost(plain[0]["id"]).get_insights(params={"metric": list(POSTS.metrics)}))
        check_types(type(alone[0]), alone, ["name", "period", "values"])
        must([a.export_all_data() for a in alone] == plain[0]["insights"]["data"], "other figures")
    with report.check("Instagram media with our fields and their figures") as notes:
        owner = Page(page_id).api_get(fields=["instagram_business_account"])["instagram_business_account"][
            "id"
        ]
        wanted = [*MEDIA.fields.split(","), f"insights.metric({','.join(MEDIA.metrics)})"]
        media = [m.export_all_data() for m in IGUser(owner).get_media(fields=wanted, params={"limit": 20})]
        check_all(IGMedia, [{k: v for k, v in one.items() if k not in EDGES} for one in media])
        must(len({one["id"] for one in media}) == len(media) > 20, "lost or twice")
        notes.append(f"{len(media)} media in pages of 20")
    with report.check("the metrics we ask for are the SDK's; the figures of one medium alone"):
        # The SDK refuses a metric outside its own list before it asks.
        alone = list(IGMedia(media[0]["id"]).get_insights(params={"metric": list(MEDIA.metrics)}))
        known = set(vars(type(alone[0]).Metric).values())
        must(set(MEDIA.metrics) <= known, f"unknown: {set(MEDIA.metrics) - known}")
        must([a.export_all_data() for a in alone] == media[0]["insights"]["data"], "other figures")
    with report.check("a metric that is gone fails the call"):
        try:
            list(PagePost(plain[0]["id"]).get_insights(params={"metric": ["post_impressions_unique"]}))
        except FacebookRequestError as error:
            must(error.api_error_code() == 100, str(error.api_error_code()))
        else:
            must(False, "no error")


def ads_of(report: Report) -> list[Any]:
    account, ads = AdAccount("act_500001"), []
    with report.check("the ad account in its zone and currency"):
        found = account.api_get(fields=ACCOUNT_FIELDS.split(","))
        check_types(AdAccount, [found], ["currency", "timezone_name", "account_status"])
    for edge, kind, read in (
        ("campaigns", Campaign, account.get_campaigns),
        ("adsets", AdSet, account.get_ad_sets),
        ("ads", Ad, account.get_ads),
    ):
        with report.check(f"{edge} with our fields, archived ones too") as notes:
            states = list(STATES[edge])
            wanted = top_level(FIELDS[edge])
            rows = list(read(fields=wanted, params={"effective_status": states, "limit": 10}))
            check_types(kind, rows, ["id", "name", "status", "effective_status", "created_time"])
            must(set(states) <= set(vars(kind.EffectiveStatus).values()), "a state the SDK does not know")
            live = list(read(fields=["id"], params={"limit": 100}))
            must(0 < len(live) < len(rows), "archived ones are not told apart")
            notes.append(f"{len(rows)} {edge}, {len(live)} not archived")
            ads = rows
    return ads


def leads_by_ad(report: Report, ads: list[Any]) -> None:
    with report.check("leads by ad: only of that ad") as notes:
        found = {ad["id"]: list(Ad(ad["id"]).get_leads(fields=LEAD_FIELDS.split(","))) for ad in ads}
        must(all(lead["ad_id"] == ad for ad, leads in found.items() for lead in leads), "of another ad")
        must(sum(map(len, found.values())), "none")
        check_types(Lead, [lead for leads in found.values() for lead in leads], ["id", "field_data"])
        notes.append(f"{sum(map(len, found.values()))} leads of {len(ads)} ads")


def levels(report: Report) -> None:
    windows = list(WINDOWS)
    with report.check("insights per campaign, ad set and ad agree, reach apart") as notes:
        sums = {}
        for level in ("campaign", "adset", "ad"):
            params = {
                "level": level, "time_increment": 1, "limit": 100, "action_attribution_windows": windows,
                "time_range": {"since": "2026-10-01", "until": "2026-11-10"},
            }  # fmt: skip
            wanted = f"{LEVELS[level]},{FIGURES}".split(",")
            rows = list(AdAccount("act_500001").get_insights(fields=wanted, params=params))
            check_types(AdsInsights, rows, [f"{level}_id", "spend", "reach", "account_currency"])
            sums[level] = (
                sum(Decimal(row["spend"]) for row in rows),
                sum(int(row["clicks"]) for row in rows),
            )
            claimed = [a for row in rows for a in row.get("actions", ()) if a["action_type"] == "lead"]
            must(all(windows[0] in one for one in claimed if int(one["value"]) > 1), "no window told")
            notes.append(f"{len(rows)} {level} rows")
        must(len(set(sums.values())) == 1, f"{sums}")


def _names(figures: list[dict[str, Any]]) -> list[str]:
    return [figure["name"] for figure in figures]


def top_level(fields: str) -> list[str]:
    """As the SDK wants fields: a list, what is asked of an object within left to its braces."""
    return re.findall(r"[^,{]+(?:\{[^}]*\})?", fields)
