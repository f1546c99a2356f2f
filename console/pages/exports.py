"""All that left: every entry of an export in the audit log, newest first."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from console import frame, visit
from console.pages.audience_export import purpose_told
from console.roles import least
from console.words import say
from pipelines import audit_log
from pipelines.audit_log import Entry, Tampered
from pipelines.exporting import hashed
from pipelines.paper.blocks import Page, Table
from pipelines.paper.numbers import plain
from pipelines.portrait_words import word

router = APIRouter()
# The newest; `firsthand audit list` prints all.
SHOWN = 200


@router.get("/exports")
@least("marketer")
def left(request: Request) -> Response:
    state, language = request.app.state, visit.of(request).language
    try:
        entries = [one for one in audit_log.entries(state.home) if one.what == "export"]
    except Tampered:
        entries = []
    rows = [_left(entry, language) for entry in reversed(entries[-SHOWN:])]
    note = "" if rows else say(language, "exports.none")
    columns = say(language, "exports.columns").split("|")
    page = Page(
        language,
        state.settings.company,
        say(language, "place.exports"),
        say(language, "exports.how"),
        blocks=[Table(say(language, "exports.table"), columns, rows, 8, note)],
    )
    return frame.show(request, page)


def _file(entry: Entry, language: str) -> str:
    recipient, form = entry.facts.get("recipient"), entry.facts.get("format", "")
    if recipient in hashed.RECIPIENTS:
        return say(language, f"export.file.{recipient}")
    if form in ("list", "suppression"):
        return say(language, f"export.file.{form}", recipient=recipient)
    return form


def _left(entry: Entry, language: str) -> list[str]:
    facts = entry.facts
    audience = facts.get("audience") or say(language, "exports.other")
    version = (
        f", {say(language, 'audience.version', number=facts['version'])}" if facts.get("version") else ""
    )
    return [
        f"{entry.at:%Y-%m-%d %H:%M}",
        entry.by,
        f"{audience}{version}",
        word(language, facts["channel"]),
        purpose_told(facts["purpose"], language),
        _file(entry, language),
        facts.get("reason", ""),
        facts.get("sha256", "")[:16],
        plain(facts["people"], language),
    ]
