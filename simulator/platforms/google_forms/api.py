"""The answers of forms.googleapis.com and, below the same address, of Drive and of oauth2.googleapis.com."""

import base64
import json
import re
from itertools import count
from random import Random
from typing import Any

from simulator.clock import read_moment
from simulator.model import Form, Lead
from simulator.platforms.form_tool import FormTool
from simulator.platforms.google_forms.nodes import form_body, last_submitted, response
from simulator.wire import Answer, Call

REFRESH_TOKEN = "sim-google-forms-refresh"
APP = {"client_id": "sim-google-forms-client", "client_secret": "sim-google-forms-secret"}
LASTS = 3599  # seconds
LARGEST = 5000
FILTER = re.compile(r"timestamp (>=?) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z)$")
WORDS = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND"}


class Refusal(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.answer = _error(status, WORDS[status], message)


def _error(status: int, state: str, message: str) -> Answer:
    return Answer({"error": {"code": status, "message": message, "status": state}}, status)


class GoogleForms(FormTool):
    name = "google_forms"
    promised = "createTime"
    comes_late = False  # what was submitted is in the next list

    def __init__(self, *made: Any) -> None:
        super().__init__(*made)
        self.given, self.turns = set[str](), count(1)

    def answer(self, call: Call) -> Answer:
        try:
            if (call.method, *call.parts) == ("POST", "token"):
                return self._token(call)
            if call.bearer not in self.given:
                raise Refusal(401, "Request had invalid authentication credentials.")
            return Answer(self._dispatch(call))
        except Refusal as refusal:
            return refusal.answer

    def refuse(self, call: Call, fault: str) -> Answer:
        self.turn += 1
        if call.parts == ("token",):
            return Answer({"error": "internal_failure"}, 500 if fault == "server_error" else 429)
        if fault == "server_error":
            return _error(503, "UNAVAILABLE", "The service is currently unavailable.")
        # Too much is said with 429, and by some of Google's services with 403.
        status = 429 if self.turn % 2 else 403
        return _error(
            status, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric 'Expensive read requests'."
        )

    def expire(self, call: Call) -> None:
        self.given.discard(call.bearer or "")

    def _token(self, call: Call) -> Answer:
        asked = call.params
        if any(asked.get(name) != word for name, word in APP.items()):
            return Answer({"error": "invalid_client", "error_description": "Unauthorized"}, 401)
        if asked.get("grant_type") != "refresh_token" or asked.get("refresh_token") != REFRESH_TOKEN:
            return Answer({"error": "invalid_grant", "error_description": "Bad Request"}, 400)
        token = f"sim-google-forms-access-{next(self.turns)}"
        self.given.add(token)
        return Answer({"access_token": token, "expires_in": LASTS, "token_type": "Bearer"})

    def _dispatch(self, call: Call) -> dict[str, Any]:
        match call.method, *call.parts:
            case "GET", "drive", "v3", "files":
                return self._files(call)
            case "GET", "v1", "forms", form_id, *rest if self._is_open(form_id):
                return self._form(call, self.forms[form_id], rest)
        raise Refusal(404, "Requested entity was not found.")

    def _is_open(self, form_id: str) -> bool:
        return form_id in self.forms and self.forms[form_id].created_at <= self.clock.now

    def _files(self, call: Call) -> dict[str, Any]:
        if "mimeType = 'application/vnd.google-apps.form'" not in call.params.get("q", ""):
            raise Refusal(400, "Invalid Value")
        forms = sorted(filter(self._is_open, self.forms))
        begin, end, token = self._part(call, len(forms), 1000, 100)
        named = [{"id": form} for form in forms[begin:end]]
        return {"files": named} | token

    def _form(self, call: Call, form: Form, rest: list[str]) -> dict[str, Any]:
        match rest:
            case []:
                return form_body(form)
            case ["responses"]:
                return self._responses(call, form)
            case ["responses", key]:
                for lead in self.view().get(form.form_id, ()):
                    if lead.lead_id == key:
                        return {"formId": form.form_id, **response(lead, form)}
        raise Refusal(404, "Requested entity was not found.")

    def _responses(self, call: Call, form: Form) -> dict[str, Any]:
        held = [lead for lead in reversed(self.view().get(form.form_id, [])) if self._is_asked(call, lead)]
        begin, end, token = self._part(call, len(held), LARGEST, LARGEST)
        if begin and self.faults.strikes("repeated", self.name, call.signature):
            begin -= 1
        if token and self.faults.strikes("empty_page", self.name, call.signature):
            # Fewer may come than were asked for, and none at all is fewer.
            return self._token_of(call, begin)
        items = [self.troubled(lead.lead_id, response(lead, form)) for lead in held[begin:end]]
        if not token:
            self.release(form.form_id)
        if items and self.faults.strikes("reordered", self.name, call.signature):
            Random(call.signature).shuffle(items)
        # A list of nothing is left out.
        return ({"responses": items} if items else {}) | token

    def _is_asked(self, call: Call, lead: Lead) -> bool:
        text = call.params.get("filter")
        if text is None:
            return True
        found = FILTER.match(text)
        if not found:
            raise Refusal(400, "Request contains an invalid argument.")
        moment = read_moment(found[2])
        told = last_submitted(lead)
        return told >= moment if found[1] == ">=" else told > moment

    def _part(self, call: Call, total: int, most: int, default: int) -> tuple[int, int, dict[str, str]]:
        """From where to where, and what leads on."""
        size = call.params.get("pageSize", str(default))
        if not size.isdigit():
            raise Refusal(400, "Invalid value at 'page_size'")
        begin = self._place(call)
        end = begin + min(int(size) or default, most)
        return begin, end, self._token_of(call, end) if end < total else {}

    @staticmethod
    def _token_of(call: Call, place: int) -> dict[str, str]:
        told = json.dumps([place, call.params.get("filter"), call.path])
        return {"nextPageToken": base64.urlsafe_b64encode(told.encode()).decode()}

    @staticmethod
    def _place(call: Call) -> int:
        if not (token := call.params.get("pageToken")):
            return 0
        try:
            place, asked, path = json.loads(base64.urlsafe_b64decode(token))
        except ValueError as error:
            raise Refusal(400, "Invalid page token") from error
        if (asked, path) != (call.params.get("filter"), call.path):
            raise Refusal(400, "The page token was made for another request.")
        return place
