"""The console over real HTTP on loopback, and visitors with a cookie jar each, who fill in its forms."""

import contextlib
import re
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import requests
import uvicorn
from fastapi import FastAPI

from console import accounts
from console.roles import ROLES
from pipelines.home import Home

PASSWORD = "a made up sentence"
TOKEN = re.compile(r'name="form_token" value="(\w+)"')
LONGEST = 30  # seconds


@contextlib.contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Its address, while the block lasts."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        # h11 says each header as it was given, so that a test may give a wrong one.
        server = uvicorn.Server(uvicorn.Config(app, http="h11", access_log=False, log_level="critical"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        until = time.monotonic() + LONGEST
        while not server.started:
            assert time.monotonic() < until, "the console did not start"
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(LONGEST)


def with_accounts(home: Home) -> None:
    """One account a role, of its name."""
    for role in ROLES:
        accounts.add(home, role, role, PASSWORD)


class Visitor:
    """A browser without a screen."""

    def __init__(self, base: str) -> None:
        self.base, self.session, self.form_token = base, requests.Session(), ""

    def get(self, path: str, **more: Any) -> requests.Response:
        return self._kept(self.session.get(self.base + path, timeout=LONGEST, **more))

    def post(self, path: str, token: str | None = None, **form: str) -> requests.Response:
        """With the token of the last page, unless another is given."""
        filled = {"form_token": self.form_token if token is None else token, **form}
        return self._kept(
            self.session.post(self.base + path, data=filled, timeout=LONGEST, allow_redirects=False)
        )

    def log_in(self, name: str, password: str = PASSWORD, back: str = "/") -> requests.Response:
        self.get("/login")
        answer = self.post("/login", name=name, password=password, back=back)
        if answer.status_code == 303:
            self.get("/")
        return answer

    def _kept(self, answer: requests.Response) -> requests.Response:
        if found := TOKEN.search(answer.text):
            self.form_token = found[1]
        return answer
