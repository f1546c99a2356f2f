"""One customer's story: everything that happened, day by day, oldest first, and what it made of them."""

from pipelines.portrait_words import money, word
from pipelines.reading import Connection, Row, rows

MOST = 60  # the newest; the whole is in touchpoints, orders, consents, referrals and customer_stages

# `place` orders one day: what happened before what came of it.
STORY = """
with happened as (
    select touch_date as day, 1 as place, touch_type as what, platform as told_by, count(*) as times,
        null::decimal(18, 2) as amount, null as currency, null as who
    from touchpoints where customer_id = $1 and touch_type not in ('order_paid', 'referral_given')
        -- told below, by whom and for which channels
        and not starts_with(touch_type, 'permission_')
    group by all
    union all by name
    select order_date as day, 2 as place, 'order_paid' as what, order_name as told_by,
        case when cancelled_at is null then gross end as amount, currency
    from orders where customer_id = $1
    union all by name
    select cancelled_at::date as day, 3 as place, 'order_cancelled' as what, order_name as told_by
    from orders where customer_id = $1 and cancelled_at is not null
    union all by name
    select last_refunded_at::date as day, 3 as place, 'order_refunded' as what, order_name as told_by,
        refunded as amount, currency
    from orders where customer_id = $1 and last_refunded_at is not null and cancelled_at is null
    union all by name
    select occurred_at::date as day, 4 as place, reason as what, platform as told_by,
        string_agg(distinct channel, ',' order by channel) as who
    from consents where customer_id = $1 and act <> 'implied_start'
    group by all
    union all by name
    select r.given_on as day, 5 as place, 'story.sent' as what, c.display_name as who
    from referrals as r left join customers as c on r.referee_customer_id = c.customer_id
    where r.referrer_customer_id = $1 and r.referee_customer_id <> $1
    union all by name
    select r.converted_on as day, 6 as place, 'story.won' as what, c.display_name as who,
        r.net_revenue as amount, c.currency
    from referrals as r left join customers as c on r.referee_customer_id = c.customer_id
    where r.referrer_customer_id = $1 and r.status = 'converted'
    union all by name
    select r.given_on as day, 5 as place, 'story.was_sent' as what, c.display_name as who
    from referrals as r left join customers as c on r.referrer_customer_id = c.customer_id
    where r.referee_customer_id = $1 and r.status = 'converted'
    union all by name
    select valid_from as day, 7 as place, 'story.' || axis as what, value as who
    from customer_stages where customer_id = $1 and axis in ('stage', 'activity')
)
select *, count(*) over () as told from happened where day is not null
order by day desc, place desc, what desc, told_by desc, who desc limit $2
"""


def story(con: Connection, customer_id: str) -> list[Row]:
    """What happened, newest first, the latest MOST of `told`."""
    return rows(con, STORY, customer_id, MOST)


def story_lines(con: Connection, customer_id: str, language: str) -> list[str]:
    """Day and what happened, the latest MOST of them."""
    found = story(con, customer_id)
    lines = [word(language, "story")]
    if found and found[0]["told"] > len(found):
        lines.append("  " + word(language, "story.before", count=found[0]["told"] - len(found)))
    return lines + [f"  {row['day']}  {told(row, language)}" for row in reversed(found)]


def next_act_lines(con: Connection, customer_id: str, language: str) -> list[str]:
    """What to do next and why, where there is anything to do and we may."""
    return [
        word(
            language,
            "next_act",
            act=word(language, f"act.{row['act']}"),
            channel=word(language, row["channel"]),
            why=row[f"reason_{language}"],
        )
        for row in rows(con, "from next_acts where customer_id = ?", customer_id)
    ]


def told(row: Row, language: str) -> str:
    """One line of the story in words."""
    what = row["what"]
    if what in ("story.stage", "story.activity"):
        return word(language, what, value=word(language, row["who"]))
    if what.startswith("story."):
        brought = "" if row["amount"] is None else f"{money(row['amount'], language)} {row['currency']}"
        return word(language, what, who=row["who"] or "-", brought=brought)
    text = word(language, what)
    if row["who"]:
        text += f" ({', '.join(word(language, channel) for channel in row['who'].split(','))})"
    if row["amount"] is not None:
        text += f", {money(row['amount'], language)} {row['currency'] or ''}".rstrip()
    if (row["times"] or 1) > 1:
        text += f", {row['times']}×"
    return text + (f" [{row['told_by']}]" if row["told_by"] else "")
