"""The answers of /wp-json/gf/v2: key and secret as a name and a password, in the address, or as a signature;
searches that are JSON inside an address, and forgotten without a word where they are not."""

import base64
import hashlib
import hmac
import json
import operator
import re
from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import Any
from urllib.parse import quote, unquote, unquote_plus

from simulator.marketing import PARIS
from simulator.model import Lead
from simulator.platforms.form_tool import FormTool
from simulator.platforms.gravity_forms.nodes import entry, form_node, stamp
from simulator.wire import Answer, Call

KEY, SECRET = "ck_sim_gravity", "cs_sim_gravity"
OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "is": operator.eq,
    "=": operator.eq,
    "isnot": operator.ne,
    "<>": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
OAUTH = re.compile(r'(oauth_\w+)="([^"]*)"')


class Refusal(Exception):
    def __init__(self, status: int, code: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.answer = Answer({"code": code, "message": message, "data": {"status": status, **more}}, status)


class GravityForms(FormTool):
    name = "gravity_forms"
    promised = "date_created"

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.moved: dict[str, str] = {}  # entry -> trash or spam
        self._is_expired = False
        self._last: tuple[Any, list[Lead]] = (None, [])

    def answer(self, call: Call) -> Answer:
        try:
            self._check_key(call)
            return self._dispatch(call)
        except Refusal as refusal:
            return refusal.answer

    def refuse(self, call: Call, fault: str) -> Answer:
        """No limit is the plugin's own: hosts send these, in their own words."""
        self.turn += 1
        html = {"Content-Type": "text/html; charset=UTF-8"}
        page = "<!DOCTYPE html><html><title>Just a moment...</title></html>"
        if fault == "throttle":
            return Answer(page, 429, html | {"Retry-After": f"{self.faults.wait_seconds:.0f}"})
        if self.turn % 2:  # WordPress caught it
            return Answer(
                {"code": "internal_server_error", "message": "<p>…</p>", "data": {"status": 500}}, 500
            )
        return Answer(f"<br />\n<b>Deprecated</b>: made up{page}", 200, html)

    def expire(self, call: Call) -> None:
        self._is_expired = True

    def change(self, wish: dict[str, Any]) -> None:
        """`bin` and `spam` take an entry's number, `restore` one of those."""
        known = {"bin": "trash", "spam": "spam", "restore": "active"}
        if not set(wish) <= set(known):
            raise ValueError(f"known: {', '.join(sorted(known))}")
        self.moved |= {str(number): known[name] for name, number in wish.items()}

    # -- keys -----------------------------------------------------------------------------------------

    def _check_key(self, call: Call) -> None:
        unknown = Refusal(401, "rest_forbidden", "Sorry, you are not allowed to do that.")
        if self._is_expired:
            self._is_expired = False  # there is no other one: refused once
            raise unknown
        key, secret = call.basic or (call.params.get("consumer_key"), call.params.get("consumer_secret"))
        if key == KEY and secret != SECRET:
            raise Refusal(401, "gform_rest_authentication_error", "Consumer secret is invalid.")
        if key == KEY or _is_signed(call):
            return
        raise unknown

    # -- answers --------------------------------------------------------------------------------------

    def _dispatch(self, call: Call) -> Answer:
        if call.parts[:3] != ("wp-json", "gf", "v2"):
            raise Refusal(404, "rest_no_route", "No route was found matching the URL and request method.")
        match call.method, *call.parts[3:]:
            case "GET", "forms":
                return Answer(self._listed() or [])  # PHP has no empty object
            case "GET", "forms", number:
                if number in self.forms:
                    return Answer(form_node(self.forms[number]))
                # A code without a status, which WordPress takes for a fault of its own.
                raise Refusal(500, "gf_not_found", "Form not found")
            case "GET", "forms", number, "entries":
                return self._entries(call, [number] if number in self.forms else [])
            case "GET", "entries":
                wanted = [value for name, value in call.query if name.startswith("form_ids")]
                return self._entries(call, [form for form in self.forms if not wanted or form in wanted])
            case method, "entries", number if method in ("GET", "DELETE"):
                return self._entry(call, number)
        raise Refusal(404, "rest_no_route", "No route was found matching the URL and request method.")

    def _listed(self) -> dict[str, dict[str, str]]:
        return {
            number: {"id": number, "title": form.name, "entries": str(len(self._of(number, ["active"])))}
            for number, form in self.forms.items()
            if form.created_at <= self.clock.now
        }

    def _status(self, lead: Lead) -> str:
        return self.moved.get(lead.lead_id, "active")

    def _of(self, form: str, statuses: list[str]) -> list[Lead]:
        return [lead for lead in self.view().get(form, ()) if self._status(lead) in statuses]

    def _entry(self, call: Call, number: str) -> Answer:
        lead = next((one for leads in self.view().values() for one in leads if one.lead_id == number), None)
        if lead is None:
            raise Refusal(404, "gf_entry_invalid_id", "Invalid entry id.")
        if call.method == "GET":
            return Answer(self._render(lead))
        if call.params.get("force") in (None, "", "0"):
            if self._status(lead) == "trash":
                raise Refusal(410, "gf_already_trashed", "The entry has already been deleted.")
            self.moved[number] = "trash"
            return Answer(self._render(lead))
        row = self._render(lead)
        self.erased.add(number)
        return Answer({"deleted": True, "previous": row})

    def _render(self, lead: Lead) -> dict[str, Any]:
        row = entry(lead, self.forms[lead.form_id], self._status(lead))
        return self.troubled(lead.lead_id, row)

    def _entries(self, call: Call, forms: list[str]) -> Answer:
        is_backwards = call.params.get("sorting[direction]", "DESC").upper() == "DESC"
        found = self._searched(_search(call), forms, is_backwards)
        size = _number(call, "paging[page_size]", 10)
        start = size * (_number(call, "paging[current_page]", 1) - 1)
        if "paging[current_page]" not in call.params:
            start = _number(call, "paging[offset]", 0)
        if size > 1 and start + size >= len(found):
            for form in forms:
                self.release(form)
        return Answer({"total_count": len(found), "entries": self._page(call, found, start, size)})

    def _searched(self, search: dict[str, Any], forms: list[str], is_backwards: bool) -> list[Lead]:
        """What is found, in its order; kept for the next page, as a database's cache does."""
        asked = (self.view(), list(self.moved.items()), search, forms, is_backwards)
        if asked != self._last[0]:
            told = search.get("status", "active")
            statuses = told if isinstance(told, list) else [told]
            found = [lead for form in forms for lead in self._of(form, statuses) if _is_asked(search, lead)]
            found.sort(key=lambda lead: int(lead.lead_id), reverse=is_backwards)
            self._last = asked, found
        return self._last[1]

    def _page(self, call: Call, found: list[Lead], start: int, size: int) -> list[dict[str, Any]]:
        rows = found[start : start + size]
        if rows and self.faults.strikes("empty_page", self.name, call.signature):
            return []
        if start and rows and self.faults.strikes("repeated", self.name, call.signature):
            rows = [found[start - 1], *rows]
        if rows and self.faults.strikes("reordered", self.name, call.signature):
            Random(call.signature).shuffle(rows)
        wanted = [one.strip() for one in call.params.get("_field_ids", "").split(",") if one.strip()]
        told = [self._render(lead) for lead in rows]
        return [{name: row[name] for name in wanted if name in row} for row in told] if wanted else told


def _search(call: Call) -> dict[str, Any]:
    """What is asked for; what cannot be read is no search at all. It is decoded once more than others are."""
    try:
        told = json.loads(unquote_plus(call.params.get("search", "{}").replace("\\", "")))
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _is_asked(search: dict[str, Any], lead: Lead) -> bool:
    if not search.keys() & {"start_date", "end_date", "field_filters"}:
        return True
    created = stamp(lead.created_at)
    for name, how in (("start_date", operator.ge), ("end_date", operator.le)):
        # Days are those of the site.
        if search.get(name) and not how(
            created, stamp(datetime.fromisoformat(search[name]).replace(tzinfo=PARIS))
        ):
            return False
    filters = search.get("field_filters") or []
    for one in filters if isinstance(filters, list) else filters.values():
        kept = {"id": lead.lead_id, "date_created": created, "date_updated": created}.get(one.get("key"))
        asked, how = str(one.get("value", "")), OPERATORS[str(one.get("operator", "is")).lower()]
        if one.get("key") == "id":
            if not how(int(lead.lead_id), int(asked)):
                return False
        elif kept is None or not how(kept, asked):
            return False
    return True


def _number(call: Call, name: str, default: int) -> int:
    text = call.params.get(name, "")
    return int(text) if text.isdigit() else default


def _is_signed(call: Call) -> bool:
    """OAuth 1.0a of one leg, in the header or the address. Nested names are signed as they stand."""
    scheme, _, header = call.headers.get("authorization", "").partition(" ")
    told = dict(call.query)
    if scheme.lower() == "oauth":
        told |= {name: unquote(value) for name, value in OAUTH.findall(header)}
    given, method = told.pop("oauth_signature", ""), told.get("oauth_signature_method")
    if not given:
        return False
    hashes = {"HMAC-SHA1": hashlib.sha1, "HMAC-SHA256": hashlib.sha256}
    if told.get("oauth_consumer_key") != KEY or method not in hashes:
        raise Refusal(401, "gform_rest_authentication_error", "Consumer key is invalid.")
    pairs = "&".join(f"{quote(name, '~')}={quote(told[name], '~')}" for name in sorted(told))
    text = "&".join(quote(part, "~") for part in (call.method, f"{call.base}/{call.path}", pairs))
    digest = hmac.new(f"{SECRET}&".encode(), text.encode(), hashes[method]).digest()
    if not hmac.compare_digest(base64.b64encode(digest).decode(), given):
        raise Refusal(401, "gform_rest_authentication_error", "Invalid signature - it does not match.")
    return True
