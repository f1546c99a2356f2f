"""Nodes from an audience's conditions, and conditions from nodes.

`of_tree` and then `tree` gives the same conditions; each node's place in them is told, so that what is wrong
can be said beside it. What the form calls "none of these" is `not` in the YAML.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from console.builder import values
from console.builder.nodes import BARE, KINDS, ROOT, ROWS, WHOLE_DAYS, Group, Leaf, Node, Slot
from pipelines.audiences.compiling import ORDERED
from pipelines.audiences.problems import Problem
from pipelines.audiences.vocabulary import PEOPLE, Vocabulary

# Of a table's field the values it takes, where they are few.
Choices = Callable[[str, str], Sequence[str]]


def no_choices(table: str, field: str) -> Sequence[str]:
    """For whoever only reads conditions."""
    return ()


@dataclass
class Tree:
    """`where`, the place in it of each node by its path, and what is not filled in."""

    where: Any
    places: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


# -- from the YAML ---------------------------------------------------------------------------------------


def of_tree(where: Any, choices: Choices) -> Group:
    """The first group; `where` can be read (tree.read)."""
    return _group_of(where, choices, PEOPLE)


def _group_of(raw: Any, choices: Choices, table: str) -> Group:
    """A group to add conditions to, even where there is only one: `tree` takes the group away again."""
    found = _node(raw, choices, table)
    if isinstance(found, Group) and not (found.word == "all" and len(found.parts) == 1):
        return found
    return Group("all", [found])


def _node(raw: Any, choices: Choices, table: str) -> Node:
    for word in ("all", "any"):
        if word in raw:
            return Group(word, [_node(one, choices, table) for one in raw[word]])
    if "not" in raw:
        inner = _node(raw["not"], choices, table)
        # Neither of several: what the form has a word for.
        several = isinstance(inner, Group) and inner.word == "any" and len(inner.parts) > 1
        return Group("none", inner.parts if several else [inner])
    kind = next(word for word in KINDS if word in raw)
    leaf = Leaf(kind, raw[kind])
    if "where" in raw:
        leaf.rows = _group_of(raw["where"], choices, leaf.thing)
    said = {word: given for word, given in raw.items() if word not in (kind, "where")}
    leaf.ticked, leaf.is_list = _ticked(leaf, said, choices, table)
    if leaf.ticked:
        said = {word: given for word, given in said.items() if word not in ("is", "in")}
    leaf.slots = [_slot(word, given) for word, given in said.items()]
    return leaf


def _ticked(leaf: Leaf, said: Mapping[str, Any], choices: Choices, table: str) -> tuple[list[str], bool]:
    """`is` and `in` of a field that takes few values, unless both are said."""
    if leaf.kind != "field" or {"is", "in"} <= set(said) or not choices(table, leaf.subject):
        return [], False
    given = said.get("in", [said["is"]] if "is" in said else [])
    if not all(isinstance(one, str) for one in given) or len(set(given)) < len(given):
        return [], False
    return list(given), "in" in said and len(given) == 1


def _slot(word: str, given: Any) -> Slot:
    bare = next((one for one, meant in BARE.items() if meant == (word, given) and given is meant[1]), None)
    return Slot(bare) if bare else Slot(word, values.shown(given))


# -- to the YAML -----------------------------------------------------------------------------------------


def tree(root: Group, vocabulary: Vocabulary) -> Tree:
    """What the form says; whether it can be asked is for the compiler to say."""
    made = Tree(None)
    made.where = _outer(made, root, ROOT, "where", vocabulary, PEOPLE)
    return made


def _outer(made: Tree, group: Group, path: str, place: str, vocabulary: Vocabulary, table: str) -> Any:
    """Of "all of these" with one in it: that one."""
    if group.word == "all" and len(group.parts) == 1:
        made.places[path] = place
        return _said(made, group.parts[0], f"{path}.0", place, vocabulary, table)
    return _said(made, group, path, place, vocabulary, table)


def _said(made: Tree, node: Node, path: str, place: str, vocabulary: Vocabulary, table: str) -> Any:
    made.places[path] = place
    if isinstance(node, Leaf):
        return _leaf(made, node, path, place, vocabulary, table)
    if node.word == "none" and len(node.parts) == 1:
        return {"not": _said(made, node.parts[0], f"{path}.0", f"{place}.not", vocabulary, table)}
    inner = f"{place}.not.any" if node.word == "none" else f"{place}.{node.word}"
    parts = [
        _said(made, part, f"{path}.{number}", f"{inner}[{number + 1}]", vocabulary, table)
        for number, part in enumerate(node.parts)
    ]
    return {"not": {"any": parts}} if node.word == "none" else {node.word: parts}


def _leaf(made: Tree, leaf: Leaf, path: str, place: str, vocabulary: Vocabulary, table: str) -> Any:
    said: dict[str, Any] = {leaf.kind: leaf.subject}
    if leaf.ticked:
        said |= {"in": leaf.ticked} if leaf.is_list or len(leaf.ticked) > 1 else {"is": leaf.ticked[0]}
    for slot in leaf.slots:
        word, given = BARE.get(slot.word) or (slot.word, _given(leaf, slot, vocabulary, table))
        if given is None:
            made.problems.append(Problem(f"{place}.{word}", "missing"))
        elif word in said:
            made.problems.append(Problem(f"{place}.{word}", "twice", {"word": word}))
        else:
            said[word] = given
    if leaf.rows is not None and leaf.rows.parts:
        rows = f"{path}.{ROWS}"
        said["where"] = _outer(made, leaf.rows, rows, f"{place}.where", vocabulary, leaf.thing)
    return said


def _given(leaf: Leaf, slot: Slot, vocabulary: Vocabulary, table: str) -> Any:
    """The value by its kind; None where nothing was filled in."""
    if not slot.value.strip():
        return None
    kind = _kind(leaf, slot.word, vocabulary, table)
    return values.listed(slot.value, kind) if slot.word == "in" else values.typed(slot.value, kind)


def _kind(leaf: Leaf, word: str, vocabulary: Vocabulary, table: str) -> str:
    if word in WHOLE_DAYS:
        return "days"
    if leaf.kind != "field":
        return "date" if word in ("from", "until") else "number"
    kind = vocabulary.fields.get(table, {}).get(leaf.subject)
    if kind is None:
        # No such field is published now: the word says what it was held to.
        return "number" if word in ORDERED else "date" if word in ("from", "until") else "text"
    return kind if kind in ("number", "date") else "text"
