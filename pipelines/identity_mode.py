"""Whether a build computes identity for everybody or only for who changed, and what both must share.

dbt decides (macros/identity_mode.sql): an increment needs the same version and a build before it that ended
well. Here: what that version is made of, and when it is everybody's turn all the same. An increment equals a
full build; a week is how long a fault in that could live.
"""

import hashlib
import importlib.metadata
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pipelines import clock, state
from pipelines.company import Company
from pipelines.config import Config
from pipelines.config.fingerprints import code_hash
from pipelines.config.rules import SHIPPED
from pipelines.home import Home
from pipelines.places import ROOT
from pipelines.resemblance import weights

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# Who reads numbers, adds up and compares: another version may answer otherwise.
ENGINES = ("duckdb", "phonenumbers")


def version(config: Config) -> str:
    """Code, weights and engines. The settings themselves are mixed in by the macro, which reads them."""
    engines = [f"{name} {importlib.metadata.version(name)}" for name in ENGINES]
    # Judgements are told with the day, which is the company's.
    return " ".join([code_hash(ROOT), weights_hash(config), config.time_zone, *engines])


def weights_hash(config: Config) -> str:
    """Of what is in the file: a new training under the old name is another version."""
    path = weights.SHIPPED if config.matching.weights == SHIPPED else Path(config.matching.weights)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def is_due(company: Company) -> bool:
    """Whether the week's full rebuild is still to come; a missed day is made up for by the next run."""
    wanted = company.config.matching.full_rebuild_on
    if wanted == "never":
        return False
    done = rebuilt_at(company.home)
    if done is None:
        return True
    last = datetime.fromisoformat(done).astimezone(ZoneInfo(company.config.time_zone)).date()
    return last < _latest(wanted, clock.today(company.config))


def _latest(weekday: str, today: date) -> date:
    return today - timedelta(days=(today.weekday() - WEEKDAYS.index(weekday)) % 7)


def rebuilt_at(home: Home) -> str | None:
    """When everybody was last computed because it was due or asked for; lost, it is due."""
    kept: dict[str, Any] = state.read(home.state / "identity.json")
    return kept.get("rebuilt_at")


def note_rebuilt(home: Home) -> None:
    state.write(home.state / "identity.json", {"rebuilt_at": clock.ingest_time().isoformat()})
