"""Superset in an environment of its own, on loopback, and a reader that asks it over HTTP as its pages do."""

import contextlib
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests

from benchmarks.home_run import ROOT, free_port

HERE = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".superset"
BIN = ENVIRONMENT / "bin"
NAME, PASSWORD = "admin", "a bench of fir wood"
# The first start of both workers, on a busy machine.
PATIENCE_SECONDS = 180


def prepare() -> None:
    """Make the environment, once for each list of pins. Raises CalledProcessError where it cannot."""
    pins, mark = HERE / "requirements.txt", ENVIRONMENT / ".ok"
    if mark.exists() and mark.read_text() == pins.read_text():
        return
    subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], check=True)
    subprocess.run([BIN / "pip", "install", "-q", "--disable-pip-version-check", "-r", pins], check=True)
    mark.write_text(pins.read_text())


@contextlib.contextmanager
def running(folder: Path, *, resolves_links: bool) -> Iterator[str]:
    """Its address. `resolves_links`: with the setting that docs/bi.md asks for."""
    port, log = free_port(), folder / "superset.log"
    environment = {
        **os.environ,
        "FLASK_APP": "superset",
        "SUPERSET_CONFIG_PATH": str(HERE / "superset_config.py"),
        "SOAK_FOLDER": str(folder),
        "SOAK_SECRET": secrets.token_urlsafe(42),
        "SOAK_RESOLVED": "yes" if resolves_links else "no",
        "SUPERSET_HOME": str(folder),
        "SCARF_ANALYTICS": "false",
    }
    with log.open("ab") as out:

        def run(*words: str) -> None:
            subprocess.run([BIN / "superset", *words], env=environment, check=True, stdout=out, stderr=out)

        run("db", "upgrade")
        account = ["--username", NAME, "--firstname", "A", "--lastname", "B", "--email", "a@mail.example"]
        run("fab", "create-admin", *account, "--password", PASSWORD)
        run("init")
        # As it is run for people: processes, and threads in each, so that queries meet in one process.
        words = ["-w", "2", "-k", "gthread", "--threads", "4", "--timeout", "120", "-b", f"127.0.0.1:{port}"]
        words = [str(BIN / "gunicorn"), *words, "superset.app:create_app()"]
        with subprocess.Popen(words, env=environment, stdout=out, stderr=out) as server:
            try:
                _wait(f"http://127.0.0.1:{port}", server)
                yield f"http://127.0.0.1:{port}"
            finally:
                server.terminate()


def _wait(base: str, server: subprocess.Popen) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(requests.RequestException):
            if requests.get(f"{base}/health", timeout=5).ok:
                return
        time.sleep(0.5)
    raise RuntimeError("Superset did not start")


class Analyst:
    """Somebody with a session in Superset."""

    def __init__(self, base: str) -> None:
        self.base, self.session = base, requests.Session()
        given = {"username": NAME, "password": PASSWORD, "provider": "db", "refresh": False}
        self.session.headers["Authorization"] = (
            f"Bearer {self._post('security/login', **given)['access_token']}"
        )
        answer = self.session.get(f"{base}/api/v1/security/csrf_token/", timeout=60)
        self.session.headers.update({"X-CSRFToken": answer.json()["result"], "Referer": base})

    def database(self, file: Path, **connect_args: Any) -> int:
        """Tell Superset of a file; its number there."""
        extra = json.dumps({"engine_params": {"connect_args": connect_args}})
        made = self._post(
            "database/", database_name="Firsthand", sqlalchemy_uri=f"duckdb:///{file}", extra=extra
        )
        return made["id"]

    def dataset(self, database: int, table: str) -> int:
        return self._post("dataset/", database=database, schema="main", table_name=table)["id"]

    def asked(self, database: int, query: str) -> list[dict[str, Any]]:
        """As SQL Lab asks."""
        how = {"runAsync": False, "schema": "main", "client_id": secrets.token_hex(5)}
        return self._post("sqllab/execute/", database_id=database, sql=query, **how)["data"]

    def charted(self, dataset: int, metrics: dict[str, str]) -> list[dict[str, Any]]:
        """As a chart of a dashboard that refreshes asks."""
        asked = [
            {"expressionType": "SQL", "sqlExpression": sql, "label": name} for name, sql in metrics.items()
        ]
        query = {"columns": [], "metrics": asked, "row_limit": 10}
        source = {"id": dataset, "type": "table"}
        return self._post("chart/data", datasource=source, force=True, queries=[query])["result"][0]["data"]

    def _post(self, path: str, **said: Any) -> dict[str, Any]:
        answer = self.session.post(f"{self.base}/api/v1/{path}", json=said, timeout=120)
        if not answer.ok:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.text[:300]}")
        return answer.json()
