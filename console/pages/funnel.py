"""The funnel of the published day: who reaches the next stage, how long it takes, who stands where."""

from fastapi import APIRouter, Request
from starlette.datastructures import State
from starlette.responses import Response

from console import frame, visit
from console.roles import least
from console.words import say
from pipelines import funnel
from pipelines.paper.blocks import Page, Stack, Table
from pipelines.paper.numbers import plain
from pipelines.portrait_words import word
from pipelines.reading import Row

router = APIRouter()
MONTHS = 12


@router.get("/funnel")
@least("reader")
def show(request: Request) -> Response:
    state, language = request.app.state, visit.of(request).language
    found = _found(state)
    words = funnel.WORDS[language]
    blocks = [
        _conversion(found["conversion"], language),
        _stays(found["stays"], language),
        *_months(found["flow"], language),
        _cohorts(found["conversion"], language),
    ]
    page = Page(
        language,
        state.settings.company,
        say(language, "place.funnel"),
        say(language, "funnel.how"),
        blocks=[block for block in blocks if block],
        notes=[words["hidden"]],
    )
    return frame.show(request, page)


def _found(state: State) -> dict[str, list[Row]]:
    def work_out() -> dict[str, list[Row]]:
        return {table: funnel.read(state.home, table, None) for table in funnel.TABLES}

    return state.remembered.ask("funnel", work_out)


def warm(state: State) -> None:
    """What is asked of every publication, before somebody waits for it."""
    _found(state)


def _conversion(rows: list[Row], language: str) -> Stack | None:
    """All cohorts together: as bars, who arrived and who did not."""
    words = funnel.WORDS[language]
    together = [row for row in rows if row["cohort_month"] is None]
    if not together:
        return None
    bars = [
        (
            _step(row, language),
            [row["converted_count"], row["entered_count"] - row["converted_count"]],
        )
        for row in together
    ]
    title = words["conversion"].format(days=together[0]["within_days"])
    cells = [funnel.step_cells(row, language) for row in together]
    table = Table(title, words["columns.conversion"].split("|"), cells, 3)
    return Stack(say(language, "funnel.parts").split("|"), bars, table)


def _step(row: Row, language: str) -> str:
    """Short enough to stand left of a bar."""
    return f"{row['step_number']}. {word(language, row['to_stage'])}"


def _stays(rows: list[Row], language: str) -> Table:
    words = funnel.WORDS[language]
    cells = [funnel.stay_cells(row, language) for row in rows]
    return Table(words["stays"], words["columns.stays"].split("|"), cells)


def _months(rows: list[Row], language: str) -> list[Table]:
    """The last one whole, and how many stood in each stage at the end of those before."""
    if not rows:
        return []
    words = funnel.WORDS[language]
    months = sorted({row["month"] for row in rows})[-MONTHS:]
    last = [funnel.flow_cells(row, language) for row in rows if row["month"] == months[-1]]
    title = words["flow"].format(month=f"{months[-1]:%Y-%m}")
    stages = list(dict.fromkeys(row["stage"] for row in rows))
    stock = {(row["month"], row["stage"]): row["stock_count"] for row in rows}
    by_month = [
        [f"{month:%Y-%m}", *(plain(stock.get((month, stage), 0), language) for stage in stages)]
        for month in months
    ]
    columns = [say(language, "funnel.month"), *(word(language, stage) for stage in stages)]
    return [
        Table(title, words["columns.flow"].split("|"), last),
        Table(say(language, "funnel.stock"), columns, by_month),
    ]


def _cohorts(rows: list[Row], language: str) -> Table:
    words = funnel.WORDS[language]
    cells = [funnel.step_cells(row, language) for row in rows if row["cohort_month"] is not None]
    return Table(say(language, "funnel.cohorts"), words["columns.conversion"].split("|"), cells, 3)
