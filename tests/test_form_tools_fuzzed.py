"""Whatever is pushed or dropped is read or named: bodies and lines of any shape, without a warehouse.

What the door and the models make of odd answers is in test_form_tools.
"""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tape import env, module

from connectors.json_text import canonical
from connectors.stream import BadAnswer, Reading
from connectors.tables import normalise
from simulator.fleet import FLEET, of_kind

EVERY = of_kind("forms")
TOOLS = tuple(name for name in EVERY if FLEET[name].push)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
# Words a body of theirs has, so that chance gets past the first door.
WORDS = st.sampled_from(
    [
        "event_type",
        "form_response",
        "eventType",
        "FORM_RESPONSE",
        "data",
        "fields",
        "submissionId",
        "formId",
        "createdAt",
    ]
)
BODIES = st.one_of(
    st.binary(max_size=200),
    JSON.map(lambda value: json.dumps(value).encode()),
    st.dictionaries(WORDS, JSON | st.dictionaries(WORDS, JSON, max_size=6) | WORDS, max_size=6).map(
        lambda value: json.dumps(value).encode()
    ),
    st.text(max_size=80).map(lambda text: f'--x\r\nContent-Disposition: form-data; name="{text}"'.encode()),
    st.binary(max_size=60).map(
        lambda value: (
            b'--x\r\nContent-Disposition: form-data; name="submissionID"\r\n\r\n' + value + b"\r\n--x--\r\n"
        )
    ),
)
QUICK = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Answering:
    """A client whose platform answers the same to everything."""

    def __init__(self, tool: str, answer: Any) -> None:
        self.real, self.answer = module(tool).client(env({"time_zone": "Europe/Paris"})), answer
        self.real.get = lambda path, params=None: answer


@pytest.mark.parametrize("tool", TOOLS)
@QUICK
@given(body=BODIES, answer=JSON)
def test_a_body_of_any_shape_is_read_or_named(tool, body, answer):
    try:
        hooks = list(module(tool).WEBHOOK.receive(body, Answering(tool, answer).real))
    except BadAnswer:
        return
    for hook in hooks:
        assert all(isinstance(row, dict) for row in hook.rows)
        canonical(hook.rows)  # what cannot be written down would be lost


@pytest.mark.parametrize("tool", TOOLS)
@QUICK
@given(body=BODIES, headers=st.dictionaries(st.text(max_size=5), st.text(max_size=20), max_size=3))
def test_no_body_is_believed_by_chance(tool, body, headers):
    hook, secrets = module(tool).WEBHOOK, dict.fromkeys(module(tool).WEBHOOK.secrets, "made-up")
    is_at_home = hook.knows_address is None or hook.knows_address("", secrets)
    assert not (is_at_home and hook.verify(headers, body, secrets))


@pytest.mark.parametrize("tool", EVERY)
@QUICK
@given(
    lines=st.dictionaries(st.text(max_size=12), st.text(min_size=1, max_size=30), max_size=6),
    own=st.text(max_size=30),
)
def test_a_line_of_any_shape_is_a_row(tool, lines, own):
    for export in module(tool).EXPORTS:
        headers = {normalise(header): header for header in lines}
        cells = {normalise(header): cell for header, cell in lines.items()} | dict.fromkeys(
            export.headers, own
        )
        row = export.to_row(cells, Reading(headers=headers))
        assert isinstance(row, dict)
        canonical(row)
