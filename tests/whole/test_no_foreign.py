"""A run calls nobody but the configured platforms: dbt, Dagster and their friends like to phone home.

Two looks: the shared runs were watched from inside (Python's own sockets, every process), and the demo runs
where there is no network but loopback (whatever is written in C++ or Rust fails there).
"""

import errno
import os
import subprocess
import sys

import pytest
from town import ROOT, Town

pytestmark = pytest.mark.slow


def test_no_process_of_a_run_calls_a_foreign_host(whole: Town, watched) -> None:
    lines = watched.read_text().splitlines()
    processes = [line for line in lines if line.startswith("PROCESS")]
    assert sum("pipelines.cli" in line for line in processes) == 2
    assert any("pipelines.dbt_child" in line and "build" in line for line in processes), processes
    assert [line for line in lines if line.startswith("FOREIGN")] == []


def test_the_watch_would_have_seen_it(tmp_path) -> None:
    calls = tmp_path / "calls.txt"
    subprocess.run(
        [sys.executable, "-c", "import socket; socket.gethostbyname('platform.example')"],
        env={"FIRSTHAND_WATCH": str(calls), "PYTHONPATH": str(ROOT / "tests" / "whole" / "watch")},
        capture_output=True,
        check=False,
    )
    assert "FOREIGN socket.gethostbyname platform.example" in calls.read_text()


# A network of its own that holds loopback and nothing else; needs no privilege where user namespaces are on.
CUT_OFF = ["unshare", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
IS_CUT_OFF = """
import socket
try:
    socket.create_connection(("192.0.2.1", 443), timeout=2)
except OSError as error:
    print(error.errno)
"""


@pytest.fixture
def cut_off(say) -> list[str]:
    """What to put before a command to take its network away; skips where this machine cannot."""
    try:
        tried = subprocess.run(
            [*CUT_OFF, sys.executable, "-c", IS_CUT_OFF],
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
    except OSError as error:
        tried = subprocess.CompletedProcess(CUT_OFF, 1, "", str(error))
    if tried.stdout.strip() != str(errno.ENETUNREACH):
        say("no foreign call: watched from inside only, this machine gives out no network namespaces")
        pytest.skip(f"no network namespaces here: {tried.stderr.strip()}")
    say("no foreign call: watched from inside, and the whole demo without any network but loopback")
    return CUT_OFF


def test_the_whole_demo_works_without_any_network(cut_off: list[str], tmp_path) -> None:
    home = tmp_path / "demo"
    command = [sys.executable, "-m", "pipelines.cli", "--home", str(home), "demo", "--people", "80"]
    done = subprocess.run(
        [*cut_off, *command],
        cwd=ROOT,
        env={k: v for k, v in os.environ.items() if not k.startswith(("FIRSTHAND_", "DAGSTER_"))},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (home / "serving" / "current" / "marketing.duckdb").exists()
