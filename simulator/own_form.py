"""Maison Exemple's own forms, and the people who fill them in: with and without scripts, twice, by machines.

The receiver is not simulated: these are the requests of browsers and mail programs, sent to a real one.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

from simulator.model import Company, Person

SECRET = "sim-own-form-secret"
SITE = "https://www.maison-exemple.example"
SETTINGS: dict[str, Any] = {
    "account": "maison",
    "address": "https://forms.maison-exemple.example",
    "origins": [SITE],
    "forms": {
        "lettre": {
            "title": {"fr": "La lettre de la maison", "en": "Our letter"},
            "fields": [
                {
                    "name": "email",
                    "kind": "email",
                    "required": True,
                    "label": {"fr": "Votre adresse e-mail", "en": "Your e-mail address"},
                },
                {"name": "first_name", "kind": "first_name", "label": {"fr": "Prénom", "en": "First name"}},
                {"name": "phone", "kind": "phone_number", "label": {"fr": "Portable", "en": "Mobile"}},
                {"name": "country", "kind": "country", "label": {"fr": "Pays", "en": "Country"}},
                {
                    "name": "need",
                    "kind": "choice",
                    "label": {"fr": "Ce qui vous intéresse", "en": "What interests you"},
                    "options": [
                        {"fr": "Bougies", "en": "Candles"},
                        {"fr": "Savons", "en": "Soaps"},
                    ],
                },
            ],
            "boxes": [
                {
                    "name": "letter",
                    "version": "2026-11",
                    "channels": ["email"],
                    "purposes": ["marketing", "newsletter:maison"],
                    # No word a guess could find a channel by: what a box permits is declared.
                    "text": {
                        "fr": "Oui, tenez-moi au courant une fois par mois.",
                        "en": "Yes, keep me posted once a month.",
                    },
                },
                {
                    "name": "sms",
                    "version": "1",
                    "channels": ["sms"],
                    "text": {"fr": "Oui, prévenez-moi par SMS.", "en": "Yes, text me."},
                },
            ],
            "notice": {
                "fr": "Désinscription à tout moment.",
                "en": "You can leave at any time.",
            },
            "double_opt_in": True,
        },
        "devis": {
            "title": {"fr": "Devis"},
            "fields": [{"name": "email", "kind": "email", "label": {"fr": "E-mail"}}],
        },
    },
}
PATIENCE = 10  # seconds


@dataclass(frozen=True)
class Visit:
    """One person at the form. `does`: what they do with it, and with the mail that asks to confirm."""

    person: Person
    language: str
    ticks: tuple[str, ...]
    calls_from: str  # as the proxy before the receiver tells it
    does: str  # confirms, ignores, only_opened, sends_twice, machine, tries

    @property
    def presses(self) -> bool:
        """Whether the button is pressed, where a mail comes."""
        return self.does in ("confirms", "sends_twice")

    @property
    def answers(self) -> dict[str, str]:
        told = {
            "email": self.person.emails[0],
            "first_name": self.person.first_name,
            "country": self.person.country,
        }
        return told | ({"phone": self.person.mobile} if "sms" in self.ticks else {})


WAYS = ("confirms", "ignores", "only_opened", "sends_twice", "machine", "tries")
TICKS = (("letter",), ("letter", "sms"), ("sms",), ())


def visits(company: Company, most: int) -> Iterator[Visit]:
    """Every way with every tick, people in the company's own order: each mailbox once."""
    met: set[str] = set()
    people = [one for one in company.people if one.emails]
    number = 0
    for person in people:
        address = person.emails[0].lower()
        if address in met or number == most:
            continue
        met.add(address)
        language = person.language if person.language in ("fr", "en") else "fr"
        ticks, does = TICKS[number % len(TICKS)], WAYS[number // len(TICKS) % len(WAYS)]
        yield Visit(person, language, ticks, f"203.0.113.{number + 1}", does)
        number += 1


def pay(visit: Visit, receiver: str) -> int:
    """Open the page, fill it in, send it, as a browser without scripts does; the last answer's status."""
    with requests.Session() as browser:
        browser.trust_env = False
        came = {"lang": visit.language, "utm_source": "instagram", "utm_campaign": "noel", "fbclid": "IwAR0"}
        if visit.does == "tries":
            came["firsthand_test"] = "1"
        page = browser.get(f"{receiver}/forms/lettre", params=came, timeout=PATIENCE).text
        held = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
        shown = dict(re.findall(r'type="checkbox" name="box_(\w+)" value="([^"]*)"', page))
        sent = held | visit.answers | {f"box_{name}": shown[name] for name in visit.ticks}
        if visit.does == "machine":
            sent["_website"] = "https://spam.example"
        status = 0
        for _ in range(2 if visit.does == "sends_twice" else 1):
            told = {"Origin": SETTINGS["address"], "X-Forwarded-For": visit.calls_from}
            answer = browser.post(f"{receiver}/forms/lettre", sent, headers=told, timeout=PATIENCE)
            status = answer.status_code
        return status


def read_mails(mails: Iterable[dict[str, Any]], visited: Iterable[Visit], receiver: str) -> int:
    """What people and their mail programs do with the mails; how many pressed the button."""
    does = {visit.person.emails[0]: visit.does for visit in visited}
    pressed = 0
    for mail in mails:
        link = receiver + urlsplit(mail["link"]).path
        if does[mail["to"]] in ("confirms", "sends_twice", "only_opened"):
            requests.get(link, timeout=PATIENCE).raise_for_status()
        if does[mail["to"]] in ("confirms", "sends_twice"):
            requests.post(link, timeout=PATIENCE).raise_for_status()
            pressed += 1
    return pressed
