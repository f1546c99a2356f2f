"""The entries export: UTF-8 with its mark, in the language of whoever downloads it.

The entry's day is in the site's zone, that of its change in UTC. A consent is three columns: whether it was
ticked, its words, what stood below them.
"""

from collections.abc import Iterator

from simulator.model import Form, Lead
from simulator.platforms.gravity_forms.nodes import Field, asked, entry, local
from simulator.platforms.questions import language

FILE = "{form.name}-2026-11-20.csv"
ENCODING = "utf-8-sig"
HEADERS = {
    "fr": ("Créé par (ID utilisateur)", "ID de l’entrée", "Date de l’entrée", "Date Updated", "URL source",
           "ID de la transaction", "Montant du paiement", "Date du paiement", "Statut du paiement",
           "ID de l’article", "Agent utilisateur", "IP de l’utilisateur "),
    "en": ("Created By (User Id)", "Entry Id", "Entry Date", "Date Updated", "Source Url", "Transaction Id",
           "Payment Amount", "Payment Date", "Payment Status", "Post Id", "User Agent", "User IP"),
}  # fmt: skip
OWN = ("created_by", "id", "date_created", "date_updated", "source_url", "transaction_id", "payment_amount",
       "payment_date", "payment_status", "post_id", "user_agent", "ip")  # fmt: skip
TICKED = {"fr": ("Coché", "Non coché"), "en": ("Checked", "Not Checked")}


def lines(form: Form, leads: list[Lead]) -> Iterator[list[str]]:
    """The headers, then one line per entry."""
    tongue, fields = language(form), list(asked(form))
    yield [header for one in fields for header in _headers(one)] + list(HEADERS[tongue])
    for lead in leads:
        row = entry(lead, form)
        cells = [cell for one in fields for cell in _cells(one, row, TICKED[tongue])]
        row["date_created"] = local(lead.created_at)
        yield cells + [row[name] or "" for name in OWN]


def _headers(one: Field) -> list[str]:
    if one.kind == "checkbox":
        return list(one.parts.values())
    return [f"{one.label} ({words})" for words in one.parts.values()] or [one.label]


def _cells(one: Field, row: dict[str, str], words: tuple[str, str]) -> list[str]:
    told = [row[name] for name in one.inputs()]
    if one.kind != "consent":
        return told
    # These forms have no description to stand in the third.
    return [words[0 if told[0] else 1], told[1], ""]
