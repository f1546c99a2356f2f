"""Mailchimp: audiences with their groups, members in every state, what was sent and who clicked, bounced,
left or complained (Marketing API 3.0).

An audience is an account here: its id is part of every record's name, for one person in two audiences is two
members with a state each. Ten connections at once per key. The API has had one version since 2014. Who is
deleted for good leaves no trace but the webhook's word.
"""

from datetime import timedelta

from connectors.erasing import Erasing, Row
from connectors.mailchimp.api import audiences, client
from connectors.mailchimp.erase import erase_member
from connectors.mailchimp.fetch import activity, lists, members, reports
from connectors.mailchimp.read import AUDIENCE_EXPORT
from connectors.mailchimp.receive import knows_address, receive, verify
from connectors.mailchimp.send import lists_of
from connectors.stream import Promise, Stream, Webhook

__all__ = ["EXPORTS", "NAME", "SECRETS", "SEVERAL", "STREAMS", "WEBHOOK", "client", "lists_of"]

NAME = "mailchimp"
SECRETS = ("MAILCHIMP_API_KEY",)
SEVERAL = {"audiences": ""}
STATUSES = frozenset({"subscribed", "unsubscribed", "cleaned", "pending", "transactional", "archived"})


def has_signed_up(member: Row) -> bool:
    """Shops and imports make members too; who filled in a form left the address of their machine."""
    return bool(member.get("ip_signup") or member.get("ip_opt"))


STREAMS = (
    Stream(
        "lists",
        lists,
        accounts=audiences,
        cursor=False,
        volatile=("stats", "list_rating"),
        promises=(
            Promise("id", type="text"),
            Promise("name", type="text"),
            Promise("marketing_permissions", required=False, type="boolean"),
            Promise("interest_categories", type="list"),
        ),
    ),
    Stream(
        "members",
        members,
        counted="present",
        changed_at="last_changed",
        occurred_at="came_at",
        accounts=audiences,
        hourly=True,
        # They move whenever a mail is opened or sent.
        volatile=("stats", "member_rating", "email_client"),
        poor_ways=frozenset({"file"}),
        erasing=Erasing(profiles=("member",), is_new_act=has_signed_up, ask=erase_member),
        promises=(
            Promise("id", type="text", pattern=r"^[0-9a-f]{32}$"),
            Promise("email_address", required=False, type="text"),
            Promise("status", type="text", values=STATUSES),
            Promise("last_changed", type="time"),
            Promise("merge_fields", required=False, type="object"),
            Promise("interests", required=False, type="object"),
            Promise("marketing_permissions", required=False, type="list"),
        ),
    ),
    Stream(
        "reports",
        reports,
        occurred_at="send_time",
        accounts=audiences,
        overlap=timedelta(days=30),  # figures go on counting
        promises=(
            Promise("id", type="text"),
            Promise("list_id", type="text"),
            Promise("send_time", type="time"),
            Promise("emails_sent", type="number"),
            Promise("bounces", type="object"),
            Promise("clicks", type="object"),
        ),
    ),
    Stream(
        "activity",
        activity,
        key="campaign_id:email_id:action:timestamp",
        occurred_at="timestamp",
        accounts=audiences,
        overlap=timedelta(days=6),  # bounces are told for five days, and move nothing that tells of them
        erasing=Erasing(owner=("members", "email_id")),
        promises=(
            Promise("campaign_id", type="text"),
            Promise("email_id", type="text"),
            Promise("action", type="text"),
            Promise("timestamp", type="time"),
        ),
    ),
)
WEBHOOK = Webhook(verify, receive, secrets=("MAILCHIMP_WEBHOOK_SECRET",), knows_address=knows_address)
EXPORTS = (AUDIENCE_EXPORT,)
