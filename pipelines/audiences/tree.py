"""An audience's YAML as a tree of conditions, each knowing its place. Nothing here knows which fields exist.

    title: {fr: ..., en: ...}
    where: one condition

A condition is `all`, `any`, `not`, or begins with `field`, `count`, `sum`, `happened`, `never` or `audience`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipelines.audiences.problems import Problem, Wrong, shown
from pipelines.door.tombstones import EMAIL_LIKE

MOST_CHARACTERS, MOST_CONDITIONS, MOST_LEVELS = 65_536, 200, 12
GROUPS = ("all", "any", "not")
# As numbers of phones begin, and not as the ids of campaigns do.
PHONE = re.compile(r"(?<![\w+-])(?:\+|0)[ (]?\d(?:[ ().\u00a0/-]?\d){7,}(?!\w)")
EMAIL = re.compile(EMAIL_LIKE)

Days = Annotated[int, Field(strict=True, ge=1, le=36_500)]
Name = Annotated[str, Field(strict=True, min_length=1, max_length=100)]


class Said(BaseModel):
    """The words of one condition; values keep the type that YAML gave them until the field is known."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Window(Said):
    """Days counted from the day of the publication, or given; both ends belong to it."""

    last_days: Days = 0
    before_days: Days = 0
    since: Any = Field(None, alias="from")
    until: Any = None


class Compared(Window):
    equal: Any = Field(None, alias="is")
    among: Any = Field(None, alias="in")
    at_least: Any = None
    more_than: Any = None
    at_most: Any = None
    less_than: Any = None
    contains: Any = None
    starts_with: Any = None
    holds: Any = None
    empty: Any = None
    known: Any = None
    next_days: Days = 0


class OfField(Compared):
    field: Name


class OfRows(Window):
    where: Any = None


class Counted(OfRows):
    count: Name
    equal: Any = Field(None, alias="is")
    at_least: Any = None
    more_than: Any = None
    at_most: Any = None
    less_than: Any = None


class Summed(OfRows):
    sum: Name
    at_least: Any = None
    more_than: Any = None
    at_most: Any = None
    less_than: Any = None


class Happened(OfRows):
    happened: Name


class Never(OfRows):
    never: Name


class Member(Said):
    audience: Name


LEAVES: Mapping[str, type[Said]] = {
    "field": OfField,
    "count": Counted,
    "sum": Summed,
    "happened": Happened,
    "never": Never,
    "audience": Member,
}
WORDS = (*GROUPS, *LEAVES)


@dataclass(frozen=True)
class Group:
    place: str
    word: str
    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Leaf:
    """`rows`: the condition that rows are counted by, where there is one."""

    place: str
    said: Any
    rows: "Node | None" = None


Node = Group | Leaf


@dataclass(frozen=True)
class Audience:
    """`text` is what was written; `title` by language."""

    name: str
    title: Mapping[str, str]
    note: Mapping[str, str]
    where: Node
    text: str


def read(name: str, text: str) -> Audience:
    """Raises Wrong with everything that is wrong with it."""
    problems: list[Problem] = []
    raw = _load(text, problems)
    if problems:
        raise Wrong(name, problems)
    if not isinstance(raw, dict) or "where" not in raw or "title" not in raw:
        raise Wrong(name, [Problem(name, "no_audience")])
    _unknown_words(raw, ("title", "note", "where"), name, problems)
    _addresses(raw, "", problems)
    reader = _Reader(problems)
    titles = [_spoken(raw.get(word, ""), word, problems) for word in ("title", "note")]
    where = reader.node(raw["where"], "where")
    if problems or where is None:
        raise Wrong(name, problems)
    return Audience(name, *titles, where, text)


def conditions(audience: Audience) -> Any:
    """What stands under its `where`, as YAML gives it: for whoever changes it."""
    return _load(audience.text, [])["where"]


class _Loader(yaml.SafeLoader):
    """A key that stands twice is an error, and not the later of both."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        words = [key.value for key, _ in node.value]
        for word in words:
            if words.count(word) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"{word!r} stands there twice")
        return super().construct_mapping(node, deep)


def _load(text: str, problems: list[Problem]) -> Any:
    if len(text) > MOST_CHARACTERS:
        problems.append(Problem("", "too_long", {"most": MOST_CHARACTERS}))
        return None
    try:
        # Written once and meant a thousand times: a few lines could become more than memory holds.
        depth = 0
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                problems.append(Problem("", "alias"))
                return None
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > 4 * MOST_LEVELS:
                problems.append(Problem("", "too_deep", {"most": MOST_LEVELS}))
                return None
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        problems.append(Problem("", "no_yaml", {"why": " ".join(str(error).split())[:200]}))
        return None


def _spoken(said: Any, word: str, problems: list[Problem]) -> dict[str, str]:
    by_language = {"fr": said, "en": said} if isinstance(said, str) else said
    if (
        not isinstance(by_language, dict)
        or set(by_language) != {"fr", "en"}
        or not all(isinstance(one, str) and len(one) <= 500 for one in by_language.values())
        or (word == "title" and not all(one.strip() for one in by_language.values()))
    ):
        problems.append(Problem(word, "title"))
        return {"fr": "", "en": ""}
    return {language: " ".join(one.split()) for language, one in by_language.items()}


def _unknown_words(raw: dict[Any, Any], known: tuple[str, ...], place: str, problems: list[Problem]) -> None:
    for word in raw:
        if word not in known:
            problems.append(Problem(place, "unknown_word", {"word": shown(word), "words": ", ".join(known)}))


def _addresses(raw: Any, place: str, problems: list[Problem]) -> None:
    """Who is erased must not live on in an audience: no address and no number stands in any."""
    if isinstance(raw, dict):
        for word, inner in raw.items():
            _addresses(word, f"{place}.{word}" if place else str(word), problems)
            _addresses(inner, f"{place}.{word}" if place else str(word), problems)
    elif isinstance(raw, list):
        for number, inner in enumerate(raw, 1):
            _addresses(inner, f"{place}[{number}]", problems)
    elif isinstance(raw, str) and (EMAIL.search(raw) or PHONE.search(raw)):
        problems.append(Problem(place[:200], "address"))


class _Reader:
    def __init__(self, problems: list[Problem]) -> None:
        self.problems, self.count = problems, 0

    def wrong(self, place: str, problem: str, /, **facts: Any) -> None:
        self.problems.append(Problem(place, problem, facts))

    def node(self, raw: Any, place: str, *, level: int = 1, on_rows: bool = False) -> Node | None:
        self.count += 1
        words = (*GROUPS, "field") if on_rows else WORDS
        if level > MOST_LEVELS:
            return self.wrong(place, "too_deep", most=MOST_LEVELS)
        if self.count > MOST_CONDITIONS:
            if self.count == MOST_CONDITIONS + 1:
                self.wrong(place, "too_many", most=MOST_CONDITIONS)
            return None
        if not isinstance(raw, dict):
            return self.wrong(place, "no_condition", words=", ".join(words), found=shown(raw))
        found = [word for word in WORDS if word in raw]
        if len(found) != 1:
            told = " and ".join(found) or shown(list(raw))
            kind = "two_conditions" if found else "no_condition"
            return self.wrong(place, kind, words=", ".join(words), found=told)
        if found[0] not in words:
            return self.wrong(place, "not_on_rows", word=found[0])
        if found[0] in GROUPS:
            return self._group(raw, found[0], place, level, on_rows)
        return self._leaf(raw, found[0], place, level)

    def _group(self, raw: dict[Any, Any], word: str, place: str, level: int, on_rows: bool) -> Node | None:
        _unknown_words(raw, (word,), place, self.problems)
        inner = raw[word]
        if word == "not":
            parts = [self.node(inner, f"{place}.not", level=level + 1, on_rows=on_rows)]
        elif not isinstance(inner, list) or not inner:
            return self.wrong(f"{place}.{word}", "list")
        else:
            parts = [
                self.node(one, f"{place}.{word}[{number}]", level=level + 1, on_rows=on_rows)
                for number, one in enumerate(inner, 1)
            ]
        whole = tuple(part for part in parts if part is not None)
        return Group(place, word, whole) if len(whole) == len(parts) else None

    def _leaf(self, raw: dict[Any, Any], word: str, place: str, level: int) -> Node | None:
        model = LEAVES[word]
        known = tuple(field.alias or name for name, field in model.model_fields.items())
        if not all(isinstance(key, str) for key in raw):
            return _unknown_words(raw, known, place, self.problems)
        try:
            said = model.model_validate(raw)
        except ValidationError as error:
            for one in error.errors():
                at = str(one["loc"][0])
                if one["type"] == "extra_forbidden":
                    self.wrong(place, "unknown_word", word=shown(at), words=", ".join(known))
                else:
                    self.wrong(f"{place}.{at}", "days" if at.endswith("days") else "name")
            return None
        if "where" not in said.model_fields_set:
            return Leaf(place, said)
        rows = self.node(said.where, f"{place}.where", level=level + 1, on_rows=True)
        return None if rows is None else Leaf(place, said, rows)
