"""The answers of api.tally.so: pages by number that shift while one reads, a hundred calls a minute."""

import math
from random import Random
from typing import Any

from simulator.clock import read_moment
from simulator.model import Lead
from simulator.platforms.form_tool import FormTool
from simulator.platforms.tally.nodes import blocks, questions, submission, summary
from simulator.wire import Answer, Call

KEY = "tly-sim"
LARGEST = 500


class Refusal(Exception):
    def __init__(self, status: int, message: str, error_type: str = "BAD_REQUEST") -> None:
        super().__init__(message)
        self.answer = Answer({"message": message, "errorType": error_type}, status)


class Tally(FormTool):
    name = "tally"
    promised = "submittedAt"

    def answer(self, call: Call) -> Answer:
        try:
            self._check_key(call)
            body = self._dispatch(call)
            return Answer("", 204) if body is None else Answer(body)
        except Refusal as refusal:
            return refusal.answer

    def refuse(self, call: Call, fault: str) -> Answer:
        self.turn += 1
        if fault == "server_error":
            return Answer({"message": "Internal server error"}, 503 if self.turn % 2 else 500)
        # Only sometimes does the platform say how long to wait.
        wait = {"Retry-After": str(math.ceil(self.faults.wait_seconds))} if self.turn % 2 else {}
        return Answer({"message": "Too many requests", "errorType": "TOO_MANY_REQUESTS"}, 429, wait)

    def _check_key(self, call: Call) -> None:
        key = call.bearer or ""
        if key in self.expired:
            self.expired.discard(key)  # there is no other one: refused once
        elif key == KEY:
            return
        raise Refusal(401, "Unauthorized", "UNAUTHORIZED")

    def _dispatch(self, call: Call) -> dict[str, Any] | None:
        match call.method, *call.parts:
            case "GET", "users", "me":
                return {"id": "uUser1", "fullName": self.company.name}
            case "GET", "forms":
                return self._forms(call)
            case method, "forms", form_id, *rest if self._is_open(form_id):
                return self._form(call, method, form_id, rest)
        raise Refusal(404, "Not found", "NOT_FOUND")

    def _is_open(self, form_id: str) -> bool:
        return form_id in self.forms and self.forms[form_id].created_at <= self.clock.now

    def _forms(self, call: Call) -> dict[str, Any]:
        page, limit = _number(call, "page", 1, 10_000), _number(call, "limit", 50, LARGEST)
        forms = sorted(filter(self._is_open, self.forms))
        shown = forms[(page - 1) * limit : page * limit]
        return {
            "items": [summary(self.forms[form], len(self.view().get(form, ()))) for form in shown],
            "page": page,
            "limit": limit,
            "total": len(forms),
            "hasMore": page * limit < len(forms),
        }

    def _form(self, call: Call, method: str, form_id: str, rest: list[str]) -> dict[str, Any] | None:
        form = self.forms[form_id]
        match method, *rest:
            case ("GET",):
                made = summary(form, len(self.view().get(form_id, ())))
                return made | {"settings": {"language": form.locale[:2]}, "blocks": blocks(form)}
            case "GET", "questions":
                return {"questions": questions(form), "hasResponses": form_id in self.view()}
            case "GET", "submissions":
                return self._submissions(call, form_id)
            case "DELETE", "submissions", key:
                if key not in {lead.lead_id for lead in self.view().get(form_id, ())}:
                    raise Refusal(404, "Submission not found", "NOT_FOUND")
                self.erased.add(key)
                return None
        raise Refusal(404, "Not found", "NOT_FOUND")

    def _submissions(self, call: Call, form_id: str) -> dict[str, Any]:
        page, limit = _number(call, "page", 1, 10_000), _number(call, "limit", 50, LARGEST)
        held = self.view().get(form_id, [])
        asked = [lead for lead in held if _is_asked(call, lead)]
        shown = asked[(page - 1) * limit : page * limit]
        if page > 1 and self.faults.strikes("repeated", self.name, call.signature):
            # Somebody answered since the page before: all moved on by one.
            shown = [asked[(page - 1) * limit - 1], *shown]
        if page * limit >= len(asked) and limit > 1:
            self.release(form_id)
        items = [self.troubled(lead.lead_id, submission(lead, self.forms[form_id])) for lead in shown]
        if items and self.faults.strikes("reordered", self.name, call.signature):
            Random(call.signature).shuffle(items)
        return {
            "page": page,
            "limit": limit,
            "hasMore": page * limit < len(asked),
            "totalNumberOfSubmissionsPerFilter": {"all": len(held), "completed": len(held), "partial": 0},
            "questions": questions(self.forms[form_id]),
            "submissions": items,
        }


def _is_asked(call: Call, lead: Lead) -> bool:
    asked = call.params
    try:
        since, until = (
            read_moment(asked[name]) if name in asked else None for name in ("startDate", "endDate")
        )
    except ValueError as error:
        raise Refusal(400, "startDate and endDate want ISO 8601") from error
    if asked.get("filter", "all") not in {"all", "completed", "partial"}:
        raise Refusal(400, "filter must be one of all, completed, partial")
    return (
        asked.get("filter") != "partial"
        and (since is None or lead.created_at >= since)
        and (until is None or lead.created_at <= until)
    )


def _number(call: Call, name: str, default: int, most: int) -> int:
    text = call.params.get(name, str(default))
    if not text.isdigit() or not 1 <= int(text) <= most:
        raise Refusal(400, f"{name} must be between 1 and {most}")
    return int(text)
