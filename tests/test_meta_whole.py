"""Meta, and the figures of the ad platforms beside it, from the platforms to the contracts, without Dagster:
pulled, landed, staged, held against the truth.

One pull of a small company for all tests; the truth is the made-up company itself, which no server hands out.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import inside
import pytest
import requests
from homes import make_company

from connectors.ads import FIRST_REACH
from connectors.meta import STREAMS
from connectors.pinterest import figures
from connectors.stream import ConnectorError
from pipelines import raw
from pipelines.company import Company as Settings
from pipelines.company import sources
from pipelines.extract import Pull, read_stream
from pipelines.handout import keep
from pipelines.warehouse_file import warehouse
from simulator import home
from simulator.ads import ads_of
from simulator.company import make, with_ad_platforms
from simulator.marketing import PARIS
from simulator.model import Campaign, CampaignDay, Company
from simulator.server import running
from tests.simulated import NOON
from tests.simulated import company as a_few

UNTIL = date(2026, 11, 20)
MORNING = datetime(2026, 11, 20, 5, tzinfo=UTC)
TYPED = "9001"
BUILT = ("path:models/staging/meta", "+spend", "+campaign_reach")
FIGURES = {
    "tiktok": {"advertisers", "ad_reports", "campaign_reports"},
    "linkedin": {"ad_accounts", "campaigns", "creatives", "creative_analytics", "campaign_analytics"},
    "google_ads": {"ad_days", "campaign_days"},
    "pinterest": {"ad_accounts", "ads", "ad_days"},
}
TELLS_NO_REACH = frozenset({"google_ads", "pinterest"})


def pull(
    settings: Settings, names: set[str] | None = None, at: datetime = MORNING, platform: str = "meta"
) -> dict[str, dict]:
    """Read and land the streams; what could not be read, per stream and account."""
    client, errors = settings.client(platform), {}
    with warehouse(settings.home) as con:
        raw.ensure(con)
        keep(settings.home, raw.hand_out(con))
        for source in sources():
            if source.platform == platform and (names is None or source.stream.name in names):
                pulled = read_stream(source, client, Pull(), settings, lambda text: None)
                errors[source.stream.name] = pulled.errors
        for batch in raw.waiting(settings.home):
            landed = raw.land(con, settings.home, batch, at)
            assert landed.failed_reason is None, landed
    return errors


@pytest.fixture(scope="module")
def company() -> Company:
    made = make(60, 7, UNTIL)
    # A test lead whose answers somebody typed: nothing in it says what it is.
    real = next(lead for lead in reversed(made.leads) if lead.platform == "meta" and lead.person_id)
    at = MORNING - timedelta(days=2)
    tried = replace(real, lead_id=TYPED, person_id=None, campaign_id=None, created_at=at, visible_at=at)
    made.leads.append(tried)
    return with_ad_platforms(made, *home.AD_PLATFORMS)


@pytest.fixture(scope="module")
def platform(company: Company) -> Iterator[str]:
    with running(company) as base_url:
        yield base_url


@pytest.fixture(scope="module")
def pulled(platform: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    blocks = {"meta": {"base_url": "/meta", "ad_accounts": ["500001"]}, **home.AD_PLATFORMS}
    here = {
        name: {**block, "base_url": platform + block["base_url"], "per_second": 500}
        for name, block in blocks.items()
    }
    settings = make_company(tmp_path_factory.mktemp("meta"), platforms=here)
    assert not any(pull(settings).values())
    for name, streams in FIGURES.items():
        assert not any(pull(settings, streams, platform=name).values())
    inside.dbt(settings.home.warehouse, "build", "--select", *BUILT, "--exclude-resource-type", "unit_test")
    return settings


@contextmanager
def asked(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(settings.home.warehouse), read_only=True) as con:
        con.execute("set TimeZone = 'UTC'")
        yield con


def one(settings: Settings, query: str) -> list[tuple]:
    with asked(settings) as con:
        return con.execute(query).fetchall()


def is_shown(day: CampaignDay) -> bool:
    """Two years back from the account's own today, which in Paris begins before it does in Greenwich, whose
    days LinkedIn counts."""
    if (
        day.platform == "pinterest"
    ):  # which is asked by day for no longer, and counts its days in Greenwich, too
        return day.impressions > 0 and day.day >= UNTIL - figures.REACH
    today = UNTIL + timedelta(days=day.platform != "linkedin")
    return day.impressions > 0 and day.day >= today - FIRST_REACH


def test_ads__what_they_cost_adds_up_to_what_was_spent(pulled: Settings, company: Company) -> None:
    spent: dict[tuple, list] = {}
    for day in company.campaign_days:
        if is_shown(day):
            spent[day.campaign_id, day.day] = [day.spend, day.impressions, day.clicks]
    told = one(
        pulled,
        "select campaign_id, spend_date, sum(cost), sum(impressions), sum(clicks) from contracts.spend"
        " where campaign_id is not null group by all",
    )
    assert {(c, d): figures for c, d, *figures in told} == spent


def test_ads__two_of_a_campaign_reach_each_person_once(pulled: Settings, company: Company) -> None:
    days = [d for d in company.campaign_days if is_shown(d) and d.platform not in TELLS_NO_REACH]
    truth = {(d.campaign_id, d.day): d.reach for d in days}
    told = one(pulled, "select campaign_id, spend_date, reach from contracts.campaign_reach")
    assert {(c, d): reach for c, d, reach in told} == truth
    # And the ads alone would have said more: the test is not vacuous.
    summed = one(pulled, "select sum(reach) from contracts.spend where campaign_id is not null")[0][0]
    assert summed > sum(truth.values())


def test_ads__interactions_are_what_people_did_and_no_clicks(pulled: Settings, company: Company) -> None:
    [(told,)] = one(pulled, "select sum(interactions) from contracts.spend where campaign_id is not null")
    likes = sum(day.likes for day in company.campaign_days if is_shown(day))
    assert likes <= told <= likes * 1.2


def test_meta__every_campaign_ad_set_and_ad_has_its_name_and_state(
    pulled: Settings, company: Company
) -> None:
    rows = one(pulled, "select campaign_id, campaign_name, effective_status from staging.stg_meta__campaigns")
    campaigns = [one for one in company.campaigns if one.platform == "meta"]
    assert {(c, name) for c, name, _ in rows} == {(c.campaign_id, c.name) for c in campaigns}
    assert {status for *_, status in rows} == {"PAUSED", "ARCHIVED"}
    assert {a for (a,) in one(pulled, "select adset_id from staging.stg_meta__adsets")} == {
        c.adset_id for c in campaigns
    }
    ads = one(
        pulled, "select ad_id, ad_name, campaign_id from staging.stg_meta__ads where post_id is not null"
    )
    assert set(ads) == {(a.ad_id, a.name, c.campaign_id) for c in campaigns for a in ads_of(c)}
    # An ad's figures are told with the post that it shows.
    assert one(
        pulled,
        "select count(*) from contracts.spend"
        " where platform = 'meta' and ad_id is not null and post_id is null",
    ) == [(0,)]
    [account] = one(pulled, "select account, currency, time_zone from staging.stg_meta__ad_accounts")
    assert account == ("act_500001", "EUR", "Europe/Paris")


def test_meta__posts_and_media_are_told_once_with_their_figures(pulled: Settings, company: Company) -> None:
    old = {post.post_id: post for post in company.posts if post.at < datetime(2026, 11, 1, tzinfo=UTC)}
    rows = one(
        pulled,
        "select post_id, surface, account, views, reach, clicks, reactions, comments, shares, saves"
        " from staging.stg_meta__posts where published_at < '2026-11-01'",
    )
    assert len(rows) == len(old)
    for post_id, surface, account, views, reach, clicks, reactions, comments, shares, saves in rows:
        post = old[post_id]
        assert (surface[0], account, views, reach) == (
            {"fb": "f", "ig": "i"}[post.surface], post.account_id, post.views, post.reach
        )  # fmt: skip
        assert (reactions, comments, shares or 0) == (post.reactions, post.comments, post.shares)
        # Each tells what it has: no clicks of a medium, no saves of a post.
        assert (clicks, saves) == ((post.clicks, None) if post.surface == "fb" else (None, post.saves))
    [(spent, count)] = one(
        pulled,
        "select sum(cost), count(*) from contracts.spend where platform = 'meta' and campaign_id is null",
    )
    assert (spent, count) == (None, len(company.posts))


def test_meta__a_post_at_night_belongs_to_the_day_of_the_company(pulled: Settings, company: Company) -> None:
    days = dict(one(pulled, "select post_id, spend_date from contracts.spend where ad_id is null"))
    assert all(days[post.post_id] == post.at.astimezone(PARIS).date() for post in company.posts)


def test_meta__nobody_and_no_token_is_kept_of_posts(pulled: Settings) -> None:
    kept = one(
        pulled, "select payload::varchar from raw_meta.posts union all select payload from raw_meta.media"
    )
    assert not any("Curieux" in text or "access_token" in text for (text,) in kept)


def test_meta__test_leads_are_marked_and_hide_no_missing_lead(pulled: Settings, company: Company) -> None:
    fresh = MORNING - timedelta(days=90)
    shown = [lead for lead in company.leads if lead.platform == "meta" and lead.created_at > fresh]
    tests = {lead.lead_id for lead in shown if lead.person_id is None}
    assert TYPED in tests
    marked = one(pulled, "select split_part(profile_id, ':', 4) from staging.stg_meta__leads where is_test")
    assert {key for (key,) in marked} == tests
    with warehouse(pulled.home) as con:
        accounted = raw.hand_out(con)
    counted = sum(since.landed.get("", 0) for (_, stream, _), since in accounted.items() if stream == "leads")
    # What expired before the first pull counts as accounted for; tests do not.
    assert counted == len([lead for lead in company.leads if lead.platform == "meta" and lead.person_id])


def ad_set(campaign: Campaign) -> tuple[str | None, str | None]:
    """LinkedIn has no level between a campaign and its ads; of Pinterest's the name is not asked for."""
    if campaign.platform == "pinterest":
        return campaign.adset_id, None
    return (None, None) if campaign.platform == "linkedin" else (campaign.adset_id, campaign.adset_name)


def test_ads__every_platform_names_what_was_paid_for(pulled: Settings, company: Company) -> None:
    told = one(
        pulled,
        "select distinct platform, account, campaign_id, campaign_name, adset_id, adset_name, ad_id, ad_name,"
        " currency from contracts.spend where campaign_id is not null",
    )
    delivered = {day.campaign_id for day in company.campaign_days if is_shown(day)}
    assert set(told) == {
        (c.platform, c.account_id, c.campaign_id, c.name, *ad_set(c), ad.ad_id, ad.name, "EUR")
        for c in company.campaigns
        if c.campaign_id in delivered
        for ad in ads_of(c)
    }


def test_ads__leads_claimed_are_those_that_came(pulled: Settings, company: Company) -> None:
    settled = UNTIL - timedelta(days=5)
    told = one(
        pulled,
        "select platform, sum(leads_claimed) from contracts.spend"
        f" where spend_date < date '{settled}' group by all",
    )
    truth: dict[str, int] = {}
    for day in company.campaign_days:
        if is_shown(day) and day.day < settled:
            truth[day.platform] = truth.get(day.platform, 0) + day.leads
    assert {name: claimed for name, claimed in told if claimed} == truth


def test_meta__the_second_pull_adds_nothing(pulled: Settings) -> None:
    counts = "select " + ", ".join(f"(select count(*) from raw_meta.{stream.name})" for stream in STREAMS)
    before = one(pulled, counts)
    assert not any(pull(pulled).values())
    assert one(pulled, counts) == before


def test_meta__a_retired_version_stops_meta_and_says_what_to_do(platform: str, tmp_path: Path) -> None:
    block = {"base_url": f"{platform}/meta", "version": "v19.0", "ad_accounts": ["500001"]}
    settings = make_company(tmp_path, platforms={"meta": block})
    errors = pull(settings, {"campaigns"})["campaigns"]
    assert "raise platforms.meta.version" in str(errors["act_500001"])


def test_meta__hidden_forms_and_dead_figures_stop_nothing_else(company: Company, tmp_path: Path) -> None:
    """At once: a form that does not open, a figure not served any more, a medium without figures."""
    medium = max((p for p in company.posts if p.surface == "ig"), key=lambda post: post.at)
    form = max(
        (f for f in company.forms if f.platform == "meta"),
        key=lambda f: sum(lead.form_id == f.form_id for lead in company.leads if not lead.is_organic),
    )
    with running(company) as base_url:
        wish = {
            "platform": "meta",
            "hidden_forms": [form.form_id],
            "dead_metrics": ["post_clicks"],
            "without_figures": [medium.post_id],
        }
        requests.post(f"{base_url}/_sim/settings", data=json.dumps(wish), timeout=10).raise_for_status()
        block = {"base_url": f"{base_url}/meta", "ad_accounts": ["500001"], "per_second": 500}
        settings = make_company(tmp_path, platforms={"meta": block})
        errors = pull(settings, {"leads", "posts", "media"})
    assert [type(error) for error in errors["leads"].values()] != []
    assert all(isinstance(error, ConnectorError) for error in errors["leads"].values())
    assert not errors["posts"]
    assert not errors["media"]
    fresh = MORNING - timedelta(days=89)
    bought = {
        lead.lead_id
        for lead in company.leads
        if lead.form_id == form.form_id and lead.person_id and not lead.is_organic and lead.created_at > fresh
    }
    assert bought
    assert bought <= {key for (key,) in one(settings, "select _key from raw_meta.leads")}
    names = "unnest(json_extract_string(payload, '$.insights.data[*].name')) as name"
    named = one(settings, f"select distinct {names} from raw_meta.posts order by name")
    assert named == [("post_media_view",), ("post_total_media_view_unique",)]
    without = "select count(*) from raw_meta.media where not json_exists(payload, '$.insights')"
    assert one(settings, without) == [(1,)]


def test_ads__money_is_exact(pulled: Settings, company: Company) -> None:
    [(total,)] = one(pulled, "select sum(cost) from contracts.spend")
    assert total == sum((day.spend for day in company.campaign_days if is_shown(day)), Decimal(0))


def test_meta__figures_that_move_afterwards_are_read_again(tmp_path: Path) -> None:
    """Results of yesterday are not all attributed yet; what was told first stays in the log."""
    with running(a_few(), now=NOON) as base_url:
        block = {"base_url": f"{base_url}/meta", "ad_accounts": ["500001"], "per_second": 500}
        settings = make_company(tmp_path, platforms={"meta": block})
        pull(settings, {"insights"}, NOON)
        later = NOON + timedelta(days=5)
        wish = json.dumps({"now": later.isoformat()})
        requests.post(f"{base_url}/_sim/clock", data=wish, timeout=10).raise_for_status()
        assert not any(pull(settings, {"insights"}, later).values())
    claimed = "json_extract_string(payload, '$.actions[*].value')"
    kinds = "json_extract_string(payload, '$.actions[*].action_type')"
    told = one(
        settings,
        f"select {claimed}[list_position({kinds}, 'lead')] from raw_meta.insights"
        " where _key = '55:2026-11-19' order by _ingested_at",
    )
    assert told == [("9",), ("10",)]
    # A day that had settled came once.
    assert one(settings, "select count(*) from raw_meta.insights where _key = '55:2026-11-17'") == [(1,)]
