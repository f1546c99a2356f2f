"""The pages of ownership, as the commands of those names print them; docs/ownership.md says how to read them.

A drill and a pause are asked for by a form; nothing is kept of it, unlike at the command line, where one
is run on purpose and makes the trend.
"""

import contextlib
import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeVar

from fastapi import APIRouter, Request
from starlette.datastructures import State
from starlette.responses import Response

from console import frame, visit
from console.guard import Refused
from console.remembered import Remembered
from console.roles import least
from console.words import say
from pipelines.commands.dependence import SUBJECT
from pipelines.company import Company
from pipelines.config import Config, ConfigError
from pipelines.home import Home
from pipelines.ownership import (
    attribution,
    attribution_page,
    dependence,
    dependence_page,
    drill,
    drill_page,
    holdout,
    holdout_page,
    kept,
    leads,
    leads_page,
    left,
    left_page,
    letter,
    letter_page,
    losses,
    published,
    useful,
    useful_page,
    was_out,
    was_out_page,
)
from pipelines.paper.blocks import Page

router = APIRouter()
Found = TypeVar("Found")
HOURS, LONGEST = 6, 168
# What a drill or a pause is of until something else is asked for.
FIRST = ("meta",)
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
COUNTRIES = re.compile(r"[A-Za-z]{2}")


@dataclass(frozen=True)
class Asked:
    """What a page is made from: the company, the moment, what was filled in; `platforms` are known ones."""

    home: Home
    settings: Config
    language: str
    now: datetime
    platforms: tuple[str, ...]
    said: Mapping[str, str]
    remembered: Remembered

    def found(self, what: Hashable, work_out: Callable[[], Found]) -> Found:
        """What was found, whichever language it is told in."""
        return self.remembered.ask(("found", what), work_out)

    @property
    def hour(self) -> str:
        """What hangs on how old a read is, is told by the hour."""
        return f"{self.now:%Y-%m-%d %H}"

    @property
    def loss(self) -> losses.Loss:
        try:
            return losses.of(self.platforms, self.settings)
        except ConfigError:
            raise Refused(400) from None

    def day(self, name: str) -> date | None:
        """Raises Refused for what is no day."""
        try:
            return date.fromisoformat(self.said[name]) if self.said.get(name) else None
        except ValueError:
            raise Refused(400) from None


def _dependence(asked: Asked) -> Page:
    found = asked.found("dependence", lambda: dependence.run(asked.home, asked.settings))
    earlier = kept.earlier(asked.home, SUBJECT, found.day)
    return dependence_page.page(found, earlier, asked.settings.company, asked.language)


def _drill(asked: Asked) -> Page:
    hours = asked.said.get("hours") or str(HOURS)
    if not hours.isdecimal() or not 1 <= int(hours[:4]) <= LONGEST:
        raise Refused(400)
    is_closed = asked.said.get("closed") == "yes"
    loss, lasts = asked.loss, None if is_closed else int(hours)
    found = asked.found(
        ("drill", asked.platforms, lasts, asked.hour),
        lambda: drill.run(asked.home, asked.settings, loss, lasts, asked.now),
    )
    earlier = kept.earlier(asked.home, loss.key, found.day)
    return drill_page.page(found, earlier, asked.settings.company, asked.language)


def _was_out(asked: Asked) -> Page:
    """Without a moment it asks for one."""
    at, hours = asked.said.get("at"), asked.said.get("hours") or str(HOURS)
    settings, language = asked.settings, asked.language
    if not hours.isdecimal() or not 1 <= int(hours[:4]) <= LONGEST:
        raise Refused(400)
    if not at:
        title, how = (say(language, f"ownership.was_out{part}") for part in ("", ".how"))
        return Page(language, settings.company, title, how)
    if not MOMENT.fullmatch(at):
        raise Refused(400)
    try:
        start = datetime.fromisoformat(at)
    except ValueError:
        raise Refused(400) from None
    loss = asked.loss
    found = asked.found(
        ("was_out", asked.platforms, at, hours),
        lambda: was_out.run(asked.home, settings, loss, start, int(hours)),
    )
    return was_out_page.page(found, settings.company, language)


def _useful(asked: Asked) -> Page:
    found = asked.found("useful", lambda: useful.run(asked.home, asked.settings))
    return useful_page.page(found, asked.settings.company, asked.language)


def _left(asked: Asked) -> Page:
    found = asked.found("left", lambda: left.run(asked.home, asked.settings))
    return left_page.page(found, asked.settings.company, asked.language)


def _attribution(asked: Asked) -> Page:
    days = asked.said.get("days") or "365"
    if not re.fullmatch(r"[1-9]\d{0,3}", days):
        raise Refused(400)
    found = asked.found(("attribution", days), lambda: attribution.run(asked.home, int(days)))
    settings = asked.settings
    return attribution_page.page(found, settings.company, settings.currency, asked.language, True)


def _holdout(asked: Asked) -> Page:
    first, last = asked.day("from"), asked.day("to")
    countries = [word.upper() for word in re.split(r"[\s,;]+", asked.said.get("country", "")) if word]
    if (first is None) != (last is None) or not all(COUNTRIES.fullmatch(word) for word in countries):
        raise Refused(400)
    try:
        found = holdout.run(asked.home, asked.loss, countries, first, last)
    except ConfigError:
        # Days that are not over, or of another order.
        if first is None:
            raise
        raise Refused(400) from None
    day = published.day_of(asked.home)
    return holdout_page.page(found, day, asked.settings.company, asked.language)


def _leads(asked: Asked) -> Page:
    company = Company(asked.home, asked.settings, {})
    found = asked.found(("leads", asked.hour), lambda: leads.run(company, asked.now))
    return leads_page.page(found, asked.settings.company, asked.language)


def _letter(asked: Asked) -> Page:
    month = asked.said.get("month") or ""
    if month and not MONTH.fullmatch(month):
        raise Refused(400)
    company = Company(asked.home, asked.settings, {})
    first = date.fromisoformat(f"{month}-01") if month else None
    try:
        found = asked.found(("letter", first, asked.hour), lambda: letter.run(company, first, asked.now))
    except ConfigError:
        # A month that is not over.
        if first is None:
            raise
        raise Refused(400) from None
    earlier = kept.earlier(asked.home, SUBJECT, found.day)
    return letter_page.page(found, earlier, asked.settings.company, asked.language)


# Name, least role, fields of its form: whom a drill names are people.
PAGES: tuple[tuple[str, str, Callable[[Asked], Page], tuple[str, ...]], ...] = (
    ("dependence", "reader", _dependence, ()),
    ("drill", "marketer", _drill, ("platform", "hours", "closed")),
    ("was_out", "reader", _was_out, ("platform", "at", "hours")),
    ("useful", "reader", _useful, ()),
    ("left", "reader", _left, ()),
    ("attribution", "reader", _attribution, ("days",)),
    ("holdout", "reader", _holdout, ("platform", "from", "to", "country")),
    ("leads", "reader", _leads, ()),
    ("letter", "reader", _letter, ("month",)),
)


def choices(settings: Config) -> list[str]:
    """The firms and tools that can be gone: every firm of the lists, and those of our tools that send."""
    firms = set(losses.owners().values())
    return sorted(firms) + sorted(tool for tool in losses.SENDERS if tool in settings.platforms)


def warm(state: State) -> None:
    """What is asked of every publication, before somebody waits for it: each page as it opens."""
    for name, _, write, fields in PAGES:
        platforms = FIRST if "platform" in fields else ()
        with contextlib.suppress(ConfigError):
            _written(state, state.settings.language, name, write, platforms, {})


def _written(
    state: State,
    language: str,
    name: str,
    write: Callable[[Asked], Page],
    platforms: tuple[str, ...],
    said: Mapping[str, str],
) -> Page:
    now = datetime.now(UTC)
    asked = Asked(state.home, state.settings, language, now, platforms, said, state.remembered)
    question = (name, language, platforms, tuple(said.items()), asked.hour)
    return state.remembered.ask(question, lambda: write(asked))


def _route(name: str, write: Callable[[Asked], Page], fields: tuple[str, ...]) -> Callable[..., Response]:
    def show(request: Request) -> Response:
        state, visitor, query = request.app.state, visit.of(request), request.query_params
        known = choices(state.settings)
        platforms = tuple(dict.fromkeys(query.getlist("platform"))) if "platform" in fields else ()
        if set(platforms) - set(known):
            raise Refused(400)
        platforms = platforms or (FIRST if "platform" in fields else ())
        said = {field: query[field] for field in fields if field in query and field != "platform"}
        page = _written(state, visitor.language, name, write, platforms, said)
        return frame.show(
            request,
            page,
            "ownership.html",
            name=name,
            names=[one for one, role, *_ in PAGES if frame.may_see(request, role)],
            fields=fields,
            known=known,
            platforms=platforms,
            said=said,
        )

    return show


for _name, _least, _write, _fields in PAGES:
    router.get(f"/ownership/{_name}", name=_name)(least(_least)(_route(_name, _write, _fields)))
