"""What an answer to "one person or several?" moves besides numbers: orders and permissions, as published."""

from collections.abc import Sequence

from pipelines.judge_words import say
from pipelines.judging import published
from pipelines.paper.numbers import plain
from pipelines.portrait_words import word
from pipelines.reading import Connection

# Asked so, and not by list_contains, only those parts of a table are read in which these people lie.
ORDERS = """
select currency, sum(order_count) as order_count, sum(net_revenue_total) as net
from customers where customer_id in (select unnest($ids)) and order_count > 0
group by currency order by currency
"""
# A no said as a whole holds for every point of the person, but for a later yes on that very point; a STOP for
# texts and calls. The law of the place decides in the end: this is what it comes to as far as published.
ENDING = """
with noes as (
    select customer_id, reason, max(occurred_at) as said_at from customer_permissions
    where customer_id in (select unnest($ids)) and reason in ('objected', 'stopped')
    group by customer_id, reason
)
select
    allowed.channel,
    count(distinct (allowed.customer_id, allowed.purpose, allowed.contact_value)) as permission_count,
    list_sort(list(distinct noes.customer_id)) as said_by
from customer_permissions as allowed
inner join noes on allowed.customer_id <> noes.customer_id
where
    allowed.customer_id in (select unnest($ids))
    and allowed.is_allowed
    and (noes.reason = 'objected' or allowed.channel in ('sms', 'phone'))
    and not coalesce(allowed.basis = 'consent' and allowed.occurred_at > noes.said_at, false)
group by allowed.channel order by allowed.channel
"""
SPREAD = "from customer_permissions where customer_id = ? and reason in ('objected', 'stopped') limit 1"


def of_merging(con: Connection, stays: str, goes: Sequence[str], language: str) -> list[str]:
    """`goes`: the customers whose number will lead to `stays`."""
    lines = [
        say(
            language,
            "orders_come",
            count=plain(row["order_count"], language),
            net=plain(row["net"], language, 2),
            currency=row["currency"] or "",
        )
        for row in published(con, ORDERS, {"ids": list(goes)})
    ]
    ending = published(con, ENDING, {"ids": [stays, *goes]})
    if not ending:
        return [*lines, say(language, "no_permission_ends")]
    channels = ", ".join(f"{word(language, row['channel'])} {row['permission_count']}" for row in ending)
    by = ", ".join(sorted({number for row in ending for number in row["said_by"]}))
    return [*lines, say(language, "permissions_end", by=by, channels=channels)]


def of_parting(con: Connection, customer_id: str, language: str) -> list[str]:
    """Which side is whose no published table tells; an order and a no stay with the record they came by."""
    lines = [
        say(language, "orders_part", count=plain(row["order_count"], language))
        for row in published(con, ORDERS, {"ids": [customer_id]})
    ]
    return lines + ([say(language, "noes_part")] if published(con, SPREAD, customer_id) else [])
