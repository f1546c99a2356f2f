"""Conditions in words, for whoever reads an audience and does not change it."""

from collections.abc import Iterator
from dataclasses import dataclass

from console.builder.nodes import Group, Leaf, Node
from console.builder.view import Viewer
from console.builder.words import say
from pipelines.audiences.vocabulary import PEOPLE


@dataclass(frozen=True)
class Told:
    """A line, and the lines within it."""

    text: str
    parts: "tuple[Told, ...]" = ()


def told(node: Node, viewer: Viewer, table: str = PEOPLE) -> Told:
    language = viewer.language
    if isinstance(node, Group):
        if node.word == "all" and len(node.parts) == 1:
            return told(node.parts[0], viewer, table)
        parts = tuple(told(part, viewer, table) for part in node.parts)
        return Told(say(language, f"group.{node.word}"), parts)
    said = ", ".join(_comparisons(node, viewer))
    title = viewer.title(node, table)
    line = say(language, "told.line", title=title, said=said) if said else title
    if node.rows is None:
        return Told(line)
    line = say(language, "told.rows", line=line, what=say(language, f"group.{node.rows.word}"))
    inner = tuple(told(part, viewer, node.thing) for part in node.rows.parts)
    return Told(line, inner)


def _comparisons(leaf: Leaf, viewer: Viewer) -> Iterator[str]:
    language = viewer.language
    if leaf.ticked:
        word = "in" if len(leaf.ticked) > 1 else "is"
        yield say(language, f"told.{word}", value=", ".join(map(viewer.value, leaf.ticked)))
    for slot in leaf.slots:
        if slot.word.endswith(("+", "-")):
            yield say(language, f"word.{slot.word}")
            continue
        named = [viewer.value(one.strip()) for one in slot.value.split(",")] if leaf.kind == "field" else []
        word = "exactly" if leaf.kind == "count" and slot.word == "is" else slot.word
        yield say(language, f"told.{word}", value=", ".join(named) or slot.value)
