"""A PostgreSQL server of one's own, in a folder, on a socket; gone with the session."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
USER = "postgres"


def why_not() -> str | None:
    """Why there can be no server here; None where there can."""
    if not BINARIES:
        return "no PostgreSQL server is installed (Debian: apt install postgresql)"
    if os.getuid() == 0 and not shutil.which("runuser"):
        return "PostgreSQL refuses to run as root, and there is no runuser"
    return None


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Its address, as superuser."""
    data = folder / "data"
    if os.getuid() == 0:
        shutil.chown(folder, USER)
    _run(folder, "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
    options = (
        f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c shared_buffers=16MB"
    )
    _run(folder, "pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
    try:
        yield f"postgresql://{USER}@/{USER}?host={quote(str(folder))}"
    finally:
        _run(folder, "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


def _run(folder: Path, name: str, *words: object) -> None:
    before = ["runuser", "-u", USER, "--"] if os.getuid() == 0 else []
    command = [*before, str(BINARIES[-1] / name), *map(str, words)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)
