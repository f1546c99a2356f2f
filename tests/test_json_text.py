"""JSON as it is read and written: nothing lost of what was said, and a version's letters those of always."""

import json
import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from connectors.json_text import canonical, parse, quoted

FLOATS = st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.integers(-(2**70), 2**70) | FLOATS | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def as_always(value):
    """What every version landed so far is the hash of."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@given(JSON)
@example(1e16)
@example([1e-7, 5e-05, 0.00001234, 1.5e300])
@example({"a": 1e-7, "b": "1e-7"})
@example([2**64, -(2**63) - 1])
@example({"\U0001f600": 1, "\ufffd": 2, "\x7f": "\x00\b\f\u2028"})
@example("\ud800")
def test_a_record_is_written_in_the_letters_of_always(value):
    assert canonical(value) == as_always(value)
    assert canonical(parse(canonical(value))) == canonical(value)


@given(st.floats(1e-9, 1e-3) | st.floats(1e14, 1e18) | FLOATS)
def test_no_number_is_written_otherwise_than_always(number):
    for value in (number, -number, [number], {"a": number, "b": number}):
        assert canonical(value) == as_always(value)


@given(JSON)
def test_what_is_read_is_what_was_said(value):
    assert json.dumps(parse(json.dumps(value))) == json.dumps(value)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999"])
def test_what_no_database_takes_as_a_number_is_kept_as_text(text):
    assert parse(f'{{"a": [{text}]}}') == {"a": [text]}
    assert math.isclose(parse("1e300"), 1e300)


@given(st.text(st.characters(exclude_categories=())))
def test_a_text_is_quoted_as_json_and_half_a_letter_costs_that_letter_alone(text):
    whole = text.encode("utf-8", "replace").decode()
    assert json.loads(quoted(text)) == whole
