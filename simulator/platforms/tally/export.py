"""The submissions export: UTF-8, commas, each box in a column of its own behind its question's."""

from collections.abc import Iterator

from simulator.model import Form, Lead
from simulator.platforms.questions import HIDDEN
from simulator.platforms.tally.nodes import asked, given, options, stamp

FILE = "{form.name}_Submissions.csv"
ENCODING = "utf-8"


def lines(form: Form, leads: list[Lead]) -> Iterator[list[str]]:
    """The headers, then one line per submission."""
    plain = [one for one in asked(form) if one[1] != "HIDDEN_FIELDS"]
    headers = ["Submission ID", "Respondent ID", "Submitted at"]
    for name, kind, title in plain:
        headers.append(title)
        headers += [f"{title} ({words})" for words in _boxes(form, name, kind)]
    yield headers + HIDDEN
    for lead in leads:
        told = given(lead, form)
        at = stamp(lead.created_at).replace("T", " ").removesuffix(".000Z")
        cells = [lead.lead_id, f"r{lead.lead_id[:6]}", at]
        for name, kind, _ in plain:
            answer = told.get(name, "")
            cells.append(", ".join(answer) if isinstance(answer, list) else answer)
            cells += ["TRUE" if words in answer else "FALSE" for words in _boxes(form, name, kind)]
        yield cells + [told.get("hidden", {}).get(hidden, "") for hidden in HIDDEN]


def _boxes(form: Form, name: str, kind: str) -> list[str]:
    return list(options(form, name).values()) if kind == "CHECKBOXES" else []
