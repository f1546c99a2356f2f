"""Bringing one list into step with whom we may write to: taking off first, then adding, then looking again.

What is on a list is what the platform says now. Its answers may be old, and a run may be killed after a call
was heard and before its answer was: so whoever is about to be added is written down first (`unsettled`),
and who stands there and may not be written to any more is taken off, seen or not. The note is torn up only
when the list was read and was right.
"""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from connectors.landing import write_durably
from connectors.sending import Contact, Lists, in_lots, spelt
from pipelines.chaos import point

PASSES = 6
PAUSE = 2.0  # seconds before the first look again, then twice as long each time: lists lag behind
LOT = 900  # so many are added before everybody is asked for once more

# Whom we may write to at this moment, as spelt.
Ask = Callable[[], Collection[str]]


@dataclass(frozen=True)
class Difference:
    """Between the list as it stands and whom we may write to.

    `known`: contacts of the platform to be added; `newcomers`: addresses it has never seen; `refused`: we may
    write to them and they left or bounced there, so they are not on the list and do not come onto it;
    `strangers`: the platform does not know them and would have to subscribe them to more than this list.
    """

    there: tuple[Contact, ...]
    leaving: tuple[Contact, ...]
    known: tuple[Contact, ...]
    newcomers: tuple[str, ...]
    refused: frozenset[str]
    strangers: frozenset[str]

    @property
    def staying(self) -> frozenset[str]:
        gone = {one.key for one in self.leaving}
        return frozenset(spelt(one.address) for one in self.there if one.address and one.key not in gone)

    @property
    def coming(self) -> frozenset[str]:
        return frozenset(self.newcomers) | {spelt(one.address) for one in self.known if one.address}


@dataclass
class Done:
    """What came of it. Not on it though we may write to them: `not_taken`, the platform will not have the
    address; `refused` and `strangers`, as of a Difference."""

    added: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    not_taken: set[str] = field(default_factory=set)
    refused: frozenset[str] = frozenset()
    strangers: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()
    is_in_step: bool = False


def difference(
    lists: Lists, list_id: str | None, wanted: Collection[str], unsettled: Collection[str] = (),
    *, adds: bool = True,
) -> Difference:  # fmt: skip
    """As the platform tells now; without a list nobody is there. Without `adds` nobody comes."""
    there = lists.members(list_id) if list_id else []
    leaving = [one for one in there if one.is_refused or not one.address or spelt(one.address) not in wanted]
    seen = {spelt(one.address) for one in there if one.address}
    unseen = {one for one in unsettled if one not in seen and one not in wanted}
    if list_id and unseen:
        leaving += lists.look_up(list_id, sorted(unseen))
    absent = sorted(set(wanted) - seen) if adds else []
    known = {spelt(one.address): one for one in lists.look_up(list_id or "", absent) if one.address}
    refused = {name for name, one in known.items() if one.is_refused}
    refused |= {spelt(one.address) for one in there if one.is_refused and one.address} & set(wanted)
    unknown = tuple(name for name in absent if name not in known)
    return Difference(
        tuple(there),
        tuple(leaving),
        tuple(one for one in known.values() if not one.is_refused),
        unknown if lists.takes_newcomers else (),
        frozenset(refused),
        frozenset(() if lists.takes_newcomers else unknown),
    )


def bring(
    lists: Lists, list_id: str, wanted: Collection[str], ask: Ask, note: Path,
    before_adding: Callable[[Difference], None], *, adds: bool = True, pause: float = PAUSE,
) -> Done:  # fmt: skip
    """Until the list reads as it should, or patience ends.

    `wanted`: what `ask` said a moment ago; it is asked again before anybody is added later than that.
    `before_adding` hears once who is to come.
    """
    done, is_told, settled = Done(), False, set()
    for turn in range(PASSES):
        if turn:
            time.sleep(pause * 2 ** (turn - 1))
        doubtful = unsettled(note) - settled
        found = difference(lists, list_id, wanted, doubtful, adds=adds)
        done.refused, done.strangers, done.members = found.refused, found.strangers, found.staying
        coming = found.coming - done.not_taken
        if not found.leaving and not coming:
            note.unlink(missing_ok=True)
            done.is_in_step = True
            return done
        _take_off(lists, list_id, found, done)
        settled |= doubtful - set(wanted)
        if coming and not is_told:
            before_adding(found)
            is_told = True
        for lot in in_lots([*found.known, *(one for one in found.newcomers if one in coming)], LOT):
            # A first list takes hours, and whoever says no meanwhile is not to come.
            wanted = ask() if done.added else wanted
            _add(lists, list_id, [one for one in lot if _name(one) in wanted], note, done)
    return done


def _take_off(lists: Lists, list_id: str, found: Difference, done: Done) -> None:
    if not found.leaving:
        return
    point("before_taking_off_a_list")
    lists.remove(list_id, found.leaving)
    point("after_taking_off_a_list")
    there = {one.key for one in found.there}
    done.removed |= {one.key for one in found.leaving if one.key in there}


def _add(lists: Lists, list_id: str, lot: Sequence[Contact | str], note: Path, done: Done) -> None:
    names = {_name(one) for one in lot}
    _write_down(note, names)
    point("before_adding_to_a_list")
    known = [one for one in lot if isinstance(one, Contact)]
    done.not_taken |= lists.add(list_id, known, [one for one in lot if isinstance(one, str)])
    point("after_adding_to_a_list")
    done.added |= names - done.not_taken


def _name(one: Contact | str) -> str:
    return one if isinstance(one, str) else spelt(one.address or "")


def unsettled(note: Path) -> set[str]:
    """Who may have been added without our having heard; lines that an erasure emptied name nobody."""
    try:
        lines = note.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return set()
    return {line for line in lines if "@" in line}


def _write_down(note: Path, names: Collection[str]) -> None:
    """One address a line, readable for us alone, on disk before the call goes out."""
    note.parent.mkdir(mode=0o700, exist_ok=True)
    lines = sorted(unsettled(note) | set(names))
    write_durably(note, "".join(f"{line}\n" for line in lines).encode())
