"""Headers on every answer; and of an error nothing that was in a record, neither on a page nor in a log."""

import logging
import traceback
from collections.abc import Awaitable, Callable

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("console")

# Everything from here and nothing inline: text that slips into a page as markup can neither run nor load.
POLICY = "; ".join(
    (
        "default-src 'none'",
        *(f"{kind}-src 'self'" for kind in ("script", "style", "img", "connect")),
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# People are on these pages, and the next to sit down must not go back to them.
UNKEPT = "no-store"


class Headers:
    """`broken`: the page for what nobody foresaw."""

    def __init__(
        self, app: ASGIApp, broken: Callable[[Request], Awaitable[Response]], is_secure: bool
    ) -> None:
        self.app, self.broken = app, broken
        self.headers = dict(HEADERS)
        if is_secure:
            self.headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        has_begun = False

        async def with_headers(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                headers = MutableHeaders(scope=message)
                headers.update(self.headers)
                headers.setdefault("Cache-Control", UNKEPT)
            await send(message)

        try:
            await self.app(scope, receive, with_headers)
        except Exception as error:
            _note(scope, error)
            if has_begun:
                return
            response = await self.broken(Request(scope, receive))
            await response(scope, receive, with_headers)


def _note(scope: Scope, error: Exception) -> None:
    """What and where, and never its text: a database quotes the values it stumbled over."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    route = getattr(scope.get("route"), "path", "?")
    log.error(
        "%s %s: %s at %s:%s", scope["method"], route, type(error).__name__, where.filename, where.lineno
    )
