"""What the page is drawn from: each node with its words, its choices, and what is wrong beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

Option = tuple[str, str]  # what is posted, and what is shown
Additions = Sequence[tuple[str, Sequence[Option]]]  # what can be added, by kind


@dataclass(frozen=True)
class SlotView:
    """`words`: what may be chosen, nothing first; `offered`: the id of the values to choose from."""

    number: int
    word: str
    value: str
    words: Sequence[Option]
    offered: str
    hint: str
    is_wrong: bool


@dataclass(frozen=True)
class Tick:
    number: int
    value: str
    label: str
    is_on: bool


@dataclass(frozen=True)
class LeafView:
    """`more`: the empty comparison that waits; `rows`: of which it speaks; `can_have_rows`: of some only."""

    path: str
    posted: str
    title: str
    slots: Sequence[SlotView]
    more: SlotView | None
    ticks: Sequence[Tick]
    is_list: bool
    rows: "GroupView | None"
    can_have_rows: bool
    additions: Additions
    problems: Sequence[str]


@dataclass(frozen=True)
class GroupView:
    path: str
    word: str
    parts: "Sequence[GroupView | LeafView]"
    additions: Additions
    problems: Sequence[str]
