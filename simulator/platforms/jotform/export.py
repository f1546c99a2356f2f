"""The submissions export: UTF-8, commas, first and last name apart, ticked boxes as their own words."""

from collections.abc import Iterator
from typing import Any

from simulator.model import Form, Lead
from simulator.platforms.jotform.nodes import asked, given, stamp
from simulator.platforms.questions import titles

FILE = "{form.name}{form.form_id}.csv"
ENCODING = "utf-8"


def lines(form: Form, leads: list[Lead]) -> Iterator[list[str]]:
    """The headers, then one line per submission."""
    words = titles(form)
    headers = ["Submission Date"]
    for _, name, _, text in asked(form):
        headers += [words["first_name"], words["last_name"]] if name == "name" else [text]
    yield [*headers, "Submission ID"]
    for lead in leads:
        told, cells = given(lead, form), [stamp(lead.created_at)]
        for _, name, _, _ in asked(form):
            cells += _cells(name, told.get(name, ""))
        yield [*cells, lead.lead_id]


def _cells(name: str, answer: Any) -> list[str]:
    if name == "name":
        return [answer["first"], answer["last"]] if answer else ["", ""]
    if isinstance(answer, dict):
        return [answer["full"]]
    return ["\n".join(answer) if isinstance(answer, list) else answer]
