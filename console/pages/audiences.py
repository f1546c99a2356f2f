"""All audiences, and one: whom it means, who may be written to, who not and why, worth, overlap, versions."""

import contextlib
import time
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.datastructures import State
from starlette.responses import Response

from console import audience_desk, audience_page, frame, visit
from console.audience_desk import Desk
from console.builder import trees
from console.builder.told import told
from console.guard import Refused
from console.roles import least
from console.words import say
from pipelines.audiences import asking, store, tree
from pipelines.audiences.problems import Wrong
from pipelines.audiences.store import Kept
from pipelines.config import ConfigError
from pipelines.home import Home
from pipelines.paper.blocks import Page, Table
from pipelines.paper.numbers import percent, plain

router = APIRouter()
# How long the list of all may count before it shows what it has, in seconds: the rest is fetched row by row.
PATIENCE = 0.25


@dataclass(frozen=True)
class Row:
    """`figures`: as text in the order of the columns; empty where it is still to be counted."""

    name: str
    title: str
    standing: str
    figures: tuple[str, ...] = ()
    is_wrong: bool = False


def warm(state: State) -> None:
    """The figures of every audience, those that can be asked."""
    with asking.opened(state.home) as asker:
        desk = Desk(asker, state.asked, visit.LANGUAGES[0])
        for name in store.names(state.home):
            with contextlib.suppress(ConfigError, KeyError):
                desk.figures(store.read(state.home, name).audience)


@router.get("/audiences")
@least("marketer")
def show_all(request: Request) -> Response:
    """With `only` the one that was still to be counted is, however long it takes."""
    state, language = request.app.state, visit.of(request).language
    only, until = request.query_params.get("only", ""), time.monotonic() + PATIENCE
    with asking.opened(state.home) as asker:
        desk = audience_desk.of(request, asker, language)
        rows = [
            _row(desk, name, name == only or time.monotonic() < until)
            for name in store.names(state.home)
            if not only or name == only
        ]
        day = asker.vocabulary.day
    page = Page(
        language,
        state.settings.company,
        say(language, "place.audiences"),
        say(language, "audiences.how", day=day),
    )
    columns = say(language, "audiences.columns").split("|")
    return frame.show(request, page, "audiences.html", rows=rows, columns=columns)


@router.get("/audiences/{name}")
@least("marketer")
def show_one(request: Request, name: str) -> Response:
    state, language = request.app.state, visit.of(request).language
    kept, problems = _known(state.home, name, language)
    page = Page(language, state.settings.company, name, "")
    says = None
    if kept:
        page = Page(language, state.settings.company, kept.audience.title[language], "")
        try:
            with asking.opened(state.home) as asker:
                desk = audience_desk.of(request, asker, language)
                page = audience_page.page(desk, kept, state.settings.company, state.settings.currency)
                viewer = desk.viewer()
                says = told(trees.of_tree(tree.conditions(kept.audience), trees.no_choices), viewer)
        except Wrong as wrong:
            problems = [problem.text(language) for problem in wrong.problems]
    return frame.show(
        request,
        page,
        "audience.html",
        name=name,
        kept=kept,
        standing=_standing(state.home, kept, language) if kept else "",
        note=kept.audience.note[language] if kept else "",
        says=says,
        problems=problems,
        saved=_saved(request, language),
        versions=list(reversed(store.history(state.home, name))),
        version_columns=say(language, "audience.versions.columns").split("|"),
    )


@router.get("/audiences/{name}/overlap")
@least("marketer")
def overlap(request: Request, name: str) -> Response:
    """A page of its own: the others take as long as they are many."""
    state, language = request.app.state, visit.of(request).language
    kept, _ = _known(state.home, name, language)
    if kept is None:
        raise Refused(400)
    others = [one for one in store.names(state.home) if one != name]
    try:
        with asking.opened(state.home) as asker:
            desk = audience_desk.of(request, asker, language)
            matching = desk.figures(kept.audience).matching
            found = desk.overlap(kept.audience, others)
            titles = desk.viewer().audiences
    except Wrong:
        raise Refused(400) from None
    rows = [
        [titles.get(one, one), plain(count, language), percent(count / matching)]
        for one, count in found.items()
        if count
    ]
    table = Table(
        say(language, "audience.overlap"),
        say(language, "audience.overlap.columns").split("|"),
        rows,
        1,
        "" if rows else say(language, "audience.overlap.none"),
    )
    page = Page(language, state.settings.company, kept.audience.title[language], "")
    return frame.show(request, page, "audience_overlap.html", name=name, table=table)


@router.get("/audiences/{name}/versions/{number}")
@least("marketer")
def version(request: Request, name: str, number: str) -> Response:
    """As it was saved then."""
    state, language = request.app.state, visit.of(request).language
    found = [one for one in store.history(state.home, name) if str(one.number) == number]
    if not found:
        raise Refused(404)
    [one] = found
    told_by = say(
        language,
        "audience.saved",
        number=one.number,
        by=one.saved_by,
        at=f"{one.saved_at:%Y-%m-%d %H:%M} UTC",
    )
    page = Page(language, state.settings.company, name, told_by)
    return frame.show(request, page, "audience_version.html", name=name, text=one.text)


def _known(home: Home, name: str, language: str) -> tuple[Kept | None, list[str]]:
    """An audience, or why what stands there is none. Raises Refused where nothing does."""
    try:
        return store.read(home, name), []
    except KeyError:
        raise Refused(404) from None
    except Wrong as wrong:
        return None, [problem.text(language) for problem in wrong.problems]
    except ConfigError as error:
        return None, [str(error)]


def _row(desk: Desk, name: str, may_count: bool) -> Row:
    language = desk.language
    try:
        kept = store.read(desk.home, name)
        title = kept.audience.title[language]
        if not may_count and not desk.knows_figures(kept.audience):
            return Row(name, title, _standing(desk.home, kept, language))
        found = desk.figures(kept.audience)
    except (ConfigError, KeyError):
        return Row(name, name, say(language, "audiences.wrong"), is_wrong=True)
    figures = (
        plain(found.matching, language),
        plain(found.reachable_by_any, language),
        plain(found.reach["email"].reachable, language),
        plain(found.net_revenue_12m, language),
    )
    return Row(name, title, _standing(desk.home, kept, language), figures)


def _standing(home: Home, kept: Kept, language: str) -> str:
    if kept.is_shipped:
        return say(language, "audience.shipped")
    if kept.is_edited:
        return say(language, "audience.edited" if kept.version else "audience.unsaved")
    last = store.history(home, kept.audience.name)[-1]
    at = f"{last.saved_at:%Y-%m-%d}"
    return say(language, "audience.saved", number=last.number, by=last.saved_by, at=at)


def _saved(request: Request, language: str) -> str:
    """What came of saving it, for whoever comes from there."""
    number = request.query_params.get("saved", "")
    if not number.isdecimal() or len(number) > 6:
        return ""
    same = request.query_params.get("same") == "yes"
    return say(language, "builder.same" if same else "builder.saved", number=int(number))
