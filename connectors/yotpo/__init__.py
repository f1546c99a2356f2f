"""Yotpo: reviews, and who left its mails (REST v1).

A key and a secret that the shop's settings show. A review that is taken back stays in the list, marked. No
end of this version is announced.
"""

from datetime import timedelta

from connectors.erasing import Erasing
from connectors.stream import Promise, Stream
from connectors.yotpo.fetch import client, reviews, unsubscribers
from connectors.yotpo.read import REVIEWS_EXPORT

__all__ = ["EXPORTS", "NAME", "SECRETS", "STREAMS", "client"]

NAME = "yotpo"
SECRETS = ("YOTPO_SECRET",)

STREAMS = (
    Stream(
        "reviews",
        reviews,
        changed_at="updated_at",
        occurred_at="created_at",
        # Votes and moods are worked out late, and do not always move the date.
        overlap=timedelta(days=30),
        poor_ways=frozenset({"file"}),
        volatile=("votes_up", "votes_down", "sentiment"),
        erasing=Erasing(profiles=("review",)),
        promises=(
            Promise("id"),
            Promise("created_at", type="time"),
            Promise("updated_at", type="time"),
            Promise("score", type="number"),
            Promise("email", required=False, type="text"),
            Promise("content", required=False, type="text"),
            Promise("is_incentivized", required=False, type="boolean"),
        ),
    ),
    Stream(
        "unsubscribers",
        unsubscribers,
        # It tells no time: who is in it has left, since we first saw it.
        cursor=False,
        erasing=Erasing(profiles=("unsubscriber",)),
        promises=(Promise("id", type="number"), Promise("user_email", type="text")),
    ),
)
EXPORTS = (REVIEWS_EXPORT,)
