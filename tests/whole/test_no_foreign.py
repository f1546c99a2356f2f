"""A run calls nobody but the configured platforms: dbt, Dagster and their friends like to phone home.

Two looks: the shared runs were watched from inside (Python's own sockets, every process), and the demo runs
where there is no network but loopback (whatever is written in C++ or Rust fails there).
"""

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
