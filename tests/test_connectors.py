"""Do we read each platform's answers right? Every stream over its page; the traps of
each platform have files of their own beside this one.

No network: answers are played back (tests/tape.py). A new platform fails here until its pages exist.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tape import PAGES, Tape, env, fetched, module, since_of

from connectors import PLATFORMS
from connectors.landing import at, key_reader
from connectors.stream import ConnectorError, MissingCredential, Since, Stream, nothing_to_pull
from connectors.times import moment

ROOT = Path(__file__).parent.parent


PULLED = [
    pytest.param(platform, stream, id=f"{platform}/{stream.name}")
    for platform in PLATFORMS
    for stream in module(platform).STREAMS
    if stream.fetch is not nothing_to_pull
]


# -- every stream ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("platform", "stream"), PULLED)
def test_stream_reads_its_page(platform, stream):
    path = PAGES / platform / f"{stream.name}.json"
    assert path.exists(), f"{path.relative_to(ROOT)} is missing: record an answer (tests/tape.py says how)"
    page = json.loads(path.read_text(encoding="utf-8"))
    client = Tape(page["answers"]).into(module(platform).client(env(page.get("settings"))))
    rows, announced = fetched(stream, client, page["account"], since_of(page))
    key = key_reader(stream.key)
    assert [key(row) for row in rows] == page["keys"]
    assert announced == page["announced"]
    for row in rows:
        keeps_its_promises(stream, row)


def keeps_its_promises(stream: Stream, row: dict) -> None:
    for promise in stream.promises:
        value = at(row, promise.path)
        assert value is not None or not promise.required, f"{promise.path} is missing"
        if value is None:
            continue
        assert promise.type != "time" or moment(value), f"{promise.path} is no time"
        assert promise.values is None or value in promise.values, f"{promise.path} is {value}"
    for path in (stream.changed_at, stream.occurred_at):
        assert path is None or moment(at(row, path)), f"{path} cannot be read as a time"


class OffScript(ConnectorError):
    """The connector asked something else after an answer that was spoilt."""


class SpoiltTape(Tape):
    """Plays a page with one value of one answer replaced."""

    def read(self, method, url, how):
        try:
            return super().read(method, url, how)
        except AssertionError:
            raise OffScript from None


def spoilt(value: Any, depth: int = 4) -> Iterator[Any]:
    """`value` with one part of it replaced by something of another shape, everywhere in turn."""
    yield from (other for other in (None, [], {}, "text", [None], 7) if type(other) is not type(value))
    if depth and isinstance(value, dict):
        for name, part in value.items():
            yield {key: other for key, other in value.items() if key != name}
            yield from ({**value, name: other} for other in spoilt(part, depth - 1))
    elif depth and isinstance(value, list) and value:
        yield from ([other, *value[1:]] for other in spoilt(value[0], depth - 1))


@pytest.mark.parametrize(("platform", "stream"), PULLED)
def test_an_answer_of_any_shape_is_read_or_named_never_a_crash(platform, stream):
    page = json.loads((PAGES / platform / f"{stream.name}.json").read_text(encoding="utf-8"))
    answers = page["answers"]
    for place, answer in enumerate(answers[:6]):
        for body in spoilt(answer["body"]):
            tape = SpoiltTape([*answers[:place], {**answer, "body": body}, *answers[place + 1 :]])
            client = tape.into(module(platform).client(env(page.get("settings"))))
            try:
                fetched(stream, client, page["account"], since_of(page))
            except ConnectorError:
                continue
            except Exception as error:
                pytest.fail(f"{answer['asked']} spoilt to {str(body)[:300]}: {error!r}")


@pytest.mark.parametrize("platform", PLATFORMS)
def test_platform_has_what_the_pipeline_asks_for(platform):
    found = module(platform)
    assert platform == found.NAME
    assert isinstance(found.SECRETS, tuple)
    assert {type(one) for one in found.STREAMS} == {Stream}
    assert found.__doc__, f"connectors/{platform} does not say what it reads"
    streams = {one.name for one in found.STREAMS}
    assert {export.stream for export in getattr(found, "EXPORTS", ())} <= streams


# Its webhook is read without any credential: it is missed before the first call.
LAZY = {"google_ads"}


@pytest.mark.parametrize("platform", [name for name in PLATFORMS if name != "files"])
def test_missing_credential_names_the_variable(platform):
    names = module(platform).SECRETS or (f"{platform.upper()}_TOKEN",)
    first = module(platform).STREAMS[0]
    if platform in LAZY:
        client = module(platform).client(env(secrets={}))
        with pytest.raises(MissingCredential, match=names[0]):
            next(iter(first.fetch(client, "1", Since(None))))
        return
    with pytest.raises(MissingCredential, match=names[0]):
        module(platform).client(env(secrets={}))


@pytest.mark.parametrize(("platform", "stream"), PULLED)
def test_what_is_counted_need_not_look_back(platform, stream):
    """The keys handed out reach back by the overlap alone: from further back, old ones would be newcomers."""
    assert not (stream.counted and stream.looks_back)
    assert not stream.looks_back or stream.looks_back > stream.overlap
