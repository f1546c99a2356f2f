"""JSON as it is read and written: nothing lost of what was said, and a version's letters those of always."""

import json
import math

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from connectors.json_text import canonical, canonical_with, parse, quoted

# A busy machine is no fault of theirs.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.integers(-(2**70), 2**70) | FLOATS | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def as_always(value):
    """What every version landed so far is the hash of."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@patient
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


@patient
@given(st.floats(1e-9, 1e-3) | st.floats(1e14, 1e18) | FLOATS)
def test_no_number_is_written_otherwise_than_always(number):
    for value in (number, -number, [number], {"a": number, "b": number}):
        assert canonical(value) == as_always(value)


@patient
@given(st.dictionaries(st.text(max_size=3), JSON, max_size=4), st.text(max_size=3))
@example({"a": "\ud800", "b": 1}, "b")
@example({"a": 1e16, "b": 1e-7}, "a")
def test_a_part_of_a_record_is_written_as_if_it_were_all(row, name):
    part = {key: value for key, value in row.items() if key != name}
    whole, text = canonical_with(row, part)
    assert whole == as_always(row)
    assert text == as_always(part).encode("utf-8", "replace")


@patient
@given(JSON, st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
@example([2**63 - 1, 2**64, 10**18, -(2**70), 0.1234567890123456789], "utf-8")
@example(["1234567890123456789", {"\u20ac": 5e-324}], "utf-8")
def test_what_is_read_is_what_was_said(value, encoding):
    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False)):
        assert json.dumps(parse(text)) == json.dumps(value)
        sent = text.encode(encoding, "surrogatepass")
        assert json.dumps(parse(sent)) == json.dumps(value)
        assert json.dumps(parse(bytearray(sent))) == json.dumps(value)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999"])
def test_what_no_database_takes_as_a_number_is_kept_as_text(text):
    assert parse(f'{{"a": [{text}]}}') == parse(b'{"a": [%b]}' % text.encode()) == {"a": [text]}
    assert math.isclose(parse("1e300"), 1e300)


@patient
@given(st.text(st.characters(exclude_categories=())))
def test_a_text_is_quoted_as_json_and_half_a_letter_costs_that_letter_alone(text):
    whole = text.encode("utf-8", "replace").decode()
    assert json.loads(quoted(text)) == whole
