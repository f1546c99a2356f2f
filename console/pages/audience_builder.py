"""The builder: conditions without SQL, with what they mean told at once; kept as a new version of a file.

The whole form travels with every step, so that it works without scripts and nothing of it lies here.
"""

import logging
from dataclasses import dataclass, replace
from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from console import audience_desk, frame, visit
from console.audience_desk import Desk
from console.builder import draft as drafts
from console.builder import fields, trees, words
from console.builder.draft import LANGUAGES, Draft
from console.builder.nodes import walk
from console.builder.trees import Tree
from console.guard import Refused
from console.roles import least
from console.words import say
from pipelines import clock
from pipelines.audiences import asking, store, tree
from pipelines.audiences.asking import Figures
from pipelines.audiences.problems import Problem, Wrong
from pipelines.config import ConfigError
from pipelines.paper.blocks import Page
from pipelines.paper.numbers import plain
from pipelines.portrait_words import word

log = logging.getLogger("console")
router = APIRouter()
# Conditions take five fields each, and some values.
FIELDS, BYTES = 2000, 256 * 1024


@router.get("/audiences/-/new")
@least("marketer")
def begin(request: Request) -> Response:
    return _show(request, Draft())


@router.get("/audiences/{name}/change")
@least("marketer")
def change(request: Request, name: str) -> Response:
    """The same one in the form; with `copy` the beginning of another."""
    state, language = request.app.state, visit.of(request).language
    try:
        kept = store.read(state.home, name)
    except KeyError:
        raise Refused(404) from None
    except ConfigError:
        # What is wrong with it its own page says.
        return RedirectResponse(f"/audiences/{name}", 303)
    with asking.opened(state.home) as asker:
        desk = audience_desk.of(request, asker, language)
        root = trees.of_tree(tree.conditions(kept.audience), desk.choices)
    draft = Draft(root, title=kept.audience.title, note=kept.audience.note)
    if request.query_params.get("copy") != "yes":
        draft = replace(draft, name=name, source=name, after=str(kept.version), base=kept.sha256)
    return _show(request, draft)


@router.post("/audiences/-/build", name="build")
@least("marketer", form=(BYTES, FIELDS))
def build(request: Request) -> Response:
    """A step: something added, something removed, or counted again."""
    form = frame.form(request)
    draft = drafts.read(form)
    fresh = fields.step(draft.root, form)
    return _show(request, draft, form.get("do", "").partition(":")[0], fresh)


@router.post("/audiences/-/save")
@least("marketer", form=(BYTES, FIELDS))
def save(request: Request) -> Response:
    state, visitor = request.app.state, visit.of(request)
    draft = drafts.read(frame.form(request))
    name = draft.name
    with asking.opened(state.home) as asker:
        made = trees.tree(draft.root, asker.vocabulary)
        wrong = drafts.wrong_names(draft, visitor.language) | drafts.in_the_way(
            state.home, draft, visitor.language
        )
        if wrong or made.problems or not draft.root.parts:
            return _show(request, replace(draft, wrong=wrong))
        try:
            audience = asker.read(name, draft.text(made.where))
            asker.question(audience)
        except Wrong as error:
            return _show(request, replace(draft, wrong=drafts.wrong_texts(error, visitor.language)))
    if drafts.says_the_same(state.home, audience):
        return RedirectResponse(f"/audiences/{name}?saved={draft.after}&same=yes", 303)
    by = visitor.account.name if visitor.account else "?"
    try:
        kept, is_new = store.save(
            state.home, name, audience.text, by, clock.ingest_time(), after=int(draft.after)
        )
    except store.Changed:
        return _show(request, replace(draft, wrong=drafts.overtaken(state.home, draft, visitor.language)))
    log.info("audience %s: version %s saved by %s", name, kept.version, by)
    return RedirectResponse(f"/audiences/{name}?saved={kept.version}{'' if is_new else '&same=yes'}", 303)


@dataclass(frozen=True)
class Live:
    """What the form means now: figures, or what is wrong; neither where nothing is said yet."""

    figures: Figures | None
    problems: list[Problem]


def _live(desk: Desk, draft: Draft, made: Tree) -> Live:
    """Whom it would mean; with a title of no matter, for that is asked for on saving."""
    if not draft.root.parts:
        return Live(None, [])
    problems = list(made.problems)
    try:
        stand_in = replace(draft, title=dict.fromkeys(LANGUAGES, "-"), note=Draft().note)
        audience = desk.asker.read(draft.name or "new", stand_in.text(made.where))
        desk.asker.question(audience)
    except Wrong as wrong:
        said = {problem.place for problem in problems}
        # Of a comparison that is not filled in that is all there is to say.
        inner = {place.rpartition(".")[0] for place in said}
        problems += [
            one
            for one in wrong.problems
            if one.place not in said and not (one.word == "no_comparison" and one.place in inner)
        ]
    return Live(None if problems else desk.figures(audience), problems)


def _show(request: Request, draft: Draft, step: str = "", fresh: str = "") -> Response:
    """`step`: add or remove; `fresh`: the path of what to look at after it."""
    state, language = request.app.state, visit.of(request).language
    if "changed" in draft.wrong:
        draft = drafts.after_theirs(state.home, draft)
    with asking.opened(state.home) as asker:
        desk = audience_desk.of(request, asker, language)
        made = trees.tree(draft.root, asker.vocabulary)
        live = _live(desk, draft, made)
        viewer = desk.viewer(draft.name)
        # What was just added is not wrong for being empty still.
        view = viewer.draw(draft.root, made, [] if step == "add" else live.problems)
        open_ones = [viewer.beside(made, problem) for problem in live.problems]
        day = asker.vocabulary.day
    title = say(language, "builder.new")
    if draft.source:
        title = say(language, "builder.change", title=draft.title[language] or draft.source)
    return frame.show(
        request,
        Page(language, state.settings.company, title, say(language, "builder.how")),
        "audience_builder.html",
        draft=draft,
        view=view,
        live=live,
        open=open_ones,
        fresh=fresh,
        step_was=step,
        beside=[f"#p-{path.replace('.', '-')}" for path, _ in walk(draft.root)],
        day=day,
        offered=viewer.offered(draft.root),
        currency=state.settings.currency,
        build=partial(words.say, language),
        word=partial(word, language),
        shown=partial(_shown, language),
    )


def _shown(language: str, count: object) -> str:
    return plain(count, language)
