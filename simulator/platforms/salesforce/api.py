"""The answers of <org>.my.salesforce.com: tokens for an app's secret, SOQL page by page, errors as lists."""

import hashlib
from datetime import datetime
from random import Random
from typing import Any

from simulator.clock import Clock, Shown
from simulator.faults import Faults
from simulator.model import Company, MailContact
from simulator.platforms.salesforce import nodes
from simulator.platforms.salesforce.nodes import Node
from simulator.platforms.salesforce.soql import Malformed, Query, parse
from simulator.wire import Answer, Call

CLIENT_ID, CLIENT_SECRET = "3MVG9sim.consumer.key", "sim-salesforce-secret"
OLDEST, NEWEST = 31, 68
BATCH = 200  # records a page; the real one holds up to 2,000, and maybe fewer
PROMISED = ("SystemModstamp", "CreatedDate")
PEOPLE = ("Lead", "Contact")


class Refusal(Exception):
    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.body = status, [{"message": message, "errorCode": code}]


class Salesforce:
    name = "salesforce"

    def __init__(self, company: Company, clock: Clock, faults: Faults) -> None:
        self.company, self.clock, self.faults = company, clock, faults
        self._turn = self._made = self._spent = 0
        self._good: set[str] = set()
        self._waiting: dict[str, tuple[Query, list[Node], int]] = {}
        self.hidden = {"Opportunity": {"ContactId", "CurrencyIsoCode"}}
        self.erased: set[str] = set()
        self.merged: dict[str, tuple[str, datetime]] = {}  # who was merged away: into whom, and when
        self._view = Shown(lambda: (clock.now, faults.epoch, len(self.erased), len(self.merged)), self._look)

    # -- the wire -----------------------------------------------------------------------------------

    def answer(self, call: Call) -> Answer:
        if call.parts == ("services", "oauth2", "token"):
            return self._token(call)
        self._spent += 1
        headers = {"Sforce-Limit-Info": f"api-usage={self._spent}/15000"}
        try:
            path = self._check(call)
            match call.method, path:
                case "GET", ("query" | "queryAll", *more):
                    body = self._next(call, more[0]) if more else self._query(call, path[0] == "queryAll")
                    return Answer(body, headers=headers)
                case "GET", ("sobjects", of, "describe"):
                    return Answer(self._describe(of), headers=headers)
                case "DELETE", ("sobjects", of, key):
                    self._erase(of, key)
                    return Answer("", 204, headers)
                case "GET", ("sobjects", of, key):
                    return Answer(self._one(of, key), headers=headers)
            raise Refusal(404, "NOT_FOUND", "The requested resource does not exist")
        except Refusal as refusal:
            return Answer(refusal.body, refusal.status, headers)

    def refuse(self, call: Call, fault: str) -> Answer:
        self._turn += 1
        if fault == "server_error":
            if self._turn % 2:
                return Answer(
                    "<html><body>Down For Maintenance</body></html>", 503, {"Content-Type": "text/html"}
                )
            return Answer(
                [{"message": "An unexpected error occurred", "errorCode": "UNKNOWN_EXCEPTION"}], 500
            )
        message = "ConcurrentPerOrgLongTxn Limit exceeded."
        return Answer([{"message": message, "errorCode": "REQUEST_LIMIT_EXCEEDED"}], 403)

    def expire(self, call: Call) -> None:
        self._good.discard(call.bearer or "")

    def is_spared(self, call: Call) -> bool:
        return False

    def change(self, wish: dict[str, Any]) -> None:
        """`merge`: whom, and into whom; `hide`: an object and a field that the app's user does not see."""
        for what, about in wish.items():
            match what:
                case "merge":
                    loser, survivor = about
                    self.merged[loser] = survivor, self.clock.now
                case "hide":
                    self.hidden.setdefault(about[0], set()).add(about[1])
                case _:
                    raise ValueError(f"nothing is called {what}")

    def missing(self) -> dict[str, dict[str, str]]:
        names = {"Lead": "lead_records", "Contact": "contacts"}
        return {
            stream: {row["Id"]: lacks for row in self._view()[of] if (lacks := self._lacks(row["Id"]))}
            for of, stream in names.items()
        }

    def _token(self, call: Call) -> Answer:
        if (call.form.get("client_id"), call.form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            told = {"error": "invalid_client", "error_description": "invalid client credentials"}
            return Answer(told, 400)
        if call.form.get("grant_type") != "client_credentials":
            return Answer(
                {"error": "unsupported_grant_type", "error_description": "grant type not supported"}, 400
            )
        self._made += 1
        token = "00D5e!" + hashlib.blake2b(f"{self._made}".encode(), digest_size=20).hexdigest()
        self._good.add(token)
        # How long it is good for is not told: the org's policy ends it.
        return Answer({
            "access_token": token, "instance_url": call.base, "token_type": "Bearer",
            "token_format": "opaque",
            "id": "https://login.salesforce.com/id/00D5e0000000001EAA/0055e000000001AAA",
            "issued_at": "1795150800000", "signature": "c2ltLXNpZ25hdHVyZQ==", "scope": "api",
        })  # fmt: skip

    def _check(self, call: Call) -> tuple[str, ...]:
        """The path below the version."""
        if call.parts[:2] != ("services", "data") or len(call.parts) < 4:
            raise Refusal(404, "NOT_FOUND", "The requested resource does not exist")
        if (call.bearer or "") not in self._good:
            raise Refusal(401, "INVALID_SESSION_ID", "Session expired or invalid")
        number = call.parts[2].removeprefix("v").removesuffix(".0")
        if not number.isdigit() or int(number) > NEWEST:
            raise Refusal(404, "NOT_FOUND", "The requested resource does not exist")
        if int(number) < OLDEST:
            raise Refusal(410, "UNSUPPORTED_API_VERSION", "This API version is retired")
        return call.parts[3:]

    # -- records ------------------------------------------------------------------------------------

    def _look(self) -> dict[str, list[Node]]:
        """Every object's records at this moment, those in the bin too, with all their fields."""
        now = self.clock.now
        there = [one for one in self.company.mail_contacts if one.visible_at <= now]
        found: dict[str, list[Node]] = {of: [] for of in nodes.PREFIX}
        for one in there:
            if nodes.is_lead(one):
                found["Lead"] += self._person("Lead", one)
            if nodes.is_contact(one, now):
                found["Contact"] += self._person("Contact", one)
                if nodes.has_opportunity(one) and (told := nodes.opportunity(one, now)):
                    found["Opportunity"].append(told)
                    whose = self._survivor(nodes.key_of("Contact", one.contact_id))
                    found["OpportunityContactRole"].append(nodes.role(one, whose, told))
        if there:
            found["Account"].append(nodes.account(min(one.created_at for one in there)))
        return found

    def _person(self, of: str, contact: MailContact) -> list[Node]:
        now, key = self.clock.now, nodes.key_of(of, contact.contact_id)
        gone = nodes.deleted_at(of, contact, now)
        if key in self.erased or (gone and gone + nodes.BIN < now) or self.faults.hides(self.name, of, key):
            return []
        master, at = self.merged.get(key, (None, None))
        late = self.faults.came_late(self.name, of, key)
        return [nodes.person(of, contact, now, nodes.changed_at(of, contact, now, late, at), master)]

    def _survivor(self, key: str) -> str:
        while key in self.merged:
            key = self.merged[key][0]
        return key

    def _fields(self, of: str) -> list[str]:
        contact = self.company.mail_contacts[0] if self.company.mail_contacts else None
        if of not in nodes.PREFIX or contact is None:
            raise Refusal(404, "NOT_FOUND", "The requested resource does not exist")
        now = self.clock.now
        example = {"Id": "", "CreatedDate": "", "SystemModstamp": "", "IsDeleted": False}
        if of in PEOPLE:
            example = nodes.person(of, contact, now, now, None)
        elif of == "Account":
            example = nodes.account(now)
        elif of == "Opportunity":
            names = "AccountId Amount StageName IsClosed IsWon CloseDate CampaignId ContactId CurrencyIsoCode"
            example |= dict.fromkeys(names.split())
        else:
            example |= dict.fromkeys(("OpportunityId", "ContactId", "IsPrimary", "Role"))
        return [name for name in example if name not in self.hidden.get(of, ())]

    def _describe(self, of: str) -> Node:
        fields = [
            {"name": name, "label": name, "type": "string", "nillable": True} for name in self._fields(of)
        ]
        return {"name": of, "label": of, "queryable": True, "keyPrefix": nodes.PREFIX[of], "fields": fields}

    def _query(self, call: Call, with_bin: bool) -> Node:
        try:
            query = parse(call.params.get("q", ""))
            there = self._fields(query.of)
            if unknown := [name for name in (*query.fields, *query.order) if name not in there]:
                raise Refusal(400, "INVALID_FIELD", f"No such column '{unknown[0]}' on entity '{query.of}'")
            rows = [
                row
                for row in self._view()[query.of]
                if (with_bin or not row["IsDeleted"]) and query.holds(row)
            ]
        except Malformed as error:
            raise Refusal(400, "MALFORMED_QUERY", str(error)) from None
        if not query.fields:
            return {"totalSize": len(rows), "done": True, "records": []}
        rows = sorted(rows, key=query.rank)[: query.limit]
        return self._page(call, query, rows, 0)

    def _next(self, call: Call, locator: str) -> Node:
        if locator not in self._waiting:
            raise Refusal(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
        return self._page(call, *self._waiting[locator])

    def _page(self, call: Call, query: Query, rows: list[Node], begin: int) -> Node:
        shown = rows[begin : begin + BATCH]
        if shown and self.faults.strikes("empty_page", self.name, call.signature):
            shown = []  # and the next page begins where this one did
        end = begin + len(shown)
        told = [self._render(query, row) for row in shown]
        told += [row for row in told if self.faults.chooses("repeated", self.name, row["Id"])][:2]
        if told and self.faults.strikes("reordered", self.name, call.signature):
            Random(call.signature).shuffle(told)
        is_done = end >= len(rows)
        if is_done and (query.limit is None or len(rows) < query.limit):
            self.faults.release(self.name, query.of, self.clock.now)
        page: Node = {"totalSize": len(rows), "done": is_done, "records": told}
        if not is_done:
            locator = f"01g5e{hashlib.blake2b(f'{call.signature}'.encode(), digest_size=6).hexdigest()}-{end}"
            self._waiting[locator] = query, rows, end
            page["nextRecordsUrl"] = f"/services/data/{call.parts[2]}/query/{locator}"
        return page

    def _render(self, query: Query, row: Node) -> Node:
        key = row["Id"]
        version = f"/services/data/v66.0/sobjects/{query.of}/{key}"
        told = {"attributes": {"type": query.of, "url": version}} | {
            name: row.get(name) for name in query.fields
        }
        if query.of in PEOPLE:
            if self.faults.chooses("unknown_field", self.name, key):
                told["Sim_Score__c"] = 3.0
            told.pop(self._lacks(key) or "", None)
        return told

    def _lacks(self, key: str) -> str | None:
        if not self.faults.chooses("missing_field", self.name, key):
            return None
        return PROMISED[sum(key.encode()) % len(PROMISED)]

    def _one(self, of: str, key: str) -> Node:
        rows = self._view().get(of, [])
        row = next((one for one in rows if one["Id"] == key and not one["IsDeleted"]), None)
        if row is None:
            raise Refusal(404, "NOT_FOUND", "Provided external ID field does not exist or is not accessible")
        return {"attributes": {"type": of}} | {name: row.get(name) for name in self._fields(of)}

    def _erase(self, of: str, key: str) -> None:
        if key in self.erased:
            raise Refusal(404, "ENTITY_IS_DELETED", "entity is deleted")
        self._one(of, key)
        self.erased.add(key)
