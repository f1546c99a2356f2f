"""Customers whose channels, orders and touches are given, for the marts of ownership."""

import csv
from decimal import Decimal
from typing import Any

from value_harness import People, day

from pipelines.places import DBT_PROJECT


def with_seeds(people: People) -> None:
    """The lists of who owns which word, as they ship."""
    for seed in ("channel_owners", "relay_domains"):
        with (DBT_PROJECT / "seeds" / f"{seed}.csv").open(newline="") as file:
            for row in csv.DictReader(file):
                people.add(f"seeds.{seed}", **row)


def known(
    people: People, who: str, *channels: str, on: tuple[str, ...] = ("meta",), no: str = "", **facts: Any
) -> None:
    """A customer we may write to on `channels`, with a record on each of `on`; `no`: why not elsewhere."""
    for platform in on:
        people.add("identity.int_customer_profiles", profile_id=f"{platform}:a:lead:{who}", customer_id=who)
    for channel in ("email", "sms", "phone", "post", "whatsapp"):
        people.add(
            "consent.int_customer_permissions",
            customer_id=who,
            channel=channel,
            contact_value=facts.get("email", f"{who}@maison.example"),
            is_allowed=channel in channels,
            is_deliverable=not facts.get("bounced", False),
            reason="consent" if channel in channels else no or "never_asked",
        )
    told = {name: value for name, value in facts.items() if name not in ("email", "bounced")}
    told = {"first_platform": on[0] if on else None, "stage": "lead", "basis_email": "consent"} | told
    people.add("marts.customers", customer_id=who, display_name=who, first_seen_on=day(0), **told)


def order(
    people: People,
    who: str | None,
    on: int,
    net: Decimal | int,
    *,
    hour: int = 10,
    channel: str = "shop",
    cancelled: bool = False,
    **more: Any,
) -> None:
    """An order at that hour of Paris in summer; told as an event too where somebody is known."""
    at, gross = f"{day(on)} {hour - 2:02d}:00:00+00", 0 if cancelled else max(net, 1)
    number = people.ask("select count(*) from marts.orders")[0][0]
    people.add(
        "marts.orders",
        customer_id=who, order_id=f"o{number}", order_date=day(on), ordered_at=at, gross=gross,
        net_converted=net, platform="shopify", channel=channel, **more,
    )  # fmt: skip
    if who:
        touch(people, who, on, "order_paid", channel, hour=hour, platform="shopify")


def touch(
    people: People, who: str, on: int, what: str, channel: str, *, hour: int = 9, platform: str = "typeform"
) -> None:
    number = people.ask("select count(*) from contracts.events")[0][0]
    people.add("identity.int_customer_profiles", profile_id=f"shopify:a:c:{who}{number}", customer_id=who)
    people.add(
        "contracts.events",
        profile_id=f"shopify:a:c:{who}{number}", event_id=f"t{number}", event_type=what, channel=channel,
        occurred_at=f"{day(on)} {hour - 2:02d}:00:00+00", platform=platform,
    )  # fmt: skip
