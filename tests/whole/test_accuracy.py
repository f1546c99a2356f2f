"""The floor of `make accuracy` in the build, on the company the other whole runs share."""

import pytest
from town import Town

from benchmarks.accuracy import published_numbers, score
from simulator.model import Company

pytestmark = pytest.mark.slow


def test_who_is_who_stays_above_the_floor_and_no_trap_is_sprung(company: Company, whole: Town, say) -> None:
    found = score(company, published_numbers(whole.root / "serving" / "current"))
    say(f"identity: precision {found.precision:.4f}, recall {found.recall:.4f}, F1 {found.f1:.4f}")
    assert found.shortcomings == [], {name: cases[:3] for name, cases in found.traps.items() if cases}
