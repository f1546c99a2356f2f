"""Who may do what: four roles, each with the rights of the ones before it.

reader: figures, and nobody's name. marketer: people too. steward: decides who is who, and what
becomes of refused records. admin: the audit log.
"""

from collections.abc import Callable
from typing import Any, TypeVar

ROLES = ("reader", "marketer", "steward", "admin")
# Of what is shown without a session: the way in, and what it needs.
ANYBODY = "anybody"
Route = TypeVar("Route", bound=Callable[..., Any])


def least(role: str, form: tuple[int, int] | None = None) -> Callable[[Route], Route]:
    """Marks a route with the least role that may use it; without a mark the application does not start.

    `form`: how much may be posted to it, in bytes and fields, where that is more than a few words.
    """
    if role not in (ANYBODY, *ROLES):
        raise ValueError(f"{role} is no role; known: {', '.join(ROLES)}")

    def mark(route: Route) -> Route:
        route.least = role  # type: ignore[attr-defined]
        route.form = form  # type: ignore[attr-defined]
        return route

    return mark


def may(role: str | None, needed: str) -> bool:
    """`role`: None without a session."""
    if needed == ANYBODY:
        return True
    return role is not None and ROLES.index(role) >= ROLES.index(needed)
