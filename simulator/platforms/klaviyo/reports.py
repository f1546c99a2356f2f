"""The report of campaigns' figures: a year of them at the most, by campaign and message."""

from datetime import datetime, timedelta
from typing import Any

from simulator.clock import read_moment
from simulator.model import Company
from simulator.platforms.klaviyo import nodes
from simulator.platforms.klaviyo.problems import invalid
from simulator.wire import Call

LONGEST = timedelta(days=366)
KNOWN = frozenset({
    "recipients", "delivered", "bounced", "clicks_unique", "opens_unique", "unsubscribe_uniques",
    "spam_complaints", "opens", "clicks", "open_rate", "click_rate", "conversion_value",
})  # fmt: skip


def results(call: Call, company: Company, now: datetime, metrics: set[str]) -> dict[str, Any]:
    body = call.json if isinstance(call.json, dict) else {}
    data = body.get("data") if isinstance(body.get("data"), dict) else {}
    asked = data.get("attributes") if isinstance(data.get("attributes"), dict) else {}
    if data.get("type") != "campaign-values-report" or not asked.get("statistics"):
        raise invalid("statistics are required", "data")
    if asked.get("conversion_metric_id") not in metrics:
        raise invalid("conversion_metric_id is no metric", "conversion_metric_id")
    if unknown := set(asked["statistics"]) - KNOWN:
        raise invalid(f"no such statistic: {sorted(unknown)}", "statistics")
    begin, end = _timeframe(asked.get("timeframe") or {}, now)
    told = [
        nodes.figures(one, asked["statistics"])
        for one in company.mail_campaigns
        if begin <= one.sent_at < end and one.sent_at <= now
    ]
    attributes = {"results": told}
    links = {"self": f"{call.base}/{call.path}", "next": None, "prev": None}
    return {
        "data": {"type": "campaign-values-report", "attributes": attributes, "relationships": {}},
        "links": links,
    }


def _timeframe(told: dict[str, Any], now: datetime) -> tuple[datetime, datetime]:
    if told.get("key") in ("last_12_months", "last_365_days"):
        return now - timedelta(days=365), now
    try:
        begin, end = read_moment(told["start"]), read_moment(told["end"])
    except (KeyError, TypeError, ValueError):
        raise invalid("timeframe is required", "timeframe") from None
    if end - begin > LONGEST or end <= begin:
        raise invalid("a timeframe is one year at the most", "timeframe")
    return begin, end
