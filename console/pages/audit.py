"""The audit log, newest first, and whether it is as it was written."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from console import frame, visit
from console.roles import least
from console.words import say
from pipelines import audit_log, config
from pipelines.audit_log import Tampered
from pipelines.commands.audit import WORDS
from pipelines.home import Home
from pipelines.keyed import Keyed, MissingKey
from pipelines.paper.blocks import Page, Table
from pipelines.serving import folders

router = APIRouter()
# The newest; `firsthand audit list` prints all.
SHOWN = 500


@router.get("/audit")
@least("admin")
def show(request: Request) -> Response:
    state, language = request.app.state, visit.of(request).language
    is_whole, said = _whole(state.home, language)
    try:
        entries = audit_log.entries(state.home)
    except Tampered:
        entries = []
    rows = [
        [
            str(entry.n),
            f"{entry.at:%Y-%m-%d %H:%M}",
            entry.by,
            entry.what,
            ", ".join(f"{name} {value}" for name, value in entry.facts.items()),
        ]
        for entry in reversed(entries[-SHOWN:])
    ]
    table = Table(say(language, "audit.entries"), say(language, "audit.columns").split("|"), rows, 5)
    page = Page(
        language,
        state.settings.company,
        say(language, "place.audit"),
        say(language, "audit.how"),
        blocks=[table] if rows else [],
    )
    return frame.show(request, page, "audit.html", is_whole=is_whole, whole=said)


def _whole(home: Home, language: str) -> tuple[bool, str]:
    words = WORDS[language]
    try:
        count = audit_log.verify(home, Keyed.of(config.secrets(home)), folders.witnesses(home.serving))
    except Tampered as broken:
        return False, words["broken"].format(why=broken)
    except MissingKey:
        return False, say(language, "audit.no_key")
    return True, words["whole"].format(count=count) if count else words["none"]
