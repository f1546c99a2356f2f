"""The answers of api.linkedin.com/rest: a version in each call, forms uncounted, leads for ninety days."""

import re
from datetime import timedelta
from random import Random
from typing import Any

from simulator.ads import ads_of
from simulator.model import Form, Lead
from simulator.platforms.form_tool import FormTool
from simulator.platforms.linkedin import analytics, nodes
from simulator.platforms.linkedin.restli import Unreadable, projected, read
from simulator.wire import Answer, Call

TOKEN = "sim-linkedin-token"
OLDEST, NEWEST = "202512", "202611"  # the versions that are served
RETENTION = timedelta(days=90)
LARGEST = 1000


class Refusal(Exception):
    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


class LinkedIn(FormTool):
    name = "linkedin"
    promised = "submittedAt"

    def __init__(self, *made: Any) -> None:
        super().__init__(*made)
        self.accounts = frozenset(form.account_id for form in self.forms.values())
        self.campaigns = {c.campaign_id: c for c in self.company.campaigns if c.platform == self.name}
        self.is_limited = False

    def make_view(self) -> dict[str, list[Lead]]:
        oldest = self.clock.now - RETENTION
        found = super().make_view()
        return {form: [lead for lead in leads if lead.created_at >= oldest] for form, leads in found.items()}

    # -- what the server asks ---------------------------------------------------------------------

    def answer(self, call: Call) -> Answer:
        try:
            self._check(call)
            return Answer(self._dispatch(call))
        except Unreadable as error:
            return _told(400, "ILLEGAL_ARGUMENT", str(error))
        except Refusal as error:
            return _told(error.status, error.code, str(error))

    def refuse(self, call: Call, fault: str) -> Answer:
        self.turn += 1
        if fault == "server_error":
            return _told((500, 503, 504)[self.turn % 3], "INTERNAL_SERVER_ERROR", "Internal Server Error")
        return _told(429, "TOO_MANY_REQUESTS", "Too many requests")

    def change(self, wish: dict[str, Any]) -> None:
        """`delete`: a lead that is no more; `limited`: whether the day's quota is used up."""
        if not wish.keys() <= {"delete", "limited"}:
            raise ValueError("nothing like that to set here")
        self.erased |= {str(wish["delete"])} if "delete" in wish else set()
        self.is_limited = bool(wish.get("limited", self.is_limited))

    def missing(self) -> dict[str, dict[str, str]]:
        return {"leads": super().missing()["responses"]}

    def _check(self, call: Call) -> None:
        version = call.headers.get("linkedin-version", "")
        if call.parts[:1] != ("rest",):
            raise Refusal(404, "RESOURCE_NOT_FOUND", "No virtual resource found")
        if not version:
            raise Refusal(400, "VERSION_MISSING", "A version must be present.")
        if not re.fullmatch(r"\d{6}", version) or not OLDEST <= version <= NEWEST:
            raise Refusal(426, "NONEXISTENT_VERSION", f"Requested version {version} is not active")
        if call.headers.get("x-restli-protocol-version") != "2.0.0":
            raise Unreadable("Invalid X-RestLi-Protocol-Version")
        if call.bearer in self.expired:
            self.expired.discard(call.bearer or "")  # there is no other one: refused once
            raise Refusal(401, "EXPIRED_ACCESS_TOKEN", "The token used in the request has expired")
        if call.bearer != TOKEN:
            raise Refusal(401, "INVALID_ACCESS_TOKEN", "Invalid access token")
        if self.is_limited:
            raise Refusal(
                429,
                "TOO_MANY_REQUESTS",
                "Resource level throttle APPLICATION DAY limit for calls to this resource is reached.",
            )

    def _dispatch(self, call: Call) -> dict[str, Any]:
        asked = read(call.raw_query)
        match call.method, *call.parts[1:]:
            case "GET", "leadForms":
                return self._forms(self._owner(asked), asked)
            case "GET", "leadForms", number:
                return self._form(number)
            case "GET", "leadFormResponses":
                return self._leads(call, self._owner(asked), asked)
            case "GET", "leadFormResponses", key:
                return projected(self._lead(key), asked.get("fields"))
            case "GET", "adAccounts", number:
                return self._account(number)
            case "GET", "adAccounts", number, "adCampaigns":
                found = [nodes.campaign_node(one) for one in self._mine(number)]
                return self._by_token(asked, found, "search")
            case "GET", "adAccounts", number, "creatives":
                found = [nodes.creative_node(one, ad) for one in self._mine(number) for ad in ads_of(one)]
                return self._by_token(asked, found, "criteria")
            case "GET", "adAnalytics":
                if asked.get("q") != "analytics":
                    raise Unreadable("Invalid param: q")
                return {
                    "elements": analytics.rows(self.company, self.accounts, asked),
                    "paging": {"start": 0, "count": 10, "links": []},
                }
        raise Refusal(404, "RESOURCE_NOT_FOUND", "No virtual resource found")

    # -- objects ----------------------------------------------------------------------------------

    def _owner(self, asked: dict[str, Any]) -> str:
        told = asked.get("owner")
        if asked.get("q") != "owner" or not isinstance(told, dict):
            raise Unreadable("Invalid query parameters: owner is no object")
        urns = {nodes.urn("sponsoredAccount", account): account for account in self.accounts}
        if told.get("sponsoredAccount") not in urns:
            raise Refusal(403, "ACCESS_DENIED", "Not enough permissions to access this owner's forms")
        return urns[told["sponsoredAccount"]]

    def _account(self, number: str) -> dict[str, Any]:
        self._mine(number)
        return {
            "id": int(number), "name": self.company.name, "currency": "EUR", "status": "ACTIVE",
            "type": "BUSINESS", "test": False, "reference": nodes.urn("organization", "9"),
        }  # fmt: skip

    def _mine(self, number: str) -> list[Any]:
        if number not in self.accounts:
            raise Refusal(403, "ACCESS_DENIED", "Not enough permissions to access: adAccounts")
        return [one for one in self.campaigns.values() if one.account_id == number]

    def _by_token(self, asked: dict[str, Any], rows: list[Any], finder: str) -> dict[str, Any]:
        size, begin = _number(asked, "pageSize", 100), int(asked.get("pageToken") or 0)
        if asked.get("q") != finder or not 1 <= size <= LARGEST:
            raise Unreadable("Invalid param: q or pageSize")
        more = begin + size < len(rows)
        return {
            "elements": rows[begin : begin + size],
            "metadata": {"nextPageToken": str(begin + size)} if more else {},
        }

    # -- forms and leads --------------------------------------------------------------------------

    def _shown(self, owner: str) -> list[Form]:
        return [
            form
            for form in self.forms.values()
            if form.account_id == owner and form.created_at <= self.clock.now
        ]

    def _forms(self, owner: str, asked: dict[str, Any]) -> dict[str, Any]:
        start, count = _page(asked)
        shown = [
            nodes.form_node(form, nodes.version(form, self.clock.now))
            for form in self._shown(owner)[start : start + count]
        ]
        return {"elements": shown, "paging": {"start": start, "count": count, "links": []}}

    def _form(self, number: str) -> dict[str, Any]:
        form = self.forms.get(number)
        if form is None or form.created_at > self.clock.now:
            raise Refusal(404, "NOT_FOUND", "Lead form not found")
        return nodes.form_node(form, nodes.version(form, self.clock.now))

    def _leads(self, call: Call, owner: str, asked: dict[str, Any]) -> dict[str, Any]:
        start, count = _page(asked)
        if asked.get("leadType") != {"leadType": "SPONSORED"}:
            raise Unreadable("Invalid param: leadType")
        found = self._wanted(owner, asked)
        if start + count >= len(found):
            for form in self._shown(owner):
                self.release(form.form_id)
        page = [self._told(lead, asked) for lead in found[start : start + count]]
        strikes = self.faults.strikes
        if page and strikes("empty_page", self.name, call.signature):
            page = []
        if strikes("reordered", self.name, call.signature):
            Random(call.signature).shuffle(page)
        if page and strikes("repeated", self.name, call.signature):
            page.append(page[0])
        paging = {"start": start, "count": count, "total": len(found), "links": []}
        return {"elements": page, "paging": paging}

    def _wanted(self, owner: str, asked: dict[str, Any]) -> list[Lead]:
        """Those of all forms of an owner, newest first."""
        window = asked.get("submittedAtTimeRange", {})
        if not isinstance(window, dict):
            raise Unreadable("Invalid query parameters: submittedAtTimeRange is no object")
        begin, end = _number(window, "start", 0), _number(window, "end", 10**15)
        view = self.view()
        leads = [lead for form in self._shown(owner) for lead in view.get(form.form_id, ())]
        leads.sort(key=lambda lead: (lead.created_at, lead.lead_id), reverse=True)
        tests_only = asked.get("limitedToTestLeads") == "true"
        return [
            lead
            for lead in leads
            if begin <= nodes.milliseconds(lead.created_at) < end and not (tests_only and lead.person_id)
        ]

    def _lead(self, key: str) -> dict[str, Any]:
        for leads in self.view().values():
            for lead in leads:
                if lead.lead_id == key:
                    return self._row(lead)
        raise Refusal(404, "NOT_FOUND", "Lead form response not found")

    def _told(self, lead: Lead, asked: dict[str, Any]) -> dict[str, Any]:
        wanted = asked.get("fields")
        row = self._row(lead)
        # Asked for nothing more, it tells the form by its name only.
        return projected(row, wanted) if wanted else {k: v for k, v in row.items() if k != "form"}

    def _row(self, lead: Lead) -> dict[str, Any]:
        return self.troubled(lead.lead_id, nodes.response(lead, self.forms[lead.form_id], self.campaigns))


def _told(status: int, code: str, message: str) -> Answer:
    body = {"status": status, "serviceErrorCode": status * 100, "code": code, "message": message}
    return Answer(body, status)


def _page(asked: dict[str, Any]) -> tuple[int, int]:
    start, count = _number(asked, "start", 0), _number(asked, "count", 10)
    if not 1 <= count <= LARGEST:
        raise Unreadable(f"Invalid param: count must be between 1 and {LARGEST}")
    return start, count


def _number(asked: dict[str, Any], name: str, default: int) -> int:
    text = str(asked.get(name, default))
    if not text.isascii() or not text.isdigit():
        raise Unreadable(f"Invalid param: {name}")
    return int(text)
