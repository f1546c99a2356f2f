"""The floors of `make accuracy` in the build: the company of other whole runs, a small set of each kind."""

from pathlib import Path

import pytest
from town import Town

from benchmarks import contest
from benchmarks.labelled import SETS, LabelledSet
from benchmarks.published import judge, published_numbers
from simulator.model import Company

pytestmark = pytest.mark.slow
SMALL = [one for one in SETS if one.size == "2k"]


def test_who_is_who_stays_above_the_floor_and_no_trap_is_sprung(company: Company, whole: Town, say) -> None:
    found = judge(company, published_numbers(whole.root / "serving" / "current"))
    pairs = found.score
    say(f"identity: precision {pairs.precision:.4f}, recall {pairs.recall:.4f}, F1 {pairs.f1:.4f}")
    assert found.shortcomings == [], {name: cases[:3] for name, cases in found.traps.items() if cases}


@pytest.mark.parametrize("labelled", SMALL, ids=[one.name for one in SMALL])
def test_ours_stays_above_its_floor(labelled: LabelledSet, tmp_path: Path, say) -> None:
    found = contest.compete(labelled.write(tmp_path), contest.OURS)
    say(f"{labelled.name}: F1 {found.score.f1:.4f}, precision {found.score.precision:.4f}")
    assert contest.shortcomings(found) == []
