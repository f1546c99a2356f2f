"""What erasing somebody means for a stream's records: whose they are, and what may stay of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Row = dict[str, Any]
# What a platform says to being asked to erase a record: gone, noted for later, or not there any more.
Outcome = Literal["erased", "requested", "not_there"]


def always(row: Row) -> bool:
    return True


def never(row: Row) -> bool:
    return False


@dataclass(frozen=True)
class StandIns:
    """Names in the place of names. `number` gives 19 digits for a text, the same each time and only with the
    company's key; `day` gives noon of the company's own day for a time, so that no month moves."""

    number: Callable[[str], str]
    day: Callable[[Any], str | None]


@dataclass(frozen=True)
class Erasing:
    """How a stream's records are erased; what says nothing goes whole.

    `profiles`: the words of profile ids (`platform:account:<word>:key`) that its records are.
    `owner`: the stream, and the dotted path in a row to its key there, of the one whose record this is.
    `ask(client, key, row)` has the platform erase it as well; without it the platform offers no such call.
    `sides`: word of a profile -> the fields of that person, where a record names several; only theirs go.
    `keep`: the row that bookkeeping needs, in the stream's own shape and with nobody in it; its key is
    `stand_ins.number(key)`. `is_new_act`: whether a record dated after somebody asked to be forgotten is an
    act of their own, and not one of ours.
    """

    profiles: tuple[str, ...] = ()
    owner: tuple[str, str] | None = None
    sides: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    keep: Callable[[Row, str, StandIns], Row] | None = None
    is_new_act: Callable[[Row], bool] = always
    ask: Callable[[Any, str, Row], Outcome] | None = None


WHOLE = Erasing()
