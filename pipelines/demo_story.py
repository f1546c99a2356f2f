"""What the demo tells at its end: ten different people and why, then the sums."""

from pipelines.portrait import CHANNELS, COLON, STAGES, permission_why, stage_steps, stage_why
from pipelines.portrait_words import money, word
from pipelines.reading import Connection, rows

# How many of each stage: beginnings and ends are the most telling.
TOLD = dict(zip(STAGES, (2, 1, 1, 2, 2, 2), strict=True))


def varied(con: Connection) -> list[str]:
    """Ten customers of all stages: in each, first one with a yes for e-mail, then one with a real no."""
    told = []
    for stage in reversed(STAGES):
        found = rows(
            con,
            """
            select customer_id from customers where stage = ?
            -- Known on several platforms, with something to tell, and alternating yes and no.
            order by row_number() over (
                partition by can_email, coalesce(why_not_email, '') = 'never_asked'
                order by merged_from_count desc, customer_id
            ), coalesce(why_not_email, '') = 'never_asked', can_email desc, customer_id
            limit ?
            """,
            stage,
            TOLD[stage],
        )
        told += [row["customer_id"] for row in found]
    return told


def short(con: Connection, customer_id: str, language: str) -> str:
    """One person in four lines."""
    (c,) = rows(con, "from customers where customer_id = ?", customer_id)
    why = stage_why(stage_steps(con, customer_id)[-1], language)
    stage = f"{word(language, c['stage'])} {word(language, 'since', day=c['stage_since'])}"
    records = rows(
        con,
        "select count(*) as count, string_agg(distinct platform, ', ' order by platform) as platforms"
        " from customer_profiles where customer_id = ?",
        customer_id,
    )[0]
    return "\n".join(
        [
            f"{c['display_name'] or c['company'] or '-'}{COLON[language]}{stage}",
            f"    {word(language, 'because', why=why)}",
            *(f"    {line}" for line in _permissions(con, customer_id, language)),
            f"    {word(language, 'records', **records)}   {customer_id}",
        ]
    )


def _permissions(con: Connection, customer_id: str, language: str) -> list[str]:
    """The best answer of each channel: one line of yes, one of no."""
    decided = rows(
        con,
        """
        select p.*, a.reason as said, a.platform
        from customer_permissions as p
        left join consents as a
            on p.decided_by_act = a.consent_act_id and p.customer_id = a.customer_id
            and p.contact_value = a.contact_value
        where p.customer_id = ? and p.purpose = 'marketing'
        qualify row_number() over (
            partition by p.channel
            order by p.is_allowed and p.is_deliverable desc, p.occurred_at desc nulls last, p.contact_value
        ) = 1
        order by list_position(?, p.channel)
        """,
        customer_id,
        list(CHANNELS),
    )
    lines = []
    for answer in (True, False):
        parts = [
            f"{word(language, row['channel'])} ({permission_why(row, language)})"
            for row in decided
            if row["is_allowed"] == answer
        ]
        lines += (
            [f"{word(language, 'may' if answer else 'may_not')}{COLON[language]}{', '.join(parts)}"]
            if parts
            else []
        )
    return lines


def totals(con: Connection, language: str) -> str:
    """Customers by stage, whom we may reach, the money, the leads."""
    stages = {r["stage"]: r["n"] for r in rows(con, "select stage, count(*) as n from customers group by 1")}
    listed = ", ".join(f"{stages.get(s, 0):,} {word(language, s)}" for s in reversed(STAGES))
    lines = ["", f"{word(language, 'customers', count=f'{sum(stages.values()):,}')}: {listed}"]
    reach = rows(
        con,
        "select channel, count(distinct customer_id) as n from customer_permissions"
        " where is_allowed and is_deliverable and purpose = 'marketing' group by 1"
        " order by list_position(?, channel)",
        list(CHANNELS),
    )
    parts = [
        word(language, "reach", channel=word(language, r["channel"]), count=f"{r['n']:,}") for r in reach
    ]
    return "\n".join([*lines, " · ".join(parts), *_money(con, language), *_leads(con, language)])


def _money(con: Connection, language: str) -> list[str]:
    found = rows(
        con,
        """
        select currency, sum(net) as net, sum(order_count) as count,
            coalesce(sum(net) filter (where customer_id = 'unattributed or erased'), 0) as unknown
        from revenue_by_customer group by 1 order by 1
        """,
    )
    return [
        word(
            language,
            "money",
            net=money(r["net"], language),
            currency=r["currency"],
            count=f"{r['count']:,}",
            unknown=money(r["unknown"], language),
        )
        for r in found
    ]


def _leads(con: Connection, language: str) -> list[str]:
    """Per platform that announces a number, what it sold us against what we hold."""
    found = rows(
        con,
        "select platform, sum(announced) as announced, sum(landed) as landed, sum(tests) as tests,"
        " sum(missing) as missing"
        " from lead_ledger where announced is not null group by 1 order by 1",
    )
    return [word(language, "leads", **row) for row in found]
