"""The way in by a sign-in service: there with a state, back with a code; where `oidc` is set."""

import logging

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from console import accounts, visit, way_in
from console.guard import Refused
from console.roles import ANYBODY, least
from console.sign_in import NotVouched, Service

log = logging.getLogger("console")
router = APIRouter()
BACK = "/login/service/back"
SECRET = "OIDC_CLIENT_SECRET"  # noqa: S105 - its name


@router.get("/login/service")
@least(ANYBODY)
def go(request: Request) -> Response:
    state, service = request.app.state, _service(request)
    back = way_in.ours(request.query_params.get("back", "/"))
    visitor = visit.of(request)
    if visitor.account:
        return RedirectResponse(back, 303)
    if not state.tries.by_address.allows(request.client.host if request.client else ""):
        return way_in.asked(request, back, "login.often", 429)
    brought, begun = state.under_way.begin(visitor.form_token, back)
    try:
        response = RedirectResponse(service.address(brought, begun), 303)
    except NotVouched as why:
        return _turned_away(request, back, why)
    if visitor.is_new:
        visit.keep(response, request, visit.BEFORE, visitor.token)
    return response


@router.get(BACK)
@least(ANYBODY)
def come_back(request: Request) -> Response:
    state, service, query = request.app.state, _service(request), request.query_params
    back = "/"
    try:
        begun = state.under_way.end(query.get("state", ""), visit.of(request).form_token)
        back = begun.back
        if "code" not in query:
            raise NotVouched("the service sent no code")
        # RFC 9207: a service that says who it is says so truly.
        if query.get("iss", service.said.issuer) != service.said.issuer:
            raise NotVouched("another issuer's answer")
        vouched = service.whom(query["code"], begun)
        account = accounts.vouched(state.home, vouched.email, vouched.role)
        if account is None:
            raise NotVouched("a name that is taken here, or is none")
    except NotVouched as why:
        return _turned_away(request, back, why)
    return way_in.let_in(request, account, back)


def _turned_away(request: Request, back: str, why: NotVouched) -> Response:
    log.warning("login by the service: refused, %s", why)
    return way_in.asked(request, back, "login.not_vouched", 401)


def _service(request: Request) -> Service:
    """Raises Refused where there is none."""
    state = request.app.state
    said = state.settings.console.oidc
    if said is None:
        raise Refused(404)
    base = f"https://{state.host}" if state.is_secure and state.host else str(request.base_url).rstrip("/")
    return Service(said, state.secrets.get(SECRET) or None, base + BACK)
