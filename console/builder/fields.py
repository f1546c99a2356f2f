"""Nodes from what was posted and what is posted of them; and the steps of building: add, remove.

g.<path>      word of a group                     k.<path>   kind and subject of a condition: field:country
w.<path>.<n>  word of its comparison n            v.<path>.<n>  what that is held to
t.<path>.<n>  a value ticked                      l.<path>   they are a list
a.<path>      what to add to that group           do         add:<path>, remove:<path>
"""

import re
from collections.abc import Mapping
from itertools import islice

from console.builder.nodes import BARE, GROUPS, KINDS, ROOT, ROWS, Group, Leaf, Node, Slot, walk
from pipelines.audiences.tree import MOST_CONDITIONS, MOST_LEVELS

PATH = re.compile(rf"{ROOT}(?:\.(?:[0-9]{{1,3}}|{ROWS}))*")
STEP = re.compile(rf"(add|remove):({PATH.pattern})")
LONGEST = 100
# What a new condition begins with, for most begin so.
FIRST = {"count": [Slot("at_least", "1")], "sum": [Slot("at_least")]}


def read(form: Mapping[str, str]) -> Group:
    """As it was posted; what is no part of any form is left out."""
    root = _node(form, ROOT, 1)
    return root if isinstance(root, Group) else Group()


def write(root: Group) -> dict[str, str]:
    """The fields a browser posts of the page."""
    told: dict[str, str] = {}
    for path, node in walk(root):
        if isinstance(node, Group):
            told[f"g.{path}"] = node.word
            continue
        told[f"k.{path}"] = f"{node.kind}:{node.subject}"
        told |= {f"t.{path}.{number}": value for number, value in enumerate(node.ticked)}
        told |= {f"l.{path}": "yes"} if node.is_list else {}
        for number, slot in enumerate(node.slots):
            told |= {f"w.{path}.{number}": slot.word, f"v.{path}.{number}": slot.value}
    return told


def step(root: Group, form: Mapping[str, str]) -> str:
    """Add or remove what `do` names; the path of what to look at then, empty where nothing was to do."""
    asked = STEP.fullmatch(form.get("do", ""))
    nodes = dict(walk(root))
    if asked is None or asked[2] not in nodes:
        return ""
    what, path = asked[1], asked[2]
    if what == "remove":
        return _remove(nodes, path)
    return _add(nodes[path], path, form.get(f"a.{path}", ""), nodes)


def made(chosen: str) -> Node | None:
    """A new condition or group, of the value of a list of what can be added."""
    kind, _, subject = chosen.partition(":")
    if kind == "group" and subject in GROUPS:
        return Group(subject)
    if kind in KINDS and 0 < len(subject) <= LONGEST:
        return Leaf(kind, subject, [Slot(one.word, one.value) for one in FIRST.get(kind, [])])
    return None


def _add(node: Node, path: str, chosen: str, nodes: Mapping[str, Node]) -> str:
    new = made(chosen)
    if new is None or len(nodes) > MOST_CONDITIONS:
        return ""
    if isinstance(node, Group):
        node.parts.append(new)
        return f"{path}.{len(node.parts) - 1}"
    node.rows = node.rows or Group()
    node.rows.parts.append(new)
    return f"{path}.{ROWS}.{len(node.rows.parts) - 1}"


def _remove(nodes: Mapping[str, Node], path: str) -> str:
    parent, _, number = path.rpartition(".")
    outer = nodes.get(parent)
    if isinstance(outer, Group):
        del outer.parts[int(number)]
    elif isinstance(outer, Leaf):
        outer.rows = None
    return parent


def _node(form: Mapping[str, str], path: str, level: int) -> Node | None:
    if level > 2 * MOST_LEVELS:
        return None
    if (word := form.get(f"g.{path}")) is not None:
        parts = (_node(form, one, level + 1) for one in _numbered(form, path))
        return Group(word if word in GROUPS else "all", [part for part in parts if part is not None])
    kind, _, subject = form.get(f"k.{path}", "").partition(":")
    if kind not in KINDS:
        return None
    rows = _node(form, f"{path}.{ROWS}", level + 1)
    return Leaf(
        kind,
        subject[:LONGEST],
        _slots(form, path),
        list(dict.fromkeys(form[key] for key in _keys(form, f"t.{path}."))),
        form.get(f"l.{path}") == "yes",
        rows if isinstance(rows, Group) and rows.parts else None,
    )


def _slots(form: Mapping[str, str], path: str) -> list[Slot]:
    """Those with a word; nothing is kept of the empty one that waits."""
    found = []
    for key in _keys(form, f"w.{path}."):
        if word := form[key][:20]:
            value = "" if word in BARE else form.get(f"v{key[1:]}", "")
            found.append(Slot(word, value))
    return found


def _keys(form: Mapping[str, str], prefix: str) -> list[str]:
    """Of numbered fields, by number."""
    numbers = (key.removeprefix(prefix) for key in form if key.startswith(prefix))
    return [f"{prefix}{n}" for n in sorted((n for n in numbers if re.fullmatch(r"[0-9]{1,4}", n)), key=int)]


def _numbered(form: Mapping[str, str], path: str) -> list[str]:
    """Paths of what lies right within, as they stand on the page."""
    inner = re.compile(rf"[gk]\.({re.escape(path)}\.([0-9]{{1,3}}))")
    found = {one[1]: int(one[2]) for key in form if (one := inner.fullmatch(key))}
    return list(islice(sorted(found, key=found.__getitem__), MOST_CONDITIONS))
