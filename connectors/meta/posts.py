"""What a company publishes: posts of its Facebook pages, media of the Instagram accounts behind them.

Each comes with its figures over its whole life, which go on moving; the newest are read again each time. Of
reactions and comments only the number is kept: who they are of is nobody's business here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from connectors.ads import FIRST_REACH
from connectors.meta.fetch import pages
from connectors.meta.graph import Meta
from connectors.stream import Announced, BadAnswer, MissingPermission, NotThere, Page, Row, Since
from connectors.times import moment

LIMIT = 50  # each with its figures: the answers are long


@dataclass(frozen=True)
class Kind:
    """How one kind of post is asked for: its list, its fields, when it came, and the figures wanted."""

    edge: str
    fields: str
    time: str
    metrics: tuple[str, ...]


POSTS = Kind(
    "published_posts",
    "id,message,created_time,updated_time,permalink_url,status_type,shares,"
    "reactions.limit(0).summary(total_count),comments.limit(0).summary(total_count)",
    "created_time",
    ("post_media_view", "post_total_media_view_unique", "post_clicks"),
)
MEDIA = Kind(
    "media",
    "id,caption,media_type,media_product_type,permalink,timestamp,like_count,comments_count",
    "timestamp",
    ("views", "reach", "saved", "shares", "likes", "comments", "total_interactions"),
)


def instagram_accounts(meta: Meta) -> list[str]:
    """The Instagram account behind each page that has one."""
    return sorted(_instagram(meta))


def posts(meta: Meta, account: str, since: Since) -> Iterator[Page | Announced]:
    """Posts of a page, newest first."""
    yield from _published(meta, POSTS, account, account, since)


def media(meta: Meta, account: str, since: Since) -> Iterator[Page | Announced]:
    """Photos, films and reels of an Instagram account, newest first."""
    yield from _published(meta, MEDIA, account, _instagram(meta).get(account), since)


def _instagram(meta: Meta) -> dict[str, str]:
    """Instagram account to page, whose token opens it; asked once."""
    if meta.instagram is not None:
        return meta.instagram
    found = {}
    for page in pages(meta):
        try:
            owner = meta.get(page, {"fields": "instagram_business_account{id}"}, page)
        except (MissingPermission, NotThere) as error:
            meta.warn_once(f"the Instagram account of page {page} is not told: {error}")
            continue
        account = owner.get("instagram_business_account")
        if isinstance(account, dict) and account.get("id"):
            found[str(account["id"])] = page
    meta.instagram = found
    return found


def _published(meta: Meta, kind: Kind, owner: str, page: str | None, since: Since) -> Iterator[Page]:
    # Figures are told for two years; the text of what is older moves nobody any more.
    oldest = since.moment or datetime.combine(meta.today() - FIRST_REACH, time(), UTC)
    for rows in _with_figures(meta, kind, owner, page):
        yield Page([_discreet(row) for row in rows])
        # Newest first; a page whose every post is older is the last that matters.
        if all(_is_before(row, kind, oldest) for row in rows):
            return


def _is_before(row: Any, kind: Kind, oldest: datetime) -> bool:
    at = moment(row.get(kind.time)) if isinstance(row, dict) else None
    # One that tells no time proves nothing.
    return at is not None and at < oldest


def _with_figures(meta: Meta, kind: Kind, owner: str, page: str | None) -> Iterator[list[Row]]:
    """A list with the figures in it. One figure that is not served fails the whole list, and so does one post
    without figures: the figure is left out for all, the post is asked for alone."""
    path = f"{owner}/{kind.edge}"
    try:
        yield from _expanded(meta, kind, path, page)
        return
    except (BadAnswer, MissingPermission, NotThere) as error:
        reason = error
    if _bury(meta, kind, path, page):
        try:
            yield from _expanded(meta, kind, path, page)
            return
        except (BadAnswer, MissingPermission, NotThere) as error:
            reason = error
    meta.warn_once(f"{kind.edge} of {owner} are asked for one by one: {reason}")
    for rows in meta.pages(path, {"fields": kind.fields, "limit": LIMIT}, page):
        yield [_with_its_own(meta, kind, row, page) for row in rows]


def _expanded(meta: Meta, kind: Kind, path: str, page: str | None) -> Iterator[list[Row]]:
    figures = f",insights.metric({','.join(_alive(meta, kind))})" if _alive(meta, kind) else ""
    yield from meta.pages(path, {"fields": kind.fields + figures, "limit": LIMIT}, page)


def _alive(meta: Meta, kind: Kind) -> list[str]:
    return [metric for metric in kind.metrics if metric not in meta.dead_metrics]


def _bury(meta: Meta, kind: Kind, path: str, page: str | None) -> bool:
    """Find the figures that are not served any more: those that fail alone where others do not."""
    answer = meta.get(path, {"fields": "id", "limit": 1}, page).get("data")
    first = answer[0] if isinstance(answer, list) and answer else None
    if not isinstance(first, dict) or not first.get("id"):
        return False
    failing = {m for m in _alive(meta, kind) if _figures(meta, str(first["id"]), [m], page) is None}
    if not failing or len(failing) == len(_alive(meta, kind)):
        return False
    meta.dead_metrics |= failing
    meta.warn_once(f"{', '.join(sorted(failing))}: not served by this version any more, left out")
    return True


def _with_its_own(meta: Meta, kind: Kind, row: Row, page: str | None) -> Row:
    if not isinstance(row, dict) or not row.get("id"):
        return row
    figures = _figures(meta, str(row["id"]), _alive(meta, kind), page)
    return row if figures is None else {**row, "insights": {"data": figures}}


def _figures(meta: Meta, post: str, metrics: list[str], page: str | None) -> list[Any] | None:
    """None where the platform does not tell them of this post."""
    try:
        answer = meta.get(f"{post}/insights", {"metric": ",".join(metrics)}, page)
    except (BadAnswer, MissingPermission, NotThere):
        return None
    return answer["data"] if isinstance(answer.get("data"), list) else None


def _discreet(row: Row) -> Row:
    """Without the addresses of further pages, which hold a token, and without anybody who reacted."""
    if not isinstance(row, dict):
        return row
    kept = {
        name: {k: v for k, v in value.items() if k != "paging"} if isinstance(value, dict) else value
        for name, value in row.items()
    }
    for name in ("reactions", "comments"):
        if isinstance(kept.get(name), dict):
            kept[name] = {k: v for k, v in kept[name].items() if k == "summary"}
    return kept
