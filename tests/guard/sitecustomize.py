"""Put on PYTHONPATH, this notes and refuses every connection and name look-up beyond loopback.

It sees Python's sockets, in every child process as well; `unshare -rn` (see test_whole_run) sees the rest.
"""

import os
import socket
from pathlib import Path
from typing import Any

LOOPBACK = ("127.", "::1", "localhost")
REPORT = os.environ.get("FIRSTHAND_FOREIGN_REPORT")


def _judge(host: Any) -> None:
    name = host.decode(errors="replace") if isinstance(host, bytes) else str(host or "localhost")
    if name.startswith(LOOPBACK) or name in {"0.0.0.0", "::"}:  # noqa: S104 - listening is no call
        return
    with Path(REPORT).open("a", encoding="utf-8") as report:
        report.write(f"{os.getpid()} {name}\n")
    raise OSError(f"guard: a connection to {name} was tried")


def _guarded(method: Any) -> Any:
    def call(self: socket.socket, address: Any, *rest: Any) -> Any:
        if isinstance(address, tuple):  # a path is a Unix socket
            _judge(address[0])
        return method(self, address, *rest)

    return call


if REPORT:
    socket.socket.connect = _guarded(socket.socket.connect)
    socket.socket.connect_ex = _guarded(socket.socket.connect_ex)
    _look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, *rest: Any, **more: Any) -> Any:
        _judge(host)
        return _look_up(host, *rest, **more)

    socket.getaddrinfo = getaddrinfo
