"""The way in and out, the language, whether we are there, and the two files pages need."""

import logging
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response

from console import accounts, frame, visit
from console.accounts import Account
from console.guard import Refused
from console.roles import ANYBODY, ROLES, least
from receiver.form_limits import Limit

log = logging.getLogger("console")
router = APIRouter()

# A newer console brings newer ones: an hour, not for ever.
KEPT = "public, max-age=3600"
STATIC = Path(__file__).resolve().parent / "static"
# By name, and none from the address: there is no path to climb out of.
FILES = {
    "console.css": ("console.css", "text/css"),
    "htmx.js": ("htmx-2.0.11.min.js", "text/javascript"),
    "htmx-licence.txt": ("htmx-LICENSE.txt", "text/plain"),
}


class Tries:
    """How often somebody may try to log in: by account and by address, each in five minutes."""

    def __init__(self) -> None:
        self.by_name, self.by_address = Limit(10, 300), Limit(100, 300)

    def allows(self, name: str, address: str) -> bool:
        # Both are asked, so that both count.
        return all([self.by_name.allows(name), self.by_address.allows(address)])


@router.get("/login")
@least(ANYBODY)
def show_login(request: Request) -> Response:
    back = ours(request.query_params.get("back", "/"))
    if visit.of(request).account:
        return RedirectResponse(back, 303)
    return asked(request, back)


def asked(request: Request, back: str, wrong: str = "", status: int = 200) -> Response:
    """The page that asks who is there, by each way that is open; `wrong`: why it asks once more."""
    ways = request.app.state.settings.console
    return frame.render(
        request,
        "login.html",
        status,
        wrong=wrong,
        back=back,
        is_local=ways.local_accounts,
        service_address=f"/login/service?{urlencode({'back': back})}",
        service=ways.oidc and (ways.oidc.label or urlsplit(ways.oidc.issuer).hostname),
    )


@router.post("/login")
@least(ANYBODY)
def log_in(request: Request) -> Response:
    form, state = frame.form(request), request.app.state
    if not state.settings.console.local_accounts:
        raise Refused(404)
    name, back = form.get("name", "").strip().lower(), ours(form.get("back", "/"))
    if not state.tries.allows(name, request.client.host if request.client else ""):
        log.warning("login: too many tries")
        return asked(request, back, "login.often", 429)
    with state.hashing:
        account = accounts.recognised(state.home, name, form.get("password", ""))
    if account is None:
        # Not even the name: it may be a password in the wrong field.
        log.warning("login: refused")
        return asked(request, back, "login.wrong", 401)
    return let_in(request, account, back)


def let_in(request: Request, account: Account, back: str) -> Response:
    """A session of its own for somebody who is known by now."""
    log.info("login: %s", account.name)
    response = RedirectResponse(back, 303)
    visit.keep(response, request, visit.SESSION, request.app.state.sessions.begin(account))
    return response


@router.post("/logout")
@least(ROLES[0])
def log_out(request: Request) -> Response:
    request.app.state.sessions.end(visit.of(request).token)
    response = RedirectResponse("/login", 303)
    response.delete_cookie(visit.SESSION)
    return response


@router.post("/language")
@least(ANYBODY)
def change_language(request: Request) -> Response:
    form = frame.form(request)
    if form.get("language") not in visit.LANGUAGES:
        raise Refused(400)
    response = RedirectResponse(ours(form.get("back", "/")), 303)
    visit.keep(response, request, visit.LANGUAGE, form["language"], visit.A_YEAR)
    return response


@router.get("/health")
@least(ANYBODY)
def say_alive() -> Response:
    return PlainTextResponse("ok")


@router.get("/static/{name}")
@least(ANYBODY)
def show_file(name: str) -> Response:
    if name not in FILES:
        raise Refused(404)
    file, kind = FILES[name]
    return FileResponse(STATIC / file, media_type=kind, headers={"Cache-Control": KEPT})


def ours(path: str) -> str:
    """An address of this console, else its first page: nobody is sent elsewhere after logging in."""
    is_local = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if is_local else "/"
