"""The answers of api.pinterest.com: bookmarks, exports that take a while, several limits in one header."""

import base64
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Any

from simulator.ads import ads_of, by_ad
from simulator.model import Form, Lead
from simulator.platforms.form_tool import FormTool
from simulator.platforms.pinterest import nodes
from simulator.wire import Answer, Call

TOKEN = "sim-pinterest-token"
RETENTION = timedelta(days=30)
MOST_DAYS = 90
LARGEST, MOST_ADS = 250, 250
LOOKS = 3  # until a file is made
LIMIT = '100, 100;w=1;name="safety_net_app_id_user_id", 1000;w=60;name="org_read"'


class Refusal(Exception):
    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.answer = Answer({"code": code, "message": message}, status)


class Pinterest(FormTool):
    name = "pinterest"
    promised = "Created Time"

    def __init__(self, *made: Any) -> None:
        super().__init__(*made)
        self.accounts = sorted({form.account_id for form in self.forms.values()})
        self.campaigns = {c.campaign_id: c for c in self.company.campaigns if c.platform == self.name}
        self.exports: dict[str, dict[str, Any]] = {}
        self.numbers = count(1)

    def make_view(self) -> dict[str, list[Lead]]:
        oldest = (self.clock.now - RETENTION).date()
        found = super().make_view()
        return {
            # Tests go to whoever is subscribed, and into no export.
            form: [lead for lead in leads if lead.created_at.date() > oldest and lead.person_id]
            for form, leads in found.items()
        }

    def missing(self) -> dict[str, dict[str, str]]:
        keys = [lead.lead_id for leads in self.make_view().values() for lead in leads]
        return {"leads": {key: lacks for key in keys if (lacks := self.lacks(key))}}

    def answer(self, call: Call) -> Answer:
        try:
            if call.parts[:2] == ("v5", "files"):  # asked for without a token: its address is the secret
                return self._file(call.parts[2])
            self._check_token(call)
            return Answer(
                self._dispatch(call), 200, {"X-RateLimit-Limit": LIMIT, "X-RateLimit-Remaining": "99, 999"}
            )
        except Refusal as refusal:
            return refusal.answer

    def refuse(self, call: Call, fault: str) -> Answer:
        self.turn += 1
        if fault == "server_error":
            return Answer(
                {"code": 12, "message": "Something went wrong on our end."}, 503 if self.turn % 2 else 500
            )
        wait = {"X-RateLimit-Remaining": "0, 812", "X-RateLimit-Reset": f"{self.faults.wait_seconds:.0f}, 30"}
        told = {"code": 8, "message": "You have exceeded your rate limit. Try again later."}
        return Answer(told, 429, wait if self.turn % 2 else {})

    def _check_token(self, call: Call) -> None:
        token = call.bearer or ""
        if token in self.expired:
            self.expired.discard(token)  # there is no other one: refused once
        elif token == TOKEN:
            return
        raise Refusal(401, 2, "Authentication failed.")

    def _dispatch(self, call: Call) -> Any:
        match call.method, *call.parts:
            case method, "v5", "ad_accounts", account, *rest:
                if account not in self.accounts:
                    raise Refusal(403, 29, "You are not permitted to access that resource.")
                return self._of_account(call, method, account, rest)
        raise Refusal(404, 404, "There is no such path.")

    def _of_account(self, call: Call, method: str, account: str, rest: list[str]) -> Any:
        match method, *rest:
            case ("GET",):
                return self._account(account)
            case "GET", "lead_forms":
                forms = [form for form in self.forms.values() if form.created_at <= self.clock.now]
                return self._page(
                    call, [nodes.form_node(form) for form in sorted(forms, key=lambda one: one.form_id)]
                )
            case "GET", "ads":
                wanted = {value for name, value in call.query if name == "entity_statuses"}
                if not wanted <= {"ACTIVE", "PAUSED", "ARCHIVED", "DRAFT", "DELETED_DRAFT"}:
                    raise Refusal(400, 1, "entity_statuses: no such status.")
                return self._page(call, self._ads())
            case "GET", "ads", "analytics":
                return self._days(call)
            case "POST", "leads_export":
                return self._begin(call)
            case "GET", "leads_export", number if number in self.exports:
                return self._look(call, number)
        raise Refusal(404, 404, "There is no such path.")

    def _account(self, account: str) -> dict[str, Any]:
        return {
            "id": account, "name": self.company.name, "country": "FR", "currency": "EUR",
            "owner": {"username": "maisonexemple", "id": "1"}, "permissions": ["OWNER"],
            "created_time": 1_700_000_000, "updated_time": 1_700_000_000,
        }  # fmt: skip

    def _form_of(self) -> dict[str, str]:
        """Ad -> the form it shows: that of its leads."""
        shown: dict[str, str] = {}
        for lead in sorted(self.leads, key=lambda lead: lead.created_at):
            _, ad = nodes.ad_for(lead, self.forms[lead.form_id], self.campaigns)
            shown.setdefault(ad.ad_id, lead.form_id)
        return shown

    def _ads(self) -> list[dict[str, Any]]:
        shown = self._form_of()
        created = min((nodes.seconds(form) for form in self.forms.values()), default=0)
        return [
            nodes.ad_node(campaign, ad, shown.get(ad.ad_id), created)
            for campaign in sorted(self.campaigns.values(), key=lambda one: one.campaign_id)
            for ad in ads_of(campaign)
        ]

    # -- leads ------------------------------------------------------------------------------------

    def _begin(self, call: Call) -> dict[str, str]:
        asked = call.json if isinstance(call.json, dict) else {}
        first, last = _day(asked.get("start_date")), _day(asked.get("end_date"))
        if last < first or first <= (self.clock.now - RETENTION).date():
            raise Refusal(400, 1, "start_date is not within the last 30 days.")
        number = f"{10**15 + next(self.numbers)}"
        fails = self.faults.strikes("cut", self.name, f"export {call.signature}")
        self.exports[number] = {**asked, "looks": 0, "fails": fails}
        return {"leads_export_id": number}

    def _look(self, call: Call, number: str) -> dict[str, Any]:
        export = self.exports[number]
        export["looks"] += 1
        if export["looks"] < LOOKS:
            return {"export_status": "IN_PROGRESS", "download_url": None}
        if export["fails"]:
            return {"export_status": "FAILED", "download_url": None}
        return {"export_status": "FINISHED", "download_url": f"{call.base}/v5/files/{number}"}

    def _file(self, number: str) -> Answer:
        if number not in self.exports:
            raise Refusal(403, 403, "Request has expired")
        export = self.exports[number]
        first, last = _day(export["start_date"]), _day(export["end_date"])
        found: list[tuple[Lead, Form]] = []
        for form_id, leads in self.view().items():
            form = self.forms[form_id]
            for lead in leads:
                _, ad = nodes.ad_for(lead, form, self.campaigns)
                if ad.ad_id == export["ad_id"] and first <= lead.created_at.date() <= last:
                    found.append((lead, form))
            self.release(form_id)
        names = list(dict.fromkeys(name for _, form in found for name in nodes.columns(form))) or list(
            nodes.COLUMNS
        )
        lines = [self._line(lead, form) for lead, form in found]
        if lines and self.faults.strikes("repeated", self.name, number):
            lines.append(lines[0])
        if self.faults.strikes("reordered", self.name, number):
            Random(number).shuffle(lines)
        if any("sim_quality" in line for line in lines):
            names.append("sim_quality")
        return Answer(nodes.table(names, lines), 200, {"Content-Type": "text/csv"})

    def _line(self, lead: Lead, form: Form) -> dict[str, str]:
        line = nodes.line(lead, form, self.campaigns)
        if self.faults.chooses("unknown_field", self.name, lead.lead_id):
            line["sim_quality"] = "97"
        line.pop(self.lacks(lead.lead_id) or "", None)
        return line

    # -- figures ----------------------------------------------------------------------------------

    def _days(self, call: Call) -> list[dict[str, Any]]:
        asked = call.params
        first, last = _day(asked.get("start_date")), _day(asked.get("end_date"))
        wanted = [value for name, value in call.query if name == "ad_ids"]
        if not all(one.isdigit() for one in wanted):
            raise Refusal(400, 1, "ad_ids: each is a parameter of its own.")
        if (
            (self.clock.now.date() - first).days > MOST_DAYS
            or last < first
            or not 1 <= len(wanted) <= MOST_ADS
        ):
            raise Refusal(
                400, 1, "Invalid parameters: start_date cannot be more than 90 days back from today."
            )
        if asked.get("granularity") != "DAY" or not asked.get("columns"):
            raise Refusal(400, 1, "Missing required parameters.")
        found = []
        for day in self.company.campaign_days:
            campaign = self.campaigns.get(day.campaign_id)
            if campaign is not None and first <= day.day <= last and day.impressions:
                found += [
                    nodes.day_node(campaign, ad, part, asked["columns"].split(","))
                    for ad, part in by_ad(campaign, day)
                    if ad.ad_id in wanted
                ]
        return found

    def _page(self, call: Call, rows: list[dict[str, Any]]) -> dict[str, Any]:
        size = call.params.get("page_size", "25")
        if not size.isdigit() or not 1 <= int(size) <= LARGEST:
            raise Refusal(400, 1, "page_size is not valid.")
        begin = _place(call.params.get("bookmark"))
        end = begin + int(size)
        if begin and self.faults.strikes("repeated", self.name, call.signature):
            begin -= 1
        shown = rows[begin:end]
        if shown and end < len(rows) and self.faults.strikes("empty_page", self.name, call.signature):
            shown, end = [], begin
        return {"items": shown, "bookmark": _bookmark(end) if end < len(rows) else None}


def _day(text: Any) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError as error:
        raise Refusal(400, 1, "Invalid date: YYYY-MM-DD is wanted.") from error


def _bookmark(place: int) -> str:
    return base64.urlsafe_b64encode(f"at {place}".encode()).decode()


def _place(bookmark: str | None) -> int:
    if not bookmark:
        return 0
    try:
        return int(base64.urlsafe_b64decode(bookmark).decode().removeprefix("at "))
    except ValueError as error:
        raise Refusal(400, 1, "Invalid bookmark.") from error
