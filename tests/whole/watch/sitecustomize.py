"""Imported by every Python of a watched run, its dbt included: writes down each foreign host it calls.

Sees Python's sockets only; what is written in C++ or Rust is caught by the run without a network.
"""

import ipaddress
import os
import sys
from typing import Any

NAMED = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
ADDRESSED = {"socket.connect", "socket.sendto", "socket.sendmsg"}
LOCAL_NAMES = {"", "localhost", "None", "::"}


def is_here(host: Any) -> bool:
    text = host.decode() if isinstance(host, bytes) else str(host)
    if text in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False


def note(*words: object) -> None:
    handle = os.open(os.environ["FIRSTHAND_WATCH"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(handle, (" ".join(map(str, words)) + "\n").encode())
    os.close(handle)


def listen(event: str, given: tuple[Any, ...]) -> None:
    if event in NAMED:
        called = given[0]
    elif event in ADDRESSED and isinstance(given[1], tuple):  # a plain path is a socket of this machine
        called = given[1][0]
    else:
        return
    if not is_here(called):
        note("FOREIGN", event, called)


if os.environ.get("FIRSTHAND_WATCH"):
    note("PROCESS", os.getpid(), *sys.orig_argv)
    sys.addaudithook(listen)
