"""A small run of `make bench-identity`: everything it prints is measured, nobody is lost. No timed bound."""

from pathlib import Path

import pytest

from benchmarks.identity import measure, report

pytestmark = pytest.mark.slow
RECORDS, MORE = 4_000, 400


def test_identity_and_its_rivals_are_measured_on_the_same_records(tmp_path: Path, capsys) -> None:
    size = measure(tmp_path, RECORDS, rivals_up_to=RECORDS, arrivals_count=MORE)
    # Each profile belongs to exactly one person, before and after others arrive.
    assert size.ours.records == RECORDS
    assert size.grown.records == RECORDS + MORE
    assert size.ours.f1 > 0.8 and size.grown.f1 > 0.8
    assert size.full.own_seconds > 0 and size.increment.own_seconds > 0 and size.floor > 0
    for name, seconds, peak, score in size.rivals:
        assert seconds > 0 and peak > 0, name
        assert score.records == RECORDS and score.f1 > 0.6, name
    report(size)
    printed = capsys.readouterr().out
    assert "Splink alone" in printed and "exact alone" in printed
