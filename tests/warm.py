"""Commands from a process that has imported everything already: ten seconds of processor less for each run.

Started as a script, it reads one command a line on standard input, forks, and the fork is the command: its
own process, environment, folder and output, killed as any other. What starts elsewhere (receivers) or has
words for the interpreter itself (PYTHONPATH) is not for here; nor is what measures, or is killed from
without.

So is the dbt that a command starts: a fork, made before the command has threads, of what has imported dbt
and read the project, waits until it is called or the command ends. Called, it is the command's own child and
dies with it, as dbt does everywhere.
"""

import atexit
import contextlib
import ctypes
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parents[1]
PARSED = ROOT / "dbt_project" / "target"
PR_SET_CHILD_SUBREAPER = 36


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


class DbtWaiting:
    """A dbt that has imported everything; for one call: whichever comes later is a process as any other."""

    def __init__(self) -> None:
        _adopt_grandchildren()
        self._asking, asked = socket.socketpair()
        self._pid: int | None = os.fork()
        if not self._pid:
            self._asking.close()
            _wait_to_be_dbt(asked)
        asked.close()

    def takes(self, words: list[str]) -> bool:
        dbt = [sys.executable, "-m", "pipelines.dbt_child", "--manifest"]
        return self._pid is not None and words[: len(dbt)] == dbt

    def start(self, words: list[str], folder: str, environment: dict[str, str], files: list[int]) -> int:
        """Its process number; `files`: what it reads, where it says things and where it complains."""
        told = json.dumps([os.getpid(), words, folder, environment]).encode()
        socket.send_fds(self._asking, [len(told).to_bytes(4, "big")], files)
        self._asking.sendall(told)
        pid = int.from_bytes(self._asking.recv(4), "big")
        self._asking.close()
        os.waitpid(self._pid, 0)
        self._pid = None
        return pid


def _adopt_grandchildren() -> None:
    """Whose parent ended is our child then, which we can wait for."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1)


def _wait_to_be_dbt(asked: socket.socket) -> NoReturn:
    from pipelines.dbt_child import die_with_parent

    die_with_parent()
    size, files, _, _ = socket.recv_fds(asked, 4, 3)
    if not size:
        os._exit(0)  # the command called no dbt
    told = b""
    while len(told) < int.from_bytes(size, "big"):
        told += asked.recv(1 << 20)
    if pid := os.fork():
        asked.sendall(pid.to_bytes(4, "big"))
        os._exit(0)
    asked.close()
    caller, words, folder, environment = json.loads(told)
    while os.getppid() != caller:
        time.sleep(0.001)
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["dbt_child.py", *words]
    del sys.modules["pipelines.dbt_child"]  # to be run as a program
    try:
        runpy.run_module("pipelines.dbt_child", run_name="__main__")
    except SystemExit as ended:
        _end(int(ended.code or 0))
    except BaseException:
        traceback.print_exc()
    _end(1)


def _starting_dbt_from(waiting: DbtWaiting) -> type[subprocess.Popen]:
    """Popen, which lets the one that waits be dbt."""

    class Popen(subprocess.Popen):
        def _execute_child(self, args: Any, *told: Any) -> None:
            if not waiting.takes(list(args)):
                super()._execute_child(args, *told)
                return
            (_, _, _, _, folder, environment, _, _, _), pipes = told[:9], told[9:15]
            reads, says, complains = pipes[0], pipes[3], pipes[5]
            files = [file if file != -1 else number for number, file in enumerate((reads, says, complains))]
            environment = dict(os.environ) if environment is None else environment
            self.pid = waiting.start(list(args)[3:], os.fspath(folder or Path.cwd()), environment, files)
            self._child_created = True
            self._close_pipe_fds(*pipes)

    return Popen


@cache
def _read_project(file: Path) -> None:
    """dbt's project as it was parsed: whoever starts from here need not read it again."""
    from dbt.contracts.graph.manifest import Manifest

    from pipelines import dbt_child

    content, read, known = file.read_bytes(), Manifest.from_msgpack, dbt_child.read(file)
    Manifest.from_msgpack = lambda told, **how: known if told == content else read(told, **how)


def _serve() -> None:
    _import_everything()
    for line in sys.stdin:
        # The JSON is there once the other is whole.
        if parsed := sorted(PARSED.glob("parsed-*.json"), key=lambda file: file.stat().st_mtime):
            _read_project(parsed[-1].with_suffix(".msgpack"))
        pid = os.fork()
        if not pid:
            _end(_become(json.loads(line)))
        print(pid, flush=True)
        print(os.waitpid(pid, 0)[1], flush=True)


def _import_everything() -> None:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import dbt.adapters.duckdb
    import dbt.cli.main  # noqa: F401
    import great_expectations  # noqa: F401

    from pipelines import cli, dbt_functions, definitions, running  # noqa: F401

    cli.parser()


def _become(told: dict[str, Any]) -> int:
    from pipelines import cli
    from pipelines.dbt_child import die_with_parent

    die_with_parent()
    subprocess.Popen = _starting_dbt_from(DbtWaiting())
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
