"""The whole form of an audience: conditions, names, what it was opened from; and whether it can be kept."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from console.builder import fields
from console.builder.nodes import Group
from console.words import say
from pipelines.audiences import store, tree
from pipelines.audiences.problems import Wrong
from pipelines.audiences.tree import Audience
from pipelines.config import ConfigError
from pipelines.home import Home

LANGUAGES, LONGEST = ("en", "fr"), 500


@dataclass(frozen=True)
class Draft:
    """What the form holds. `source`: the audience it was opened from, empty for a new one; `after`, `base`:
    its version then and the hash of its text. `wrong`: what is wrong with fields that are no conditions.
    """

    root: Group = field(default_factory=Group)
    name: str = ""
    title: Mapping[str, str] = field(default_factory=lambda: dict.fromkeys(LANGUAGES, ""))
    note: Mapping[str, str] = field(default_factory=lambda: dict.fromkeys(LANGUAGES, ""))
    source: str = ""
    after: str = "0"
    base: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)

    def text(self, where: object) -> str:
        return store.written(dict(self.title), where, dict(self.note) if any(self.note.values()) else None)


def read(form: Mapping[str, str]) -> Draft:
    def spoken(what: str) -> dict[str, str]:
        return {one: " ".join(form.get(f"{what}_{one}", "").split())[:LONGEST] for one in LANGUAGES}

    after = form.get("after", "0")
    return Draft(
        fields.read(form),
        form.get("name", "").strip()[:100],
        spoken("title"),
        spoken("note"),
        form.get("source", ""),
        after if after.isdecimal() and len(after) < 7 else "0",
        form.get("base", ""),
    )


def wrong_names(draft: Draft, language: str) -> dict[str, str]:
    found = {}
    if not all(draft.title.values()):
        found["title"] = say(language, "builder.title.wrong")
    if not store.NAME.fullmatch(draft.name):
        found["name"] = say(language, "builder.name.wrong")
    return found


def wrong_texts(wrong: Wrong, language: str) -> dict[str, str]:
    """Of what is wrong, what concerns title and note."""
    told = [one.text(language) for one in wrong.problems if one.place.startswith(("title", "note"))]
    return {"title": "; ".join(told)} if told else {}


def in_the_way(home: Home, draft: Draft, language: str) -> dict[str, str]:
    """Another audience of that name; or the same one, which somebody changed meanwhile."""
    if not store.NAME.fullmatch(draft.name) or draft.name not in store.names(home):
        return {}
    if draft.source != draft.name:
        return {"name": say(language, "builder.taken")}
    return {} if _hash(home, draft.name) == draft.base else overtaken(home, draft, language)


def overtaken(home: Home, draft: Draft, language: str) -> dict[str, str]:
    last = (store.history(home, draft.name) or [None])[-1]
    who = f"{last.saved_by}, {last.saved_at:%Y-%m-%d %H:%M} UTC" if last else "?"
    return {"changed": say(language, "builder.changed", who=who)}


def says_the_same(home: Home, audience: Audience) -> bool:
    """As what stands there, however it is laid out."""
    try:
        kept = store.read(home, audience.name)
    except (KeyError, ConfigError):
        return False
    before = kept.audience
    return (
        not kept.is_edited
        and (before.title, before.note) == (audience.title, audience.note)
        and _plain(tree.conditions(before)) == _plain(tree.conditions(audience))
    )


def _plain(where: object) -> str:
    return json.dumps(where, default=str, sort_keys=True)


def after_theirs(home: Home, draft: Draft) -> Draft:
    """Saved again, it comes after what is there now."""
    last = (store.history(home, draft.name) or [None])[-1]
    now = _hash(home, draft.name) if draft.name in store.names(home) else ""
    return replace(draft, after=str(last.number if last else 0), base=now)


def _hash(home: Home, name: str) -> str:
    return hashlib.sha256(store.text(home, name).encode()).hexdigest()
