"""Reviews as Trustpilot renders them: who was invited has an address and an order, who just came has none."""

import hashlib
from datetime import datetime
from typing import Any

from simulator.model import Person, Review

Node = dict[str, Any]
UNIT = "46a1b2c3d4e5f60718293a4b"


def key_of(review_id: str) -> str:
    return hashlib.blake2b(f"trustpilot {review_id}".encode(), digest_size=12).hexdigest()


def is_invited(review_id: str) -> bool:
    """Two of three were."""
    return int(key_of(review_id)[:4], 16) % 3 != 0


def stamp(moment: datetime | None) -> str | None:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z" if moment else None


def review(record: Review, person: Person, edited_at: datetime | None) -> Node:
    invited = is_invited(record.review_id)
    return {
        "id": key_of(record.review_id),
        "consumer": {
            "id": key_of(person.person_id),
            "displayName": f"{person.first_name} {person.last_name}",
            "displayLocation": person.city,
            "numberOfReviews": 1,
        },
        "businessUnit": {
            "id": UNIT,
            "identifyingName": "maison-exemple.example",
            "displayName": "Maison Exemple",
        },
        "location": None,
        "stars": record.stars,
        "title": " ".join(record.text.split()[:4]),
        "text": record.text,
        "language": person.language,
        "createdAt": stamp(record.at),
        "updatedAt": stamp(edited_at),
        "experiencedAt": stamp(record.at),
        "referralEmail": record.email if invited else None,
        "referenceId": record.order_name if invited else None,
        "source": "AFSv2" if invited else "Organic",
        "companyReply": None,
        "tags": [],
        "findReviewer": {"isEligible": not invited, "requests": []},
        "isVerified": invited,
        "numberOfLikes": 0,
        "status": "active",
        "reportData": None,
        "complianceLabels": [],
        "countsTowardsTrustScore": True,
        "countsTowardsLocationTrustScore": None,
        "invitation": {"businessUnitId": UNIT} if invited else None,
        "businessUnitHistory": [],
        "reviewVerificationLevel": "invited" if invited else "not-verified",
    }
