"""kill -9 at any moment: the next run completes, and the tables are those of a run nobody disturbed.

    pytest tests/chaos --chaos-moments 20

Each kill strikes a copy of a town that has a month's news waiting, on the platforms and in the inbox. Half
of the random ones strike the run alone, as the kernel does when memory is short, the others all of
its processes at once, as a power cut does.
"""

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest
from town import ROOT, Ran, Town, differences

from pipelines.chaos import POINTS

pytestmark = pytest.mark.slow


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "moment" in metafunc.fixturenames:
        metafunc.parametrize("moment", range(metafunc.config.getoption("chaos_moments")))


def start(town: Town, **environment: str) -> subprocess.Popen:
    """A run in a session of its own, so that all its processes can be struck at once."""
    return subprocess.Popen(
        town.command("run"),
        env=town.environment(**environment),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        start_new_session=True,
    )


def strike(process: subprocess.Popen, *, all_at_once: bool) -> None:
    if all_at_once:
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def go_on(town: Town, undisturbed: Town) -> str:
    """A normal run after the kill; what came of it, in words. Fails where a table differs."""
    ran = town.firsthand("run")
    assert ran.code == 0, ran.text
    assert town.raw_counts() == undisturbed.raw_counts()
    found = differences(undisturbed.tables(), town.tables())
    assert not found, "\n".join(found)
    customers = town.manifest["counts"]["customers"]
    return f"next run {ran.seconds:5.1f} s, {customers} customers, every table as undisturbed"


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_named_point(point: str, a_month_before: Town, whole: Town, tmp_path: Path, say) -> None:
    town = a_month_before.copy(tmp_path / "home")
    process = start(town, FIRSTHAND_DIE_AT=point)
    assert process.wait(timeout=300) == -signal.SIGKILL, f"the run never came to {point}"
    say(f"killed at {point:<30} {go_on(town, whole)}")


def test_killed_at_any_moment(
    moment: int,
    a_month_before: Town,
    whole: Town,
    second_run: Ran,
    tmp_path: Path,
    say,
    pytestconfig: pytest.Config,
) -> None:
    # Spread over the whole run, each at random within its share.
    share = second_run.seconds / pytestconfig.getoption("chaos_moments")
    after = share * (moment + random.random())
    town = a_month_before.copy(tmp_path / "home")
    process = start(town)
    time.sleep(after)
    all_at_once = moment % 2 == 0
    strike(process, all_at_once=all_at_once)
    ended = "" if process.wait(timeout=30) == -signal.SIGKILL else ", it had ended"
    what = "all processes" if all_at_once else "the run alone"
    say(f"killed after {after:5.1f} s, {what + ended:<24} {go_on(town, whole)}")
