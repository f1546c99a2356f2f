"""Posts of a page and media of an Instagram account, newest first, with figures by expansion or alone.

A metric that is not served fails the whole call, be it one of many; so does one medium from before the
account became a business one, wherever figures are asked for in a list.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from simulator.model import Post
from simulator.platforms.meta.errors import GraphError, bad_parameter
from simulator.platforms.meta.nodes import Fields, constant, pick, stamp, wanted_fields
from simulator.wire import Call

EXPANSION = re.compile(r"insights\.metric\(([^)]*)\)")
GROWN = timedelta(days=10)
METRICS = {
    "fb": {"post_media_view": "views", "post_total_media_view_unique": "reach", "post_clicks": "clicks"},
    "ig": {"views": "views", "reach": "reach", "saved": "saves", "shares": "shares", "likes": "reactions",
           "comments": "comments", "total_interactions": "interactions"},
}  # fmt: skip
# Like the platform's own they hold the token of whoever asks.
LINKS = {"cursors": {"before": "QVFI", "after": "QVFI"}, "next": "https://graph.example/x?access_token=sim"}
DEFAULTS = {"fb": ("created_time", "message", "id"), "ig": ("id",)}


def no_figures() -> GraphError:
    return GraphError(
        "Invalid parameter", "OAuthException", 100, error_subcode=2108006,
        error_user_title="Media posted before business account conversion",
    )  # fmt: skip


@dataclass
class Wall:
    """What is published, and what the operator takes away: metrics not served, media without figures."""

    posts: Iterable[Post]
    dead_metrics: set[str] = field(default_factory=set)
    without_figures: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.by_id = {post.post_id: post for post in self.posts}

    def listed(self, account: str, surface: str, call: Call, now: datetime) -> list[dict[str, Any]]:
        found = [p for p in self.by_id.values() if p.account_id == account and p.surface == surface]
        shown = sorted((p for p in found if p.at <= now), key=lambda post: post.at, reverse=True)
        asked = call.params.get("fields")
        wanted = wanted_fields(asked, DEFAULTS[surface])
        expansion = EXPANSION.search(asked or "")
        metrics = expansion[1].split(",") if expansion else None
        return [pick("Post", self._fields(post, metrics, now), wanted) for post in shown]

    def insights(self, post: Post, call: Call, now: datetime) -> dict[str, Any]:
        return {"data": self._figures(post, wanted_fields(call.params.get("metric"), ()), now)}

    def _figures(self, post: Post, metrics: list[str], now: datetime) -> list[dict[str, Any]]:
        known = METRICS[post.surface].keys() - self.dead_metrics
        if not metrics or not set(metrics) <= known:
            raise bad_parameter("The value must be a valid insights metric")
        if post.post_id in self.without_figures:
            raise no_figures()
        seen = _seen(post, now)
        return [
            {
                "name": metric,
                "period": "lifetime",
                "values": [{"value": seen[METRICS[post.surface][metric]]}],
                "title": metric.replace("_", " ").capitalize(),
                "id": f"{post.post_id}/insights/{metric}/lifetime",
            }
            for metric in metrics
        ]

    def _fields(self, post: Post, metrics: list[str] | None, now: datetime) -> Fields:
        seen = _seen(post, now)
        figures = None if metrics is None else {"data": self._figures(post, metrics, now), "paging": LINKS}
        own: dict[str, Any] = {"id": post.post_id, "insights": figures}
        if post.surface == "ig":
            return constant(
                **own, caption=post.text, media_type=post.kind, media_product_type="FEED",
                permalink=f"https://instagram.example/p/{_short(post)}/", timestamp=stamp(post.at),
                like_count=seen["reactions"], comments_count=seen["comments"],
            )  # fmt: skip
        return constant(
            **own, message=post.text, status_type=post.kind, created_time=stamp(post.at),
            updated_time=stamp(post.at), permalink_url=f"https://facebook.example/{post.post_id}",
            # Nobody shared it: the field is not there.
            shares={"count": seen["shares"]} if seen["shares"] else None,
            reactions=_summary(seen["reactions"], post), comments=_summary(seen["comments"], post),
        )  # fmt: skip


def _summary(count: int, post: Post) -> dict[str, Any]:
    """Even asked for none, the edge may name somebody, and its links hold a token."""
    somebody = [{"id": "7001", "name": "Curieux Passant"}] if count and int(post.post_id[-1]) % 3 == 0 else []
    return {"data": somebody, "paging": LINKS, "summary": {"total_count": count}}


def _seen(post: Post, now: datetime) -> dict[str, int]:
    """Figures grow over the first days of a post."""
    share = min(1.0, 0.3 + 0.7 * ((now - post.at) / GROWN))
    names = ("views", "reach", "reactions", "comments", "shares", "saves", "clicks")
    seen = {name: int(getattr(post, name) * share) for name in names}
    return seen | {"interactions": sum(seen[name] for name in ("reactions", "comments", "shares", "saves"))}


def _short(post: Post) -> str:
    return hashlib.blake2b(post.post_id.encode(), digest_size=6).hexdigest()
