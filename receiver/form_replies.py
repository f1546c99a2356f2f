"""What the receiver answers about a form: pages for people, JSON for the script that shows it elsewhere."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from connectors.own_form.definition import Definition, Form
from receiver import form_pages
from receiver.form_reading import Sent, must_confirm


def missing() -> Response:
    return PlainTextResponse("no such form", 404)


def shared(origin: str) -> dict[str, str]:
    """Headers that let a page of this origin read the answer."""
    return {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}


def page(
    about: Definition, name: str, language: str, values: Mapping[str, str], said: str = "", status: int = 200
) -> Response:
    """The form, with what was typed already, and something said above it."""
    address = f"{about.address}/forms/{name}"
    body = form_pages.form_html(about, name, language, values, secrets.token_hex(16), address)
    above = form_pages.said(said) if said else ""
    return _html(about, about.forms[name].title[language], language, above + body, status)  # type: ignore[index]


def told(about: Definition, name: str, language: str, subject: str, status: int) -> Response:
    """One of our sentences under the form's title."""
    words = form_pages.said(form_pages.SAID[language][subject])
    return _html(about, about.forms[name].title[language], language, words, status)  # type: ignore[index]


def asked(about: Definition, language: str) -> Response:
    """The page behind a link: only its button confirms, for mail filters open links."""
    title = form_pages.SAID[language]["confirm_title"]
    return _html(about, title, language, form_pages.confirm_html(language))


def _html(about: Definition, title: str, language: str, body: str, status: int = 200) -> Response:
    within = " ".join(["'self'", *about.origins])
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
        f"frame-ancestors {within}"
    )
    return HTMLResponse(
        form_pages.page_html(title, language, body),
        status,
        headers={
            "Content-Security-Policy": policy,
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            # Of a link to confirm nobody else is told; a browser that told nothing would name no origin.
            "Referrer-Policy": "strict-origin",
        },
    )


@dataclass(frozen=True)
class Reply:
    """The answer to a submission as it was asked for: JSON for the script, a page for everybody else."""

    about: Definition
    name: str
    form: Form
    sent: Sent
    is_script: bool

    def thanks(self) -> Response:
        language = self.sent.language
        text = self.form.thanks[language]  # type: ignore[index]
        if must_confirm(self.form, self.sent) and not self.sent.is_test:
            text += " " + form_pages.SAID[language]["mailed"]
        if self.is_script:
            return JSONResponse({"said": text})
        return _html(self.about, self.form.title[language], language, form_pages.said(text))  # type: ignore[index]

    def because(self, subject: str, status: int) -> Response:
        text = form_pages.SAID[self.sent.language][subject]
        if subject == "wrong":
            labels = {one.name: one.label[self.sent.language] for one in self.form.fields}  # type: ignore[index]
            text += ", ".join(labels[name] for name in self.sent.wrong)
        if self.is_script:
            answer = {"said": text, "wrong": list(self.sent.wrong), "is_stale": subject == "stale"}
            return JSONResponse(answer, status)
        return page(self.about, self.name, self.sent.language, self.sent.values, text, status)
