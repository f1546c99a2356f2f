"""The answers of api.jotform.com: errors stand in the envelope, filters leave out their own moment."""

import json
import operator
from random import Random
from typing import Any

from simulator.model import Lead
from simulator.platforms.form_tool import FormTool
from simulator.platforms.jotform.nodes import form_node, questions, stamp, submission
from simulator.wire import Answer, Call

KEY = "sim-jotform-key"
LARGEST = 1000
DAILY = 10_000
COMPARED = {"gt": operator.gt, "lt": operator.lt, "ne": operator.ne, "eq": operator.eq, "": operator.eq}


class Refusal(Exception):
    def __init__(self, code: int, message: str, status: int | None = None) -> None:
        super().__init__(message)
        # A wrong key answers 200 outside and 401 inside.
        self.answer = Answer({"responseCode": code, "message": message, "content": ""}, status or code)


class Jotform(FormTool):
    name = "jotform"
    promised = "created_at"

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.binned: set[str] = set()
        self._calls = 0

    def answer(self, call: Call) -> Answer:
        self._calls += 1
        try:
            self._check_key(call)
            content, told = self._dispatch(call)
        except Refusal as refusal:
            return refusal.answer
        body = {"responseCode": 200, "message": "success", "content": content, "duration": "18.4ms"}
        return Answer(body | told | {"limit-left": max(0, DAILY - self._calls)})

    def refuse(self, call: Call, fault: str) -> Answer:
        self.turn += 1
        if fault == "server_error":
            return Answer({"responseCode": 500, "message": "error"}, 500 if self.turn % 2 else 200)
        return Answer({"responseCode": 429, "message": "API-Limit exceeded", "limit-left": 9}, 429)

    def change(self, wish: dict[str, Any]) -> None:
        """`bin`: a submission somebody throws into the bin, which lists still show and its form counts no
        more; `restore`: one that is put back. Neither is taken to move a date."""
        if not set(wish) <= {"bin", "restore"}:
            raise ValueError("known: bin, restore")
        self.binned |= {str(wish["bin"])} if "bin" in wish else set()
        self.binned -= {str(wish["restore"])} if "restore" in wish else set()

    def _check_key(self, call: Call) -> None:
        key = call.headers.get("apikey") or call.params.get("apiKey") or ""
        if key == KEY and key not in self.expired:
            return
        self.expired.discard(key)  # there is no other one: refused once
        raise Refusal(401, "You're not authorized to use (/user) ", 200)

    def expire(self, call: Call) -> None:
        self.expired.add(call.headers.get("apikey", ""))

    def _dispatch(self, call: Call) -> tuple[Any, dict[str, Any]]:
        parts = call.parts[1:] if call.parts[:1] == ("v1",) else call.parts
        match call.method, *parts:
            case "GET", "user":
                return {"username": "maison_exemple", "time_zone": "Europe/Paris", "status": "ACTIVE"}, {}
            case "GET", "user", "forms":
                forms = [form for form in self.forms.values() if form.created_at <= self.clock.now]
                return self._paged(call, [form_node(form, self._active(form.form_id)) for form in forms])
            case "GET", "form", form_id if form_id in self.forms:
                return form_node(self.forms[form_id], self._active(form_id)), {}
            case "GET", "form", form_id, "questions" if form_id in self.forms:
                return questions(self.forms[form_id]), {}
            case "GET", "form", form_id, "submissions" if form_id in self.forms:
                return self._submissions(call, form_id)
            case method, "submission", key:
                return self._submission(method, key), {}
        raise Refusal(404, "Requested URL (/) is not available!")

    def _active(self, form_id: str) -> list[Lead]:
        return [lead for lead in self.view().get(form_id, ()) if lead.lead_id not in self.binned]

    def _submission(self, method: str, key: str) -> Any:
        lead = next((lead for leads in self.view().values() for lead in leads if lead.lead_id == key), None)
        if lead is None:
            raise Refusal(404, f"Submission #{key} not found")
        if method == "DELETE":
            self.erased.add(key)
            return f"Submission #{key} deleted."
        return self._render(lead)

    def _status(self, lead: Lead) -> str:
        return "DELETED" if lead.lead_id in self.binned else "ACTIVE"

    def _facts(self, lead: Lead) -> dict[str, str]:
        """What a filter may ask about; nobody ever edits an answer here."""
        return {"created_at": stamp(lead.created_at), "id": lead.lead_id, "status": self._status(lead)}

    def _render(self, lead: Lead) -> dict[str, Any]:
        row = submission(lead, self.forms[lead.form_id], self._status(lead))
        return self.troubled(lead.lead_id, row)

    def _submissions(self, call: Call, form_id: str) -> tuple[Any, dict[str, Any]]:
        listed, wanted = self.view().get(form_id, []), _filter(call)
        if wanted:
            listed = [lead for lead in listed if _passes(self._facts(lead), wanted)]
        offset, limit = _number(call, "offset", 0), _number(call, "limit", 20)
        if offset + limit >= len(listed):
            self.release(form_id)
        rows, told = self._paged(call, listed)
        if offset and rows and self.faults.strikes("repeated", self.name, call.signature):
            # Somebody answered since the page before: all moved on by one.
            rows = [listed[offset - 1], *rows]
        if rows and self.faults.strikes("reordered", self.name, call.signature):
            Random(call.signature).shuffle(rows)
        return [self._render(lead) for lead in rows], told

    def _paged(self, call: Call, listed: list[Any]) -> tuple[list[Any], dict[str, Any]]:
        offset, limit = _number(call, "offset", 0), min(_number(call, "limit", 20), LARGEST)
        rows = listed[offset : offset + limit]
        return rows, {"resultSet": {"offset": offset, "limit": limit, "count": len(rows)}}


def _filter(call: Call) -> dict[str, str]:
    try:
        wanted = json.loads(call.params.get("filter") or "{}")
        if all(isinstance(value, str) for value in wanted.values()):
            return wanted
    except (ValueError, AttributeError) as error:
        raise Refusal(400, "Invalid filter") from error
    raise Refusal(400, "Invalid filter")


def _passes(row: dict[str, str], wanted: dict[str, str]) -> bool:
    for asked, value in wanted.items():
        name, _, how = asked.partition(":")
        told = row.get(name, "")
        if how not in COMPARED:
            raise Refusal(400, "Invalid filter")
        if not COMPARED[how](told, value):
            return False
    return True


def _number(call: Call, name: str, default: int) -> int:
    text = call.params.get(name, str(default))
    if not text.isdigit():
        raise Refusal(400, f"{name} must be a number")
    return int(text)
