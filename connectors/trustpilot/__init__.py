"""Trustpilot: reviews of one business unit, with the address of whoever was invited (REST v1, file).

A key and a secret of a business account. Reviews can be asked for by when they were written only, and are
edited later: they are read whole, once a night. Trustpilot announces no end of this version.
"""

from connectors.erasing import Erasing
from connectors.stream import Promise, Stream
from connectors.trustpilot.fetch import client, reviews
from connectors.trustpilot.read import REVIEWS_EXPORT

__all__ = ["EXPORTS", "NAME", "SECRETS", "STREAMS", "client"]

NAME = "trustpilot"
SECRETS = ("TRUSTPILOT_KEY", "TRUSTPILOT_SECRET")

STREAMS = (
    Stream(
        "reviews",
        reviews,
        changed_at="changed_at",
        occurred_at="createdAt",
        cursor=False,
        poor_ways=frozenset({"file"}),
        # How often others liked it, and what else its writer wrote.
        volatile=("numberOfLikes", "consumer.numberOfReviews"),
        erasing=Erasing(profiles=("review",)),
        promises=(
            Promise("id", type="text"),
            Promise("createdAt", type="time"),
            Promise("changed_at", type="time"),
            Promise("stars", type="number"),
            Promise("text", required=False, type="text"),
            Promise("referralEmail", required=False, type="text"),
            Promise("referenceId", required=False, type="text"),
            Promise("isVerified", required=False, type="boolean"),
        ),
    ),
)
EXPORTS = (REVIEWS_EXPORT,)
