"""The answers of api.calendly.com: an organisation must be named, lists lead on by a token."""

import base64
import math
from bisect import bisect_left
from collections.abc import Callable
from random import Random
from typing import Any

from simulator.clock import read_moment
from simulator.platforms.calendly.nodes import (
    ORGANIZATION,
    USER,
    Booking,
    address,
    bookings,
    event,
    event_type,
    invitee,
    stamp,
)
from simulator.platforms.form_tool import FormTool
from simulator.wire import Answer, Call

TOKEN = "sim-calendly-token"
LARGEST = 100
PER_MINUTE = 500


class Refusal(Exception):
    def __init__(self, status: int, title: str, message: str, *wrong: str) -> None:
        super().__init__(message)
        body: dict[str, Any] = {"title": title, "message": message}
        if wrong:
            body["details"] = [{"parameter": name, "message": "is invalid"} for name in wrong]
        self.answer = Answer(body, status)


def _invalid(name: str) -> Refusal:
    return Refusal(400, "Invalid Argument", "The supplied parameters are invalid.", name)


class Calendly(FormTool):
    name = "calendly"
    promised = "created_at"
    comes_late = False  # who booked is in the next list

    def answer(self, call: Call) -> Answer:
        headers = {"X-RateLimit-Limit": str(PER_MINUTE), "X-RateLimit-Remaining": str(PER_MINUTE - 1)}
        try:
            self._check_token(call)
            body, status = self._dispatch(call)
            return Answer(body, status, {**headers, "X-RateLimit-Reset": "60"})
        except Refusal as refusal:
            return refusal.answer

    def refuse(self, call: Call, fault: str) -> Answer:
        self.turn += 1
        if fault == "server_error":
            status = 503 if self.turn % 2 else 500
            return Answer({"title": "Internal Server Error", "message": "Server error"}, status)
        wait = str(math.ceil(self.faults.wait_seconds))
        told = {"Retry-After": wait} if self.turn % 2 else {"X-RateLimit-Reset": wait}
        return Answer({"title": "Too Many Requests", "message": "Rate limit exceeded"}, 429, told)

    def _check_token(self, call: Call) -> None:
        token = call.bearer or ""
        if token in self.expired:
            self.expired.discard(token)  # there is no other one: refused once
        elif token == TOKEN:
            return
        raise Refusal(401, "Unauthenticated", "The access token is invalid")

    def _dispatch(self, call: Call) -> tuple[Any, int]:
        match call.method, *call.parts:
            case "GET", "users", "me":
                return {"resource": self._user()}, 200
            case "GET", "event_types":
                self._of_us(call)
                forms = [form for form in self.forms.values() if form.created_at <= self.clock.now]
                return self._page(call, forms, event_type), 200
            case "GET", "scheduled_events":
                return self._events(call), 200
            case "GET", "scheduled_events", number, "invitees":
                return self._invitees(call, number), 200
            case "POST", "data_compliance", "deletion", "invitees":
                return self._erase(call), 202
        raise Refusal(404, "Resource Not Found", "The server could not find the requested resource.")

    def _user(self) -> dict[str, Any]:
        at = stamp(min((form.created_at for form in self.forms.values()), default=self.clock.now))
        return {
            "uri": USER, "name": self.company.name, "slug": "maison-exemple",
            "email": "equipe@maison-exemple.example", "scheduling_url": "https://calendly.com/maison-exemple",
            "timezone": "Europe/Paris", "avatar_url": None, "created_at": at, "updated_at": at,
            "current_organization": ORGANIZATION, "resource_type": "User", "locale": "fr",
        }  # fmt: skip

    def _of_us(self, call: Call) -> None:
        if call.params.get("organization") != ORGANIZATION:
            raise _invalid("organization")

    def make_view(self) -> dict[str, Any]:
        """All bookings, by when their event starts; these times; and each booking by its event."""
        leads = [lead for found in super().make_view().values() for lead in found]
        told = [one for lead in leads for one in bookings(lead, self.clock.now)]
        told.sort(key=lambda one: (one.starts_at, one.number))
        return {
            "bookings": told,
            "starts": [one.starts_at for one in told],
            "by_event": {one.event: one for one in told},
        }

    def missing(self) -> dict[str, dict[str, str]]:
        keys = [one.number for one in self.make_view()["bookings"]]
        return {"responses": {key: lacks for key in keys if (lacks := self.lacks(key))}}

    def _events(self, call: Call) -> dict[str, Any]:
        self._of_us(call)
        asked = call.params
        try:
            begin = read_moment(asked["min_start_time"]) if "min_start_time" in asked else None
        except ValueError as error:
            raise _invalid("min_start_time") from error
        view = self.view()
        first = bisect_left(view["starts"], begin) if begin else 0
        return self._page(call, view["bookings"][first:], self._event)

    def _event(self, one: Booking) -> dict[str, Any]:
        return event(one, self.forms[one.lead.form_id])

    def _invitees(self, call: Call, number: str) -> dict[str, Any]:
        if one := self.view()["by_event"].get(address(number)):
            return self._page(call, [one], self._invitee)
        raise Refusal(404, "Resource Not Found", "The server could not find the requested resource.")

    def _invitee(self, one: Booking) -> dict[str, Any]:
        return self.troubled(one.number, invitee(one, self.forms[one.lead.form_id]))

    def _erase(self, call: Call) -> dict[str, Any]:
        told = call.json if isinstance(call.json, dict) else {}
        if not isinstance(told.get("emails"), list) or not told["emails"]:
            raise _invalid("emails")
        gone = {str(address).lower() for address in told["emails"]}
        self.erased |= {
            lead.lead_id for lead in self.leads if (lead.answers.get("email") or "").lower() in gone
        }
        return {}

    def _page(self, call: Call, rows: list[Any], render: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
        count = call.params.get("count", "20")
        if not count.isdigit() or not 1 <= int(count) <= LARGEST:
            raise _invalid("count")
        begin = _place(call.params.get("page_token"))
        end = begin + int(count)
        if begin and self.faults.strikes("repeated", self.name, call.signature):
            begin -= 1
        shown = [render(row) for row in rows[begin:end]]
        if shown and end < len(rows) and self.faults.strikes("empty_page", self.name, call.signature):
            shown, end = [], begin
        if self.faults.strikes("reordered", self.name, call.signature):
            Random(call.signature).shuffle(shown)
        token = _token(end) if end < len(rows) else None
        paging = {
            "count": len(shown),
            "next_page": f"{call.base}/{call.path}?page_token={token}" if token else None,
            "next_page_token": token,
            "previous_page": None,
            "previous_page_token": None,
        }
        return {"collection": shown, "pagination": paging}


def _token(place: int) -> str:
    return base64.urlsafe_b64encode(str(place).encode()).decode().rstrip("=")


def _place(token: str | None) -> int:
    if token is None:
        return 0
    try:
        return int(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except ValueError as error:
        raise _invalid("page_token") from error
