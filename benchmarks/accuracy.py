"""Who is who: what the pipeline published against the made-up company's truth.

    python -m benchmarks.accuracy [--people 600] [--seeds 7 11 23]

For each seed a company is made, simulated, pulled, matched and published by `firsthand run`; then pairs of
profiles are counted. Precision: of the pairs we call one person, how many are. Recall: of the pairs that
are one person, how many we found. Beside them traps, each of which must be empty. Ends with 1 below
the floor or with a trap sprung.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from pathlib import Path

import duckdb

from benchmarks import home_run
from benchmarks.records import (
    NOBODYS_LINES,
    NOBODYS_MAILBOXES,
    Record,
    line,
    mailbox,
    records,
    same_first_name,
)
from simulator.company import make
from simulator.model import Company
from simulator.truth import profiles

PRECISION_FLOOR, RECALL_FLOOR = 0.97, 0.90
UNTIL = date(2026, 11, 20)
EXAMPLES = 5


@dataclass
class Score:
    """How well the published customers agree with the truth."""

    profiles: int
    people: int
    customers: int
    right: int
    called: int
    true: int
    traps: dict[str, list[str]] = field(default_factory=dict)

    @property
    def precision(self) -> float:
        return self.right / self.called if self.called else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.true if self.true else 0.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    @property
    def shortcomings(self) -> list[str]:
        """Why this is not good enough; nothing where it is."""
        found = [f"{name}: {len(cases)}" for name, cases in self.traps.items() if cases]
        if self.precision < PRECISION_FLOOR:
            found.append(f"precision {self.precision:.4f} is under {PRECISION_FLOOR}")
        if self.recall < RECALL_FLOOR:
            found.append(f"recall {self.recall:.4f} is under {RECALL_FLOOR}")
        return found


def published_numbers(serving: Path) -> dict[str, str]:
    """Profile -> customer number, as everybody reads it."""
    con = duckdb.connect(str(serving / "marketing.duckdb"), read_only=True)
    try:
        return dict(con.execute("select profile_id, customer_id::varchar from customer_profiles").fetchall())
    finally:
        con.close()


def score(company: Company, numbers: dict[str, str]) -> Score:
    """Compare; a profile that is not published counts as a person of its own, which costs recall."""
    truth = {profile: who for profile, who, _ in profiles(company)}
    people = {profile: who for profile, who in truth.items() if who is not None}
    called = {profile: numbers.get(profile, profile) for profile in people}
    known = [record for record in records(company) if record.profile_id in numbers]
    homes = {person.person_id: person.household_id for person in company.people}
    return Score(
        profiles=len(people),
        people=len(set(people.values())),
        customers=len(set(called.values())),
        right=_pairs((called[profile], who) for profile, who in people.items()),
        called=_pairs(called.values()),
        true=_pairs(people.values()),
        traps={
            "one person, one mailbox, two numbers": _torn(known, numbers, lambda r: r.email, mailbox),
            "one person, one phone, two numbers": _torn(known, numbers, lambda r: r.phone, line),
            "strangers joined by a shared line": _joined(known, numbers, homes, _line_of_many),
            "strangers joined by a placeholder": _joined(known, numbers, homes, _placeholder),
            "strangers joined by an office's address": _joined(known, numbers, homes, _office),
            "tests among the customers": [p for p, who in truth.items() if who is None and p in numbers],
            "profiles nobody published": [p for p in people if p not in numbers],
        },
    )


def _pairs(groups: Iterable[object]) -> int:
    return sum(n * (n - 1) // 2 for n in Counter(groups).values())


def _torn(
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
        if value.startswith("info@"):
            continue
        for one, other in combinations(those, 2):
            apart = numbers[one.profile_id] != numbers[other.profile_id]
            if apart and typed(one) != typed(other) and same_first_name(one, other):
                found.append(f"{one.profile_id} {typed(one)!r} and {other.profile_id} {typed(other)!r}")
    return found


def _line_of_many(record: Record) -> str | None:
    """Any number; that it is many people's shows in who carries it."""
    value = line(record.phone)
    return None if value in NOBODYS_LINES else value


def _placeholder(record: Record) -> str | None:
    box, rings = mailbox(record.email), line(record.phone)
    return box if box in NOBODYS_MAILBOXES else rings if rings in NOBODYS_LINES else None


def _office(record: Record) -> str | None:
    box = mailbox(record.email)
    return box if box and box.startswith("info@") else None


def _joined(
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


def _one_company(people: int, seed: int) -> tuple[Score, float]:
    company = make(people, seed, UNTIL)
    with tempfile.TemporaryDirectory(prefix="firsthand-accuracy-") as folder:
        began = time.monotonic()
        root = home_run.simulated(Path(folder), company)
        seconds = time.monotonic() - began
        return score(company, published_numbers(root / "serving" / "current")), seconds


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=600)
    parser.add_argument("--seeds", type=int, nargs="+", default=[7, 11, 23])
    arguments = parser.parse_args()
    print(
        f"{'seed':>6}{'people':>8}{'profiles':>10}{'customers':>11}{'precision':>11}{'recall':>9}"
        f"{'F1':>8}{'run s':>8}",
        flush=True,
    )
    scores = []
    for seed in arguments.seeds:
        found, seconds = _one_company(arguments.people, seed)
        scores.append(found)
        print(
            f"{seed:>6}{found.people:>8}{found.profiles:>10}{found.customers:>11}{found.precision:>11.4f}"
            f"{found.recall:>9.4f}{found.f1:>8.4f}{seconds:>8.1f}",
            flush=True,
        )
    print(f"\n{'trap':<44}" + "".join(f"{f'seed {seed}':>10}" for seed in arguments.seeds))
    for name in scores[0].traps:
        print(f"{name:<44}" + "".join(f"{len(one.traps[name]):>10}" for one in scores))
        for one in scores:
            for case in one.traps[name][:EXAMPLES]:
                print(f"    {case}")
    bad = [text for one in scores for text in one.shortcomings]
    print(f"\nfloor: precision {PRECISION_FLOOR}, recall {RECALL_FLOOR}, every trap empty: ", end="")
    print("kept" if not bad else "BROKEN\n  " + "\n  ".join(bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
