"""What is around every page: the templates, in the visitor's language, with navigation and forms' tokens."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import Environment
from markupsafe import Markup
from starlette.responses import HTMLResponse

from console import visit
from console.navigation import places
from console.roles import may
from console.words import say
from pipelines.paper import html
from pipelines.paper.blocks import Page
from pipelines.reading import NUMBER

DAY = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d)?")
TEMPLATES = Path(__file__).resolve().parent / "templates"


@cache
def _environment(language: str) -> Environment:
    environment = html.environment(language, TEMPLATES)
    environment.filters["linked"] = linked
    environment.globals["say"] = _teller(language)
    return environment


def _teller(language: str) -> Callable[..., str]:
    return lambda key, **values: say(language, key, **values)


def linked(cell: str) -> str:
    """A customer's number leads to their page; a day stays on one line."""
    if DAY.fullmatch(cell):
        return Markup('<span class="whole">{day}</span>').format(day=cell)
    if not NUMBER.fullmatch(cell):
        return cell
    return Markup('<a href="/people/{number}">{number}</a>').format(number=cell)


def render(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page of ours in the visitor's language."""
    visitor = visit.of(request)
    text = (
        _environment(visitor.language)
        .get_template(template)
        .render(
            language=visitor.language,
            company=request.app.state.settings.company,
            account=visitor.account,
            form_token=visitor.form_token,
            places=places(visitor.role),
            path=request.url.path,
            **values,
        )
    )
    response = HTMLResponse(text, status)
    if visitor.is_new:
        visit.keep(response, request, visit.BEFORE, visitor.token)
    return response


def show(
    request: Request, page: Page, template: str = "page.html", status: int = 200, **values: Any
) -> HTMLResponse:
    """A page of figures and tables; `template` may put forms before it."""
    return render(request, template, status, page=page, blocks=html.drawn(page), **values)


def may_see(request: Request, role: str) -> bool:
    """Whether the visitor has the rights of that role."""
    return may(visit.of(request).role, role)


def form(request: Request) -> Mapping[str, str]:
    """What was filled in; the guard has looked at it."""
    return request.state.form
