"""Whatever an ad platform or a CRM answers, a run does not fall over it and loses nobody without a reason.

Recorded answers and rows with one part replaced by something wild: absent, null, of another type, huge,
beyond what a double holds, in strange letters, at strange times.
"""

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import duckdb
import inside
import pytest
from homes import make_company
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tape import PAGES, env, fetched, module, since_of
from test_connectors import SpoiltTape

from connectors.landing import LandingWriter
from connectors.meta.receive import hints
from connectors.stream import Announced, BadAnswer, ConnectorError, Page, Stream
from pipelines import raw
from pipelines.company import Company
from pipelines.warehouse_file import warehouse
from simulator.fleet import of_kind

NOW = datetime(2026, 11, 20, 5, tzinfo=UTC)
MARK = "sim_mark"  # a field no platform has: by it a row is found again, wherever it went
ROWS = 80
GONE = object()
STREAMS = [
    pytest.param(platform, stream, id=f"{platform}/{stream.name}")
    for platform in of_kind("ads", "crm")
    for stream in module(platform).STREAMS
]
QUIET = settings(
    max_examples=40,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
TIMES = (
    "0000-00-00", "2026-13-45T99:99:99+0000", "9999-12-31T23:59:59+2359", "0001-01-01T00:00:00Z",
    "2026-02-30T10:00:00+0000", "2026-11-19", "20261119", "2026-11-19T08:15:30", "-62135596800",
)  # fmt: skip
TEXTS = ("", " ", "\x00", "\ud800", "🪵" * 300, "é", "NaN", "Infinity", "-5", "1e309", "9" * 400)
WILD = st.one_of(
    st.just(GONE),
    st.none(),
    st.booleans(),
    st.integers(min_value=2**53, max_value=2**200),
    st.integers(max_value=-1),
    st.floats(allow_nan=True, allow_infinity=True),
    st.text(max_size=40),
    st.sampled_from([*TEXTS, *TIMES]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=6,
    ),
)


def page_of(platform: str, stream: Stream) -> dict[str, Any]:
    return json.loads((PAGES / platform / f"{stream.name}.json").read_text(encoding="utf-8"))


def places(value: Any, path: tuple = ()) -> Iterator[tuple]:
    """The way to every part of a document."""
    yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        yield from places(part, (*path, name))


def spoilt(document: Any, path: tuple, wild: Any) -> Any:
    """`document` with that part replaced, or without it."""
    if not path:
        return None if wild is GONE else wild
    document = copy.deepcopy(document)
    holder = document
    for step in path[:-1]:
        holder = holder[step]
    if wild is GONE:
        del holder[path[-1]]
    else:
        holder[path[-1]] = wild
    return document


@pytest.mark.parametrize(("platform", "stream"), STREAMS)
def test_an_answer_is_read_or_named(platform: str, stream: Stream) -> None:
    page = page_of(platform, stream)
    everywhere = [(i, path) for i, answer in enumerate(page["answers"]) for path in places(answer["body"])]

    @QUIET
    @given(st.sampled_from(everywhere), WILD)
    def ask(place: tuple[int, tuple], wild: Any) -> None:
        number, path = place
        answers = list(page["answers"])
        answers[number] = {**answers[number], "body": spoilt(answers[number]["body"], path, wild)}
        client = SpoiltTape(answers).into(module(platform).client(env(page.get("settings"))))
        try:
            rows, _ = fetched(stream, client, page["account"], since_of(page))
        except ConnectorError:
            return
        assert isinstance(rows, list)

    ask()


LEADGEN = {"leadgen_id": "9", "page_id": "1", "form_id": "7", "created_time": 1}
HINT = {
    "object": "page",
    "entry": [{"id": "1", "time": 1, "changes": [{"field": "leadgen", "value": LEADGEN}]}],
}


@QUIET
@given(st.one_of(st.binary(max_size=60), st.tuples(st.sampled_from(list(places(HINT))), WILD)))
def test_a_pushed_body_is_read_or_refused_with_its_reason(drawn: Any) -> None:
    body = drawn if isinstance(drawn, bytes) else json.dumps(spoilt(HINT, *drawn)).encode()
    try:
        found = hints(body)
    except BadAnswer as error:
        assert "not the documented shape" in str(error)
        return
    assert all(isinstance(page, str) and isinstance(lead, str) for page, lead in found)


# -- through the door -----------------------------------------------------------------------------


def good_rows(platform: str, stream: Stream) -> list[dict[str, Any]]:
    page = page_of(platform, stream)
    client = SpoiltTape(page["answers"]).into(module(platform).client(env(page.get("settings"))))
    return fetched(stream, client, page["account"], since_of(page))[0]


def own_ids(row: dict[str, Any], number: int) -> dict[str, str]:
    """Ids that only this row has, as its platform writes them."""
    ids = {name: str(row[name]) for name in row if name == "id" or name.endswith("_id")}
    return {name: f"{'act_' * old.startswith('act_')}{7_000_000 + number}" for name, old in ids.items()}


def wild_rows(platform: str, stream: Stream) -> list[Any]:
    """Some rows as the platform sends them, each with a key of its own; of most one part is wild."""
    base = good_rows(platform, stream)
    drawn: list[Any] = []
    part = st.tuples(
        st.integers(0, len(base) - 1), st.randoms(use_true_random=False), WILD, st.integers(0, 9)
    )

    @settings(QUIET, max_examples=1)
    @given(st.lists(part, min_size=ROWS, max_size=ROWS))
    def draw(parts: list) -> None:
        drawn.clear()
        for number, (which, random, wild, luck) in enumerate(parts):
            row = {**base[which], **own_ids(base[which], number), MARK: number}
            below = [path for path in places(row) if path and path[0] != MARK]
            drawn.append(row if luck < 3 else spoilt(row, random.choice(below), wild))

    draw()
    return [*drawn, None, "text", 7, [], {}]


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Company, dict[str, list[Any]]]:
    """A warehouse into which the wild rows of every stream went, and those rows."""
    company, sent = make_company(tmp_path_factory.mktemp("fuzzed")), {}
    with warehouse(company.home) as con:
        raw.ensure(con)
        for platform, stream in (one.values for one in STREAMS):
            sent[f"{platform}/{stream.name}"] = wild_rows(platform, stream)
            writer = LandingWriter(company.home.landing, platform, stream, "api", NOW)
            writer.take("1", Page(sent[f"{platform}/{stream.name}"]), NOW)
            for count in (10**40, -1, True, 2**53 + 1, 3):
                writer.take("1", Announced("7", count, count), NOW)
            writer.drained("1")
            writer.commit()
        for batch in raw.waiting(company.home):
            outcome = raw.land(con, company.home, batch, NOW)
            assert outcome.failed_reason is None, outcome
    return company, sent


def marks(con: duckdb.DuckDBPyConnection, query: str) -> set[int]:
    return {n for (n,) in con.execute(query).fetchall() if n is not None}


@pytest.mark.parametrize(("platform", "stream"), STREAMS)
def test_every_row_is_in_or_held_with_a_reason(
    landed: tuple[Company, dict], platform: str, stream: Stream
) -> None:
    company, _ = landed
    with duckdb.connect(str(company.home.warehouse), read_only=True) as con:
        mark = f"try_cast(payload::json ->> '$.{MARK}' as int)"
        held = f"from door.quarantine where platform = '{platform}' and stream = '{stream.name}'"
        inside_, outside = (
            marks(con, f"select {mark} from raw_{platform}.{stream.name}"),
            marks(con, f"select {mark} {held}"),
        )
        reasonless = con.execute(f"select count(*) {held} and coalesce(reasons[1], '') = ''").fetchone()[0]
        total = con.execute(f"select count(*) {held}").fetchone()[0]
    assert inside_ | outside == set(range(ROWS)), set(range(ROWS)) - inside_ - outside
    assert reasonless == 0
    # Neither is everything held nor nothing: what is judged is judged.
    assert len(inside_) > ROWS / 5
    assert total > 4


def test_a_count_nobody_can_count_to_is_none(landed: tuple[Company, dict]) -> None:
    company, _ = landed
    with duckdb.connect(str(company.home.warehouse), read_only=True) as con:
        told = con.execute("select distinct count, expired from door.announcements").fetchall()
    assert told == [(3, 3)]


def test_what_came_in_breaks_no_model(landed: tuple[Company, dict]) -> None:
    company, _ = landed
    models = ("+spend", "+campaign_reach", "+events", "+profiles", "+consent__hubspot_states")
    inside.dbt(company.home.warehouse, "run", "--select", *models)
