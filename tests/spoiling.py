"""Records with some of their parts gone or something else: each lands, or is held with a reason."""

import copy
from collections.abc import Iterator, Sequence
from functools import reduce
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from ways import NOW

from connectors.landing import LandingWriter
from connectors.stream import Stream
from pipelines import raw
from pipelines.home import Home

EACH = 12
# What no form can make anybody type, and some senders do all the same.
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from([2**53 + 1, 10**40, "9" * 400, "x" * 100_000, "", " ", "\ud800 \x00 \U0001f600"]),
    st.sampled_from(["0000-00-00", "0001-01-01T00:00:00Z", "2026-02-30 25:61:61", -1e300]),
    st.recursive(
        st.one_of(st.none(), st.integers(), st.text(max_size=5)),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=6,
    ),
)
FUZZED = settings(
    max_examples=2,
    deadline=None,
    phases=[Phase.generate],  # a failure names its model; making it small would take many builds
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example, HealthCheck.data_too_large],
)


def parts(value: Any, path: tuple = ()) -> Iterator[tuple]:
    """Every place in a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in inner:
        yield (*path, name)
        yield from parts(part, (*path, name))


@st.composite
def spoilt(draw: st.DrawFn, row: dict[str, Any]) -> dict[str, Any]:
    """The row with some of its parts gone or something else."""
    made = copy.deepcopy(row)
    for place in draw(st.lists(st.sampled_from(list(parts(row))), min_size=1, max_size=3)):
        *way, last = place
        try:
            inside_of = reduce(lambda value, name: value[name], way, made)
            if isinstance(inside_of, dict) and not isinstance(last, str):
                continue  # was a list: JSON has no such key
            if draw(st.booleans()):
                inside_of[last] = draw(ODD)
            else:
                del inside_of[last]
        except (KeyError, IndexError, TypeError):
            continue  # lay in a part that is gone
    return made


def land_spoilt(
    here: Home,
    con: Any,
    platform: str,
    stream: Stream,
    via: str,
    rows: Sequence[Any],
    data: Any,
    first: int = 0,
) -> None:
    """Spoilt ones of the longest of these rows, which have all that a row can have: each is in, or held.

    Each under an account of its own, from `first` on: two of one key would be two versions of one record.
    """
    full = sorted(rows, key=lambda row: -len(str(row)))[:3]
    sent = data.draw(st.lists(st.sampled_from(full).flatmap(spoilt), min_size=EACH, max_size=EACH))
    writer = LandingWriter(here.landing, platform, stream, via, NOW)
    for number, row in enumerate(sent, first):
        writer.write(f"{number}", [row], "upsert", NOW, NOW)
    landed = raw.land(con, here, writer.commit(), NOW)
    assert landed.failed_reason is None
    assert landed.new + landed.refused == len(sent)


def none_held_without_reason(con: Any) -> None:
    held = con.execute("select count(*) from door.quarantine where len(reasons) = 0").fetchone()
    assert held == (0,), "held, and nobody knows why"
