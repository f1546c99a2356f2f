"""The answers of api.hubapi.com: lists by token, a search that ends at 10,000 results and lags behind,
batches that answer 207 where something is missing. Each path by number and by date, as HubSpot serves both.
"""

import re
from bisect import bisect_left
from datetime import datetime, timedelta
from random import Random
from typing import Any

from simulator.clock import Clock
from simulator.faults import Faults
from simulator.model import Company, Lead, MailContact
from simulator.platforms.form_tool import FormTool
from simulator.platforms.hubspot import nodes, search, subscriptions
from simulator.platforms.hubspot.lists import Lists
from simulator.platforms.hubspot.nodes import Node
from simulator.platforms.hubspot.problems import Refusal, error
from simulator.platforms.hubspot.search import Shown, addresses_of, number_of
from simulator.wire import Answer, Call

TOKEN = "sim-hubspot-token"
LAST_RESULT = 10_000
INDEX_LAG = timedelta(seconds=20)
SHOWN_AS_DELETED = timedelta(days=90)
VERSIONS = ("2026-03", "2026-09")
PROMISED = ("createdAt", "updatedAt")
LIST = "contacts"


class HubSpot(FormTool):
    name = "hubspot"
    promised = "submittedAt"
    comes_late = False  # a list without a count: what came late into it nobody could know of

    def __init__(self, company: Company, clock: Clock, faults: Faults) -> None:
        super().__init__(company, clock, faults)
        self.by_guid = {nodes.guid(form_id): form for form_id, form in self.forms.items()}
        self.last_result, self.index_lag = LAST_RESULT, INDEX_LAG
        self.may_read_statuses = True
        # What people did in HubSpot since: contact -> when, or who took it over.
        self.deleted: dict[str, datetime] = {}
        self.gone: set[str] = set()
        self.merged: dict[str, tuple[str, datetime]] = {}
        self.touched: dict[str, datetime] = {}
        self.lists = Lists(company, faults)
        self._seen: tuple[Any, ...] = ()
        self._contacts: dict[str, Shown] = {}
        self._alive: list[Shown] = []
        self._addressed: tuple[int, dict[str, MailContact]] = (-1, {})

    # -- the wire -----------------------------------------------------------------------------------

    def answer(self, call: Call) -> Answer:
        try:
            self._check_token(call)
            body = self._dispatch(call.method, _by_number(call.parts), call)
        except Refusal as refusal:
            return refusal.answer
        if isinstance(body, Answer):
            return body
        is_search = call.parts[-1:] == ("search",)
        # A search tells nothing of what is left.
        left = {} if is_search else {"X-HubSpot-RateLimit-Max": "100", "X-HubSpot-RateLimit-Remaining": "88"}
        return Answer(body, 200, left)

    def refuse(self, call: Call, fault: str) -> Answer:
        self.turn += 1
        if fault == "server_error":
            if self.turn % 2:
                return Answer("<html><body>502 Bad Gateway</body></html>", 502, {"Content-Type": "text/html"})
            return Answer(error("INTERNAL_ERROR", "internal error"), 500)
        policy = "SECONDLY" if call.parts[-1:] == ("search",) else "TEN_SECONDLY_ROLLING"
        told = {
            "status": "error",
            "message": f"You have reached your {policy.lower()} limit.",
            "errorType": "RATE_LIMIT",
            "correlationId": "5f0e1c1a-0000-4000-8000-000000000000",
            "policyName": policy,
        }
        # How long to wait is told every other time.
        headers = {"Retry-After": f"{self.faults.wait_seconds:g}"} if self.turn % 2 else {}
        return Answer(told, 429, headers)

    def _check_token(self, call: Call) -> None:
        token = call.bearer or ""
        if token != TOKEN or token in self.expired:
            self.expired.discard(token)  # there is no other one: refused once
            if token.startswith("no-token"):
                raise Refusal(530, "", "error 1016")
            raise Refusal(401, "INVALID_AUTHENTICATION", "Authentication credentials not found.")

    def _dispatch(self, method: str, path: tuple[str, ...], call: Call) -> Any:
        match method, *path:
            case "GET", "contacts":
                return self._list(call)
            case "POST", "contacts", "search":
                return self._search(call)
            case "POST", "contacts", "batch", "read":
                return self._batch(call)
            case "POST", "contacts", "batch", "upsert":
                return self._upsert(call)
            case _, "lists", *which:
                return self.lists.answer(method, which, call, self.contacts())
            case "POST", "contacts", "gdpr-delete":
                return self._erase(call)
            case "GET", "contacts", key:
                return self._one(key, call)
            case "GET", "definitions":
                # The path with a number calls the list by another name.
                name = "subscriptionDefinitions" if "v3" in call.parts else "results"
                return {name: [subscriptions.definition(*one) for one in nodes.TYPES]}
            case "POST", "statuses", "batch", "read":
                return self._statuses(call)
            case "GET", "status", "email", address:
                return subscriptions.numbered(address, self._by_email().get(address.lower()), self.clock.now)
            case "GET", "forms":
                return self._forms(call)
            case "GET", "forms", guid if guid in self.by_guid:
                return nodes.form_node(self.by_guid[guid])
            case "GET", "submissions", guid if guid in self.by_guid:
                return self._submissions(call, self.by_guid[guid].form_id)
        raise Refusal(404, "OBJECT_NOT_FOUND", "resource not found")

    # -- contacts -----------------------------------------------------------------------------------

    def contacts(self) -> dict[str, Shown]:
        """Everybody at this moment, deleted ones too, in the order of numbers."""
        seen = (self.clock.now, self.faults.epoch, len(self.deleted), len(self.gone), len(self.merged),
                tuple(self.touched.items()), self.lists.edition)  # fmt: skip
        if seen != self._seen:
            self._contacts, self._seen = self._look(), seen
            self._alive = [one for one in self._contacts.values() if one.archived is None]
        return self._contacts

    def _look(self) -> dict[str, Shown]:
        now, view = self.clock.now, {}
        there = map(self.lists.leavers.as_now, (*self.company.mail_contacts, *self.lists.newcomers))
        for contact in sorted(there, key=lambda one: one.contact_id):
            key = nodes.key_of(contact)
            is_hidden = self.faults.hides(self.name, LIST, key)
            if contact.visible_at > now or is_hidden or key in self.gone or key in self.merged:
                continue
            late = self.faults.came_late(self.name, LIST, key)
            into = [one for one, (survivor, _) in self.merged.items() if survivor == key]
            changed = max(
                nodes.changed_at(contact, now, late),
                *(at for survivor, at in self.merged.values() if survivor == key),
                self.touched.get(key, contact.created_at),
            )
            told = nodes.properties(contact, now, changed, (*nodes.merged_before(contact), *into))
            if emails := [one for one in map(self._email_of, into) if one]:
                told["hs_additional_emails"] = ";".join(emails)
            archived = self.deleted.get(key) or nodes.archived_at(contact, now)
            view[key] = Shown(contact, told, changed, archived)
        return view

    def _email_of(self, key: str) -> str | None:
        return next((one.email for one in self.company.mail_contacts if nodes.key_of(one) == key), None)

    def _living(self) -> list[Shown]:
        self.contacts()
        return self._alive

    def _list(self, call: Call) -> Node:
        is_archive = _is_archive(call)
        recently = self.clock.now - SHOWN_AS_DELETED
        shown = self._living()
        if is_archive:
            shown = [one for one in self.contacts().values() if one.archived and one.archived >= recently]
        limit = _number(call.params.get("limit", "10"), 100)
        begin = call.params.get("after", "0")
        # The token is the number to go on from: who is deleted meanwhile moves nobody.
        rest = shown[bisect_left(shown, _number(begin, None), key=number_of) :]
        body = self._results(rest[:limit], call.all("properties"), call)
        if len(rest) > limit:
            after = rest[limit].told["hs_object_id"]
            link = f"{call.base}/crm/v3/objects/contacts?after={after}"
            body["paging"] = {"next": {"after": after, "link": link}}
        elif not is_archive and limit > 1:
            self.faults.release(self.name, LIST, self.clock.now)
        return self._spoilt(body, call)

    def _search(self, call: Call) -> Node:
        asked = _body(call)
        groups = asked.get("filterGroups") or []
        limit, begin = asked.get("limit", 10), _number(str(asked.get("after") or "0"), None)
        if not isinstance(limit, int) or not 0 <= limit <= 200:
            raise Refusal(400, "VALIDATION_ERROR", "limit must be between 0 and 200")
        if begin + limit > self.last_result:
            raise Refusal(400, "VALIDATION_ERROR", "There was a problem with the request.")
        # What was changed a moment ago is not in the index yet.
        found = search.found(self._living(), groups, self.clock.now - self.index_lag)
        found = search.in_order(found, asked.get("sorts") or ())
        shown = found[begin : begin + limit]
        body = {"total": len(found)} | self._results(shown, list(asked.get("properties") or ()), call)
        if begin + limit < len(found):
            body["paging"] = {"next": {"after": str(begin + limit)}}
        elif groups and limit > 1:
            self.faults.release(self.name, LIST, self.clock.now)
        return self._spoilt(body, call)

    def _batch(self, call: Call) -> Answer:
        asked = _body(call)
        inputs = [str(one.get("id")) for one in asked.get("inputs", ())]
        if len(inputs) > 100:
            raise Refusal(400, "VALIDATION_ERROR", "at most 100 inputs")
        view = self.contacts()
        told = dict.fromkeys(inputs)
        if asked.get("idProperty") == "email":
            view = {address: one for one in view.values() for address in addresses_of(one)}
            inputs, told = [one.lower() for one in inputs], dict.fromkeys(one.lower() for one in inputs)
        found = [view[key] for key in told if key in view and view[key].archived is None]
        body: Node = {"status": "COMPLETE", "startedAt": nodes.stamp(self.clock.now)}
        body |= {"completedAt": nodes.stamp(self.clock.now)}
        body |= self._results(found, list(asked.get("properties") or ()), call)
        if len(found) == len(inputs):
            return Answer(body)
        missing = [key for key in inputs if key not in view or view[key].archived is not None]
        wrong = error("OBJECT_NOT_FOUND", "Could not get some CONTACT objects.")
        body |= {"numErrors": 1, "errors": [wrong | {"context": {"ids": missing}}]}
        return Answer(body, 207)

    def _upsert(self, call: Call) -> Node:
        inputs = _body(call).get("inputs", ())
        if not 0 < len(inputs) <= 100 or any(one.get("idProperty") != "email" for one in inputs):
            raise Refusal(400, "VALIDATION_ERROR", "between 1 and 100 inputs, by email")
        addresses = [str(one.get("id")).lower() for one in inputs]
        if any("@" not in one or one.endswith(".invalid") for one in addresses):
            raise Refusal(400, "VALIDATION_ERROR", "Email address is invalid")  # all of them go
        known = {address for one in self.contacts().values() for address in addresses_of(one)}
        new = [one for one in dict.fromkeys(addresses) if one not in known]
        self.lists.welcome(new, self.clock.now)
        by_email = {address: one for one in self.contacts().values() for address in addresses_of(one)}
        rows = [self._row(by_email[one], ["email"]) | {"new": one in new} for one in dict.fromkeys(addresses)]
        now = nodes.stamp(self.clock.now)
        return {"status": "COMPLETE", "results": rows, "startedAt": now, "completedAt": now}

    def listed(self) -> Node:
        """For the operator: who is on which list, and everybody who ever came or went."""
        return self.lists.told(self.contacts())

    def _one(self, key: str, call: Call) -> Node:
        # A number that was merged away leads to who survived.
        while key in self.merged:
            key = self.merged[key][0]
        if key.isdigit() and int(key) >= nodes.OLD_ID and int(key) < nodes.FIRST_ID:
            key = str(int(key) - nodes.OLD_ID + nodes.FIRST_ID)
        one = self.contacts().get(key)
        if one is None or (one.archived is not None) != (_is_archive(call)):
            raise Refusal(404, "OBJECT_NOT_FOUND", "resource not found")
        return self._row(one, call.all("properties"))

    def _erase(self, call: Call) -> Answer:
        asked = _body(call)
        whom = str(asked.get("objectId", ""))
        if asked.get("idProperty") == "email":
            view = self.contacts().values()
            key = next((one.told["hs_object_id"] for one in view if one.told["email"] == whom), None)
            if key is None:
                return Answer("", 204)  # the address is kept as one to take no more
        else:
            key = whom
            if key not in self.contacts():
                raise Refusal(404, "OBJECT_NOT_FOUND", "resource not found")
        self.gone.add(key)
        return Answer("", 204)

    def _results(self, shown: list[Shown], asked: list[str], call: Call) -> Node:
        rows = [self._row(one, asked) for one in shown]
        if rows and self.faults.strikes("repeated", self.name, call.signature):
            rows.append(rows[0])
        if self.faults.strikes("reordered", self.name, call.signature):
            Random(call.signature).shuffle(rows)
        return {"results": rows}

    def _spoilt(self, body: Node, call: Call) -> Node:
        if (
            body["results"]
            and "paging" in body
            and self.faults.strikes("empty_page", self.name, call.signature)
        ):
            body["results"] = []
        return body

    def _row(self, one: Shown, asked: list[str]) -> Node:
        row = nodes.contact(one.told, asked, one.archived)
        key = row["id"]
        if self.faults.chooses("unknown_field", self.name, key):
            row["simScore"] = {"score": one.contact.contact_id % 7}
        row.pop(self._lacks(key) or "", None)
        return row

    def _lacks(self, key: str) -> str | None:
        if not self.faults.chooses("missing_field", self.name, key):
            return None
        return PROMISED[int(key) % 2]

    def missing(self) -> dict[str, dict[str, str]]:
        told = {key: lacks for key in self.contacts() if (lacks := self._lacks(key))}
        answers = {nodes.guid(key): lacks for key, lacks in super().missing()["responses"].items()}
        return {LIST: told, "responses": answers}

    # -- subscriptions ------------------------------------------------------------------------------

    def _statuses(self, call: Call) -> Answer:
        if not self.may_read_statuses:
            scopes = {"requiredGranularScopes": ["communication_preferences.statuses.batch.read"]}
            message = "This app hasn't been granted all required scopes to make this call."
            raise Refusal(403, "MISSING_SCOPES", message, errors=[{"message": message, "context": scopes}])
        if call.params.get("channel") != "EMAIL":
            raise Refusal(400, "VALIDATION_ERROR", "channel is required")
        inputs = [str(one) for one in _body(call).get("inputs", ())]
        if len(inputs) > 100:
            raise Refusal(400, "VALIDATION_ERROR", "at most 100 inputs")
        by_email = self._by_email()
        results = [
            {
                "subscriberIdString": one,
                "statuses": subscriptions.statuses(by_email[one.lower()], self.clock.now),
            }
            for one in inputs
            if one.lower() in by_email
        ]
        now = nodes.stamp(self.clock.now)
        body = {"status": "COMPLETE", "results": results, "startedAt": now, "completedAt": now}
        if len(results) == len(inputs):
            return Answer(body)
        wrong = error("VALIDATION_ERROR", "Some addresses could not be read.")
        return Answer(body | {"numErrors": 1, "errors": [wrong]}, 207)

    def _by_email(self) -> dict[str, MailContact]:
        known = self.company.mail_contacts
        if self._addressed[0] != len(known):
            self._addressed = len(known), {one.email.lower(): one for one in known if one.email}
        return self._addressed[1]

    # -- forms --------------------------------------------------------------------------------------

    def _forms(self, call: Call) -> Node:
        if _is_archive(call):
            return {"results": []}
        there = [form for form in self.forms.values() if form.created_at <= self.clock.now]
        begin, limit = (
            _number(call.params.get("after", "0"), None),
            _number(call.params.get("limit", "20"), 500),
        )
        body: Node = {"results": [nodes.form_node(form) for form in there[begin : begin + limit]]}
        if begin + limit < len(there):
            body["paging"] = {"next": {"after": str(begin + limit)}}
        return body

    def _submissions(self, call: Call, form_id: str) -> Node:
        listed: list[Lead] = self.view().get(form_id, [])
        limit = _number(call.params.get("limit", "20"), 50)
        # The token is a place in time: what is answered meanwhile moves nothing.
        token = call.params.get("after")
        rest = [lead for lead in listed if token is None or _place(lead) < token]
        rows = rest[:limit]
        form = self.forms[form_id]
        told = [self.troubled(lead.lead_id, nodes.answer(lead, form)) for lead in rows]
        body: Node = {"results": told}
        if len(rest) > limit:
            body["paging"] = {"next": {"after": _place(rows[-1]), "link": ""}}
        else:
            self.release(form_id)
        if rows and self.faults.strikes("reordered", self.name, call.signature):
            Random(call.signature).shuffle(body["results"])
        return self._spoilt(body, call)

    # -- what people do in HubSpot ------------------------------------------------------------------

    def change(self, wish: dict[str, Any]) -> None:
        """`block`: an address whose person leaves by themselves; `delete_list`: a list's number; `delete`,
        `restore`, `erase`, `touch`: a contact; `merge`: [who survives, who goes]; `last_result`:
        where a search ends; `index_lag`: seconds; `statuses`: whether the app may read them."""
        now = self.clock.now
        for what, told in wish.items():
            match what:
                case "delete":
                    self.deleted[str(told)] = now
                case "restore":
                    self.deleted.pop(str(told), None)
                    self.touched[str(told)] = now
                case "erase":
                    self.gone.add(str(told))
                case "merge":
                    survivor, other = map(str, told)
                    self.merged[other] = (survivor, now)
                case "touch":
                    self.touched[str(told)] = now
                case "last_result":
                    self.last_result = int(told)
                case "index_lag":
                    self.index_lag = timedelta(seconds=float(told))
                case "block":
                    self.lists.leavers.when[str(told)] = now
                    self.lists.edition += 1
                case "delete_list":
                    self.lists.names.pop(str(told))
                case "statuses":
                    self.may_read_statuses = bool(told)
                case _:
                    raise ValueError(f"nothing is called {what}")


def _place(lead: Lead) -> str:
    return f"{nodes.millis(lead.created_at):015d}-{lead.lead_id}"


def _by_number(parts: tuple[str, ...]) -> tuple[str, ...]:
    """One name for the paths of both kinds."""
    path = "/".join(parts)
    version = "(?:" + "|".join(VERSIONS) + ")"
    for pattern, name in (
        (rf"crm/(?:v3/objects|objects/{version})/contacts", "contacts"),
        (rf"communication-preferences/(?:v3|{version})/", ""),
        (rf"crm/(?:v3/lists|lists/{version})", "lists"),
        (r"marketing/v3/forms", "forms"),
        (r"form-integrations/v1/submissions/forms", "submissions"),
    ):
        if found := re.match(pattern, path):
            return tuple(part for part in (name + path[found.end() :]).split("/") if part)
    return ("nothing",)


def _body(call: Call) -> Node:
    if not isinstance(call.json, dict):
        raise Refusal(400, "VALIDATION_ERROR", "Invalid input JSON")
    return call.json


def _is_archive(call: Call) -> bool:
    # HubSpot's own client writes a capital.
    return call.params.get("archived", "").lower() == "true"


def _number(text: str, most: int | None) -> int:
    if not text.isdigit() or (most is not None and int(text) > most):
        raise Refusal(400, "VALIDATION_ERROR", "not a number that is allowed")
    return int(text)
