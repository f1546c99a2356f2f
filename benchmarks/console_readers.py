"""The console as a process of its own, and readers of it: browsers without a screen."""

import contextlib
import re
import subprocess
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse, RemoteDisconnected
from typing import Any
from urllib.parse import urlencode

from benchmarks.home_run import ROOT, command, free_port
from pipelines.home import Home

PASSWORD = "a bench of fir wood"


@contextlib.contextmanager
def served(home: Home) -> Iterator[int]:
    """The console in a process of its own, by its port."""
    port = free_port()
    words = command(home.root, "serve", "--port", str(port))
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            while process.poll() is None and not is_there(port):
                time.sleep(0.1)
            yield port
        finally:
            process.terminate()


def is_there(port: int) -> bool:
    try:
        return Reader(port).ask("/health")[0] == 200
    except OSError:
        return False


class Reader:
    """A browser without a screen: one connection, cookies, the token of its forms."""

    def __init__(self, port: int) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookies: dict[str, str] = {}
        self.token, self.leads_to = "", ""

    def see(self, path: str, **form: str) -> str:
        """The text of a page, wherever it leads; with `form` it is posted. Raises RuntimeError."""
        status, text = self.ask(path, **form)
        if status == 303:
            status, text = self.ask(self.leads_to)
        if status != 200:
            raise RuntimeError(f"{path.split('/')[1]}: {status}")
        return text

    def ask(self, path: str, **form: str) -> tuple[int, str]:
        """Status and text as they come."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if form:
            body = urlencode({**form, "form_token": self.token})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        how = ("POST" if form else "GET", path, body, headers)
        try:
            answer = self._answered(*how)
        except (RemoteDisconnected, ConnectionError):
            # Let go while we asked for nothing; a browser connects anew, too.
            self.connection.close()
            answer = self._answered(*how)
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        self.leads_to = answer.headers.get("Location", "")
        text = answer.read().decode()
        if found := re.search(r'name="form_token" value="([0-9a-f]+)"', text):
            self.token = found[1]
        return answer.status, text

    def _answered(self, *how: Any) -> HTTPResponse:
        self.connection.request(*how)
        return self.connection.getresponse()

    def log_in(self, name: str, language: str = "en") -> None:
        self.ask("/login")
        self.ask("/language", language=language, back="/login")
        status, _ = self.ask("/login", name=name, password=PASSWORD, back="/")
        self.ask("/")
        if status != 303:
            raise RuntimeError(f"nobody is let in: {status}")
