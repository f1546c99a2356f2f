"""Commands from a process that has imported everything already: ten seconds of processor less for each run.

Started as a script, it reads one command a line on standard input, forks, and the fork is the command: its
own process, environment, folder and output, killed as any other. What starts elsewhere (dbt, receivers) or
has words for the interpreter itself (PYTHONPATH) is not for here; nor is what measures, or is killed from
without.
"""

import atexit
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parents[1]


class Warm:
    """The asking side: one such process, one command at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen | None = None
        self._busy = threading.Lock()

    @contextlib.contextmanager
    def free(self) -> Iterator[bool]:
        """Whether it is ours until the end of the block; somebody else may have it."""
        mine = self._busy.acquire(blocking=False)
        try:
            yield mine
        finally:
            if mine:
                self._busy.release()

    def run(self, words: list[str], environment: dict[str, str], folder: Path, longest: float) -> int:
        """The exit code as `subprocess` gives it. Output goes to `out` and `err` in `folder`."""
        try:
            self._ask({"words": words, "environment": environment, "folder": str(folder)})
            timer = threading.Timer(longest, os.kill, (self._answer(), signal.SIGKILL))
            timer.daemon = True
            timer.start()
            try:
                code = os.waitstatus_to_exitcode(self._answer())
                if not timer.is_alive():
                    raise subprocess.TimeoutExpired(words, longest)
                return code
            finally:
                timer.cancel()
        except BaseException:
            # An answer left behind would be taken for the next command's.
            self._process.kill()
            self._process = None
            raise

    def _ask(self, what: dict[str, Any]) -> None:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, __file__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=what["environment"],
                cwd=ROOT,
                text=True,
            )
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()

    def _answer(self) -> int:
        return int(self._process.stdout.readline())


def _serve() -> None:
    _import_everything()
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            _end(_become(json.loads(line)))
        print(pid, flush=True)
        print(os.waitpid(pid, 0)[1], flush=True)


def _import_everything() -> None:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations  # noqa: F401

    from pipelines import cli, definitions, running  # noqa: F401

    cli.parser()


def _become(told: dict[str, Any]) -> int:
    from pipelines import cli
    from pipelines.dbt_child import die_with_parent

    die_with_parent()
    os.environ.clear()
    os.environ.update(told["environment"])
    _point(0, Path(os.devnull), os.O_RDONLY)
    for name, number in (("out", 1), ("err", 2)):
        _point(number, Path(told["folder"]) / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    try:
        return cli.main(told["words"])
    except SystemExit as wrong:  # argparse, of wrong use
        return int(wrong.code or 0)
    except BaseException:
        traceback.print_exc()
        return 1


def _end(code: int) -> NoReturn:
    """As a fork of multiprocessing ends: threads that libraries began before it are not here to be ended."""
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _point(number: int, to: Path, how: int) -> None:
    opened = os.open(to, how, 0o600)
    os.dup2(opened, number)
    os.close(opened)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    _serve()
