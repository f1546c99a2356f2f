"""Campaigns and posts side by side, as campaign_results tells them.

Of whom a campaign brought, nothing is told while they are too few; of those who bought likewise, nor where
all but a few did. Money is rounded to a step that hides the largest buyer.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from pipelines import reading
from pipelines.answering.hiding import stepped
from pipelines.answering.publication import Open, Refused
from pipelines.answering.texts import quoted, unquoted

# Not of people one by one: what was spent, and how it was seen.
SEEN = ("cost", "impressions", "reach", "interactions", "clicks", "leads_claimed", "orders_claimed")
OF_BROUGHT = ("reachable_count", "qualified_count", "customer_count")
ORDERS = ("first_order_count", "repeat_order_count")
MONEY = ("net", "contribution", "net_90_days")
SHARES = ("reachable_share", "qualified_share", "customer_share")
ORDER = (*SEEN, "brought_count", *OF_BROUGHT, *MONEY)
MOST = 30


def side_by_side(open_: Open, campaigns: Sequence[str], order_by: str, most: int) -> dict[str, Any]:
    """The campaigns named (by key, with or without marks), else the largest. Raises Refused."""
    open_.table("campaign_results")
    if order_by not in ORDER:
        raise Refused(f"order_by is one of {', '.join(ORDER)}")
    if not 1 <= most <= MOST or len(campaigns) > MOST:
        raise Refused(f"1 to {MOST} campaigns")
    rows = reading.rows(
        open_.con,
        f"""
        with largest as (
            select brought_by, max(abs(net)) as net, max(abs(contribution)) as contribution,
                max(orders) as orders
            from (
                select brought_by, customer_id, sum(net_converted) as net, sum(contribution) as contribution,
                    count(*) as orders
                from order_campaigns where customer_id is not null group by all
            ) as buyers group by brought_by
        )
        select r.*, l.net as largest_net, l.contribution as largest_contribution, l.orders as largest_orders
        from campaign_results as r left join largest as l on r.campaign_key = l.brought_by
        where len($keys::varchar[]) = 0 or list_contains($keys::varchar[], r.campaign_key)
        order by r."{order_by}" desc nulls last, r.campaign_key
        """,
        {"keys": [unquoted(key) for key in campaigns]},
    )
    # In the order of what is told, or the order would tell what is not.
    told = sorted((_told(open_, row) for row in rows), key=lambda row: _rank(row[order_by]))
    return {"currency": open_.settings.currency, "campaigns": told[:most], "of": len(told)}


def _rank(value: float | None) -> float:
    return float("inf") if value is None else -value


def _told(open_: Open, row: dict[str, Any]) -> dict[str, Any]:
    few = open_.teller.smallest
    brought, customers = row["brought_count"] or 0, row["customer_count"] or 0
    told: dict[str, Any] = {
        "campaign_key": quoted(row["campaign_key"], is_free=True),
        "name": quoted(row["campaign_name"], is_free=True),
        "platform": quoted(row["platform"]),
        "is_post": row["is_post"],
        "starts_on": row["starts_on"] and row["starts_on"].isoformat(),
        "ends_on": row["ends_on"] and row["ends_on"].isoformat(),
        "is_mature": row["is_mature"],
        "is_followed": row["is_followed"],
        **{name: _plain(row[name]) for name in SEEN},
        "brought_count": _count(open_, brought, None),
    }
    told |= {name: _count(open_, row[name] or 0, brought) for name in OF_BROUGHT}
    told |= {
        f"{name}{end}": round(row[name + end], 2)
        if told["brought_count"] and row[name + end] is not None
        else None
        for name in SHARES
        for end in ("", "_low", "_high")
    }
    is_told = told["customer_count"] is not None and customers >= few
    step = float(row["largest_orders"] or 0)
    for name in ORDERS:
        told[name] = stepped(float(row[name] or 0), max(step, few)) if is_told else None
    for name in MONEY:
        largest = float(row["largest_contribution" if name == "contribution" else "largest_net"] or 0)
        known = is_told and row[name] is not None
        told[name] = stepped(float(row[name]), largest) if known else None
    return told


def _count(open_: Open, count: int, among: int | None) -> int | None:
    """None for a few, and for all but a few of those it is `among`."""
    few = open_.teller.smallest
    if count < few or (among is not None and 0 < among - count < few):
        return None
    return open_.teller.rounded(count)


def _plain(value: Any) -> float | int | None:
    return float(value) if isinstance(value, Decimal) else value
