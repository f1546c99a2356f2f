"""The download of responses: UTF-8, commas, no number of anything, ticked boxes as their own words."""

from collections.abc import Iterator

from simulator.marketing import PARIS
from simulator.model import Form, Lead
from simulator.platforms.google_forms.nodes import asked, collects_addresses, given, last_submitted
from simulator.platforms.questions import language

FILE = "{form.name} {form.form_id}.csv"
ENCODING = "utf-8"
OWN = {"fr": ("Horodateur", "Adresse e-mail"), "en": ("Timestamp", "Email Address")}


def lines(form: Form, leads: list[Lead]) -> Iterator[list[str]]:
    """The headers, then one line per response, in the zone of whoever downloads."""
    questions, (time, address) = list(asked(form)), OWN[language(form)]
    collected = [address] if collects_addresses(form) else []
    yield [time, *collected, *(question.title for question in questions)]
    for lead in leads:
        at = last_submitted(lead).astimezone(PARIS)
        hours = int(at.utcoffset().total_seconds() // 3600)  # type: ignore[union-attr]
        cells = [
            f"{at:%Y/%m/%d} {at.hour % 12 or 12}:{at:%M:%S} {'AM' if at.hour < 12 else 'PM'} GMT{hours:+d}"
        ]
        cells += [lead.answers.get("email", "")] if collected else []
        told = given(lead, form)
        yield cells + [";".join(told.get(question.name, ())) for question in questions]
