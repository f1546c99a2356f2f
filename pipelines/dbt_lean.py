"""dbt without two things it does at every model that nobody here reads: a fifth to a third of its own time.

It makes some thirty events a model and writes each down twice before it asks whether anybody listens; all but
two or three are for its debug log, which we do not keep. And where a model reads an ephemeral one, or a unit
test its rows, it takes the whole statement apart to find the first `with`: tens of milliseconds each.

Limit: it reaches into dbt-core 1.11 (pinned below 1.12); tests/test_dbt_lean.py fails where that moves.
"""

import re
from collections.abc import Iterable
from typing import Any

# What stands before a statement's own words: blanks, comments.
FIRST_WITH = re.compile(r"(?is)(?:\s|--[^\n]*\n|/\*.*?\*/)*with\s+(?:recursive\s+)?")


def lean() -> None:
    """For every call of dbt in this process from now on."""
    import dbt.compilation
    from dbt_common.events.base_types import BaseEvent
    from dbt_common.events.event_manager import EventManager

    if EventManager.fire_event is not _fire:
        _told["make"], _told["fire"] = BaseEvent.__init__, EventManager.fire_event
        BaseEvent.__init__ = _note
        BaseEvent.__getattr__ = _ask
        EventManager.fire_event = _fire
        dbt.compilation.inject_ctes_into_sql = with_tables


_told: dict[str, Any] = {}


def _note(event: Any, *words: Any, **values: Any) -> None:
    """An event is made when somebody asks what it says."""
    object.__setattr__(event, "given", (words, values))


def _ask(event: Any, name: str) -> Any:
    """Python comes here for what the event itself does not have."""
    if name != "pb_msg":
        return getattr(event.pb_msg, name)
    words, values = object.__getattribute__(event, "given")
    _told["make"](event, *words, **values)
    return object.__getattribute__(event, "pb_msg")


def _fire(manager: Any, event: Any, level: Any = None, **more: Any) -> None:
    if (level or event.level_tag()) != "debug":
        _told["fire"](manager, event, level=level, **more)


def with_tables(sql: str, tables: Iterable[Any]) -> str:
    """`sql` that may read these: each has its own `sql`, `name as (...)`."""
    first = ", ".join(table.sql for table in tables)
    if not first:
        return sql
    found = FIRST_WITH.match(sql)
    return f"{sql[: found.end()]}{first}, {sql[found.end() :]}" if found else f"with {first} {sql}"
