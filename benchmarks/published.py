"""Who is who on the made-up company, as `firsthand run` published it: pairs, and traps that must be empty.

A company is made, simulated, pulled, matched and published; then its profiles are compared with whom the
simulator knows them to be.
"""

import tempfile
import time
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from benchmarks import home_run, scoring
from benchmarks.records import line, mailbox, records
from benchmarks.scoring import Score
from benchmarks.traps import joined, line_of_many, office, placeholder, torn
from simulator.company import make
from simulator.model import Company
from simulator.truth import profiles

PRECISION_FLOOR, RECALL_FLOOR = 0.97, 0.90
UNTIL = date(2026, 11, 20)
EXAMPLES = 5


@dataclass
class Verdict:
    """How well the published customers agree with the truth."""

    score: Score
    traps: dict[str, list[str]] = field(default_factory=dict)

    @property
    def shortcomings(self) -> list[str]:
        """Why this is not good enough; nothing where it is."""
        found = [f"{name}: {len(cases)}" for name, cases in self.traps.items() if cases]
        if self.score.precision < PRECISION_FLOOR:
            found.append(f"precision {self.score.precision:.4f} is under {PRECISION_FLOOR}")
        if self.score.recall < RECALL_FLOOR:
            found.append(f"recall {self.score.recall:.4f} is under {RECALL_FLOOR}")
        return found


def published_numbers(serving: Path) -> dict[str, str]:
    """Profile -> customer number, as everybody reads it."""
    con = duckdb.connect(str(serving / "marketing.duckdb"), read_only=True)
    try:
        return dict(con.execute("select profile_id, customer_id::varchar from customer_profiles").fetchall())
    finally:
        con.close()


def judge(company: Company, numbers: dict[str, str]) -> Verdict:
    """Compare; a profile that is not published counts as a person of its own, which costs recall."""
    truth = {profile: who for profile, who, _ in profiles(company)}
    people = {profile: who for profile, who in truth.items() if who is not None}
    known = [record for record in records(company) if record.profile_id in numbers]
    homes = {person.person_id: person.household_id for person in company.people}
    return Verdict(
        scoring.score(numbers, people),
        traps={
            "one person, one mailbox, two numbers": torn(known, numbers, lambda r: r.email, mailbox),
            "one person, one phone, two numbers": torn(known, numbers, lambda r: r.phone, line),
            "strangers joined by a shared line": joined(known, numbers, homes, line_of_many),
            "strangers joined by a placeholder": joined(known, numbers, homes, placeholder),
            "strangers joined by an office's address": joined(known, numbers, homes, office),
            "tests among the customers": [p for p, who in truth.items() if who is None and p in numbers],
            "profiles nobody published": [p for p in people if p not in numbers],
        },
    )


def one_company(people: int, seed: int) -> tuple[Verdict, float]:
    """A whole run, and the seconds it took."""
    company = make(people, seed, UNTIL)
    with tempfile.TemporaryDirectory(prefix="firsthand-accuracy-") as folder:
        began = time.monotonic()
        root = home_run.simulated(Path(folder), company)
        seconds = time.monotonic() - began
        return judge(company, published_numbers(root / "serving" / "current")), seconds


def report(people: int, seeds: list[int]) -> list[str]:
    """Print one line a seed and the traps; what falls short."""
    print(
        f"{'seed':>6}{'people':>8}{'profiles':>10}{'customers':>11}{'precision':>11}{'recall':>9}"
        f"{'F1':>8}{'run s':>8}",
        flush=True,
    )
    verdicts = []
    for seed in seeds:
        verdict, seconds = one_company(people, seed)
        verdicts.append(verdict)
        found = verdict.score
        print(
            f"{seed:>6}{found.people:>8}{found.records:>10}{found.clusters:>11}{found.precision:>11.4f}"
            f"{found.recall:>9.4f}{found.f1:>8.4f}{seconds:>8.1f}",
            flush=True,
        )
    print(f"\n{'trap':<44}" + "".join(f"{f'seed {seed}':>10}" for seed in seeds))
    for name in verdicts[0].traps if verdicts else ():
        print(f"{name:<44}" + "".join(f"{len(one.traps[name]):>10}" for one in verdicts))
        for one in verdicts:
            for case in one.traps[name][:EXAMPLES]:
                print(f"    {case}")
    bad = [text for one in verdicts for text in one.shortcomings]
    print(f"floor: precision {PRECISION_FLOOR}, recall {RECALL_FLOOR}, every trap empty: ", end="")
    print("kept" if not bad else "BROKEN\n  " + "\n  ".join(bad))
    return bad
