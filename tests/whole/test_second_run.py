"""A run that finds nothing new says so, writes nothing and publishes nothing."""

from pathlib import Path

import pytest
from town import Town

pytestmark = pytest.mark.slow


def test_a_run_with_nothing_new_changes_nothing(whole: Town, tmp_path: Path, say) -> None:
    town = whole.copy(tmp_path / "home")
    before = town.raw_counts(), town.manifest
    ran = town.firsthand("run", is_cold=True)
    assert ran.code == 0, ran.text
    assert "nothing new" in ran.out
    assert (town.raw_counts(), town.manifest) == before
    say(f"a run with nothing new: {ran.seconds:.1f} s from the command line")
