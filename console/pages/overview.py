"""First: who is where, what this month brought, how many we reach, what it hangs on, how old it is."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.datastructures import State
from starlette.responses import Response

from console import frame, visit
from console.roles import least
from console.words import say
from pipelines import freshness, funnel, reading
from pipelines.company import Company
from pipelines.config import ConfigError
from pipelines.home import Home
from pipelines.ownership import dependence, dependence_page
from pipelines.ownership.published import FEWEST
from pipelines.paper.blocks import Figure, Page, Stack, Table
from pipelines.paper.numbers import percent, plain
from pipelines.portrait import STAGES
from pipelines.portrait_words import word
from pipelines.reading import Row

router = APIRouter()
SQL = (Path(__file__).resolve().parent / "overview.sql").read_text(encoding="utf-8")
# In three, as a bar can show: with us, slipping away, gone.
ACTIVITIES = (("active", "engaged"), ("at_risk", "cooling"), ("lapsed", "lost", "dormant"))


@router.get("/")
@least("reader")
def overview(request: Request) -> Response:
    state, language = request.app.state, visit.of(request).language
    told = _found(state)
    index = [] if told.index is None else [dependence_page.index(told.index, language)]
    page = Page(
        language,
        state.settings.company,
        say(language, "place.overview"),
        say(
            language,
            "overview.as_of",
            at=_minute(told.manifest["built_at"]),
            until=_minute(told.manifest["data_until"]),
        ),
        [*_figures(told.people, told.flow, language), *index],
        [
            _stages(told.people, language),
            _flow(told.flow, language),
            _sources(Company(state.home, state.settings, {}), datetime.now(UTC), language),
        ],
        [say(language, "overview.note")],
    )
    return frame.show(request, page)


@dataclass(frozen=True)
class Found:
    """All that hangs on the publication, of one publication; no index where there is nothing to tell of."""

    people: list[Row]
    flow: list[Row]
    index: Row | None
    manifest: dict[str, str]


def _found(state: State) -> Found:
    """Worked out once a publication, in no language."""
    home, ask = state.home, state.remembered.ask

    def index() -> Row | None:
        try:
            # The page of dependence asks the same.
            return ask(("found", "dependence"), lambda: dependence.run(home, state.settings)).now
        except ConfigError:
            return None

    def work_out() -> Found:
        return Found(_people(home), funnel.read(home, "flow", None), index(), _manifest(home))

    return ask("overview", work_out)


def warm(state: State) -> None:
    """What is asked of every publication, before somebody waits for it."""
    _found(state)


def _people(home: Home) -> list[Row]:
    with reading.opened(home) as con:
        return reading.rows(con, SQL)


def _manifest(home: Home) -> dict[str, str]:
    file = home.serving / "current" / "manifest.json"
    if not file.exists():
        raise ConfigError("nothing is published yet: `firsthand run` first")
    return json.loads(file.read_text(encoding="utf-8"))


def _minute(told: str | None) -> str:
    return "-" if told is None else f"{datetime.fromisoformat(told).astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _figures(people: list[Row], flow: list[Row], language: str) -> Iterator[Figure]:
    known = sum(row["person_count"] for row in people)
    reachable = sum(row["reachable_count"] for row in people)
    yield Figure(say(language, "overview.known"), plain(known, language), "", 1)
    share = percent(reachable / known) if known >= FEWEST else f"{reachable} / {known}"
    note = say(language, "overview.reachable.note", count=plain(reachable, language))
    yield Figure(say(language, "overview.reachable"), share, note)
    month = _month(flow)
    if month:
        came = sum(row["came_count"] for row in flow if row["month"] == month and row["stage"] == "lead")
        label = say(language, "overview.came", month=f"{month:%Y-%m}")
        yield Figure(label, plain(came, language), "", 2)


def _month(flow: list[Row]) -> date | None:
    return max((row["month"] for row in flow), default=None)


def _stages(people: list[Row], language: str) -> Stack:
    counts = {(row["stage"], row["activity"]): row["person_count"] for row in people}
    known = [activity for group in ACTIVITIES for activity in group]
    others = sorted({row["activity"] for row in people if row["activity"] not in known}, key=str)
    rows, bars = [], []
    for stage in reversed(STAGES):
        by = [counts.get((stage, activity), 0) for activity in [*known, *others]]
        reachable = sum(row["reachable_count"] for row in people if row["stage"] == stage)
        rows.append([word(language, stage), *(plain(count, language) for count in [*by, sum(by), reachable])])
        parts = [sum(counts.get((stage, activity), 0) for activity in group) for group in ACTIVITIES]
        bars.append((word(language, stage), parts))
    columns = [say(language, "overview.stage"), *(word(language, name) or "-" for name in [*known, *others])]
    columns += [say(language, "overview.all"), say(language, "overview.reached")]
    table = Table(say(language, "overview.stages"), columns, rows)
    return Stack(say(language, "overview.parts").split("|"), bars, table)


def _flow(flow: list[Row], language: str) -> Table:
    month, words = _month(flow), funnel.WORDS[language]
    rows = [funnel.flow_cells(row, language) for row in flow if row["month"] == month]
    title = words["flow"].format(month=f"{month:%Y-%m}") if month else say(language, "overview.no_flow")
    return Table(title, words["columns.flow"].split("|"), rows)


def _sources(company: Company, now: datetime, language: str) -> Table:
    rows = []
    for source, age in freshness.ages(company, now):
        if age is None:
            rows.append([source.word, "-", "-", say(language, "source.never")])
            continue
        status = "losing" if age.is_losing else "stale" if age.is_stale else "fresh"
        hours = (now - age.since).total_seconds() / 3600
        rows.append(
            [source.word, f"{age.since:%Y-%m-%d %H:%M}", f"{hours:.0f}", say(language, f"source.{status}")]
        )
    note = "" if rows else say(language, "source.none")
    columns = say(language, "overview.sources.columns").split("|")
    return Table(say(language, "overview.sources"), columns, rows, 1, note)
