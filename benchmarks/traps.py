"""Mistakes no average shows: a person in two numbers for one value, strangers joined by a shared one."""

from collections import defaultdict
from collections.abc import Callable
from itertools import combinations

from benchmarks.records import NOBODYS_LINES, NOBODYS_MAILBOXES, Record, line, mailbox, same_first_name


def torn(
    known: list[Record],
    numbers: dict[str, str],
    typed: Callable[[Record], str | None],
    read: Callable[[str | None], str | None],
) -> list[str]:
    """A value only one person uses, written in two ways, and that person under two numbers for it.

    Two first names on it are another matter: then the name is what keeps the records apart.
    """
    carriers: dict[str, list[Record]] = defaultdict(list)
    for record in known:
        if value := read(typed(record)):
            carriers[value].append(record)
    found = []
    for value, those in carriers.items():
        if len({r.person_id for r in those}) > 1 or value in NOBODYS_LINES | NOBODYS_MAILBOXES:
            continue
        # An office's and a family's mailbox are nobody's in particular, whoever of them we happen to know.
        if value.startswith(("info@", "famille.")):
            continue
        for one, other in combinations(those, 2):
            apart = numbers[one.profile_id] != numbers[other.profile_id]
            if apart and typed(one) != typed(other) and same_first_name(one, other):
                found.append(f"{one.profile_id} {typed(one)!r} and {other.profile_id} {typed(other)!r}")
    return found


def line_of_many(record: Record) -> str | None:
    """Any number; that it is many people's shows in who carries it."""
    value = line(record.phone)
    return None if value in NOBODYS_LINES else value


def placeholder(record: Record) -> str | None:
    box, rings = mailbox(record.email), line(record.phone)
    return box if box in NOBODYS_MAILBOXES else rings if rings in NOBODYS_LINES else None


def office(record: Record) -> str | None:
    box = mailbox(record.email)
    return box if box and box.startswith("info@") else None


def joined(
    known: list[Record],
    numbers: dict[str, str],
    homes: dict[str, str],
    value_of: Callable[[Record], str | None],
) -> list[str]:
    """Two people of different households under one number, both of whom carry one such value."""
    carriers: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in known:
        if value := value_of(record):
            carriers[value, numbers[record.profile_id]].append(record)
    found = []
    for (value, _), those in carriers.items():
        for one, other in combinations(those, 2):
            if homes[one.person_id] != homes[other.person_id]:
                found.append(f"{one.profile_id} and {other.profile_id} by {value}")
    return found
