"""A whole run for a benchmark, by the command line in a process of its own."""

import socket
import subprocess
import sys
from pathlib import Path

from simulator import home
from simulator.model import Company
from simulator.server import running

ROOT = Path(__file__).resolve().parent.parent


def command(root: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "pipelines.cli", "--home", str(root), *words]


def free_port() -> int:
    """One of loopback's that nobody uses now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def simulated(root: Path, company: Company) -> Path:
    """A home whose platforms were simulated, whose exports were dropped, and which was run once.

    Raises RuntimeError with what the run said, if it failed.
    """
    with running(company) as base_url:
        home.write(root, base_url)
        home.drop_exports(root, company, "meta", "files")
        done = subprocess.run(command(root, "run"), capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise RuntimeError(f"the run failed:\n{done.stdout}\n{done.stderr}")
    return root
