"""What the engine of lists (pipelines/sending) asks of a platform: one adapter each, its `send.py`.

The engine decides who; an adapter only speaks. Whatever it does may be done twice, for a run may be killed
after the platform did it and before we heard. No adapter ever lifts a block or subscribes somebody again.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol, TypeVar

from connectors.stream import ConnectorError, PlatformDown

Thing = TypeVar("Thing")
TRIES = 4


class NoSuchAccount(ConnectorError):
    """Which account is meant must be said, or it is not there."""


@dataclass(frozen=True)
class Contact:
    """Somebody a platform knows. `is_refused`: they left, complained or bounced there; it is not for us to
    put them back. Without `address` they are known there by something else."""

    key: str
    address: str | None
    is_refused: bool = False


class Lists(Protocol):
    """Lists of contacts of one account. Ids are the platform's own, as text.

    `takes_newcomers`: somebody the platform does not know can be made a contact without being subscribed to
    anything. Raises ConnectorError; NotThere where a list is no more.
    """

    account: str
    takes_newcomers: bool

    def find(self, name: str) -> list[str]:
        """Ids of the lists that bear this very name."""

    def make(self, name: str) -> str:
        """An empty list."""

    def members(self, list_id: str) -> list[Contact]:
        """Who is on it, as the platform says now; each once."""

    def look_up(self, list_id: str, addresses: Sequence[str]) -> list[Contact]:
        """Those of the addresses that the platform knows, on the list or not, and how they stand to it."""

    def add(self, list_id: str, known: Sequence[Contact], newcomers: Sequence[str]) -> set[str]:
        """Put them on it, at most `lot` at a time; addresses the platform will not have for good."""

    def remove(self, list_id: str, contacts: Sequence[Contact]) -> None:
        """Take them off it. They stay contacts, and stay as blocked as they were."""


def spelt(address: str) -> str:
    """One spelling of an address: platforms write them in small letters, or not."""
    return address.strip().lower()


def in_lots(things: Sequence[Thing], size: int) -> Iterator[Sequence[Thing]]:
    return (things[place : place + size] for place in range(0, len(things), size))


def made_once(find: Callable[[], list[str]], make: Callable[[], str]) -> str:
    """What `find` finds, else what `make` makes. `make` may fail and have made it: looked for, never made
    twice."""
    for _ in range(TRIES):
        if found := find():
            return found[0]
        with suppress(PlatformDown):
            return make()
    raise PlatformDown(f"could not be made in {TRIES} tries")
