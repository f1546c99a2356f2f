"""The company's own forms: shown, taken in, confirmed.

    GET  /forms/<form>                    the form as a page (?lang=fr, and utm_…, gclid … are carried along)
    GET  /forms/<form>.js                 the form for another page: <script src="…/forms/<form>.js">
    POST /forms/<form>                    what a browser sends -> inbox/webhooks/own_form/
    GET  /forms/<form>/confirm/<token>    a page with a button
    POST /forms/<form>/confirm/<token>    its button: the confirmation, an act of its own

A page of another origin must be among `origins`. Nothing is sent from here: the mail that asks to confirm is
a file in outbox/, for a mail tool of the company. Logs hold form and outcome, never an answer or a sender.
"""

import json
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from connectors.landing import write_durably
from connectors.own_form.definition import Definition, Form, row
from connectors.own_form.receive import kept
from receiver import form_pages, form_reading, form_replies, form_tokens
from receiver.bodies import keep, read_body
from receiver.form_limits import Limit
from receiver.form_reading import CARRIED, TEST, Sent
from receiver.form_replies import Reply
from receiver.form_tokens import Token

log = logging.getLogger("receiver")

LARGEST_BODY = 64 * 1024
FORM = "application/x-www-form-urlencoded"
NOBODY = "-"


def _per_sender() -> Limit:
    return Limit(20, 60)  # an office behind one address fills in less than that in a minute


def _per_form() -> Limit:
    return Limit(600, 60)


def _per_mailbox() -> Limit:
    return Limit(3, 24 * 3600)  # nobody's mailbox is to be flooded by way of our form


@dataclass(frozen=True)
class Desk:
    """The forms of one company, and where what comes in goes. `now` gives UTC."""

    about: Definition
    secret: str = field(repr=False)
    inbox: Path
    outbox: Path
    now: Callable[[], datetime]
    slowest_body: float = 10.0
    per_sender: Limit = field(default_factory=_per_sender)
    per_form: Limit = field(default_factory=_per_form)
    per_mailbox: Limit = field(default_factory=_per_mailbox)

    def routes(self) -> list[Route]:
        return [
            Route("/forms/{form}.js", self.script, methods=["GET"]),
            Route("/forms/{form}", self.show, methods=["GET"]),
            Route("/forms/{form}", self.take, methods=["POST"]),
            Route("/forms/{form}", self.preflight, methods=["OPTIONS"]),
            Route("/forms/{form}/confirm/{token}", self.ask, methods=["GET"]),
            Route("/forms/{form}/confirm/{token}", self.confirm, methods=["POST"]),
        ]

    def announce(self) -> None:
        """Have the forms as they are shown from now on in raw: a consent is worth what its text said."""
        for name, form in self.about.forms.items():
            keep(self.inbox, kept("forms", row(name, form)), self.now())
        self._forget_dead_links()

    # -- showing ----------------------------------------------------------------------------------

    async def show(self, request: Request) -> Response:
        name, form = self._form(request)
        if form is None:
            return form_replies.missing()
        asked = request.query_params
        language = _language(form, asked.get("lang"))
        values = {one: asked[one][: form_reading.LONGEST] for one in CARRIED if one in asked}
        values |= {TEST: "1"} if asked.get("firsthand_test") == "1" else {}
        return form_replies.page(self.about, name, language, values)

    async def script(self, request: Request) -> Response:
        name, form = self._form(request)
        if form is None:
            return form_replies.missing()
        return Response(
            form_pages.script(self.about, name),
            media_type="text/javascript; charset=utf-8",
            # Short: a wording changes for everybody within minutes.
            headers={"Cache-Control": "public, max-age=300", "X-Content-Type-Options": "nosniff"},
        )

    async def preflight(self, request: Request) -> Response:
        origin = request.headers.get("origin", "")
        if origin not in self.about.origins:
            return PlainTextResponse("refused", 403)
        allowed = {"Access-Control-Allow-Methods": "POST", "Access-Control-Allow-Headers": "Content-Type"}
        return Response(status_code=204, headers=form_replies.shared(origin) | allowed)

    # -- taking in --------------------------------------------------------------------------------

    async def take(self, request: Request) -> Response:
        name, form = self._form(request)
        if form is None:
            return form_replies.missing()
        origin = request.headers.get("origin", "")
        # Every browser names it; it keeps other sites' pages out, and says nothing of who is calling.
        if origin not in {self.about.address, *self.about.origins}:
            log.warning("form %s: origin refused", name)
            return PlainTextResponse("origin refused", 403)
        answer = await self._taken(request, name, form)
        if origin in self.about.origins:
            answer.headers.update(form_replies.shared(origin))
        return answer

    async def _taken(self, request: Request, name: str, form: Form) -> Response:
        if not request.headers.get("content-type", "").startswith(FORM):
            return PlainTextResponse("not a form", 415)
        sender = request.client.host if request.client else NOBODY
        body = await read_body(request, self.slowest_body, LARGEST_BODY)
        if isinstance(body, Response):
            log.info("form %s: refused, %s", name, body.status_code)
            return body
        values = form_reading.parsed(body)
        if values is None:
            return PlainTextResponse("malformed", 400)
        sent = form_reading.read(form, values)
        is_script = "application/json" in request.headers.get("accept", "")
        reply = Reply(self.about, name, form, sent, is_script)
        # Counted apart per form: one that is flooded must not shut the others.
        if not self.per_sender.allows(sender) or not self.per_form.allows(name):
            log.warning("form %s: too often", name)
            return reply.because("often", 429)
        if sent.is_trapped:
            log.info("form %s: nothing kept, filled in by a machine", name)
            return reply.thanks()
        if sent.is_stale:
            return reply.because("stale", 409)
        if sent.wrong:
            return reply.because("wrong", 422)
        try:
            is_mailed = await to_thread.run_sync(self._keep, name, form, sent)
        except OSError as error:
            log.error("form %s: could not be written, %s", name, type(error).__name__)
            return reply.because("later", 503)
        log.info("form %s: kept, %d bytes%s", name, len(body), ", to be confirmed" if is_mailed else "")
        return reply.thanks()

    def _keep(self, name: str, form: Form, sent: Sent) -> bool:
        """Write the response, and the mail that asks to confirm it; whether there is one."""
        now = self.now()
        key = self._key(name, sent, now)
        is_asked = form_reading.must_confirm(form, sent)
        told = {
            "id": key,
            "form": name,
            "submitted_at": now.isoformat(),
            "language": sent.language,
            "answers": sent.answers,
            "boxes": sent.boxes,
            "hidden": sent.carried,
            "page": sent.page,
            "needs_confirmation": is_asked,
            "is_test": sent.is_test,
        }
        keep(self.inbox, kept("responses", told), now)
        address = next((one["value"] for one in sent.answers if one["name"] == form.address_field), None)
        if is_asked and address and not sent.is_test:
            self._mail(name, form, sent.language, key, address, now)
        return is_asked

    def _key(self, name: str, sent: Sent, now: datetime) -> str:
        """Of one submission, however often it comes: by the page it was filled in on, else by its day."""
        told = {one["name"]: one["value"] for one in sent.answers}
        ticked = [box["version"] for box in sent.boxes if box["is_ticked"]]
        words = [name, sent.once or now.date().isoformat(), told, ticked]
        return form_tokens.keyed(self.secret, "response", json.dumps(words, sort_keys=True))[:32]

    def _mail(self, name: str, form: Form, language: str, key: str, address: str, now: datetime) -> None:
        path = self.outbox / f"{key}.json"
        # Folded, for dots and capitals are the same mailbox to whoever owns it.
        mailbox = form_tokens.keyed(self.secret, "mailbox", address.lower().replace(".", ""))
        if path.exists() or not self.per_mailbox.allows(mailbox):
            return
        token = form_tokens.written(Token(key, name, language, int(now.timestamp())), self.secret)
        link = f"{self.about.address}/forms/{name}/confirm/{token}"
        mail = {
            "to": address,
            "language": language,
            "subject": form.mail.subject[language],  # type: ignore[index]
            "text": form.mail.text[language].replace("{link}", link),  # type: ignore[index]
            "link": link,
            "expires_at": (now + timedelta(days=form.confirm_within_days)).isoformat(),
        }
        self._forget_dead_links()
        write_durably(path, json.dumps(mail, ensure_ascii=False, indent=1).encode())

    def _forget_dead_links(self) -> None:
        """A mail nobody sent in time holds somebody's address for nothing."""
        longest = max(form.confirm_within_days for form in self.about.forms.values())
        oldest = (self.now() - timedelta(days=longest)).timestamp()
        for path in self.outbox.glob("*.json"):
            with suppress(FileNotFoundError):  # sent, and taken away by the mail tool just now
                if path.stat().st_mtime < oldest:
                    path.unlink()

    # -- confirming -------------------------------------------------------------------------------

    async def ask(self, request: Request) -> Response:
        name, form, token = self._token(request)
        if form is None or token is None:
            return form_replies.missing()
        if self._is_over(form, token):
            return form_replies.told(self.about, name, token.language, "over", 410)
        return form_replies.asked(self.about, token.language)

    async def confirm(self, request: Request) -> Response:
        name, form, token = self._token(request)
        if form is None or token is None:
            log.warning("form: a link to confirm that is not ours")
            return form_replies.missing()
        if self._is_over(form, token):
            return form_replies.told(self.about, name, token.language, "over", 410)
        now = self.now()
        told = {
            "id": token.response,
            "form": name,
            "confirmed_at": now.isoformat(),
            "sent_at": datetime.fromtimestamp(token.sent_at, UTC).isoformat(),
        }
        if not self.per_mailbox.allows(token.response):
            # It is, by the clicks before.
            return form_replies.told(self.about, name, token.language, "confirmed", 200)
        try:
            await to_thread.run_sync(keep, self.inbox, kept("confirmations", told), now)
        except OSError as error:
            log.error("form %s: could not be written, %s", name, type(error).__name__)
            return form_replies.told(self.about, name, token.language, "later", 503)
        log.info("form %s: confirmed", name)
        return form_replies.told(self.about, name, token.language, "confirmed", 200)

    def _token(self, request: Request) -> tuple[str, Form | None, Token | None]:
        name, form = self._form(request)
        token = form_tokens.read(request.path_params["token"], self.secret)
        if form and token and (token.form != name or token.language not in form.languages):
            token = None
        return name, form, token

    def _is_over(self, form: Form, token: Token) -> bool:
        sent = datetime.fromtimestamp(token.sent_at, UTC)
        return self.now() > sent + timedelta(days=form.confirm_within_days)

    def _form(self, request: Request) -> tuple[str, Form | None]:
        name = request.path_params["form"]
        return name, self.about.forms.get(name)


def _language(form: Form, asked: str | None) -> str:
    return asked if asked in form.languages else form.languages[0]
