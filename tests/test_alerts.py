"""Alerts: told once, then daily, then "resolved"; no person, no secret; a broken alert breaks nothing."""

import json
import socketserver
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from homes import make_company

from pipelines import alerts, state
from pipelines.alerts import Problem

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
TOKEN = Problem("expired_token", "meta/leads", "the token is refused (401): set META_TOKEN")


class MailSink(socketserver.ThreadingTCPServer):
    """Enough of an SMTP server to take a message."""

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), MailHandler)
        self.mails = []


class MailHandler(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"220 sink\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = []
                while (line := self.rfile.readline()) != b".\r\n":
                    lines.append(line)
                self.server.mails.append(b"".join(lines).decode())
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
            if word == b"QUIT":
                return


class HttpHandler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bodies.append(json.loads(body))
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *args):
        """Quiet."""


@pytest.fixture
def mail_sink():
    with MailSink() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def http_sink():
    with HTTPServer(("127.0.0.1", 0), HttpHandler) as server:
        server.bodies, server.status = [], 200
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def by_mail(sink):
    port = sink.server_address[1]
    return {
        "mail": {
            "to": ["team@maison.example"],
            "sender": "firsthand@maison.example",
            "host": "127.0.0.1",
            "port": port,
            "starttls": False,
        }
    }


def by_webhook(sink):
    return {"webhook": {"url": f"http://127.0.0.1:{sink.server_address[1]}/hooks/abc"}}


def test_a_problem_is_told_once_then_daily_then_resolved(tmp_path, mail_sink):
    company = make_company(tmp_path, language="en", alerts=by_mail(mail_sink))
    tell = lambda problems, hours: alerts.report(  # noqa: E731
        company, problems, {"meta/leads"}, NOW + timedelta(hours=hours)
    )
    for hour in range(24):
        assert tell([TOKEN], hour) == []
    assert len(mail_sink.mails) == 2, "at once, and after a day"
    assert "META_TOKEN" in mail_sink.mails[0]
    assert "since 2026-11-20 04:00 UTC" in mail_sink.mails[1]
    assert tell([], 25) == []
    assert "resolved" in mail_sink.mails[2].lower()
    assert tell([], 26) == []
    assert len(mail_sink.mails) == 3


def test_a_run_that_did_not_look_resolves_nothing(tmp_path, mail_sink):
    company = make_company(tmp_path, alerts=by_mail(mail_sink))
    alerts.report(company, [TOKEN], {"meta/leads"}, NOW)
    alerts.report(company, [], {"shopify/orders"}, NOW + timedelta(hours=1))
    assert len(mail_sink.mails) == 1


def test_a_message_holds_no_secret_and_no_person(tmp_path, mail_sink, http_sink):
    company = make_company(tmp_path, alerts=by_mail(mail_sink) | by_webhook(http_sink))
    text = "key sim-meta-token refused for jeanne.petit@famille.example, +33 6 39 98 12 34"
    assert alerts.report(company, [Problem("failed_source", "meta/leads", text)], set(), NOW) == []
    for message in (mail_sink.mails[0], json.dumps(http_sink.bodies[0])):
        assert "meta/leads" in message
        for word in ("sim-meta-token", "jeanne", "famille", "98 12"):
            assert word not in message


def test_the_webhook_speaks_the_company_s_language(tmp_path, http_sink):
    company = make_company(tmp_path, language="fr", alerts=by_webhook(http_sink))
    alerts.report(company, [TOKEN], set(), NOW)
    assert "Un identifiant manque ou est refusé" in http_sink.bodies[0]["text"]
    assert http_sink.bodies[0]["problems"] == [{"kind": "expired_token", "subject": "meta/leads"}]


def test_a_broken_alert_is_a_line_in_the_log_and_is_sent_later(tmp_path, http_sink):
    company = make_company(tmp_path, alerts=by_webhook(http_sink))
    http_sink.status = 404
    assert "alert webhook not sent: BadAnswer" in alerts.report(company, [TOKEN], set(), NOW)
    assert state.read(company.home.state / "alerts.json") == {}
    http_sink.status = 200
    assert alerts.report(company, [TOKEN], set(), NOW) == []
    assert len(http_sink.bodies) == 2


def test_nobody_listening_breaks_nothing(tmp_path, mail_sink):
    settings = by_mail(mail_sink)
    mail_sink.server_close()
    company = make_company(tmp_path, alerts=settings)
    assert "alert mail not sent" in alerts.report(company, [TOKEN], set(), NOW)[0]


def test_without_alerts_configured_nothing_is_kept(tmp_path):
    company = make_company(tmp_path)
    assert alerts.report(company, [TOKEN], set(), NOW) == []
    assert not (company.home.state / "alerts.json").exists()
