"""Several runs at once: one writes at a time, none is lost, and together they are as one."""

import subprocess
from pathlib import Path

import pytest
from town import LONGEST_RUN, Town, differences

pytestmark = pytest.mark.slow


def test_two_runs_at_once_are_as_one(a_month_before: Town, whole: Town, tmp_path: Path) -> None:
    town = a_month_before.copy(tmp_path / "home")
    runs = [
        subprocess.Popen(
            town.command("run"),
            env=town.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(2)
    ]
    said = [run.communicate(timeout=2 * LONGEST_RUN)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], said
    found = differences(whole.tables(), town.tables())
    assert not found, "\n".join(found)


def test_a_backfill_reads_one_stream_and_leaves_every_cursor(whole: Town, tmp_path: Path) -> None:
    town = whole.copy(tmp_path / "home")
    cursors = "select platform, stream, account, cursor_at, batch from door.cursors order by all"
    before = town.rows(cursors), town.raw_counts()
    ran = town.firsthand("run", "--only", "typeform/responses", "--backfill", "--from", "2026-09-01")
    assert ran.code == 0, ran.text
    read = [line.split()[0] for line in ran.out.splitlines() if "/" in line.split(" ")[0]]
    assert read == ["typeform/responses"]
    assert (town.rows(cursors), town.raw_counts()) == before
