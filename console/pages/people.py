"""Finding people: by number, e-mail or phone as everywhere else, else by the words of a name or company.

Searched by a form that is posted, so that no word of it is in an address that browsers and proxies keep.
"""

import re
import unicodedata
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.datastructures import State
from starlette.responses import RedirectResponse, Response

from console import frame, visit
from console.roles import least
from console.words import say
from pipelines import reading
from pipelines.paper.blocks import Page, Table
from pipelines.paper.numbers import plain
from pipelines.portrait_words import word
from pipelines.reading import Connection, Found, Row

router = APIRouter()
# A page of people; and how many words of a name are looked for.
SHOWN, WORDS, LONGEST = 25, 5, 200
COLUMNS = (
    "display_name",
    "company",
    "stage",
    "activity",
    "country",
    "best_email",
    "best_phone",
    "net_revenue_12m",
    "customer_id",
)
# A page and one row more, which says whether there is a next page.
SEARCH = """
select {columns} from customers
where {conditions}
order by stage_since desc, customer_id
limit {limit} offset $first
"""
# "lea" finds Léa: the word asked for is spelled with every accent, once, which costs an eighth of taking the
# accents off a million names.
NAMED = "(regexp_matches(display_name, $word, 'i') or regexp_matches(company, $word, 'i'))"
ACCENTED = {
    "a": "aàáâãäå", "c": "cç", "e": "eèéêë", "i": "iìíîï", "n": "nñ", "o": "oòóôõö", "u": "uùúûü", "y": "yýÿ"
}  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """`people` of this page; `said`: why there are none, or whose numbers they are."""

    people: list[Row]
    has_more: bool = False
    said: str = ""


@router.get("/people")
@least("marketer")
def newest(request: Request) -> Response:
    """Without a word: those who moved last."""
    return _page(request, "", 1)


@router.post("/people")
@least("marketer")
def search(request: Request) -> Response:
    form = frame.form(request)
    words = form.get("words", "").strip()[:LONGEST]
    number = form.get("page", "1")
    return _page(request, words, int(number) if number.isdecimal() and len(number) < 6 else 1)


def _page(request: Request, words: str, number: int) -> Response:
    state, language = request.app.state, visit.of(request).language
    settings, number = state.settings, max(number, 1)
    if not words:
        answer = _newest(state, number)
    else:
        with reading.opened(state.home) as con:
            found = _exact(con, words, settings.phone_regions)
            # While somebody types nobody is sent elsewhere.
            if len(found.customer_ids) == 1 and "hx-request" not in request.headers:
                return RedirectResponse(f"/people/{found.customer_ids[0]}", 303)
            answer = _answer(con, found, words, number, language)
    rows = [_cells(row, language) for row in answer.people]
    table = Table(say(language, "people.found"), say(language, "people.columns").split("|"), rows, 7)
    page = Page(
        language,
        settings.company,
        say(language, "place.people"),
        say(language, "people.how"),
        blocks=[table] if rows else [],
        said=[answer.said] if answer.said else [],
    )
    return frame.show(request, page, "people.html", words=words, number=number, has_more=answer.has_more)


def _newest(state: State, number: int) -> Answer:
    """Everybody is shown the same people."""

    def work_out() -> Answer:
        with reading.opened(state.home) as con:
            return _named(con, [], number)

    return state.remembered.ask(("newest", number), work_out)


def warm(state: State) -> None:
    """What is asked of every publication, before somebody waits for it."""
    _newest(state, 1)


def _exact(con: Connection, words: str, regions: list[str]) -> Found:
    """Whoever has it as a number, address or phone; nobody where it can be none of them."""
    if "@" in words or any(letter.isdigit() for letter in words):
        return reading.find(con, words, regions)
    return Found([])


def _answer(con: Connection, found: Found, words: str, number: int, language: str) -> Answer:
    if found.is_erased:
        return Answer([], said=word(language, "erased", number=words))
    if found.customer_ids:
        query = (
            f"select {', '.join(COLUMNS)} from customers where customer_id in (select unnest(?))"
            " order by customer_id"
        )
        people = reading.rows(con, query, found.customer_ids)
        said = "" if len(people) == 1 else word(language, "several", count=len(people), words=words)
        return Answer(people, said=said)
    answer = _named(con, words.split()[:WORDS], number)
    return answer if answer.people else Answer([], said=say(language, "people.nobody", words=words))


def _named(con: Connection, asked: list[str], number: int) -> Answer:
    """That page of those whose name or company has each of the words."""
    named = {f"word{place}": spelled(one) for place, one in enumerate(asked)}
    conditions = " and ".join(NAMED.replace("$word", f"${name}") for name in named) or "true"
    query = SEARCH.format(columns=", ".join(COLUMNS), conditions=conditions, limit=SHOWN + 1)
    people = reading.rows(con, query, {**named, "first": (number - 1) * SHOWN})
    return Answer(people[:SHOWN], len(people) > SHOWN)


def spelled(word: str) -> str:
    """A pattern of the word as it stands, whatever the accents; nothing in it is a pattern of its own."""
    bare = (
        letter for letter in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(letter)
    )
    return "".join(f"[{ACCENTED[letter]}]" if letter in ACCENTED else re.escape(letter) for letter in bare)


def _cells(row: Row, language: str) -> list[str]:
    return [
        row["display_name"] or row["company"] or "-",
        word(language, row["stage"]),
        word(language, row["activity"]),
        row["country"] or "",
        row["best_email"] or "",
        row["best_phone"] or "",
        row["customer_id"],
        plain(row["net_revenue_12m"], language, 2) if row["net_revenue_12m"] else "",
    ]
