"""Telling a person, by mail or webhook, that something needs them: once, then once a day, then "resolved".

A message names streams, reasons and what to do; never a person, never a secret. It must not make things
worse either: whatever goes wrong while sending is returned as a text for the log and raises nothing.
"""

import smtplib
import ssl
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

from connectors.redaction import redact
from pipelines import state
from pipelines.company import Company
from pipelines.config.outgoing import MailAlert, WebhookAlert

REMIND_AFTER = timedelta(hours=23)  # daily, also when the nightly run is a few minutes early
TIMEOUT_SECONDS = 20

WORDS = {
    "en": {
        "subject": "Firsthand, {company}: {count} to look at",
        "resolved_subject": "Firsthand, {company}: resolved",
        "failed_run": "A run failed",
        "expired_token": "A credential is missing or refused",
        "stale_source": "A source has not been read for too long",
        "refused_batch": "A delivery was refused at the door",
        "failed_source": "A source could not be read",
        "refused_publication": "The new publication was refused; the last good one stays",
        "since": "since {since} UTC",
        "resolved": "Resolved",
        "foot": "Look with `firsthand doctor` on the server. You get this once a day while it lasts.",
    },
    "fr": {
        "subject": "Firsthand, {company} : {count} à traiter",
        "resolved_subject": "Firsthand, {company} : résolu",
        "failed_run": "Une exécution a échoué",
        "expired_token": "Un identifiant manque ou est refusé",
        "stale_source": "Une source n'a pas été lue depuis trop longtemps",
        "refused_batch": "Une livraison a été refusée à l'entrée",
        "failed_source": "Une source n'a pas pu être lue",
        "refused_publication": "La nouvelle publication est refusée ; la dernière bonne reste en place",
        "since": "depuis le {since} UTC",
        "resolved": "Résolu",
        "foot": "Voir `firsthand doctor` sur le serveur. Rappel une fois par jour tant que cela dure.",
    },
}


@dataclass(frozen=True)
class Problem:
    """One thing that needs a person. `kind` is a word of WORDS, `subject` a stream or a step."""

    kind: str
    subject: str
    text: str

    @property
    def key(self) -> str:
        return f"{self.kind} {self.subject}"


@dataclass(frozen=True)
class Message:
    subject: str
    body: str
    problems: tuple[Problem, ...]
    resolved: tuple[str, ...]


def report(
    company: Company, problems: list[Problem], examined: Collection[str], now: datetime | None = None
) -> list[str]:
    """Send what is due and remember it; returns what went wrong while sending.

    `examined` are the subjects this run looked at: only those can be told to be resolved.
    """
    if not (company.config.alerts.mail or company.config.alerts.webhook):
        return []
    now = now or datetime.now(UTC)
    try:
        with state.changing(company.home.state / "alerts.json") as kept:
            due, resolved = settle(kept, problems, examined, now)
            if not (due or resolved):
                return []
            wrong, sent = _send(company, compose(company, kept, due, resolved))
            if sent:
                remember(kept, due, resolved, now)
            return wrong
    except Exception as error:
        return [f"alert not sent: {type(error).__name__}"]


def settle(
    kept: Mapping[str, Any], problems: list[Problem], examined: Collection[str], now: datetime
) -> tuple[list[Problem], list[str]]:
    """Which problems are due to be told, and which told ones are over."""
    due = [
        p
        for p in problems
        if p.key not in kept or now - datetime.fromisoformat(kept[p.key]["told"]) >= REMIND_AFTER
    ]
    present = {p.key for p in problems}
    over = [key for key, entry in kept.items() if entry["subject"] in examined and key not in present]
    return due, over


def remember(kept: dict[str, Any], due: list[Problem], resolved: list[str], now: datetime) -> None:
    stamp = now.isoformat(timespec="seconds")
    for problem in due:
        since = kept.get(problem.key, {}).get("since", stamp)
        kept[problem.key] = {
            "since": since,
            "told": stamp,
            "kind": problem.kind,
            "subject": problem.subject,
        }
    for key in resolved:
        kept.pop(key, None)


def compose(company: Company, kept: Mapping[str, Any], due: list[Problem], resolved: list[str]) -> Message:
    """The words of one message, in the company's language."""
    words = WORDS[company.config.language]
    lines: list[str] = []
    for problem in due:
        head = f"* {words[problem.kind]}: {problem.subject}"
        if since := kept.get(problem.key, {}).get("since"):
            head += f" ({words['since'].format(since=since[:16].replace('T', ' '))})"
        lines += [head, *(f"  {line}" for line in problem.text.splitlines()), ""]
    for key in resolved:
        lines.append(f"* {words['resolved']}: {words[kept[key]['kind']]}, {kept[key]['subject']}")
    title = words["subject" if due else "resolved_subject"]
    body = redact("\n".join([*lines, "", words["foot"], ""]), company.secret_values)
    subject = title.format(company=company.config.company, count=len(due)).replace("\n", " ")
    return Message(subject, body, tuple(due), tuple(resolved))


def _send(company: Company, message: Message) -> tuple[list[str], bool]:
    """By every configured way; what went wrong, and whether one got through."""
    wrong, sent, alerts = [], False, company.config.alerts
    try:
        if alerts.mail:
            send_mail(alerts.mail, company.secrets.get("SMTP_PASSWORD"), message)
            sent = True
    except (OSError, smtplib.SMTPException) as error:
        # The server's words may quote addresses; its kind of refusal is enough.
        wrong.append(f"alert mail not sent by {alerts.mail.host}:{alerts.mail.port}: {type(error).__name__}")
    try:
        if alerts.webhook:
            post(alerts.webhook, company, message)
            sent = True
    except Exception as error:
        wrong.append(f"alert webhook not sent: {type(error).__name__}")
    return wrong, sent


def send_mail(settings: MailAlert, password: str | None, message: Message) -> None:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = message.subject, settings.sender, ", ".join(settings.to)
    mail["Date"] = datetime.now(UTC)
    mail.set_content(message.body)
    # Told our own name, smtplib asks no name server for it.
    with smtplib.SMTP(settings.host, settings.port, "firsthand.invalid", TIMEOUT_SECONDS) as server:
        if settings.starttls:
            server.starttls(context=ssl.create_default_context())
        if settings.user:
            server.login(settings.user, password or "")
        server.send_message(mail)


def post(settings: WebhookAlert, company: Company, message: Message) -> None:
    """JSON whose `text` chat tools show as it is, the parts beside it for machines."""
    from connectors.client import Client

    parts = urlsplit(settings.url)
    client = Client(
        f"{parts.scheme}://{parts.netloc}/", name="alert", per_second=50, attempts=3, json_answers=False
    )
    client.post(
        settings.url,
        {
            "text": f"{message.subject}\n\n{message.body}",
            "company": company.config.company,
            "problems": [{"kind": p.kind, "subject": p.subject} for p in message.problems],
            "resolved": list(message.resolved),
        },
    )
