"""The answers of api.brevo.com/v3: offset pages sorted by creation, an inclusive modifiedSince.

Limits are told in x-sib-ratelimit headers only; a 429 brings no Retry-After.
"""

import math
from bisect import bisect_left, bisect_right
from datetime import datetime, timedelta
from random import Random
from typing import Any

from simulator.clock import Clock, Shown, read_moment
from simulator.faults import Faults
from simulator.model import Company, MailContact
from simulator.platforms.brevo import nodes
from simulator.platforms.brevo.lists import Lists
from simulator.platforms.brevo.params import Refusal, both, moment, page, within
from simulator.platforms.brevo.view import Contacts, look, look_at_events
from simulator.wire import Answer, Call

KEY = "xkeysib-sim"
PER_SECOND, PER_HOUR = 10, 100  # the contacts family; every endpoint not listed
HALF_YEAR = timedelta(days=183)
PROMISED = ("modifiedAt", "createdAt", "emailBlacklisted")


class Brevo:
    name = "brevo"

    def __init__(self, company: Company, clock: Clock, faults: Faults) -> None:
        self.company, self.clock, self.faults = company, clock, faults
        self._is_expired = False
        self._turn = 0
        self._spent = 0
        self.erased: set[int] = set()
        self.lists = Lists(company, clock, faults)
        moment_of = lambda: (clock.now, faults.epoch, len(self.erased), self.lists.edition)  # noqa: E731
        self._view = Shown(moment_of, self._look)
        self._events = Shown(moment_of, lambda: look_at_events(company.mail_events, clock.now))

    def answer(self, call: Call) -> Answer:
        headers = self._limits(call, is_full=False)
        try:
            self._check_key(call)
            if (done := self.lists.changed(call, self._view())) is not None:
                return Answer(done.body, done.status, headers)
            if call.method == "DELETE" and call.parts[:2] == ("v3", "contacts") and len(call.parts) == 3:
                return self._erase(call.parts[2], headers)
            return Answer(self._dispatch(call), headers=headers)
        except Refusal as refusal:
            return Answer(refusal.body, refusal.status, headers)

    def _erase(self, identifier: str, headers: dict[str, str]) -> Answer:
        if not identifier.isdigit() or int(identifier) not in self._view().by_id:
            raise Refusal(404, "document_not_found", "Contact does not exist")
        self.erased.add(int(identifier))
        return Answer("", 204, headers)

    def refuse(self, call: Call, fault: str) -> Answer:
        self._turn += 1
        if fault == "server_error":
            gateway = "<html><head><title>502 Bad Gateway</title></head><body></body></html>"
            return Answer(gateway, 502 if self._turn % 2 else 500, {"Content-Type": "text/html"})
        body = {"code": "too_many_requests", "message": "You have exceeded your rate limit"}
        return Answer(body, 429, self._limits(call, is_full=True))

    def expire(self, call: Call) -> None:
        self._is_expired = True

    def is_spared(self, call: Call) -> bool:
        return False

    def change(self, wish: dict[str, Any]) -> None:
        """`block`: an address whose person leaves by themselves; `delete_list`: a list's number."""
        self.lists.operate(wish)

    def listed(self) -> dict[str, Any]:
        """For the operator: who is on which list, and everybody who ever came or went."""
        return self.lists.told(self._view())

    def _look(self) -> Contacts:
        there = (*self.company.mail_contacts, *self.lists.newcomers)
        left = (self.lists.leavers.as_now(one) for one in there if one.contact_id not in self.erased)
        return look(left, self.faults, self.clock.now, self.lists.touched)

    def missing(self) -> dict[str, dict[str, str]]:
        keys = self._view().by_id
        return {"contacts": {str(key): lacks for key in keys if (lacks := self._lacks(key))}}

    def _limits(self, call: Call, is_full: bool) -> dict[str, str]:
        self._spent += 1
        limit = PER_SECOND if call.parts[1:2] == ("contacts",) else PER_HOUR
        left = 0 if is_full else limit - 1 - self._spent % (limit // 2)
        reset = max(1, math.ceil(self.faults.wait_seconds)) if is_full else 1
        values = {"limit": limit, "remaining": left, "reset": reset}
        return {f"x-sib-ratelimit-{name}": str(value) for name, value in values.items()}

    def _check_key(self, call: Call) -> None:
        key = call.headers.get("api-key")
        if not key:
            raise Refusal(401, "unauthorized", "Key not found")
        if key != KEY or self._is_expired:
            self._is_expired = False  # a key has no successor: refused once
            raise Refusal(401, "unauthorized", "API Key is not enabled or does not exist")

    def _dispatch(self, call: Call) -> dict[str, Any]:
        if call.method != "GET":
            raise Refusal(405, "method_not_allowed", "Method not allowed")
        match call.parts:
            case ("v3", "account"):
                return _account(self.company.name)
            case ("v3", "contacts"):
                return self._contacts(call)
            case ("v3", "contacts", "lists" | "folders", *_):
                return self.lists.read(call, self._view(), self._render)
            case ("v3", "contacts", "attributes"):
                names = ("FIRSTNAME", "LASTNAME", "SMS", "EXT_ID", "DOUBLE_OPT-IN")
                return {"attributes": [{"name": n, "category": "normal", "type": "text"} for n in names]}
            case ("v3", "contacts", "consent-groups"):
                raise Refusal(403, "permission_denied", "Consent groups are not enabled for this account")
            case ("v3", "contacts", identifier):
                return self._contact(identifier)
            case ("v3", "smtp", "blockedContacts"):
                return self._blocked(call)
            case ("v3", "emailCampaigns"):
                return self._campaigns(call)
            case ("v3", "events"):
                return self._custom_events(call)
        raise Refusal(404, "document_not_found", "Document not found")

    # -- contacts ---------------------------------------------------------------------------------

    def _contacts(self, call: Call) -> dict[str, Any]:
        limit, offset = page(call, 50, 1000)
        view = self._view()
        modified, created = moment(call, "modifiedSince"), moment(call, "createdSince")
        ids = {int(one) for one in call.all("ids") if one.isdigit()}
        if len(ids) > 20:
            raise Refusal(400, "invalid_parameter", "ids: at most 20")

        def keep(record: MailContact, at: datetime) -> bool:
            is_new = created is None or record.created_at >= created
            return (modified is None or at >= modified) and is_new and (not ids or record.contact_id in ids)

        found = view.since(f"{modified}|{created}|{sorted(ids)}", keep)
        # By default the newest first: pages then shift under anyone who reads while contacts arrive.
        is_ascending = call.params.get("sort", "desc") == "asc"
        shown = self._slice(found, offset, limit, is_ascending)
        if offset + limit >= len(found):
            self.faults.release(self.name, "contacts", self.clock.now)
        if shown and self.faults.strikes("reordered", self.name, call.signature):
            Random(call.signature).shuffle(shown)
        return {"contacts": [self._render(record, at) for record, at in shown], "count": len(found)}

    def _slice(self, found: list[Any], offset: int, limit: int, is_ascending: bool) -> list[Any]:
        """One page. `repeated` lists some records twice in a row, so that pages overlap there."""
        if "repeated" in self.faults.active:
            found = [one for one in found for _ in range(1 + self._is_repeated(one[0]))]
        if is_ascending:
            return found[offset : offset + limit]
        end = len(found) - offset
        return found[max(0, end - limit) : max(0, end)][::-1]

    def _is_repeated(self, record: MailContact) -> bool:
        # A tenth of the share of pages that other platforms repeat on: here it is per record.
        return (
            self.faults.chooses("repeated", self.name, str(record.contact_id)) and not record.contact_id % 10
        )

    def _render(self, record: MailContact, at: datetime) -> dict[str, Any]:
        row = nodes.contact(record, self.clock.now, at)
        row["listIds"] = self.lists.of(record.contact_id, row["listIds"])
        if self.faults.chooses("unknown_field", self.name, str(record.contact_id)):
            row["simEngagement"] = {"score": record.contact_id % 7}
        row.pop(self._lacks(record.contact_id) or "", None)
        return row

    def _lacks(self, contact_id: int) -> str | None:
        if not self.faults.chooses("missing_field", self.name, str(contact_id)):
            return None
        return PROMISED[contact_id % len(PROMISED)]

    def _contact(self, identifier: str) -> dict[str, Any]:
        view = self._view()
        found = view.by_id.get(int(identifier)) if identifier.isdigit() else None
        if found is None:
            match = (pair for pair in view.records if nodes.address(pair[0]) == identifier)
            found = next(match, None)
        if found is None:
            raise Refusal(404, "document_not_found", "Contact does not exist")
        return self._render(*found) | {"statistics": nodes.statistics(found[0], self.clock.now)}

    def _blocked(self, call: Call) -> dict[str, Any]:
        limit, offset = page(call, 50, 100)
        since, until = both(call)
        rows = [row for record, _ in self._view().records if (row := nodes.blocked(record, self.clock.now))]
        rows = [row for row in rows if within(read_moment(row["blockedAt"]), since, until)]
        rows.sort(key=lambda row: read_moment(row["blockedAt"]), reverse=call.params.get("sort") != "asc")
        return {"contacts": rows[offset : offset + limit], "count": len(rows)}

    # -- campaigns and events ---------------------------------------------------------------------

    def _campaigns(self, call: Call) -> dict[str, Any]:
        limit, offset = page(call, 50, 100)
        since, until = both(call)
        status = call.params.get("status", "sent")
        if (since or until) and status != "sent":
            raise Refusal(400, "invalid_parameter", "startDate and endDate only go with status sent")
        now = self.clock.now
        sent = [one for one in self.company.mail_campaigns if one.sent_at <= now and status == "sent"]
        sent = [one for one in sent if within(one.sent_at, since, until)]
        sent.sort(key=lambda one: one.campaign_id, reverse=call.params.get("sort", "desc") != "asc")
        asked = call.params.get("statistics")
        shown = [nodes.campaign(one, now, asked) for one in sent[offset : offset + limit]]
        return {"campaigns": shown, "count": len(sent)}

    def _custom_events(self, call: Call) -> dict[str, Any]:
        limit, offset = page(call, 100, 10_000)
        since, until = both(call)
        since = since or self.clock.now - HALF_YEAR
        events, moments = self._events()
        # The list runs from the newest back; the bisection works on minus the moment.
        start = bisect_left(moments, -until.timestamp()) if until else 0
        found = events[start : bisect_right(moments, -since.timestamp())]
        if names := set(call.all("event_name")):
            found = [one for one in found if one.name in names]
        if ids := {int(one) for one in call.all("contact_id") if one.isdigit()}:
            found = [one for one in found if one.contact_id in ids]
        shown = [nodes.event(one) for one in found[offset : offset + limit]]
        return {"events": shown, "count": len(found)}


def _account(company: str) -> dict[str, Any]:
    return {
        "organization_id": "5fa2b8c123456789abcdef01",
        "user_id": 1234567,
        "enterprise": False,
        "companyName": company,
        "email": "equipe@maison-exemple.example",
        "firstName": "Équipe",
        "lastName": "Marketing",
        "address": {"city": "Lyon", "country": "France", "street": "1 rue de l'Exemple", "zipCode": "69001"},
        "dateTimePreferences": {"timezone": "Europe/Paris", "timeFormat": "24", "dateFormat": "dd-mm-yyyy"},
        "marketingAutomation": {"enabled": True, "key": "sim"},
        "plan": [{"type": "subscription", "credits": 20000, "creditsType": "sendLimit"}],
        "planVerticals": [],
        "relay": {"enabled": False, "data": {"userName": "", "relay": "", "port": 0}},
    }
