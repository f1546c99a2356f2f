"""The real models of value over hand-made people: any day, no build.

dbt reads the project once and compiles the models; each becomes a view over plain tables that a test fills,
so that what is inserted counts at once. A day is a number: days after DAY_0.
"""

import json
import zlib
from datetime import date, timedelta
from functools import cache
from typing import Any

import duckdb
import inside
import throwaway
from lifecycle_harness import SHORT_NAME

DAY_0 = date(2024, 1, 1)
AXES = ("stage", "commercial_stage")
LADDER = (
    "lead", "prospect", "first_time_customer", "repeat_customer", "loyal_customer", "ambassador"
)  # fmt: skip
RANKS = {stage: rank for rank, stage in enumerate(LADDER, 1)}
# In the order in which each reads those before it.
MODELS = {
    "int_customer_events": "lifecycle",
    "int_referral_mentions": "lifecycle",
    "int_referrals": "lifecycle",
    "referrals": "marts",
    "int_customer_habits": "lifecycle",
    "int_customer_rfm": "lifecycle",
    "value_cohorts": "marts",
    "funnel__conversion": "lifecycle",
    "funnel__stays": "lifecycle",
    "funnel__flow": "lifecycle",
    "next_acts": "marts",
    "order_ownership": "marts",
    "customer_ownership": "marts",
    "campaign_touches": "marts",
    "customer_campaigns": "marts",
    "order_campaigns": "marts",
    "campaign_costs": "marts",
    "campaign_results": "marts",
    "order_attribution": "marts",
}
# What stands before them, or is put in their place.
TABLES = {
    "contracts.events": "event_id varchar, profile_id varchar, event_type varchar, occurred_at timestamptz,"
    f" profile_n {SHORT_NAME},"
    " ingested_at timestamptz, touched_at timestamptz, platform varchar, channel varchar,"
    " campaign_id varchar, amount decimal(18, 2), currency varchar, evidence varchar, details json",
    "lifecycle.int_valid_orders": "customer_id varchar, order_id varchar, order_name varchar,"
    " ordered_at timestamptz, valid_from date, valid_to date",
    "lifecycle.int_orders": "order_id varchar, profile_id varchar, ordered_at timestamptz, order_date date,"
    " channel varchar, gross decimal(18, 2), net_converted decimal(18, 2), details json",
    "identity.int_customer_profiles": f"n {SHORT_NAME}, profile_id varchar, customer_id varchar",
    "identity.int_contact_points": "profile_id varchar, identifier_type varchar, match_value varchar,"
    " is_role boolean, is_placeholder boolean",
    "contracts.identifiers": "profile_id varchar, identifier_type varchar, match_value varchar",
    "identity.int_household_members": "customer_id varchar, household_id varchar",
    "seeds.product_categories": "sku varchar, category varchar",
    "seeds.channel_owners": "word varchar, owner varchar, kind varchar",
    "seeds.relay_domains": "domain varchar, owner varchar",
    "consent.int_customer_permissions": "customer_id varchar, channel varchar,"
    " purpose varchar default 'marketing', contact_value varchar, is_allowed boolean,"
    " is_deliverable boolean default true, reason varchar",
    "marts.orders": "customer_id varchar, order_id varchar, order_date date, gross decimal(18, 2),"
    " net_converted decimal(18, 2), ordered_at timestamptz, platform varchar, channel varchar,"
    " gross_converted decimal(18, 2), refunded_converted decimal(18, 2) default 0",
    "marts.order_ownership": "customer_id varchar, order_id varchar, order_date date, is_purchase boolean,"
    " last_owner varchar, last_kind varchar",
    "marts.customer_ownership": "customer_id varchar, acquired_from varchar, acquired_kind varchar,"
    " first_seen_on date, owned_channels varchar[] default [], stage varchar default 'lead',"
    " first_order_on date",
    "marts.campaigns": "platform varchar, campaign_date date, leads_claimed bigint, lead_count bigint,"
    " cost decimal(18, 2), currency varchar",
    "marts.campaign_costs": "campaign_key varchar, cost_date date, cost_converted decimal(18, 2)",
    "marts.campaign_touches": "touchpoint_id varchar",
    "marts.customer_campaigns": "customer_id varchar",
    "marts.order_campaigns": "order_id varchar",
    "contracts.spend": "platform varchar, campaign_id varchar, campaign_name varchar, post_id varchar,"
    " spend_date date, cost decimal(18, 2), currency varchar, impressions bigint, reach bigint,"
    " interactions bigint, clicks bigint, leads_claimed bigint, orders_claimed bigint",
    "contracts.campaign_reach": "platform varchar, campaign_id varchar, spend_date date, reach bigint",
    "staging.stg_files__spend": "platform varchar, campaign_id varchar, code varchar, link varchar,"
    " heard varchar",
    "staging.stg_files__rates": "currency varchar, rate_date date, rate double",
    "marts.order_attribution": "order_id varchar",
    "marts.touchpoints": "platform varchar, touch_type varchar, touch_date date",
    "marts.lead_ledger": "platform varchar, lead_date date, missing bigint",
    "lifecycle.int_lifecycle__history": "n bigint, subject_id varchar, is_account boolean, axis varchar,"
    " value varchar, value_rank integer, valid_from date, valid_to date, is_reversal boolean",
    "marts.referrals": "referrer_customer_id varchar, given_on date, converted_on date, status varchar",
    "marts.customers": "customer_id varchar, can_email boolean default true, can_sms boolean default false,"
    " can_post boolean default false, can_call boolean default false,"
    " preferred_channel varchar default 'email',"
    " permission_expires_on date, first_seen_on date, first_order_on date, last_order_on date,"
    " order_count integer default 0, stage varchar, stage_since date, commercial_stage varchar,"
    " activity varchar, is_ambassador boolean default false, last_nps integer, average_stars decimal(3, 2),"
    " usual_days_between_purchases integer, display_name varchar, country varchar default 'FR',"
    " first_source varchar, first_platform varchar, said_they_heard_from varchar,"
    " net_revenue_12m decimal(18, 2) default 0, basis_email varchar, basis_sms varchar, basis_call varchar,"
    " basis_post varchar",
    "lifecycle.int_customer_habits": "customer_id varchar, occasions_12m bigint, last_occasion_on date,"
    " revenue_12m decimal(18, 2)",
}


def day(number: int) -> date:
    return DAY_0 + timedelta(days=number)


@cache
def compiled() -> dict[str, str]:
    """Each model's SQL, as dbt would run it."""
    # dbt opens it to compile, and writes nothing into it.
    file = throwaway.folder("value") / "warehouse.duckdb"
    found = inside.dbt(file, "compile", "--select", *MODELS)
    return {one.node.name: one.node.compiled_code for one in found}


class People:
    """What happened to them; `ask` answers. `models`: what a test is about; the rest are tables to fill."""

    def __init__(self, *models: str) -> None:
        self.con = duckdb.connect()
        self.con.execute("attach ':memory:' as warehouse; use warehouse; set TimeZone = 'UTC'")
        for schema in ("consent", "contracts", "identity", "lifecycle", "marts", "seeds", "staging"):
            self.con.execute(f"create schema {schema}")
        asked = {f"{MODELS[name]}.{name}" for name in models}
        self.tables = [table for table in TABLES if table not in asked]
        for table in self.tables:
            self.con.execute(f"create table {table} ({TABLES[table]})")
        for name, schema in MODELS.items():
            if name in models:
                self.con.execute(f"create view {schema}.{name} as {compiled()[name]}")
        self.on(1000)

    def on(self, number: int) -> None:
        """The given day."""
        for which in ("lifecycle", "permission"):
            self.con.execute(f"set variable {which}_as_of = date '{day(number)}'")

    def forget(self) -> None:
        for table in self.tables:
            self.con.execute(f"delete from {table}")

    def ask(self, query: str, *values: Any) -> list[tuple]:
        return self.con.execute(query, list(values)).fetchall()

    def person(self, name: str, *, emails: tuple[str, ...] = (), household: str | None = None) -> None:
        """A customer of one profile of the same name."""
        self.add("identity.int_customer_profiles", profile_id=name, customer_id=name)
        for email in emails:
            self.add(
                "identity.int_contact_points",
                profile_id=name,
                identifier_type="email",
                match_value=email,
                is_role=False,
                is_placeholder=False,
            )
        if household:
            self.add("identity.int_household_members", customer_id=name, household_id=household)

    def event(self, who: str, what: str, on: int, evidence: str | None = None, **details: Any) -> str:
        number = self.ask("select count(*) from contracts.events")[0][0]
        event_id = f"e{number:03d}"
        self.add(
            "contracts.events",
            profile_id=who,
            event_id=event_id,
            event_type=what,
            occurred_at=f"{day(on)} 12:00:00+00",
            evidence=evidence,
            details=json.dumps(details),
        )
        return event_id

    def order(
        self,
        who: str,
        on: int,
        name: str,
        *,
        undone: int | None = None,
        net: float = 100,
        hour: int = 12,
        channel: str = "shop",
        said: str | None = None,
        **details: Any,
    ) -> str:
        """A paid order that counts, until it is undone; its event. `said`: the shop's name of it."""
        paid = self.event(who, "order_paid", on, name, order_name=said or name, **details)
        at = f"{day(on)} {hour:02d}:00:00+00"
        self.add(
            "lifecycle.int_valid_orders",
            customer_id=who,
            order_id=name,
            order_name=said or name,
            ordered_at=at,
            valid_from=day(on),
            valid_to=None if undone is None else day(undone),
        )
        money = {"gross": max(net, 1), "net_converted": net if undone is None else 0}
        self.add("marts.orders", customer_id=who, order_id=name, order_date=day(on), **money)
        self.add(
            "lifecycle.int_orders",
            order_id=name,
            profile_id=who,
            ordered_at=at,
            order_date=day(on),
            channel=channel,
            details=json.dumps(details),
            **money,
        )
        return paid

    def stages(
        self, who: str, *stretches: tuple[str, int], axes: tuple[str, ...] = AXES, is_account: bool = False
    ) -> None:
        """(stage, day from which), one after the other; a step down is a reversal."""
        for axis in axes:
            for (stage, start), after, before in zip(
                stretches, [*stretches[1:], None], [None, *stretches[:-1]], strict=True
            ):
                self.add(
                    "lifecycle.int_lifecycle__history",
                    n=zlib.crc32(f"{who}{is_account}".encode()),
                    subject_id=who,
                    is_account=is_account,
                    axis=axis,
                    value=stage,
                    value_rank=RANKS[stage],
                    valid_from=day(start),
                    valid_to=after and day(after[1]),
                    is_reversal=before is not None and RANKS[stage] < RANKS[before[0]],
                )

    def sent(self, who: str, whom: str, on: int, order: str | None = None, code: str | None = None) -> str:
        """A line of a referral tool's file."""
        return self.event(who, "referral_given", on, referee_profile_id=whom, order_name=order, code=code)

    def add(self, table: str, **row: Any) -> None:
        marks = ", ".join("?" * len(row))
        self.con.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values()))
