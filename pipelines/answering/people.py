"""How many people an audience means: a saved one by its name, or conditions of the same grammar.

Compiled as every audience is (values are parameters, names from the publication's own list), over bi.duckdb:
a condition on a name or an address meets no such column. What a condition means is docs/audiences.md.
"""

import contextlib
import json
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from pipelines.answering.publication import Open, Refused
from pipelines.answering.texts import quoted
from pipelines.audiences import compiling, store, tree
from pipelines.audiences.tree import Audience
from pipelines.audiences.vocabulary import PEOPLE
from pipelines.config import ConfigError
from pipelines.serving.aggregates import OTHER, hide_small

CHANNELS = ("email", "sms", "call", "post")
DEEPEST = 40
DAY = re.compile(r'"(\d{4}-\d{2}-\d{2})"')


def audiences(open_: Open, language: str | None) -> dict[str, Any]:
    """Those that can be read, by name."""
    said, found = language or open_.settings.language, []
    for name in store.names(open_.home):
        with contextlib.suppress(ConfigError):
            kept = store.read(open_.home, name)
            title = kept.audience.title[said]
            found.append({"name": name, "title": title if kept.is_shipped else quoted(title, is_free=True)})
    return {"audiences": found}


def count(open_: Open, name: str | None, conditions: Mapping[str, Any] | None) -> dict[str, Any]:
    """Raises Refused, Wrong, ConfigError."""
    if (name is None) == (conditions is None):
        raise Refused("either the name of a saved audience or conditions")
    audience = _asked(conditions) if name is None else store.find(open_.home, name).audience
    question = compiling.compile(
        audience, open_.vocabulary, lambda other: store.read(open_.home, other).audience
    )
    open_.con.execute(
        f"create or replace temp table members as select rowid as person, stage, net_revenue_12m as revenue,"
        f" {', '.join(f'can_{one}' for one in CHANNELS)} from {PEOPLE}"
        f" where customer_id in ({question.sql})",
        question.values,
    )
    members = np.ma.getdata(open_.con.execute("select person from members").fetchnumpy()["person"])
    everybody = open_.teller.people(np.arange(open_.teller.everybody))
    told = open_.teller.of("audience", members, lambda: _told(open_, members))
    return {"of_everybody": everybody, **(told or {"people": None})}


def _told(open_: Open, members: np.ndarray) -> dict[str, Any]:
    reached = {one: _people(open_, f"can_{one}") for one in CHANNELS}
    reached["any"] = _people(open_, " or ".join(f"can_{one}" for one in CHANNELS))
    parts = open_.con.execute("select coalesce(revenue, 0)::double as part from members").fetchnumpy()["part"]
    kind = (PEOPLE, "net_revenue_12m", None, None, ())
    return {
        "people": open_.teller.people(members),
        "may_be_reached": reached,
        "net_revenue_12m": open_.teller.total(kind, members, np.ma.getdata(parts)),
        "currency": open_.settings.currency,
        "by_stage": _by_stage(open_),
    }


def _asked(conditions: Mapping[str, Any] | None) -> Audience:
    if _depth(conditions) > DEEPEST:
        raise Refused("the conditions are nested too deeply")
    # As text, read as every audience is, with its limits and its errors; JSON has no days, YAML has.
    text = json.dumps({"title": "asked", "where": conditions}, ensure_ascii=True)
    return tree.read("asked", DAY.sub(r"\1", text))


def _depth(thing: Any) -> int:
    """Without recursion: who asks decides how deep it is."""
    deepest, layer = 0, [thing]
    while layer and deepest <= DEEPEST:
        deepest += 1
        inner = [
            one.values() if isinstance(one, dict) else one for one in layer if isinstance(one, dict | list)
        ]
        layer = [part for parts in inner for part in parts]
    return deepest


def _people(open_: Open, which: str) -> int | None:
    found = open_.con.execute(f"select person from members where {which}").fetchnumpy()
    return open_.teller.people(np.ma.getdata(found["person"]))


def _by_stage(open_: Open) -> dict[str, int | None]:
    open_.con.execute(
        "create or replace temp table grouped as"
        " select *, dense_rank() over (order by stage) as place, false as hidden from temp.main.members"
    )
    hide_small(open_.con, open_.teller.smallest)
    found = open_.con.execute(
        f"select if(hidden, '{OTHER}', stage) as stage, list(person) from temp.main.grouped"
        " group by 1 order by 1"
    ).fetchall()
    return {stage: open_.teller.people(np.array(people)) for stage, people in found}
