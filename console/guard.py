"""Before any route: is there a session, is its role enough, is the form one of ours.

One place for all of them, so that a new route cannot forget it: a route names its least role, and what is
asked of each method follows.
"""

import hmac
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import BaseRoute

from console import visit
from console.roles import may
from receiver.bodies import read_body

SAFE = ("GET", "HEAD", "OPTIONS")
# Of a form: bytes and fields, seconds. Ours hold a few words, unless their route says otherwise.
FEW, SLOWEST = (64 * 1024, 200), 10.0
FIELD = "form_token"


class Refused(Exception):
    """`status`: 401 without a session, 403 without the right, others for a form that is none of ours."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def guard(request: Request) -> None:
    """Raises Refused. A form is in `request.state.form` afterwards."""
    visitor = await run_in_threadpool(visit.of, request)
    needed = request.scope["route"].endpoint.least
    if not may(visitor.role, needed):
        raise Refused(403 if visitor.account else 401)
    request.state.form = {}
    if request.method not in SAFE:
        request.state.form = await _form(request)
        if not hmac.compare_digest(request.state.form.pop(FIELD, "").encode(), visitor.form_token.encode()):
            raise Refused(403)


async def _form(request: Request) -> dict[str, str]:
    largest, most = request.scope["route"].endpoint.form or FEW
    body = await read_body(request, SLOWEST, largest)
    if isinstance(body, Response):
        raise Refused(body.status_code)
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=most))
    except ValueError:
        raise Refused(400) from None


def unmarked(routes: list[BaseRoute]) -> list[str]:
    """Paths of routes that do not say who may use them."""
    return [
        str(getattr(route, "path", route))
        for route in routes
        if getattr(getattr(route, "endpoint", None), "least", None) is None
    ]
