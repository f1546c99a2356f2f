"""Klaviyo: profiles with how each channel stands, what they did, campaigns with their figures (JSON:API, a
revision a quarter).

A key is good for one account. Each list has a pace of its own, a few to seventy-five calls a second. Who is
deleted is told by no list; of two profiles that were merged, what they did is told under who survived.
"""

from datetime import timedelta

from connectors.erasing import Erasing, Row
from connectors.klaviyo.api import client
from connectors.klaviyo.campaigns import campaigns
from connectors.klaviyo.erase import erase_profile
from connectors.klaviyo.fetch import events, profiles
from connectors.klaviyo.read import PROFILES_EXPORT
from connectors.klaviyo.receive import receive, verify
from connectors.klaviyo.versions import api_version
from connectors.landing import at
from connectors.stream import Promise, Stream, Webhook

__all__ = ["EXPORTS", "NAME", "SECRETS", "STREAMS", "WEBHOOK", "api_version", "client"]

NAME = "klaviyo"
SECRETS = ("KLAVIYO_API_KEY",)


def has_confirmed(profile: Row) -> bool:
    """Shops, imports and other programs make profiles too; who confirmed in a mail has acted for sure."""
    return at(profile, "attributes.subscriptions.email.marketing.double_optin") is True


STREAMS = (
    Stream(
        "profiles",
        profiles,
        changed_at="attributes.updated",
        occurred_at="attributes.created",
        hourly=True,
        # Whatever somebody does moves them; what was found is what counts.
        volatile=("attributes.updated", "attributes.last_event_date", "relationships", "links"),
        poor_ways=frozenset({"file"}),
        erasing=Erasing(profiles=("profile",), is_new_act=has_confirmed, ask=erase_profile),
        promises=(
            Promise("id", type="text"),
            Promise("attributes", type="object"),
            Promise("attributes.created", type="time"),
            Promise("attributes.updated", type="time"),
            Promise("attributes.email", required=False, type="text", pattern=r"^[^@\s]+@[^@\s]+$"),
            Promise("attributes.phone_number", required=False, type="text"),
            Promise("attributes.subscriptions", type="object"),
        ),
    ),
    Stream(
        "events",
        events,
        occurred_at="attributes.datetime",
        overlap=timedelta(days=3),  # shown late, and sent in late by other tools
        volatile=("links", "relationships.profile.links", "relationships.metric.links"),
        erasing=Erasing(owner=("profiles", "relationships.profile.data.id")),
        promises=(
            Promise("id", type="text"),
            Promise("metric_name", type="text"),
            Promise("attributes.datetime", type="time"),
            Promise("attributes.event_properties", required=False, type="object"),
            Promise("relationships.profile.data.id", type="text"),
        ),
    ),
    Stream(
        "campaigns",
        campaigns,
        occurred_at="attributes.send_time",
        overlap=timedelta(days=30),  # figures go on counting
        volatile=("links", "relationships"),
        promises=(
            Promise("id", type="text"),
            Promise("attributes.name", type="text"),
            Promise("attributes.status", type="text", values=frozenset({"Sent"})),
            Promise("attributes.send_time", type="time"),
            Promise("channel", type="text"),
            Promise("statistics", required=False, type="object"),
        ),
    ),
)
WEBHOOK = Webhook(verify, receive, secrets=("KLAVIYO_WEBHOOK_SECRET",))
EXPORTS = (PROFILES_EXPORT,)
