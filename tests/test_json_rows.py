"""A long answer read as it comes says what it says as a whole, wherever it is cut into pieces."""

import json
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import json_rows
from connectors.json_rows import LOT, TooLong, read_rows
from connectors.json_text import parse

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-(2**70), max_value=2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)
PARTS = st.lists(
    st.dictionaries(st.sampled_from(["results", "requestId", "error"]), st.lists(VALUES, max_size=4) | VALUES)
    | VALUES,
    max_size=4,
)


def cut(text: bytes, size: int) -> Iterator[bytes]:
    yield from (text[at : at + size] for at in range(0, len(text), size))


def read(pieces: Iterator[bytes]) -> tuple[Any, list[Any]]:
    rows: list[Any] = []
    return read_rows(pieces, "results", rows.extend), rows


@given(PARTS | VALUES, st.integers(min_value=1, max_value=40), st.sampled_from([None, 2]), st.booleans())
def test_pieces_say_what_the_whole_says(whole, size, indent, is_ascii):
    text = json.dumps(whole, indent=indent, ensure_ascii=is_ascii).encode("utf-8", "replace")
    told = parse(text)
    parts, rows = read(cut(text, size))
    lists = [
        part["results"]
        for part in (told if isinstance(told, list) else ())
        if isinstance(part, dict) and isinstance(part.get("results"), list)
    ]
    assert rows == [row for found in lists for row in found]
    for found in lists:
        found.clear()
    assert parts == told


@pytest.mark.parametrize(
    "text",
    ["", " ", "[", "[{", '[{"results":[1,2', '[{"results":[1 2]}]', '[{"results":[1,]}]', "[{7:1}]",
     '[{"a" 1}]', "[1]x", '[{"results":[tru]}]', "[1,2}"],
)  # fmt: skip
@pytest.mark.parametrize("size", [1, 1000])
def test_what_is_no_json_is_said_to_be_none(text, size):
    with pytest.raises(ValueError, match=r"."):
        read(cut(text.encode(), size))
    with pytest.raises(ValueError, match=r"."):
        parse(text)


def test_letters_that_are_none_are_no_json():
    with pytest.raises(ValueError, match=r"."):
        read(cut(b'["\xff"]', 3))


def test_a_number_goes_on_in_the_next_piece():
    assert read(iter([b'[{"results":[12', b"34", b"]}]"])) == ([{"results": []}], [1234])
    assert read(iter([b"12", b"34"])) == (1234, [])


def test_rows_are_given_in_lots_and_not_held():
    row = {"id": "900000000019996", "answers": [{"field": "EMAIL", "value": "zoe@courriel.example"}] * 4}
    line = json.dumps(row).encode() + b","

    def pieces() -> Iterator[bytes]:
        yield b'[{"results":['
        for _ in range(200):
            yield line * 100
        yield json.dumps(row).encode() + b"]}]"

    lots: list[int] = []
    tracemalloc.start()
    try:
        read_rows(pieces(), "results", lambda lot: lots.append(len(lot)))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (sum(lots), max(lots)) == (20_001, LOT)
    # A lot of a thousand trees, and the piece they come in; all of them would be twenty times that.
    assert peak < 4_000_000


def test_a_value_that_never_ends_is_not_read_for_ever(monkeypatch):
    monkeypatch.setattr(json_rows, "LONGEST", 10_000)
    tried: list[int] = []

    def endless() -> Iterator[bytes]:
        yield b'[{"results":["'
        while True:
            tried.append(1)
            yield b"x" * 100

    with pytest.raises(TooLong):
        read(endless())
    assert len(tried) < 150
