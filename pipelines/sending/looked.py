"""When a list was last read and was right, and for whom: runs follow one another by minutes.

`data/state/sending/looked.json`: list -> keyed hash of whom we may write to, and when. Nobody's address.
"""

import json
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.landing import write_durably
from pipelines.home import Home
from pipelines.keyed import Keyed

# Less than an hour: every hourly run looks.
STAYS_RIGHT = timedelta(minutes=50)


def digest(keyed: Keyed, wanted: Collection[str]) -> str:
    """Keyed: of a plain hash whoever guesses the list could say that they guessed right."""
    return keyed.digest("list", "\n".join(sorted(wanted)))


def was_right(home: Home, name: str, wanted: str) -> bool:
    """Whether the list was right a moment ago, for the very same people."""
    then = _read(home).get(name)
    return bool(
        then
        and then["wanted"] == wanted
        and timedelta() <= datetime.now(UTC) - datetime.fromisoformat(then["at"]) < STAYS_RIGHT
    )


def note(home: Home, name: str, wanted: str, *, is_right: bool) -> None:
    """Only what was right is remembered."""
    known = {key: one for key, one in _read(home).items() if key != name}
    if is_right:
        known[name] = {"wanted": wanted, "at": datetime.now(UTC).isoformat()}
    path = home.state / "sending" / "looked.json"
    path.parent.mkdir(mode=0o700, exist_ok=True)
    write_durably(path, json.dumps(known).encode())


def _read(home: Home) -> dict[str, Any]:
    try:
        found = json.loads((home.state / "sending" / "looked.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
