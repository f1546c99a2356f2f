"""Whom a list should hold at this moment: an audience, of it whoever may be written to by e-mail.

Asked by the way every export takes. A list whose audience cannot be asked any more keeps of those on it
whoever may still be written to: a yes that is gone takes people off, whatever else is wrong.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache

from connectors.sending import spelt
from pipelines import clock, laws, permission, reading
from pipelines.audiences import asking as audiences
from pipelines.audiences import store
from pipelines.company import Company
from pipelines.exporting import export
from pipelines.exporting.export import Asked
from pipelines.exporting.selection import Selection, by_condition
from pipelines.permission import Answer
from pipelines.warehouse_file import warehouse

CHANNEL = "email"


@dataclass
class Asker:
    """Asks anew each time it is called; `heard` is what was last said to it.

    `audience` None: everybody, for lists that are only weeded.
    """

    company: Company
    audience: str | None
    purpose: str
    recipient: str
    made_by: str
    reason: str | None = None
    heard: "Heard" = field(init=False)

    def __call__(self) -> Collection[str]:
        self.heard = ask(self)
        return self.heard.allowed

    def asked(self) -> Asked:
        day: date = clock.today(self.company.config)
        at: datetime = clock.ingest_time()
        return Asked(CHANNEL, self.purpose, day, self.made_by, at, self.reason, self.recipient)


@dataclass(frozen=True)
class Heard:
    """`allowed`: address as spelt -> the answer about it."""

    allowed: dict[str, Answer]
    refused: dict[str, int]
    asked: Asked
    selection: Selection
    laws: str


def ask(asker: Asker) -> Heard:
    """Raises ConfigError (also Wrong and Changed of the audience), NotBuilt, MissingKey, laws.LawError."""
    company, asked = asker.company, asker.asked()
    selection = _selection(company, asker.audience)
    with warehouse(company.home) as con:
        answers = export.answers_of(con, company, asked, [one["customer_id"] for one in selection.people])
    _, refused = permission.counts(answers)
    allowed = {spelt(one.contact_value): one for one in answers if one.is_allowed and one.contact_value}
    return Heard(allowed, refused, asked, replace(selection, people=[]), _policy())


@cache
def _policy() -> str:
    """Of the law files that ship, which stay while a process lives."""
    return laws.digest(laws.read())


def _selection(company: Company, audience: str | None) -> Selection:
    if audience is None:
        with reading.opened(company.home) as con:
            return by_condition(con, "true")
    with audiences.opened(company.home) as asker:
        return asker.selection(store.saved(company.home, audience))
