"""Everybody who may be one person, on one page: all their records, what they agree on, the weakest doubt.

Whoever decides ticks whom they mean, sees what each answer would change, and answers for all of them.
"""

import logging
from collections import Counter

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from console import frame, visit
from console.guard import Refused
from console.pages.review import LONGEST, told
from console.roles import least
from console.words import say
from pipelines import clock, doubtful, judge_words, judging, reading
from pipelines.door import command
from pipelines.door.judgements import judgement
from pipelines.doubtful import Group
from pipelines.paper.blocks import Page, Table
from pipelines.paper.numbers import plain
from pipelines.reading import NUMBER, Connection
from pipelines.review import Stands, evidence
from pipelines.spoken_for import spoken_for

log = logging.getLogger("console")
router = APIRouter()
VERDICTS = ("together", "apart")


@router.get("/review/group/{number}")
@least("steward")
def show(request: Request, number: str) -> Response:
    """`who`: the customers ticked; without any, all of them."""
    state, visitor = request.app.state, visit.of(request)
    language = visitor.language
    with reading.opened(state.home) as con:
        stands = judging.standing(con, state.home)
        found = _found(con, stands, number)
        chosen = _chosen(found, request.query_params.getlist("who"))
        will = {
            verdict: told(lambda v=verdict: doubtful.foreseen(con, found, chosen, v, stands, language))
            for verdict in VERDICTS
        }
    log.info("review: group of %s shown to %s", number, visitor.account and visitor.account.name)
    page = Page(
        language,
        state.settings.company,
        say(language, "group.title"),
        say(language, "group.how", people=len(found.people), records=len(found.records)),
        blocks=[_agreement(found, language), _links(found, language)],
        notes=[say(language, "review.how")],
    )
    return frame.show(
        request,
        page,
        "review_group.html",
        number=number,
        people=found.people,
        called=_called(found),
        chosen=chosen,
        will=will,
        records=_records(found, language),
        names=[say(language, "group.customer"), *_columns(found, language)],
    )


@router.post("/review/group/{number}")
@least("steward")
def judge(request: Request, number: str) -> Response:
    """A field of the form for each customer meant, named by the number."""
    form, state, account = frame.form(request), request.app.state, visit.of(request).account
    verdict, reason = form.get("verdict"), form.get("reason", "").strip()
    if account is None or verdict not in VERDICTS or len(reason) > LONGEST or not reason.isprintable():
        raise Refused(400)
    with reading.opened(state.home) as con:
        found = _found(con, judging.standing(con, state.home), number)
        chosen = _chosen(found, [name for name in form if NUMBER.fullmatch(name)])
        try:
            pairs = doubtful.answers(con, found, chosen, verdict)
        except judging.Refused:
            raise Refused(400) from None
        judged = [
            judgement(
                *pair,
                verdict,  # type: ignore[arg-type]  # one of two by now
                made_by=account.name,
                made_at=clock.ingest_time(),
                reason=reason or None,
                evidence=evidence(con, pair),
            )
            for pair in pairs
        ]
    for said in judged:
        command.send(state.home, said)
        log.info("review: judgement %s by %s", said.id, account.name)
    return RedirectResponse("/review?sent=yes", 303)


def _found(con: Connection, stands: Stands, number: str) -> Group:
    found = doubtful.group(con, stands, number) if NUMBER.fullmatch(number) else None
    if found is None:
        raise Refused(404)
    return found


def _chosen(found: Group, asked: list[str]) -> list[str]:
    """Those of the group that were ticked, in its order. Raises Refused for others."""
    if set(asked) - set(found.people):
        raise Refused(400)
    return [number for number in found.people if number in asked] or found.people


def _agreement(found: Group, language: str) -> Table:
    words, count = judge_words.WORDS[language], len(found.records)
    rows = [
        [
            words[one.name],
            say(language, "group.alike")
            if one.values == 1
            else say(language, "group.differ", count=one.values),
            say(language, "group.given", given=one.given, count=count),
        ]
        for one in doubtful.fields(found.records)
    ]
    return Table(
        say(language, "group.agreement"), say(language, "group.agreement.columns").split("|"), rows, 3
    )


def _links(found: Group, language: str) -> Table:
    words = judge_words.WORDS[language]
    rows = [
        [
            say(language, "group.weakest") if place == 0 else "",
            words["weight"].format(weight=plain(row["weight"], language, 1)),
            words[row["kind"]],
            row["left_profile_id"],
            row["right_profile_id"],
            spoken_for(language, row["reason"]),
        ]
        for place, row in enumerate(found.links)
    ]
    return Table(say(language, "group.links"), say(language, "group.links.columns").split("|"), rows, 6)


def _called(found: Group) -> dict[str, str]:
    """By number: the name most of their records give, "" where none does."""
    by_number: dict[str, Counter[str]] = {number: Counter() for number in found.people}
    for row in found.records:
        if name := doubtful.value_of(row, "name"):
            by_number[row["customer_id"]][name] += 1
    return {number: names.most_common(1)[0][0] if names else "" for number, names in by_number.items()}


def _columns(found: Group, language: str) -> list[str]:
    """Only what some record says."""
    words = judge_words.WORDS[language]
    return [
        words["record"],
        *(words[one.name] for one in doubtful.fields(found.records)),
        words["created_at"],
        say(language, "review.id"),
    ]


def _records(found: Group, language: str) -> list[list[str]]:
    """A line a record; what is other than most say is marked."""
    usual = {one.name: one.usual for one in doubtful.fields(found.records)}

    def marked(value: str, name: str) -> str:
        return f"≠\N{NO-BREAK SPACE}{value}" if value and value.casefold() != usual[name] else value

    return [
        [
            row["customer_id"],
            f"{row['platform']} {row['object']}",
            *(marked(doubtful.value_of(row, name), name) for name in usual),
            f"{row['created_at']:%Y-%m-%d}" if row["created_at"] else "",
            row["profile_id"],
        ]
        for row in found.records
    ]
