"""The demo's stage: the simulator in a process of its own, a folder with settings, files in the inbox."""

import contextlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime

from pipelines.dbt_child import die_with_parent
from pipelines.home import Home
from pipelines.places import ROOT

SEED, UNTIL = 7, date(2026, 11, 20)
# The morning after: what "today" means for stages and permissions, whenever the demo is run.
INGESTED_AT = "2026-11-21T05:00:00+00:00"
DOWNLOADED_AT = datetime(2026, 11, 20, 20, tzinfo=UTC)
STOP_SECONDS = 5
# What a platform no longer hands out by API, or never did: a marketer downloads it.
DROPPED = ("meta", "files")
STATE = "simulator.json"


def say(text: str) -> None:
    print(text, flush=True)


def is_demo(home: Home) -> bool:
    return (home.root / "data" / "state" / STATE).exists()


@contextlib.contextmanager
def simulated(home: Home, people: int) -> Iterator[str]:
    """The platforms' base address while the block runs; the process goes with it, however it ends."""
    say(f"1/4 starting a made-up company of {people:,} people and its platforms on this machine")
    command = [sys.executable, "-m", "simulator", "serve", "--people", str(people), "--seed", str(SEED)]
    command += ["--until", UNTIL.isoformat(), "--port", str(_last_port(home))]
    command += ["--state-file", str(home.state / STATE)]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        # Ctrl-C is for us; but if we are killed it must not stay behind.
        start_new_session=True,
        preexec_fn=die_with_parent,
    )
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            raise RuntimeError(f"the simulator did not start (exit code {process.wait(STOP_SECONDS)})")
        yield json.loads(line)["base_url"]
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def _last_port(home: Home) -> int:
    """Last time's, if it is free: a changed address is a changed configuration, which builds again."""
    try:
        port = int(json.loads((home.state / STATE).read_text(encoding="utf-8"))["port"])
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
    except (OSError, ValueError, KeyError):
        return 0
    return port


def settle(home: Home, base_url: str, people: int, language: str) -> None:
    """The company's two files, and what a marketer would have downloaded into its inbox."""
    from simulator import home as simulated_home
    from simulator.by_hand import drop_reviews
    from simulator.company import make

    say("2/4 dropping the files a marketer would have downloaded into its inbox")
    simulated_home.write(home.root, base_url, language=language)
    dropped = simulated_home.drop_exports(home.root, make(people, SEED, UNTIL), *DROPPED)
    for path in (*dropped, drop_reviews(home.root)):
        # A file is as old as its download: the same one dropped twice is the same sighting.
        os.utime(path, (DOWNLOADED_AT.timestamp(), DOWNLOADED_AT.timestamp()))


def where_next(home: Home) -> str:
    place = os.path.relpath(home.root)
    first = f"firsthand --home {place}"
    return f"""
Where to look next
  {first} customers --stage ambassador
  {first} customer <number, e-mail or phone>   who, stages, permissions, why one person
  {first} quarantine list                      what the door held back
  {first} serve users add eve --role admin     who may log in; then `serve`: the pages for marketers
  {first} dev                                  the graph, the runs, the schedules
  {place}/serving/current/marketing.duckdb   for any tool that reads DuckDB"""
