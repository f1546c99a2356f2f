"""The answers of api.typeform.com: newest first, both ends of a window inclusive, two requests a second."""

import math
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from simulator.clock import Clock, read_moment
from simulator.faults import Faults
from simulator.model import Company, Lead
from simulator.platforms.form_tool import FormTool
from simulator.platforms.typeform.nodes import form_definition, form_summary, response
from simulator.wire import Answer, Call

TOKEN = "sim-typeform-token"
CLIENT_ID, CLIENT_SECRET = "sim-typeform-id", "sim-typeform-oauth-secret"
FIRST_REFRESH_TOKEN = "sim-typeform-refresh-0"
TOKEN_LIFE = timedelta(days=7)


class Refusal(Exception):
    def __init__(self, status: int, code: str, description: str) -> None:
        super().__init__(description)
        self.answer = Answer({"code": code, "description": description}, status)


@dataclass
class Responses:
    """Responses of one form, newest first, by minus epoch seconds and token."""

    leads: list[Lead]
    places: list[tuple[int, str]] = field(default_factory=list)
    at: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.leads.sort(key=_place)
        self.places = [_place(lead) for lead in self.leads]
        self.at = {lead.lead_id: index for index, lead in enumerate(self.leads)}


def _place(lead: Lead) -> tuple[int, str]:
    return -int(lead.created_at.timestamp()), lead.lead_id


class Typeform(FormTool):
    name = "typeform"
    promised = "submitted_at"  # not the token: readers page by it

    def __init__(self, company: Company, clock: Clock, faults: Faults) -> None:
        super().__init__(company, clock, faults)
        self._refreshes = 0
        self._webhooks: dict[str, dict[str, Any]] = {}

    def answer(self, call: Call) -> Answer:
        try:
            if call.parts == ("oauth", "token"):
                return Answer(self._new_tokens(call))
            self._check_token(call)
            return Answer(self._dispatch(call))
        except Refusal as refusal:
            return refusal.answer

    def refuse(self, call: Call, fault: str) -> Answer:
        self.turn += 1
        if fault == "server_error":
            status = 503 if self.turn % 2 else 500
            return Answer({"code": "INTERNAL_SERVER_ERROR", "description": "Something went wrong"}, status)
        # Only sometimes does the platform say how long to wait.
        wait = {"Retry-After": str(math.ceil(self.faults.wait_seconds))} if self.turn % 2 else {}
        return Answer({"code": "TOO_MANY_REQUESTS", "description": "Rate limit exceeded"}, 429, wait)

    def is_spared(self, call: Call) -> bool:
        return call.parts == ("oauth", "token")

    # -- tokens -----------------------------------------------------------------------------------

    def _new_tokens(self, call: Call) -> dict[str, Any]:
        """Each refresh gives a new refresh token and voids the one it used."""
        asked = call.params
        known = asked.get("client_id") == CLIENT_ID and asked.get("client_secret") == CLIENT_SECRET
        if asked.get("grant_type") != "refresh_token" or not known:
            raise Refusal(400, "INVALID_REQUEST", "Unknown client or grant")
        if asked.get("refresh_token") != f"sim-typeform-refresh-{self._refreshes}":
            raise Refusal(400, "INVALID_GRANT", "The refresh token is not valid any more")
        self._refreshes += 1
        return {
            "access_token": f"sim-typeform-access-{self._refreshes}",
            "refresh_token": f"sim-typeform-refresh-{self._refreshes}",
            "expires_in": int(TOKEN_LIFE.total_seconds()),
            "token_type": "bearer",
        }

    def _check_token(self, call: Call) -> None:
        token = call.bearer
        if not token:
            raise Refusal(
                403, "AUTHENTICATION_FAILED", "Authentication credentials not found on the Request Headers"
            )
        current = f"sim-typeform-access-{self._refreshes}" if self._refreshes else None
        if token in self.expired or token not in (TOKEN, current):
            if token == TOKEN:
                self.expired.discard(token)  # a personal token has no successor: refused once
            raise Refusal(401, "AUTHENTICATION_FAILED", "Invalid or expired token")

    # -- objects ----------------------------------------------------------------------------------

    def _dispatch(self, call: Call) -> dict[str, Any]:
        match call.parts:
            case ("me",):
                return {
                    "alias": self.company.name,
                    "email": "equipe@maison-exemple.example",
                    "language": "fr",
                }
            case ("forms",):
                return self._forms(call)
            case ("forms", form_id, *rest) if form_id in self.forms:
                return self._form(call, form_id, rest)
            case ("forms", _, *_):
                raise Refusal(404, "FORM_NOT_FOUND", "Non existing form")
        raise Refusal(404, "NOT_FOUND", "Endpoint not found")

    def _forms(self, call: Call) -> dict[str, Any]:
        page = _number(call, "page", 1, 1, 10_000)
        size = _number(call, "page_size", 10, 1, 200)
        forms = [form for form in self.forms.values() if form.created_at <= self.clock.now]
        forms.sort(key=lambda form: form.created_at, reverse=call.params.get("order_by") != "asc")
        shown = [form_summary(form) for form in forms[(page - 1) * size : page * size]]
        return {"total_items": len(forms), "page_count": math.ceil(len(forms) / size), "items": shown}

    def _form(self, call: Call, form_id: str, rest: list[str]) -> dict[str, Any]:
        match rest:
            case []:
                return form_definition(self.forms[form_id])
            case ["responses"] if call.method == "DELETE":
                return self._erase(call)
            case ["responses"]:
                return self._responses(call, form_id)
            case ["webhooks"]:
                return {"items": [hook for hook in self._webhooks.values() if hook["form_id"] == form_id]}
            case ["webhooks", tag] if call.method == "PUT" and isinstance(call.json, dict):
                self._webhooks[f"{form_id}/{tag}"] = {**call.json, "tag": tag, "form_id": form_id}
                return self._webhooks[f"{form_id}/{tag}"]
        raise Refusal(404, "NOT_FOUND", "Endpoint not found")

    def _erase(self, call: Call) -> dict[str, Any]:
        """Taken note of, whether the tokens are known or not."""
        tokens = call.params.get("included_tokens", "").split(",")
        if not any(tokens):
            raise Refusal(400, "VALIDATION_ERROR", "included_tokens is required")
        self.erased.update(tokens)
        return {}

    def _responses(self, call: Call, form_id: str) -> dict[str, Any]:
        size = _number(call, "page_size", 25, 1, 1000)
        listed = self.view().get(form_id) or Responses([])
        start, end = self._window(call, listed)
        asked_kinds = call.all("response_type")
        if asked_kinds and "completed" not in asked_kinds:
            start = end
        stop = min(end, start + size)
        leads = listed.leads[start:stop]
        if call.params.get("sort") == "submitted_at,asc":
            leads = listed.leads[max(start, end - size) : end][::-1]
        items = [self.troubled(lead.lead_id, response(lead, self.forms[form_id])) for lead in leads]
        if stop >= end:
            self.release(form_id)
        if items and self.faults.strikes("reordered", self.name, call.signature):
            Random(call.signature).shuffle(items)
        return {"total_items": end - start, "page_count": math.ceil((end - start) / size), "items": items}

    def _window(self, call: Call, listed: Responses) -> tuple[int, int]:
        asked = call.params
        if ("before" in asked or "after" in asked) and "sort" in asked:
            raise Refusal(400, "VALIDATION_ERROR", "sort cannot be combined with before or after")
        start, end = 0, len(listed.leads)
        if "until" in asked:
            start = bisect_left(listed.places, (-_epoch(asked["until"]), ""))
        if "since" in asked:
            end = bisect_left(listed.places, (-_epoch(asked["since"]) + 1, ""))
        if "before" in asked:
            token = asked["before"]
            repeats = self.faults.strikes("repeated", self.name, call.signature)
            if token in listed.at:
                # The response next to the token is the next one, or the same once more.
                start = max(start, listed.at[token] + (0 if repeats else 1))
        if "after" in asked and asked["after"] in listed.at:
            end = min(end, listed.at[asked["after"]])
        return start, max(start, end)

    def make_view(self) -> dict[str, Responses]:
        return {form: Responses(leads) for form, leads in super().make_view().items()}


def _number(call: Call, name: str, default: int, least: int, most: int) -> int:
    text = call.params.get(name, str(default))
    if not text.isdigit() or not least <= int(text) <= most:
        raise Refusal(400, "VALIDATION_ERROR", f"{name} must be between {least} and {most}")
    return int(text)


def _epoch(text: str) -> int:
    """Epoch seconds, or a UTC time; both ends count."""
    if text.isdigit():
        return int(text)
    try:
        return int(read_moment(text).timestamp())
    except ValueError as error:
        raise Refusal(400, "VALIDATION_ERROR", "since and until want epoch seconds or a UTC time") from error
