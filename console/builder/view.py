"""What the page shows of each node: its words, what may be chosen, and what is wrong beside it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from console.builder import words
from console.builder.drawn import GroupView, LeafView, Option, SlotView, Tick
from console.builder.nodes import BARE, GROUPS, ROOT, ROWS, WHOLE_DAYS, Group, Leaf, Node, Slot, walk
from console.builder.trees import Choices, Tree
from console.builder.words import say
from pipelines.audiences.compiling import BY_KIND, ORDERED
from pipelines.audiences.problems import Problem
from pipelines.audiences.vocabulary import PEOPLE, THINGS, Vocabulary, is_only_known
from pipelines.portrait_words import word as spoken

NEEDS_ONE = ("field", "count", "sum")
WINDOWS = ("last_days", "before_days", "from", "until")
CODE = re.compile(r"[a-z]+(_[a-z]+)+")


@dataclass(frozen=True)
class Viewer:
    """All a page needs to be drawn; `audiences`: titles of the others by name."""

    vocabulary: Vocabulary
    choices: Choices
    audiences: Mapping[str, str]
    language: str

    def draw(self, root: Group, made: Tree, problems: Sequence[Problem]) -> GroupView:
        beside: dict[str, list[Problem]] = {}
        for problem in problems:
            beside.setdefault(_nearest(made.places, problem.place), []).append(problem)
        return self._group(root, ROOT, PEOPLE, beside)

    def beside(self, made: Tree, problem: Problem) -> tuple[str, str]:
        """The path of the node it is about, and what is wrong there, for a list of all."""
        return _nearest(made.places, problem.place), self._told(problem)

    def offered(self, root: Group) -> dict[str, list[Option]]:
        """Values to choose from, by the id that comparisons name them by."""
        found: dict[str, list[Option]] = {}
        tables = {ROOT: PEOPLE}
        for path, node in walk(root):
            table = tables.get(path) or tables[path.rpartition(".")[0]]
            tables[path] = table
            if isinstance(node, Leaf) and node.kind == "field":
                for one in self.choices(table, node.subject):
                    found.setdefault(f"values-{table}-{node.subject}", []).append((one, self.value(one)))
            if isinstance(node, Leaf) and node.rows is not None:
                tables[f"{path}.{ROWS}"] = node.thing
        return {name: list(dict.fromkeys(options)) for name, options in found.items()}

    # -- groups --

    def _group(self, group: Group, path: str, table: str, beside: Mapping[str, list[Problem]]) -> GroupView:
        parts = [self._node(part, f"{path}.{n}", table, beside) for n, part in enumerate(group.parts)]
        told = [self._told(problem) for problem in beside.get(path, ())]
        return GroupView(path, group.word, parts, self.additions(table), told)

    def _node(
        self, node: Node, path: str, table: str, beside: Mapping[str, list[Problem]]
    ) -> GroupView | LeafView:
        if isinstance(node, Group):
            return self._group(node, path, table, beside)
        return self._leaf(node, path, table, beside)

    def additions(self, table: str) -> list[tuple[str, list[Option]]]:
        """What can be added to a group that speaks of people, or of rows of a table."""
        groups = [(f"group:{word}", say(self.language, f"group.{word}")) for word in GROUPS]
        found = [(say(self.language, "add.field"), list(self._fields(table)))]
        if table == PEOPLE:
            found += list(self._of_things())
            others = [(f"audience:{name}", title) for name, title in self.audiences.items()]
            found += [(say(self.language, "add.audience"), others)] if others else []
        return [*found, (say(self.language, "add.group"), groups)]

    def _fields(self, table: str) -> Iterator[Option]:
        named = [(self.label(table, field), field) for field in self.vocabulary.fields.get(table, {})]
        for label, field in sorted(named, key=lambda one: one[0].casefold()):
            yield f"field:{field}", label

    def _of_things(self) -> Iterator[tuple[str, list[Option]]]:
        things = [(name, self.thing(name)) for name in self.vocabulary.things]
        for kind in ("count", "happened", "never"):
            yield (
                say(self.language, f"add.{kind}"),
                [(f"{kind}:{name}", label) for name, label in things],
            )
        sums = [
            (f"sum:{name}.{field}", f"{label}: {self.label(name, field)}")
            for name, label in things
            for field, kind in self.vocabulary.fields[name].items()
            if kind == "number" and not is_only_known(field)
        ]
        yield say(self.language, "add.sum"), sums

    # -- conditions --

    def _leaf(self, leaf: Leaf, path: str, table: str, beside: Mapping[str, list[Problem]]) -> LeafView:
        told = beside.get(path, [])
        wrong = {problem.place.rpartition(".")[2] for problem in told}
        ticks = self._ticks(leaf, table)
        known = self._words(leaf, table, bool(ticks))
        slots = [
            self._slot(leaf, number, slot, known, wrong, table) for number, slot in enumerate(leaf.slots)
        ]
        left = [one for one in known if one[0] not in {slot.word for slot in leaf.slots}]
        empty = self._slot(leaf, len(slots), Slot(""), left, set(), table) if left else None
        if not slots and not ticks and empty and leaf.kind in NEEDS_ONE:
            # Nothing is said yet: what must be said is not hidden behind "and also".
            slots, empty = [empty], None
        may_narrow = leaf.kind not in ("field", "audience") and leaf.thing in THINGS
        return LeafView(
            path,
            f"{leaf.kind}:{leaf.subject}",
            self.title(leaf, table),
            slots,
            empty,
            ticks,
            leaf.is_list,
            self._group(leaf.rows, f"{path}.{ROWS}", leaf.thing, beside) if leaf.rows else None,
            may_narrow,
            self.additions(leaf.thing) if may_narrow and leaf.rows is None else (),
            [self._told(problem) for problem in told],
        )

    def _words(self, leaf: Leaf, table: str, has_ticks: bool) -> list[Option]:
        """Comparisons that go with it, and those it has already."""
        found = list(dict.fromkeys([*self._allowed(leaf, table), *(slot.word for slot in leaf.slots)]))
        if has_ticks:
            used = {slot.word for slot in leaf.slots}
            found = [one for one in found if one not in ("is", "in") or one in used]
        return [(one, self._word(leaf, one)) for one in found if f"word.{one}" in words.WORDS["en"]]

    def _word(self, leaf: Leaf, word: str) -> str:
        is_exact = leaf.kind == "count" and word == "is"
        return say(self.language, "word.exactly" if is_exact else f"word.{word}")

    def _allowed(self, leaf: Leaf, table: str) -> Iterator[str]:
        if leaf.kind == "field":
            kind = self.vocabulary.fields.get(table, {}).get(leaf.subject)
            known = BY_KIND.get(kind or "", ()) if not is_only_known(leaf.subject) else ("known",)
            for one in known:
                is_bare = one in ("known", "empty") or (one == "is" and kind == "yes_no")
                yield from (f"{one}+", f"{one}-") if is_bare else (one,)
        if leaf.kind in ("count", "sum"):
            yield from ORDERED
        if leaf.kind == "count":
            yield "is"
        thing = THINGS.get(leaf.thing)
        if leaf.kind not in ("field", "audience") and thing and thing.day:
            yield from WINDOWS

    def _slot(
        self, leaf: Leaf, number: int, slot: Slot, known: list[Option], wrong: set[str], table: str
    ) -> SlotView:
        offered = ""
        if leaf.kind == "field" and self.choices(table, leaf.subject):
            offered = f"values-{table}-{leaf.subject}"
        base = BARE[slot.word][0] if slot.word in BARE else slot.word
        is_wrong = bool(slot.word) and base in wrong
        hint = self._hint(leaf, slot.word, table)
        return SlotView(number, slot.word, slot.value, [("", "–"), *known], offered, hint, is_wrong)

    def _hint(self, leaf: Leaf, word: str, table: str) -> str:
        if word in WHOLE_DAYS:
            return say(self.language, "hint.days")
        if word == "in":
            return say(self.language, "hint.in")
        kind = self.vocabulary.fields.get(table, {}).get(leaf.subject) if leaf.kind == "field" else ""
        return say(self.language, "hint.date") if kind == "date" or word in ("from", "until") else ""

    def _ticks(self, leaf: Leaf, table: str) -> list[Tick]:
        """Those ticked first, as they were said; none where comparisons say it by hand."""
        if leaf.kind != "field" or self.vocabulary.fields.get(table, {}).get(leaf.subject) == "texts":
            return []
        known = self.choices(table, leaf.subject)
        if not leaf.ticked and (not known or {"is", "in"} & {slot.word for slot in leaf.slots}):
            return []
        values = [*leaf.ticked, *(one for one in known if one not in leaf.ticked)]
        return [Tick(n, one, self.value(one), one in leaf.ticked) for n, one in enumerate(values)]

    # -- words --

    def label(self, table: str, field: str) -> str:
        told = self.vocabulary.labels.get(table, {}).get(field)
        return told[self.language] if told else field

    def thing(self, name: str) -> str:
        return words.thing(self.language, name)

    def value(self, value: str) -> str:
        """In words where we have some; else as it is stored, which is English."""
        if not value:
            return say(self.language, "value.nothing")
        told = spoken(self.language, value)
        return told.replace("_", " ") if told == value and CODE.fullmatch(value) else told

    def title(self, leaf: Leaf, table: str) -> str:
        if leaf.kind == "field":
            return self.label(table, leaf.subject)
        if leaf.kind == "audience":
            return say(self.language, "title.audience", name=self.audiences.get(leaf.subject, leaf.subject))
        amount = self.label(leaf.thing, leaf.subject.partition(".")[2])
        thing = self.thing(leaf.thing)
        return say(self.language, f"title.{leaf.kind}", thing=thing, of=words.of(thing), amount=amount)

    def _told(self, problem: Problem) -> str:
        base = problem.place.rpartition(".")[2]
        named = say(self.language, f"word.{base}") if f"word.{base}" in words.WORDS["en"] else ""
        own = (f"problem.{problem.word}.{problem.facts.get('kind')}", f"problem.{problem.word}")
        word = next((one for one in own if one in words.WORDS["en"]), None)
        said = say(self.language, word) if word else problem.said(self.language)
        return f"{named}: {said}" if named else said


def _nearest(places: Mapping[str, str], place: str) -> str:
    """The path of the node that a place stands in; of the whole form's where it is none's."""
    found, longest = ROOT, -1
    for path, own in places.items():
        holds = place == own or (place.startswith(own) and place[len(own)] in ".[")
        # Of one place the inner path: the outer group is only there to be added to.
        if holds and len(own) >= longest:
            found, longest = path, len(own)
    return found
