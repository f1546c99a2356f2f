"""What the form of an audience holds. Values are the text that somebody typed."""

from collections.abc import Iterator
from dataclasses import dataclass, field

# The first group of the form; what lies within adds its number: r, r.0, r.0.2. Rows of a person: r.1.w.
ROOT, ROWS = "r", "w"
GROUPS = ("all", "any", "none")
KINDS = ("field", "count", "sum", "happened", "never", "audience")
# Words that are asked by choosing them, for there is nothing to type: comparison, and what it is held to.
BARE = {
    "known+": ("known", True),
    "known-": ("known", False),
    "empty+": ("empty", True),
    "empty-": ("empty", False),
    "is+": ("is", True),
    "is-": ("is", False),
}
WHOLE_DAYS = ("last_days", "before_days", "next_days")


@dataclass
class Slot:
    """One comparison: its word, of those of the YAML and of BARE, and what it is held to."""

    word: str
    value: str = ""


@dataclass
class Leaf:
    """`subject`: a field, a thing, a thing and its amount, or an audience.

    `ticked`: values ticked of those the field takes; `is_list`: they were a list though there is one.
    """

    kind: str
    subject: str
    slots: list[Slot] = field(default_factory=list)
    ticked: list[str] = field(default_factory=list)
    is_list: bool = False
    rows: "Group | None" = None

    @property
    def thing(self) -> str:
        """Of whose rows it speaks, where it does."""
        return self.subject.partition(".")[0]


@dataclass
class Group:
    word: str = "all"
    parts: "list[Node]" = field(default_factory=list)


Node = Group | Leaf


def walk(node: Node, path: str = ROOT) -> Iterator[tuple[str, Node]]:
    """Each node and its path, the outer before the inner."""
    yield path, node
    if isinstance(node, Group):
        for number, part in enumerate(node.parts):
            yield from walk(part, f"{path}.{number}")
    elif node.rows is not None:
        yield from walk(node.rows, f"{path}.{ROWS}")
