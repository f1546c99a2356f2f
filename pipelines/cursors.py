"""The first step of a run: open the warehouse for a moment, make what is missing, hand out the cursors.

They go into a file, because reading holds no slot of the writer and asks the warehouse nothing. An old
file is harmless: what is read twice lands once.
"""

from datetime import datetime

from connectors.stream import Since
from pipelines import state
from pipelines.home import Home

KEY = ["door", "cursors"]
Cursor = tuple[str, str, str]


def keep(home: Home, given: dict[Cursor, Since]) -> None:
    state.write(
        home.state / "cursors.json",
        {
            "/".join(key): {"moment": s.moment and s.moment.isoformat(), "landed": dict(s.landed)}
            for key, s in given.items()
        },
    )


def handed_out(home: Home) -> dict[Cursor, Since]:
    """The cursors of the last hand-out, per platform, stream and account."""
    known = {}
    for word, kept in state.read(home.state / "cursors.json").items():
        platform, stream, account = word.split("/", 2)
        moment = kept["moment"] and datetime.fromisoformat(kept["moment"])
        known[platform, stream, account] = Since(moment, kept["landed"])
    return known
