"""The webhook of a member that changed: a form, sent to an address that ends in a word of ours."""

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlencode

from simulator.model import Company, MailContact
from simulator.platforms.mailchimp import nodes
from simulator.platforms.mailchimp.nodes import AUDIENCES, Audience

WORD = "sim-mailchimp-word"
KINDS = {"unsubscribed": "unsubscribe", "cleaned": "cleaned", "subscribed": "subscribe"}


def delivery(contact: MailContact, audience: Audience, now: datetime) -> tuple[dict[str, str], bytes]:
    """Headers and body of one POST."""
    row = nodes.member(contact, audience, now, nodes.changed_at(contact, now))
    kind = KINDS.get(row["status"], "profile")
    fields = {
        "type": kind,
        "fired_at": f"{now.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
        "data[id]": row["unique_email_id"],
        "data[email]": row["email_address"],
        "data[list_id]": audience.list_id,
    }
    if kind == "unsubscribe":
        fields |= {"data[action]": "unsub", "data[reason]": "manual"}
    if kind == "cleaned":
        fields["data[reason]"] = "hard"
    else:
        fields |= {"data[email_type]": "html", "data[ip_opt]": row["ip_opt"]}
        fields |= {f"data[merges][{name}]": str(value) for name, value in row["merge_fields"].items()}
    return {"Content-Type": "application/x-www-form-urlencoded"}, urlencode(fields).encode()


def nth(company: Company, number: int) -> tuple[dict[str, str], bytes]:
    one = replace(company.mail_contacts[0], email=f"n{number}@courriel.example")
    return delivery(one, AUDIENCES[0], datetime(2026, 11, 20, 5, tzinfo=UTC))
