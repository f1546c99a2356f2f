"""A list that leaves: first who would and who not and why, then the file.

Everybody is asked for at that moment, by the code of `firsthand export`. The file goes to the browser and
stays nowhere here; what is left of it is its entry in the audit log.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from console import frame, visit
from console.guard import Refused
from console.roles import least
from console.words import WORDS, say
from pipelines import audit_log, clock, permission, reading
from pipelines.audiences import asking, store
from pipelines.audiences.asking import Asker
from pipelines.audiences.problems import Wrong
from pipelines.audit_log import Tampered
from pipelines.company import Company
from pipelines.config import ConfigError
from pipelines.door import consents
from pipelines.exporting import export, hashed
from pipelines.exporting.export import Asked, Exported, NotBuilt
from pipelines.keyed import Keyed, MissingKey
from pipelines.paper.blocks import Figure, Page, Table
from pipelines.paper.numbers import plain
from pipelines.portrait_words import word
from pipelines.reading import Connection
from pipelines.serving import folders
from pipelines.warehouse_file import WarehouseBusy

log = logging.getLogger("console")
router = APIRouter()
CHANNELS = ("email", "sms", "phone", "post", "whatsapp")
FILES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# What a list may hold besides; all else is for whoever writes a command.
COLUMNS = (
    "stage", "activity", "country", "city", "company", "order_count", "last_order_on", "net_revenue_12m",
)  # fmt: skip
# How long somebody waits for a run that writes, in seconds.
PATIENCE = 15.0


@dataclass(frozen=True)
class Wish:
    """By which channel, for what, as which file, with which columns besides. All of them are known ones."""

    channel: str = "email"
    purpose: str = "marketing"
    file: str = "csv"
    columns: tuple[str, ...] = ()

    @property
    def recipient(self) -> str | None:
        """The ad platform a hashed list is for."""
        return self.file if self.file in hashed.RECIPIENTS else None

    def asked(self, company: Company, by: str, reason: str | None) -> Asked:
        channel, purpose = ("ad_upload", permission.ADS) if self.recipient else (self.channel, self.purpose)
        day = clock.today(company.config)
        return Asked(channel, purpose, day, by, clock.ingest_time(), reason, self.recipient)


@router.get("/audiences/{name}/export")
@least("marketer")
def choose(request: Request, name: str) -> Response:
    return _page(request, name, Wish())


@router.post("/audiences/{name}/export")
@least("marketer")
def leave(request: Request, name: str) -> Response:
    """Who would leave; and, where a reason is given, the file."""
    form, visitor = frame.form(request), visit.of(request)
    wish = _wish(request, form)
    is_to_leave = form.get("do") == "leave"
    reason = " ".join(form.get("reason", "").split())
    if is_to_leave and not reason:
        return _page(request, name, wish, _asked(request, name, wish, None), "export.reason.wrong")
    by = visitor.account.name if visitor.account else "?"
    found = _asked(request, name, wish, (by, reason) if is_to_leave else None)
    if isinstance(found, str) or not is_to_leave:
        return _page(request, name, wish, found, reason=reason)
    _, done = found
    ending = "csv" if wish.recipient else wish.file
    file = f"{name}-{wish.recipient or wish.channel}-{clock.ingest_time():%Y%m%d}.{ending}"
    log.info("export %s: %s people of %s to %s", done.export_id, done.allowed, name, by)
    headers = {"Content-Disposition": f'attachment; filename="{file}"'}
    return Response(done.content, media_type=FILES[ending], headers=headers)


def _wish(request: Request, form: Mapping[str, str]) -> Wish:
    """Raises Refused for what no form of ours offers."""
    wish = Wish(
        form.get("channel", "email"),
        form.get("purpose", "marketing"),
        form.get("file", "csv"),
        tuple(name for name in COLUMNS if form.get(f"column.{name}") == "yes"),
    )
    with reading.opened(request.app.state.home) as con:
        purposes = _purposes(con)
    if (
        wish.channel not in CHANNELS
        or wish.purpose not in purposes
        or wish.file not in (*FILES, *hashed.RECIPIENTS)
    ):
        raise Refused(400)
    # Hashes and nothing else.
    return Wish("email", "marketing", wish.file) if wish.recipient else wish


def _asked(
    request: Request, name: str, wish: Wish, leaving: tuple[str, str] | None
) -> tuple[int, Exported] | str:
    """How many were asked for and what came of it; or the word for why nothing did.

    `leaving`: by whom and why; None for a dry run.
    """
    state = request.app.state
    company = Company.at(state.home)
    by, reason = leaving or ("?", None)
    ending = ("csv" if wish.recipient else wish.file) if leaving else None
    try:
        if leaving:
            # What nobody could say afterwards to be as it was written is no place to write what leaves.
            audit_log.verify(state.home, Keyed.of(company.secrets), folders.witnesses(state.home.serving))
        with asking.opened(state.home) as asker:
            selection = asker.selection(store.saved(state.home, name), _columns(asker, wish))
        # One at a time: each holds its list in memory, and the warehouse has one writer.
        with state.leaving:
            done = export.make(
                company, wish.asked(company, by, reason), selection, ending and f".{ending}", PATIENCE
            )
    except store.Changed:
        return "export.unsaved"
    except Wrong:
        return "audiences.wrong"
    except WarehouseBusy:
        return "export.busy"
    except NotBuilt:
        return "export.not_built"
    except MissingKey:
        return "export.no_key"
    except Tampered:
        return "export.tampered"
    except ConfigError:
        # The only text of a form that gets so far.
        return "export.reason.wrong"
    return len(selection.people), done


def _columns(asker: Asker, wish: Wish) -> list[str]:
    known = asker.vocabulary.fields["customers"]
    return [name for name in wish.columns if name in known]


def _page(
    request: Request,
    name: str,
    wish: Wish,
    found: tuple[int, Exported] | str | None = None,
    wrong: str = "",
    reason: str = "",
) -> Response:
    """The form; with what came of a dry run, and the second form that takes the file out."""
    state, language = request.app.state, visit.of(request).language
    try:
        title = store.read(state.home, name).audience.title[language]
    except KeyError:
        raise Refused(404) from None
    except ConfigError:
        title = name
    with asking.opened(state.home) as asker:
        purposes = {one: purpose_told(one, language) for one in _purposes(asker.con)}
        labels = asker.vocabulary.labels.get("customers", {})
        known = [one for one in COLUMNS if one in asker.vocabulary.fields["customers"]]
        columns = {one: labels[one][language] if one in labels else one for one in known}
    wrong = found if isinstance(found, str) else wrong
    seen = None if isinstance(found, str) else found
    page = Page(
        language,
        state.settings.company,
        say(language, "export.title", title=title),
        say(language, "export.how"),
        list(_figures(seen, language)) if seen else [],
        [_refused(seen[1], language)] if seen and seen[1].refused else [],
        list(_notes(seen[1], wish, language)) if seen else [],
    )
    return frame.show(
        request,
        page,
        "export.html",
        name=name,
        title=title,
        wish=wish,
        channels={one: word(language, one) for one in CHANNELS},
        purposes=purposes,
        files={one: say(language, f"export.file.{one}") for one in (*FILES, *hashed.RECIPIENTS)},
        columns=columns,
        seen=seen is not None and seen[1].allowed > 0,
        nobody=seen is not None and not seen[1].allowed,
        wrong=say(language, wrong) if wrong else "",
        is_about_reason=wrong == "export.reason.wrong",
        reason=reason,
        longest=export.LONGEST_REASON,
    )


def _figures(seen: tuple[int, Exported], language: str) -> Iterator[Figure]:
    count, done = seen
    yield Figure(say(language, "export.asked"), plain(count, language))
    yield Figure(say(language, "export.allowed"), plain(done.allowed, language))
    yield Figure(say(language, "export.refused"), plain(sum(done.refused.values()), language), "", 1)


def _refused(done: Exported, language: str) -> Table:
    rows = [[word(language, reason), plain(count, language)] for reason, count in done.refused.items()]
    columns = say(language, "export.refused.columns").split("|")
    return Table(say(language, "export.refused.table"), columns, rows)


def _notes(done: Exported, wish: Wish, language: str) -> Iterator[str]:
    yield say(language, "export.law", law=done.laws)
    if wish.recipient:
        yield say(language, "export.ads")
    elif wish.channel in ("phone", "sms"):
        yield say(language, "export.hours")


def _purposes(con: Connection) -> list[str]:
    """Those everybody knows but the two of ads, which go together, and this company's newsletters."""
    lists = con.execute(
        "select distinct purpose from customer_permissions"
        " where starts_with(purpose, 'newsletter:') order by all"
    ).fetchall()
    return [
        *(one for one in consents.PURPOSES if one not in consents.ADS),
        *(purpose for (purpose,) in lists),
    ]


def purpose_told(purpose: str, language: str) -> str:
    if purpose.startswith("newsletter:"):
        return say(language, "purpose.newsletter", list=purpose.removeprefix("newsletter:"))
    return say(language, f"purpose.{purpose}") if f"purpose.{purpose}" in WORDS[language] else purpose
