"""What a page is made of, whatever it is printed on. Texts are in the page's language already."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figure:
    """One number that matters, as text, and what it is made of; `block`: which it stands in, from 1."""

    label: str
    value: str
    note: str = ""
    block: int = 0


@dataclass(frozen=True)
class Table:
    """Rows of cells as text; the first `texts` columns are words, the others figures."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    texts: int = 1
    note: str = ""


@dataclass(frozen=True)
class Stack:
    """A bar for each label, of parts that add up: (label, one value for each part). `table` says the same."""

    parts: Sequence[str]
    bars: Sequence[tuple[str, Sequence[float]]]
    table: Table


@dataclass(frozen=True)
class Line:
    """Shares (0 to 1) over time, oldest first: (label, share). `table` says the same."""

    points: Sequence[tuple[str, float]]
    table: Table


@dataclass(frozen=True)
class Page:
    """`language`: fr or en; `said`: sentences before all figures."""

    language: str
    company: str
    title: str
    subtitle: str
    figures: Sequence[Figure] = ()
    blocks: Sequence[Table | Stack | Line] = ()
    notes: Sequence[str] = field(default_factory=tuple)
    said: Sequence[str] = ()
