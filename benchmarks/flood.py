"""Ten thousand webhooks of every platform that pushes, and a receiver killed while they come.

    make flood          BODIES=10000 KILLS=3

Twice: as they come, for the rate; then with kill -9 at random moments, each body sent again until it is
thanked for, as platforms do. In the end all that is right is on disk, whole, and nothing else.
A minute is the aim for ten thousand; beside it stands what the disk takes for the same bodies, one by one.
"""

import hashlib
import http.client
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.home_run import free_port
from connectors.landing import write_durably
from receiver.app import webhooks
from simulator import home
from simulator.storm import Knock, Storm

ROOT = Path(__file__).parent.parent
CALLERS = 12
PATIENCE = 30  # seconds for one answer


class Receiver:
    """The real one, in a process of its own, always at the same address."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.port = free_port()
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        words = [sys.executable, "-m", "receiver", "--home", str(self.root), "--port", str(self.port)]
        self.process = subprocess.Popen(words, cwd=ROOT, stderr=subprocess.DEVNULL)
        for _ in range(600):
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("the receiver did not come up")

    def kill(self) -> None:
        """No goodbye: whatever it was doing stays half done."""
        if self.process is not None:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=10)


class Caller(threading.local):
    """One connection a thread, kept open as senders do."""

    connection: http.client.HTTPConnection | None = None

    def post(self, port: int, knock: Knock) -> int | None:
        """The status, None where there was no whole answer."""
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            self.connection.request("POST", f"/hooks/{knock.path}", knock.body, dict(knock.headers))
            answer = self.connection.getresponse()
            answer.read()
            return answer.status
        except (OSError, http.client.HTTPException):
            if self.connection is not None:
                self.connection.close()
            self.connection = None
            return None


def send(receiver: Receiver, knocks: Sequence[Knock], kills: Sequence[int] = ()) -> Counter[str]:
    """Deliver all, each until it is answered; after so many thanks as `kills` names, kill and begin anew."""
    caller, told, lock, left = Caller(), Counter[str](), threading.Lock(), sorted(kills)

    def deliver(knock: Knock) -> None:
        # Five minutes: a platform tries for days.
        for _ in range(3000):
            status = caller.post(receiver.port, knock)
            if status is not None and status != 503:
                break
            told["again"] += 1
            time.sleep(0.1)
        with lock:
            right = "right" if knock.is_right else "wrong"
            told[f"{right} {'taken' if status == 200 else 'refused'}"] += 1
            if left and told["right taken"] >= left[0]:
                left.pop(0)
                receiver.kill()
                receiver.start()
                told["kills"] += 1

    with ThreadPoolExecutor(CALLERS) as callers:
        list(callers.map(deliver, knocks))
    return told


def found(inbox: Path, knocks: Sequence[Knock]) -> dict[str, int]:
    """What is on disk beside what was right: lost, wrong and broken ones, and those there more than once."""
    kept: Counter[tuple[str, str]] = Counter()
    broken = 0
    for path in inbox.glob("*/*.json"):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        broken += not path.stem.endswith(digest[:12])
        kept[path.parent.name, digest] += 1
    right = {(one.platform, hashlib.sha256(one.body).hexdigest()) for one in knocks if one.is_right}
    return {
        "kept": len(kept),
        "lost": len(right - kept.keys()),
        "wrong": len(kept.keys() - right),
        "broken": broken,
        "more than once": sum(count > 1 for count in kept.values()),
    }


def is_good(there: dict[str, int]) -> bool:
    return not (there["lost"] or there["wrong"] or there["broken"])


def floor(knocks: Sequence[Knock]) -> float:
    """Seconds for the right ones written one after the other, as durably, by nobody but this process."""
    folder = Path(tempfile.mkdtemp(prefix="firsthand-flood-"))
    try:
        begun = time.perf_counter()
        for number, knock in enumerate(knocks):
            if knock.is_right:
                write_durably(folder / f"{number}.json", knock.body)
        return time.perf_counter() - begun
    finally:
        shutil.rmtree(folder)


def main() -> int:
    count, kills = int(os.environ.get("BODIES", "10000")), int(os.environ.get("KILLS", "3"))
    storm = Storm()
    knocks = list(storm(count))
    unheard = sorted(set(webhooks()) - set(storm.platforms))
    print(f"{count} bodies of {', '.join(storm.platforms)}; none of {', '.join(unheard) or 'no other'}")
    bare, good = floor(knocks), True
    print(f"the disk alone        {bare:6.1f} s")
    chance = random.Random(7)
    for what, moments in (
        ("as they come", []),
        (f"killed {kills} times", sorted(chance.sample(range(count // 2), kills))),
    ):
        root = Path(tempfile.mkdtemp(prefix="firsthand-flood-"))
        home.write(root, "http://127.0.0.1:1")
        receiver = Receiver(root)
        receiver.start()
        try:
            begun = time.perf_counter()
            told = send(receiver, knocks, moments)
            took = time.perf_counter() - begun
        finally:
            receiver.kill()
        there = found(root / "inbox" / "webhooks", knocks)
        good = good and is_good(there) and not told["wrong taken"] and not told["right refused"]
        print(
            f"{what:20}  {took:6.1f} s, {count / took:5.0f} a second, {took / bare:4.1f} times the disk alone"
        )
        print(f"  {dict(told)}\n  {there}")
        shutil.rmtree(root)
    print("nothing lost, nothing wrong taken" if good else "FAILED")
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
