"""What the door refused and why; to be heard again, landed all the same, or let go, by commands.

A record is shown whole to whoever decides about it, and its page is logged by its id. The next run obeys;
until then a decision is listed here and can be taken back.
"""

import json
import logging
import re
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from markupsafe import Markup, escape
from starlette.responses import RedirectResponse, Response

from console import frame, visit
from console.guard import Refused
from console.roles import least
from console.words import say
from pipelines import clock, reading
from pipelines.door import command
from pipelines.door.decisions import DECISIONS, NEED_REASON, decided
from pipelines.home import Home
from pipelines.paper.blocks import Page, Table
from pipelines.paper.numbers import plain
from pipelines.reading import Row
from pipelines.refusal_words import told
from pipelines.refused import Group, Refusals

log = logging.getLogger("console")
router = APIRouter()
# Records a page; and how many of those let go.
SHOWN, LET_GO = 25, 10
LONGEST = 2000
ID = re.compile("[0-9a-f]{32}")


@router.get("/quarantine")
@least("steward")
def show(request: Request) -> Response:
    state, language, query = request.app.state, visit.of(request).language, request.query_params
    group = _group(query)
    number = query.get("page", "1")
    if not re.fullmatch(r"[1-9]\d{0,4}", number):
        raise Refused(400)
    with reading.opened(state.home) as con:
        refusals = Refusals(con, state.home)
        count = refusals.count(group)
        found = refusals.newest(group, (int(number) - 1) * SHOWN, SHOWN + 1)
        groups = [] if group else [_group_line(row, language) for row in refusals.groups()]
        let_go = [] if group else refusals.newest(group, 0, LET_GO, "dismissed")
    page = Page(
        language,
        state.settings.company,
        say(language, "place.quarantine"),
        say(language, "quarantine.held" if count else "quarantine.none", count=plain(count, language)),
        notes=[say(language, "quarantine.how")],
    )
    return frame.show(
        request,
        page,
        "quarantine.html",
        group=group,
        why=told(language, group.reason),
        groups=groups,
        records=[_line(row, language) for row in found[:SHOWN]],
        let_go=[_line(row, language) for row in let_go],
        waiting=[
            (
                one.id,
                say(language, f"quarantine.{one.command}"),
                len(one.records),
                one.made_by,
                one.reason or "",
            )
            for one in reversed(refusals.waiting)
        ],
        number=int(number),
        has_more=len(found) > SHOWN,
        here=_address(group),
        is_sent=query.get("sent") == "yes",
    )


@router.get("/quarantine/{record}")
@least("steward")
def show_record(request: Request, record: str) -> Response:
    state, visitor = request.app.state, visit.of(request)
    language = visitor.language
    with reading.opened(state.home) as con:
        refusals = Refusals(con, state.home)
        row = refusals.record(record) if ID.fullmatch(record) else None
        is_open = refusals.is_open(record)
    if row is None:
        raise Refused(404)
    log.info("refused record %s: shown to %s", record, visitor.account.name if visitor.account else "")
    page = Page(
        language,
        state.settings.company,
        say(language, "quarantine.one", source=_source(row)),
        " · ".join(told(language, reason) for reason in row["reasons"]),
        blocks=[_facts(row, language)],
    )
    return frame.show(
        request,
        page,
        "refused.html",
        record=record,
        payload=_as_told(row["payload"]),
        is_open=is_open,
        is_held=row["status"] == "held",
    )


@router.post("/quarantine")
@least("steward")
def decide(request: Request) -> Response:
    """About one record, or about all that one source was refused for one reason."""
    form, state, account = frame.form(request), request.app.state, visit.of(request).account
    decision, reason = form.get("decision", ""), form.get("reason", "").strip()
    if account is None or decision not in DECISIONS or len(reason) > LONGEST or not reason.isprintable():
        raise Refused(400)
    if decision in NEED_REASON and not reason:
        raise Refused(400)
    ids = _chosen(state.home, form.get("record", ""), _group(form), decision)
    if not ids:
        raise Refused(400)
    for said in decided(decision, ids, account.name, clock.ingest_time(), reason or None):
        command.send(state.home, said)
        log.info("quarantine: %s %s of %s records by %s", decision, said.id, len(said.records), account.name)
    return RedirectResponse("/quarantine?sent=yes", 303)


@router.post("/quarantine/back")
@least("steward")
def take_back(request: Request) -> Response:
    """A decision that waits is no decision any more; one that a run has obeyed meanwhile stands."""
    home, said = request.app.state.home, frame.form(request).get("command", "")
    with reading.opened(home) as con:
        if said not in {one.id for one in Refusals(con, home).waiting}:
            raise Refused(400)
    command.take_back(home, said)
    log.info("quarantine: %s taken back", said)
    return RedirectResponse("/quarantine", 303)


def _chosen(home: Home, record: str, group: Group, decision: str) -> list[str]:
    """The records meant, as far as nothing was decided about them since."""
    with reading.opened(home) as con:
        refusals = Refusals(con, home)
        if group and decision != "reopen":
            return refusals.ids(group)
        row = refusals.record(record) if ID.fullmatch(record) else None
        needed = "dismissed" if decision == "reopen" else "held"
        return [record] if row and row["status"] == needed and refusals.is_open(record) else []


def _group(said: object) -> Group:
    """Raises Refused for half a group."""
    values = [said.get(name, "") for name in ("platform", "stream", "refused")]  # type: ignore[attr-defined]
    if any(values) and not all(values):
        raise Refused(400)
    return Group(*values)


def _address(group: Group) -> str:
    """Of a group's page; no word of a reason is out of a record."""
    asked = {"platform": group.platform, "stream": group.stream, "refused": group.reason} if group else {}
    return f"/quarantine?{urlencode(asked)}" if asked else "/quarantine?"


def _group_line(row: Row, language: str) -> dict[str, str]:
    return {
        "address": _address(Group(row["platform"], row["stream"], row["reason"])),
        "source": _source(row),
        "why": told(language, row["reason"]),
        "count": plain(row["record_count"], language),
        "newest": _moment(row["newest_at"]),
    }


def _line(row: Row, language: str) -> dict[str, str]:
    return {
        "id": row["quarantine_id"],
        "source": _source(row),
        "key": row["record_key"] or "-",
        "why": ", ".join(told(language, reason) for reason in row["reasons"]),
        "arrived": _moment(row["arrived_at"]),
        "decided": _moment(row["decided_at"]),
        "by": row["decided_by"] or "",
        "decided_why": row["decided_why"] or "",
    }


def _facts(row: Row, language: str) -> Table:
    names = say(language, "quarantine.facts").split("|")
    values = [
        row["account"],
        row["record_key"],
        row["form_id"],
        say(language, f"quarantine.via.{row['via']}"),
        say(language, f"quarantine.op.{row['op']}"),
        _moment(row["arrived_at"]),
        _moment(row["occurred_at"]),
        _moment(row["decided_at"]),
        row["decided_by"],
        row["decided_why"],
    ]
    rows = [[name, value] for name, value in zip(names, values, strict=True) if value]
    return Table(
        say(language, "quarantine.about"), say(language, "quarantine.about.columns").split("|"), rows, 2
    )


def _source(row: Row) -> str:
    return f"{row['platform']}/{row['stream']}"


def _moment(at: object) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else ""


def _as_told(payload: str | None) -> Markup:
    """To be read line by line; what is no JSON as it stands, and no space of it made another."""
    try:
        return escape(json.dumps(json.loads(payload or ""), indent=2, ensure_ascii=False))
    except ValueError:
        return escape(payload or "")
