"""One platform is dead: the others are published all the same, the run is red, and somebody is told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from town import Town

from simulator import home

pytestmark = pytest.mark.slow

NEWCOMER = "nouvelle.venue@courriel.example"


@contextmanager
def alert_sink() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """An address on loopback that takes alerts, and what came."""
    taken: list[dict[str, Any]] = []

    class Sink(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *words: Any) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Sink)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", taken
    finally:
        server.shutdown()
        server.server_close()


def test_the_good_is_published_and_somebody_is_told(whole: Town, tmp_path: Path) -> None:
    town = whole.copy(tmp_path / "home")
    before = town.manifest
    inbox = town.root / "inbox" / "files" / "files"
    inbox.mkdir(parents=True, exist_ok=True)
    (inbox / "salon.csv").write_text(f"id,email,first_name,date\ns1,{NEWCOMER},Nova,2026-11-19T10:00:00Z\n")
    with alert_sink() as (url, alerts):
        patient = home.settings(town.base_url)["platforms"]
        patient["meta"]["longest_wait_seconds"] = 1  # as patient as ever, with shorter breaths
        home.write(town.root, town.base_url, platforms=patient, alerts={"webhook": {"url": url}})
        town.operate("kill", platform="meta")
        try:
            ran = town.firsthand("run")
        finally:
            town.operate("revive", platform="meta")

    assert ran.code == 1, ran.text
    assert "FAILED meta/leads" in ran.out
    assert town.manifest["snapshot"] != before["snapshot"]
    assert town.published("select count(*) from customers where best_email = ?", NEWCOMER) == [(1,)]
    assert town.manifest["counts"]["customers"] == before["counts"]["customers"] + 1
    assert len(alerts) == 1, alerts
    told = {(problem["kind"], problem["subject"]) for problem in alerts[0]["problems"]}
    assert ("failed_source", "meta/leads") in told
    assert {subject.partition("/")[0] for _, subject in told} == {"meta"}
