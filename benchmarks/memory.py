"""Peak memory of a process and of every process it starts, from /proc alone. Linux only."""

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EVERY_SECONDS = 0.1
PAGE = 4096


@dataclass(frozen=True)
class Took:
    """What one step took."""

    name: str
    seconds: float
    peak: int


@dataclass
class Watch:
    """Looks at the family of `pid` until stopped: a sample is (time, who, resident bytes)."""

    pid: int
    samples: list[tuple[float, str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def peak(self, since: float, until: float) -> int:
        """The most the family held at one moment of that time, in bytes."""
        moments: dict[float, int] = {}
        for at, _, size in self.samples:
            if since <= at <= until:
                moments[at] = moments.get(at, 0) + size
        return max(moments.values(), default=0)

    def _look(self) -> None:
        while not self._stop.wait(EVERY_SECONDS):
            now = time.time()
            for pid in family(self.pid):
                self.samples += [(now, name, size) for name, size in _size(pid)]


def watched(
    words: list[str], environment: Mapping[str, str] | None = None
) -> tuple[Took, Watch, subprocess.CompletedProcess]:
    """Run to the end, with its memory looked at; raises RuntimeError with what it said, if it failed."""
    began = time.monotonic()
    with tempfile.TemporaryFile("w+") as out:
        told = os.environ | (environment or {})
        process = subprocess.Popen(words, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, text=True, env=told)
        watch = Watch(process.pid)
        code = process.wait()
        watch.stop()
        out.seek(0)
        done = subprocess.CompletedProcess(words, code, out.read())
    took = Took("", time.monotonic() - began, watch.peak(0, time.time()))
    if code:
        raise RuntimeError(f"{' '.join(words)} ended with {code}:\n{done.stdout}")
    return took, watch, done


def family(pid: int) -> list[int]:
    """The process and all below it."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        for children in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                waiting += [int(word) for word in children.read_text().split()]
            except OSError:
                continue  # it ended while we looked
    return found


def _size(pid: int) -> list[tuple[str, int]]:
    """Resident memory without what is shared with files; nothing where the process has ended."""
    try:
        words = Path(f"/proc/{pid}/statm").read_text().split()
        name = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return []
    return [(name, int(words[1]) * PAGE)]
