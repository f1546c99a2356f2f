"""What the simulated form tools share: whose forms and answers they serve, and what faults do to records."""

from typing import Any

from simulator.clock import Clock, Shown
from simulator.faults import Faults
from simulator.model import Company, Lead
from simulator.wire import Call


class FormTool:
    """A tool of forms. A subclass names itself and the field of an answer that `missing_field` takes."""

    name = ""
    promised = ""
    comes_late = True  # whether answers may show up late

    def __init__(self, company: Company, clock: Clock, faults: Faults) -> None:
        self.company, self.clock, self.faults = company, clock, faults
        self.forms = {form.form_id: form for form in company.forms if form.platform == self.name}
        self.leads = [lead for lead in company.leads if lead.platform == self.name]
        self.erased: set[str] = set()
        self.expired: set[str] = set()
        self.turn = 0
        self.view = Shown(lambda: (clock.now, faults.epoch, len(self.erased)), self.make_view)

    def make_view(self) -> dict[str, Any]:
        """Form -> its answers, newest first."""
        lists: dict[str, list[Lead]] = {}
        for lead in self.leads:
            hidden = self.comes_late and self.faults.hides(self.name, lead.form_id, lead.lead_id)
            if lead.visible_at <= self.clock.now and not hidden and lead.lead_id not in self.erased:
                lists.setdefault(lead.form_id, []).append(lead)
        for leads in lists.values():
            leads.sort(key=lambda lead: (lead.created_at, lead.lead_id), reverse=True)
        return lists

    def release(self, form_id: str) -> None:
        """The list was read to its end."""
        self.faults.release(self.name, form_id, self.clock.now)

    def lacks(self, key: str) -> str | None:
        """The promised field that this answer comes without."""
        return self.promised if self.faults.chooses("missing_field", self.name, key) else None

    def troubled(self, key: str, row: dict[str, Any]) -> dict[str, Any]:
        """An answer with what faults add to it and take from it."""
        if self.faults.chooses("unknown_field", self.name, key):
            row["sim_quality"] = {"is_spam": False, "score": 97}
        row.pop(self.lacks(key) or "", None)
        return row

    def missing(self) -> dict[str, dict[str, str]]:
        keys = [lead.lead_id for leads in FormTool.make_view(self).values() for lead in leads]
        return {"responses": {key: lacks for key in keys if (lacks := self.lacks(key))}}

    def expire(self, call: Call) -> None:
        self.expired.add(call.bearer or "")

    def is_spared(self, call: Call) -> bool:
        return False

    def change(self, wish: dict[str, Any]) -> None:
        raise ValueError("nothing to set here")
