"""Pairs in doubt, side by side, with what each answer would change; what is answered goes into the inbox.

The next run obeys it, as it does `firsthand judge`. Until then it is listed here, and can be taken back.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from console import frame, visit
from console.guard import Refused
from console.roles import least
from console.words import say
from pipelines import clock, foresight, judge_words, judging, reading, review
from pipelines.door import command
from pipelines.door.judgements import judgement
from pipelines.home import Home
from pipelines.judging import Pair, Side, Standing
from pipelines.paper.blocks import Page, Table
from pipelines.paper.numbers import plain
from pipelines.reading import Connection, Row
from pipelines.spoken_for import spoken_for

log = logging.getLogger("console")
router = APIRouter()
# What somebody looks at before lunch; each costs a few questions.
SHOWN = 10
LONGEST = 2000


@dataclass(frozen=True)
class Doubt:
    """One pair as the page shows it; `will`: what each answer would change."""

    number: int
    left: str
    right: str
    customer: str
    title: str
    why: str
    table: Table
    will: dict[str, str]


@router.get("/review")
@least("steward")
def show(request: Request) -> Response:
    state, language = request.app.state, visit.of(request).language
    with reading.opened(state.home) as con:
        stands = judging.standing(con, state.home)
        asked = review.queue(con, stands, SHOWN)
        doubts = [_doubt(con, row, stands, language) for row in asked]
        count = review.length(con, stands)
    waiting = [one for one in stands.values() if one.is_waiting and one.verdict != "withdrawn"]
    page = Page(
        language,
        state.settings.company,
        say(language, "place.review"),
        judge_words.say(language, "in_doubt", count=count)
        if count
        else judge_words.say(language, "queue_empty"),
        notes=[say(language, "review.how")],
    )
    return frame.show(
        request,
        page,
        "review.html",
        doubts=doubts,
        waiting=sorted(waiting, key=lambda one: (one.judged_at, one.pair), reverse=True),
        judged=judge_words.WORDS[language],
        is_sent=request.query_params.get("sent") == "yes",
    )


@router.post("/review")
@least("steward")
def judge(request: Request) -> Response:
    form, state = frame.form(request), request.app.state
    account = visit.of(request).account
    verdict, reason = form.get("verdict"), form.get("reason", "").strip()
    pair = judging.ordered(form.get("left", ""), form.get("right", ""))
    if account is None or len(reason) > LONGEST or not reason.isprintable():
        raise Refused(400)
    with reading.opened(state.home) as con:
        if not _may_be_said(con, state.home, pair, verdict):
            raise Refused(400)
        said = judgement(
            *pair,
            verdict,  # type: ignore[arg-type]  # one of three by now
            made_by=account.name,
            made_at=clock.ingest_time(),
            reason=reason or None,
            evidence=None if verdict == "withdrawn" else review.evidence(con, pair),
        )
    command.send(state.home, said)
    log.info("review: judgement %s by %s", said.id, account.name)
    return RedirectResponse("/review?sent=yes", 303)


def _may_be_said(con: Connection, home: Home, pair: Pair, verdict: str | None) -> bool:
    """Only what is in doubt, and to take back only what waits: others are judged at the command line."""
    stands = judging.standing(con, home)
    if verdict in ("together", "apart"):
        return review.holds(con, stands, pair)
    one = stands.get(pair)
    return verdict == "withdrawn" and one is not None and one.is_waiting and one.verdict != "withdrawn"


def _doubt(con: Connection, row: Row, stands: dict[Pair, Standing], language: str) -> Doubt:
    sides = [Side(row[f"{side}_profile_id"], row[f"{side}_customer_id"]) for side in ("left", "right")]
    will = {
        "together": told(lambda: foresight.together(con, sides[0], sides[1], stands, language)),
        "apart": told(lambda: foresight.apart(con, sides[0], sides[1], stands, True, language)),
    }
    words = judge_words.WORDS[language]
    cells = [
        [words[name], left, right, "=" if left == right else "≠" if left and right else ""]
        for name, left, right in review.compared(row)
    ]
    kinds = [f"{row[f'{side}_platform']} {row[f'{side}_object']}" for side in ("left", "right")]
    weight = words["weight"].format(weight=plain(row["weight"], language, 1))
    title = f"{row['queue_position']}. {words[row['kind']]}, {weight}"
    why = spoken_for(language, row["reason"])
    if row["earlier_verdict"]:
        why += " · " + words["judged_before"].format(verdict=words[row["earlier_verdict"]])
    table = Table(title, [words["record"], *kinds, say(language, "review.same")], cells, 4)
    left, right = sides
    return Doubt(
        row["queue_position"], left.profile_id, right.profile_id, left.customer_id, title, why, table, will
    )


def told(foresee: Callable[[], list[str]]) -> str:
    """What an answer changes; why it would change nothing, where it would not."""
    try:
        return " ".join(foresee()).replace("\n", " ")
    except judging.Refused as refused:
        return str(refused)
