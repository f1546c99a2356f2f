"""kill -9 at any moment: the next run completes, and the tables are those of a run nobody disturbed.

    pytest tests/chaos --chaos-moments 20

Each kill strikes a copy of a town that has a month's news waiting, on the platforms and in the inbox. Without
`--chaos-moments` the named points strike one town, each kill the run that was to mend the last, and a random
one another; with it, each point and each moment has a town of its own. Half of the random ones strike the run
alone, as the kernel does when memory is short, the others all of its processes at once, as a power cut does;
a single one does either.
"""

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from town import ROOT, Ran, Town, differences

from pipelines.chaos import POINTS

pytestmark = pytest.mark.slow

FEW = 1  # --chaos-moments where nobody says otherwise


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "moment" in metafunc.fixturenames:
        metafunc.parametrize("moment", range(metafunc.config.getoption("chaos_moments")))


def start(town: Town) -> subprocess.Popen:
    """A run in a session of its own, so that all its processes can be struck at once."""
    return subprocess.Popen(
        town.command("run"),
        env=town.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        start_new_session=True,
    )


def die_at(point: str, town: Town) -> None:
    """Let a run kill itself at a named point."""
    ran = town.firsthand("run", FIRSTHAND_DIE_AT=point)
    assert ran.code == -signal.SIGKILL, f"the run never came to {point}"


def die_after(seconds: float, town: Town, *, all_at_once: bool) -> str | None:
    """Kill a run some time after its start; what was done, in words, None where it had ended before."""
    process = start(town)
    time.sleep(seconds)
    if process.poll() is not None:
        return None
    if all_at_once:
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    if process.wait(timeout=30) != -signal.SIGKILL:
        return None
    return f"killed after {seconds:.1f} s, {'all processes' if all_at_once else 'the run alone'}"


def go_on(town: Town, undisturbed: Town) -> str:
    """A normal run after the kill; what came of it, in words. Fails where a table differs."""
    ran = town.firsthand("run")
    assert ran.code == 0, ran.text
    assert town.raw_counts() == undisturbed.raw_counts()
    found = differences(undisturbed.tables(), town.tables())
    assert not found, "\n".join(found)
    customers = town.manifest["counts"]["customers"]
    return f"the next run mends it, {customers} customers, every table as undisturbed"


@pytest.fixture(scope="module")
def outcomes(
    request: pytest.FixtureRequest,
    a_month_before: Town,
    whole: Town,
    second_run: Ran,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str | int, Future[str]]]:
    """Every kill that was asked for. Two at a time where they are many, for a run alone leaves a processor
    idle; few are among other tests, and of two at a time one imports everything."""
    asked = [item.callspec.params for item in request.session.items if item.module is request.module]
    points = [one["point"] for one in asked if "point" in one]
    moments = request.config.getoption("chaos_moments")
    # In the order a run comes to them: what the next kill strikes has mended the one before that far.
    chains = (POINTS,) if moments == FEW else tuple((point,) for point in POINTS)
    # Two runs side by side are slower than the one that was measured.
    share = (1 if moments == FEW else 1.3) * second_run.seconds / max(moments, 1)

    def strike_at(chain: list[str]) -> str:
        town = a_month_before.copy(tmp_path_factory.mktemp("killed") / "home")
        for point in chain:
            die_at(point, town)
        return mended(f"killed at {', '.join(chain)}", town)

    def strike_after(chain: list[int]) -> str:
        folder, sooner = tmp_path_factory.mktemp("killed"), 1
        other = random.getrandbits(1) if moments == FEW else 0
        while True:
            town = a_month_before.copy(folder / f"home {sooner}")
            # Spread over the whole run, each at random within its share.
            seconds = {moment: share * (moment + random.random()) / sooner for moment in chain}
            done = [die_after(seconds[one], town, all_at_once=(one + other) % 2 == 0) for one in chain]
            if None not in done:
                return mended(", then ".join(done), town)
            sooner *= 2  # a run had ended before it was struck

    def mended(done: str, town: Town) -> str:
        outcome = f"{done}: {go_on(town, whole)}"
        shutil.rmtree(town.root)
        return outcome

    with ThreadPoolExecutor(1 if moments == FEW else 2) as pool:
        futures: dict[str | int, Future[str]] = {}
        for chain in chains:
            if here := [point for point in chain if point in points]:
                futures |= dict.fromkeys(here, pool.submit(strike_at, here))
        # The late one first: it may come too late, and then little was done in vain.
        struck = sorted((one["moment"] for one in asked if "moment" in one), reverse=True)
        for chain in [struck] if moments == FEW else [[moment] for moment in struck]:
            futures |= dict.fromkeys(chain, pool.submit(strike_after, chain))
        yield futures
        for future in futures.values():
            future.cancel()


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_named_point(point: str, outcomes: dict[str | int, Future[str]], say) -> None:
    say(outcomes[point].result())


def test_killed_at_any_moment(moment: int, outcomes: dict[str | int, Future[str]], say) -> None:
    say(outcomes[moment].result())
