"""What is read from Meta's ad accounts: the account, campaigns, ad sets and ads, and their figures by day.

Days and money are the ad account's own: its zone, its currency. Figures move for as long as the longest
attribution window, so a trailing window is asked for again each time.
"""

import json
from collections.abc import Iterator
from functools import partial

from connectors.ads import days_to_ask
from connectors.meta.graph import Meta
from connectors.stream import Announced, Page, Row, Since

ACCOUNT_FIELDS = "id,account_id,name,account_status,currency,timezone_name"
OBJECT_FIELDS = "id,name,status,effective_status,created_time,updated_time,account_id"
FIELDS = {
    "campaigns": f"{OBJECT_FIELDS},objective,buying_type,start_time,stop_time,daily_budget,lifetime_budget",
    "adsets": f"{OBJECT_FIELDS},campaign_id,optimization_goal,billing_event,attribution_spec,"
    "start_time,end_time,daily_budget,lifetime_budget",
    # Which post an ad shows: what was paid for a post and what it earned by itself are told together.
    "ads": f"{OBJECT_FIELDS},campaign_id,adset_id,"
    "creative{id,effective_object_story_id,effective_instagram_media_id}",
}
# Asked for nothing, the platform leaves out what is archived.
COMMON = ("ACTIVE", "PAUSED", "IN_PROCESS", "WITH_ISSUES", "ARCHIVED")
REVIEW = ("PENDING_REVIEW", "DISAPPROVED", "PREAPPROVED", "PENDING_BILLING_INFO")
STATES = {
    "campaigns": COMMON,
    "adsets": (*COMMON, "CAMPAIGN_PAUSED"),
    "ads": (*COMMON, "CAMPAIGN_PAUSED", "ADSET_PAUSED", *REVIEW),
}
LEVELS = {"campaign": "campaign_id,campaign_name", "adset": "campaign_id,adset_id,adset_name"}
LEVELS["ad"] = "campaign_id,campaign_name,adset_id,adset_name,ad_id,ad_name"
FIGURES = "account_id,account_currency,spend,impressions,reach,frequency,clicks,inline_link_clicks,actions"
# Without them the account's default counts, which anybody may change and nobody tells us.
WINDOWS = ("7d_click", "1d_view")
INSIGHT_LIMIT = 500  # small rows; where it is too much, Meta says so and less is asked
WINDOW = 30  # days


def ad_accounts(meta: Meta) -> list[str]:
    """Ad accounts as configured, with or without their act_."""
    chosen = [str(account) for account in meta.env.settings.get("ad_accounts") or ()]
    if not chosen:
        meta.warn_once("platforms.meta.ad_accounts names none: no ads and no figures of theirs are read")
    return [f"act_{account.removeprefix('act_')}" for account in chosen]


def accounts(meta: Meta, account: str, since: Since) -> Iterator[Page | Announced]:
    """The ad account itself: in which money and in whose days it reports."""
    yield Page([_account(meta, account)])


def _account(meta: Meta, account: str) -> Row:
    return meta.get(account, {"fields": ACCOUNT_FIELDS})


def _objects(edge: str, meta: Meta, account: str, since: Since) -> Iterator[Page | Announced]:
    params = {"fields": FIELDS[edge], "effective_status": json.dumps(STATES[edge])}
    for rows in meta.pages(f"{account}/{edge}", params):
        yield Page(rows)


campaigns, adsets, ads = (partial(_objects, edge) for edge in FIELDS)


def ads_of(meta: Meta, account: str) -> list[Row]:
    """Every ad of an account, the archived too; its id only."""
    return meta.list(f"{account}/ads", {"fields": "id", "effective_status": json.dumps(STATES["ads"])})


def _figures(level: str, meta: Meta, account: str, since: Since) -> Iterator[Page | Announced]:
    """Figures per day, oldest first; days without delivery have no row."""
    zone = _account(meta, account).get("timezone_name")
    for begin, end in days_to_ask(since, meta.today(zone), WINDOW):
        params = {
            "level": level,
            "time_increment": 1,
            "time_range": json.dumps({"since": begin.isoformat(), "until": end.isoformat()}),
            "fields": f"{LEVELS[level]},{FIGURES},date_start,date_stop",
            "action_attribution_windows": json.dumps(WINDOWS),
            "limit": INSIGHT_LIMIT,
        }
        for rows in meta.pages(f"{account}/insights", params):
            yield Page(rows)


# The figures of ads add up, but for reach: one who saw two ads of a campaign was reached by it once.
insights = partial(_figures, "ad")
adset_insights = partial(_figures, "adset")
campaign_insights = partial(_figures, "campaign")
