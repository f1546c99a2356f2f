"""The application: routes, what stands before each of them, and what is said when something fails.

    GET /health  /login...  /static/...   without a session
    everything else                       with one, of the role the route names

It reads serving/current/ through a connection that can do nothing else (pipelines/shared_file.py), opened for
each request, so that a new publication is seen at once and never by half.
"""

import asyncio
import contextlib
import logging
import threading
from collections.abc import AsyncIterator
from urllib.parse import quote

import duckdb
from fastapi import Depends, FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from console import accounts, frame, guard, way_by_service, way_in
from console.headers import Headers
from console.pages import (
    audience_builder,
    audience_export,
    audiences,
    audit,
    exports,
    funnel,
    overview,
    ownership,
    people,
    person,
    quarantine,
    review,
    review_group,
)
from console.remembered import Remembered
from console.sessions import Sessions
from console.sign_in import UnderWay
from pipelines import config, reading, shared_file
from pipelines.config import ConfigError
from pipelines.home import Home

HOSTS = ("127.0.0.1", "localhost", "[::1]")
# Each password asked for takes 64 MiB while it is worked out.
AT_ONCE = 2
# How long a file that is no longer shown may stay open when nobody asks for anything, in seconds.
LET_GO = 2.0
PAGES = (
    overview, people, person, funnel, audiences, audience_builder, audience_export, exports, ownership,
    review, review_group, quarantine, audit,
)  # fmt: skip
ROUTERS = (way_in.router, way_by_service.router, *(page.router for page in PAGES))


def create_app(home: Home, *, host: str | None = None, is_secure: bool = False) -> FastAPI:
    """`host`: the name browsers know it by, besides loopback; `is_secure`: they come through TLS.

    Raises ConfigError.
    """
    app = FastAPI(
        title="Firsthand",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_keeping_open,
        dependencies=[Depends(guard.guard)],
        middleware=[
            Middleware(Headers, broken=_broken, is_secure=is_secure),
            # Whoever points a name of theirs at our address is not us.
            Middleware(TrustedHostMiddleware, allowed_hosts=[*HOSTS, *([host] if host else [])]),
        ],
    )
    if forgotten := guard.unmarked(routes()):
        raise ValueError(f"no least role: {', '.join(forgotten)}")
    for router in ROUTERS:
        app.include_router(router)
    state = app.state
    state.home, state.settings, state.is_secure = home, config.read(home), is_secure
    state.host, state.secrets = host, config.secrets(home)
    state.sessions, state.tries, state.under_way = Sessions(home), way_in.Tries(), UnderWay()
    ways = state.settings.console
    accounts.end_closed_ways(home, is_local_open=ways.local_accounts, is_vouching_open=ways.oidc is not None)
    # Apart: whoever tries conditions must not push out what everybody's pages are made of.
    state.remembered, state.asked = Remembered(home), Remembered(home)
    state.leaving = threading.Lock()
    state.hashing = threading.BoundedSemaphore(AT_ONCE)
    app.add_exception_handler(guard.Refused, _refused)
    app.add_exception_handler(HTTPException, _http)
    for nothing_there in (ConfigError, duckdb.CatalogException):
        app.add_exception_handler(nothing_there, _unpublished)
    return app


def routes() -> list[BaseRoute]:
    """Every one there is."""
    return [route for router in ROUTERS for route in router.routes]


@contextlib.asynccontextmanager
async def _keeping_open(app: FastAPI) -> AsyncIterator[None]:
    """While we serve, what is shown stays open and warm, and what is no longer shown is let go."""

    async def follow() -> None:
        last, warming = None, None
        while True:
            shown = await asyncio.to_thread(reading.shown, app.state.home)
            await asyncio.to_thread(shared_file.keep, *([shown] if shown else []))
            # Aside: an old file is let go while the new one's figures are worked out.
            if shown and shown != last and (warming is None or warming.done()):
                last, warming = shown, asyncio.create_task(asyncio.to_thread(_warm, app))
            await asyncio.sleep(LET_GO)

    following = asyncio.create_task(follow())
    try:
        yield
    finally:
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await following
        shared_file.keep()


def _warm(app: FastAPI) -> None:
    """The figures that everybody asks for, once a publication; whoever comes before they are there waits."""
    for page in (overview, people, funnel, ownership, audiences):
        try:
            page.warm(app.state)
        except (ConfigError, duckdb.Error) as error:
            # Nothing published yet, or by an older version: who asks for the page is told.
            logging.getLogger("console").info("%s: not warmed: %s", page.__name__, type(error).__name__)


def _refused(request: Request, error: Exception) -> Response:
    status = error.status if isinstance(error, guard.Refused) else 500
    if status == 401 and request.method == "GET":
        return RedirectResponse(f"/login?back={quote(request.url.path)}", 303)
    # A form whose session has ended: what was in it cannot be sent again by a link.
    return _page(request, status)


def _http(request: Request, error: Exception) -> Response:
    return _page(request, error.status_code if isinstance(error, HTTPException) else 500)


def _unpublished(request: Request, error: Exception) -> Response:
    return frame.render(request, "error.html", 503, what="error.unpublished")


async def _broken(request: Request) -> Response:
    return await asyncio.to_thread(_page, request, 500)


def _page(request: Request, status: int) -> Response:
    known = {401: "error.403", 403: "error.403", 404: "error.404", 410: "error.410", 500: "error.500"}
    return frame.render(request, "error.html", status, what=known.get(status, "error.bad"))
