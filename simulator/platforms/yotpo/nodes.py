"""Reviews as Yotpo renders them: a number each, a short name, one to five points, the text as `content`."""

import hashlib
from datetime import datetime
from typing import Any

from simulator.model import Company, Person, Review

Node = dict[str, Any]


def number(kind: str, key: str) -> int:
    digest = hashlib.blake2b(f"yotpo {kind} {key}".encode(), digest_size=4).digest()
    return 10**8 + int.from_bytes(digest) % (9 * 10**8)


def stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"


def review(record: Review, person: Person, changed: datetime, is_deleted: bool) -> Node:
    return {
        "id": number("review", record.review_id),
        "title": " ".join(record.text.split()[:3]),
        "content": record.text,
        "score": record.stars,
        "votes_up": 0,
        "votes_down": 0,
        "created_at": stamp(record.at),
        "updated_at": stamp(changed),
        "sentiment": 0.9 if record.stars > 3 else 0.1,
        "sku": "VASE-01",
        "name": f"{person.first_name} {person.last_name[:1]}.",
        "email": record.email,
        "reviewer_type": "verified_buyer",
        "deleted": is_deleted,
        "archived": False,
        "escalated": False,
        "is_incentivized": False,
    }


def left(company: Company, now: datetime) -> list[Node]:
    """Every ninth reviewer left the mails that ask for reviews."""
    emails = sorted({one.email for one in company.reviews if one.at <= now})
    return [
        {"id": number("unsubscriber", email), "user_email": email, "email_type_id": 1,
         "unsubscirbed_by_name": "user"}
        for email in emails[::9]
    ]  # fmt: skip
