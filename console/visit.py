"""Who asks: the account behind a request's cookie, the language, and what a form of theirs must carry."""

import secrets
from dataclasses import dataclass

from fastapi import Request, Response

from console.accounts import Account
from console.sessions import form_token

SESSION, BEFORE, LANGUAGE = "firsthand", "firsthand-before", "firsthand-language"
LANGUAGES = ("en", "fr")
A_YEAR = 365 * 24 * 60 * 60


@dataclass(frozen=True)
class Visit:
    """`token`: of the session, or before there is one; `is_new`: the browser does not have it yet."""

    account: Account | None
    token: str
    language: str
    is_new: bool = False

    @property
    def role(self) -> str | None:
        return self.account.role if self.account else None

    @property
    def form_token(self) -> str:
        return form_token(self.token)


def of(request: Request) -> Visit:
    """Looked up once a request."""
    found = getattr(request.state, "visit", None)
    if found is None:
        found = request.state.visit = _found(request)
    return found


def keep(response: Response, request: Request, name: str, value: str, seconds: int | None = None) -> None:
    """A cookie no script reads and no other site's form sends along; over TLS wherever there is any."""
    response.set_cookie(
        name, value, max_age=seconds, httponly=True, samesite="lax", secure=request.app.state.is_secure
    )


def _found(request: Request) -> Visit:
    state = request.app.state
    language = request.cookies.get(LANGUAGE, "")
    language = language if language in LANGUAGES else state.settings.language
    if token := request.cookies.get(SESSION):
        account = state.sessions.whose(token)
        if account:
            return Visit(account, token, language)
    before = request.cookies.get(BEFORE)
    return Visit(None, before or secrets.token_urlsafe(32), language, is_new=not before)
