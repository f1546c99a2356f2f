"""Conditions into SQL. Values are parameters, always; names come from the vocabulary, never from the tree.

Every condition is true of a person or it is not: what is not known is not true. `not` turns exactly that
round, so people of whom nothing is known are among "not in France".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from pipelines.audiences import tree
from pipelines.audiences.problems import Problem, Wrong, shown
from pipelines.audiences.tree import Audience, Group, Leaf, Node
from pipelines.audiences.vocabulary import PEOPLE, THINGS, Vocabulary, is_only_known

MOST_VALUES, MOST_TEXT = 1000, 200
LARGEST, SMALLEST_STEP = 10**15, Decimal("0.000001")
# Of an audience with all it leans on: three that each name the next one twice are eight already.
MOST_CONDITIONS, MOST_AUDIENCES = 2000, 8
ORDERED = {"at_least": ">=", "more_than": ">", "at_most": "<=", "less_than": "<"}
BY_KIND: Mapping[str, tuple[str, ...]] = {
    "text": ("is", "in", "contains", "starts_with", "known"),
    "number": ("is", "in", *ORDERED, "known"),
    "yes_no": ("is", "known"),
    "date": ("is", "from", "until", "last_days", "before_days", "next_days", "known"),
    "moment": ("known",),
    "texts": ("holds", "empty", "known"),
}
# Whatever name another audience is asked for by, what it says and that it is whole.
Others = Callable[[str], Audience]


@dataclass(frozen=True)
class Question:
    """`select customer_id ...` with its parameters; `others`: which audiences it leans on."""

    sql: str
    values: dict[str, Any]
    others: tuple[Audience, ...] = ()


def compile(audience: Audience, vocabulary: Vocabulary, others: Others) -> Question:
    """Whom it means. Raises Wrong with everything that is wrong with it."""
    work = _Work(vocabulary, others, [audience.name])
    condition = work.node(audience.where, "c", PEOPLE)
    if work.problems:
        raise Wrong(audience.name, work.problems)
    return Question(
        f"select c.customer_id from {PEOPLE} as c where {condition}", work.values, tuple(work.used.values())
    )


@dataclass
class _Work:
    vocabulary: Vocabulary
    find: Others
    way: list[str]
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    used: dict[str, Audience] = field(default_factory=dict)
    count: int = 0

    def wrong(self, place: str, problem: str, /, **facts: Any) -> str:
        self.problems.append(Problem(place, problem, facts))
        return "false"

    def value(self, value: Any) -> str:
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f"${name}"

    def node(self, node: Node, alias: str, table: str) -> str:
        self.count += 1
        if self.count > MOST_CONDITIONS:
            return self.wrong(node.place, "too_many", most=MOST_CONDITIONS)
        if isinstance(node, Group):
            parts = [self.node(part, alias, table) for part in node.parts]
            if node.word == "not":
                return f"(not {parts[0]})"
            return "(" + (" and " if node.word == "all" else " or ").join(parts) + ")"
        said = node.said
        if isinstance(said, tree.OfField):
            return self._field(node.place, said, alias, table)
        if isinstance(said, tree.Member):
            return self._member(node.place, said.audience)
        return self._rows(node)

    # -- fields --

    def _field(self, place: str, said: tree.OfField, alias: str, table: str) -> str:
        known = self.vocabulary.fields.get(table, {})
        kind = known.get(said.field)
        if kind is None:
            like = get_close_matches(said.field, known, 3, 0.5) or sorted(known)[:5]
            return self.wrong(
                f"{place}.field", "no_field", table=table, name=shown(said.field), like=", ".join(like)
            )
        words = _words(said, "field")
        allowed = ("known",) if is_only_known(said.field) else BY_KIND[kind]
        if not words:
            return self.wrong(place, "no_comparison", words=", ".join(allowed))
        if stranger := next((word for word in words if word not in allowed), None):
            if stranger in BY_KIND[kind]:
                return self.wrong(f"{place}.{stranger}", "only_known", name=said.field)
            facts = {"word": stranger, "name": said.field, "kind": kind, "words": ", ".join(allowed)}
            return self.wrong(place, "not_of_kind", **facts)
        column = f'{alias}."{said.field}"'
        told = [self._compare(f"{place}.{word}", word, given, column, kind) for word, given in words.items()]
        return f"coalesce({' and '.join(told)}, false)"

    def _compare(self, place: str, word: str, given: Any, column: str, kind: str) -> str:
        if word in ("known", "empty"):
            if (wanted := self._given(place, word, given, "yes_no")) is None:
                return "false"
            if word == "known":
                return f"{column} is {'not ' if wanted else ''}null"
            return f"(len({column}) = 0) = {self.value(wanted)}"
        if word in ("last_days", "before_days", "next_days"):
            return self._window(column, {word: given})
        if word == "in":
            return self._among(place, word, given, column, kind)
        value = self._given(place, word, given, "text" if kind == "texts" else kind)
        if value is None:
            return "false"
        parameter = self.value(value)
        if word == "contains":
            return f"contains(lower({column}), lower({parameter}))"
        if word == "starts_with":
            return f"starts_with(lower({column}), lower({parameter}))"
        if word == "holds":
            return f"list_contains({column}, {parameter})"
        return f"{column} {ORDERED.get(word) or {'is': '=', 'from': '>=', 'until': '<='}[word]} {parameter}"

    def _among(self, place: str, word: str, given: Any, column: str, kind: str) -> str:
        if not isinstance(given, list) or not 1 <= len(given) <= MOST_VALUES:
            return self.wrong(place, "values", word=word, most=MOST_VALUES)
        values = [self._given(place, word, one, kind) for one in given]
        return f"{column} in ({', '.join(self.value(one) for one in values)})"

    def _window(self, column: str, days: dict[str, int]) -> str:
        today, told = self.vocabulary.day, []
        for word, count in days.items():
            if word == "last_days":
                told.append(
                    f"{column} > {self.value(_before(today, count))} and {column} <= {self.value(today)}"
                )
            elif word == "before_days":
                told.append(f"{column} <= {self.value(_before(today, count))}")
            else:
                after = today + timedelta(days=count)
                told.append(f"{column} > {self.value(today)} and {column} <= {self.value(after)}")
        return " and ".join(told)

    def _given(self, place: str, word: str, given: Any, kind: str) -> Any:
        """The value as the kind wants it; None, and a problem, where it is none."""
        if kind == "yes_no" and isinstance(given, bool):
            return given
        if kind == "text" and isinstance(given, str) and len(given) <= MOST_TEXT and "\0" not in given:
            return given
        if kind == "date" and isinstance(given, date) and not isinstance(given, datetime):
            return given
        if kind == "number" and isinstance(given, int | float) and not isinstance(given, bool):
            number = Decimal(str(given))
            if number.is_finite() and abs(number) < LARGEST and number % SMALLEST_STEP == 0:
                return number.quantize(SMALLEST_STEP)
        if kind == "text" and isinstance(given, bool):
            self.wrong(place, "quotes", word=word)
        else:
            self.wrong(place, "value", word=word, kind=kind, found=shown(given))
        return None

    # -- rows of a person --

    def _rows(self, leaf: Leaf) -> str:
        said, place = leaf.said, leaf.place
        kind = next(word for word in ("count", "sum", "happened", "never") if hasattr(said, word))
        name, _, amount = (
            getattr(said, kind).partition(".") if kind == "sum" else (getattr(said, kind), "", "")
        )
        if name not in self.vocabulary.things:
            known = ", ".join(self.vocabulary.things)
            return self.wrong(f"{place}.{kind}", "no_thing", name=shown(name), words=known)
        held = [f'r."{THINGS[name].person}" = c.customer_id', *self._when(place, said, name)]
        if leaf.rows is not None:
            held.append(self.node(leaf.rows, "r", name))
        rows = f"from {name} as r where {' and '.join(held)}"
        if kind in ("happened", "never"):
            return f"({'not ' if kind == 'never' else ''}exists (select 1 {rows}))"
        what = "count(*)" if kind == "count" else self._amount(f"{place}.sum", name, amount)
        words = {
            word: given for word, given in _words(said, kind, "where").items() if word in (*ORDERED, "is")
        }
        if not words:
            return self.wrong(place, "no_comparison", words=", ".join(ORDERED))
        found = f"(select {what} {rows})"
        return "(" + " and ".join(self._held_to(place, w, given, found) for w, given in words.items()) + ")"

    def _held_to(self, place: str, word: str, given: Any, found: str) -> str:
        value = self._given(f"{place}.{word}", word, given, "number")
        return "false" if value is None else f"{found} {ORDERED.get(word, '=')} {self.value(value)}"

    def _amount(self, place: str, name: str, amount: str) -> str:
        if not amount:
            return self.wrong(place, "no_sum")
        kind = self.vocabulary.fields[name].get(amount)
        if kind is None:
            known = [one for one, kind in self.vocabulary.fields[name].items() if kind == "number"]
            return self.wrong(place, "no_field", table=name, name=shown(amount), like=", ".join(known))
        if kind != "number":
            return self.wrong(place, "not_a_number", name=amount)
        return f'coalesce(sum(r."{amount}"), 0)'

    def _when(self, place: str, said: tree.Window, name: str) -> list[str]:
        words = {w: v for w, v in _words(said).items() if w in ("last_days", "before_days", "from", "until")}
        day = THINGS[name].day
        if words and day is None:
            self.wrong(place, "no_day", name=name)
            return []
        column = f'r."{day}"'
        told = [
            self._compare(f"{place}.{word}", word, given, column, "date") for word, given in words.items()
        ]
        return [f"coalesce({one}, false)" for one in told]

    # -- other audiences --

    def _member(self, place: str, name: str) -> str:
        if name in self.way:
            way = " > ".join([*self.way[self.way.index(name) :], name])
            return self.wrong(f"{place}.audience", "circle", way=way)
        try:
            other = self.find(name)
        except KeyError:
            return self.wrong(f"{place}.audience", "no_such_audience", name=shown(name))
        except Wrong as wrong:
            why = "; ".join(problem.text() for problem in wrong.problems)
            return self.wrong(f"{place}.audience", "inside", name=name, why=why)
        if len(self.way) > MOST_AUDIENCES:
            return self.wrong(f"{place}.audience", "too_deep", most=MOST_AUDIENCES)
        self.used[name] = other
        self.way.append(name)
        before = len(self.problems)
        condition = self.node(other.where, "c", PEOPLE)
        self.way.pop()
        inner, self.problems = self.problems[before:], self.problems[:before]
        if circle := next((one for one in inner if one.word == "circle"), None):
            return self.wrong(f"{place}.audience", "circle", **circle.facts)
        if inner:
            why = "; ".join(problem.text() for problem in inner)
            return self.wrong(f"{place}.audience", "inside", name=name, why=why)
        return condition


def _words(said: tree.Said, *but: str) -> dict[str, Any]:
    """What was said, by the words of the YAML."""
    fields = type(said).model_fields
    return {
        fields[name].alias or name: getattr(said, name)
        for name in fields
        if name in said.model_fields_set and name not in but
    }


def _before(day: date, count: int) -> date:
    return day - timedelta(days=count) if count < day.toordinal() else date.min
