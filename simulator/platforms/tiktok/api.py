"""The answers of business-api.tiktok.com: status 200 around every error, three regions, slow tasks."""

import io
import zipfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from simulator.model import Lead
from simulator.platforms.form_tool import FormTool
from simulator.platforms.tiktok import nodes, reports
from simulator.wire import Answer, Call

TOKEN = "sim-tiktok-token"
VERSION = "v1.3"
RETENTION = timedelta(days=90)
FILE_LIVES = timedelta(minutes=10)
LOOKS = 3  # until a task is done
PACKED_ABOVE = 10 * 1024**2  # bytes
REGIONS = frozenset({"", "eu", "us"})


class Refusal(Exception):
    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass
class Task:
    form_id: str
    region: str
    made_at: datetime
    looks: int = 0
    fails: bool = False


class TikTok(FormTool):
    name = "tiktok"
    promised = "created_time"

    def __init__(self, *made: Any) -> None:
        super().__init__(*made)
        self.advertisers = sorted({form.account_id for form in self.forms.values()})
        self.campaigns = {c.campaign_id: c for c in self.company.campaigns if c.platform == self.name}
        self.tasks: dict[str, Task] = {}
        self.packed_above = PACKED_ABOVE

    def make_view(self) -> dict[str, list[Lead]]:
        oldest = self.clock.now - RETENTION
        found = super().make_view()
        return {form: [lead for lead in leads if lead.created_at >= oldest] for form, leads in found.items()}

    # -- what the server asks ---------------------------------------------------------------------

    def answer(self, call: Call) -> Answer:
        if call.parts[:2] != ("open_api", VERSION):
            return Answer("404 page not found", 404, {"Content-Type": "text/plain"})
        try:
            self._check_token(call)
            told = self._dispatch(call)
        except (Refusal, reports.Unreadable) as error:
            return self._envelope(getattr(error, "code", 40002), str(error), {})
        return told if isinstance(told, Answer) else self._envelope(0, "OK", told)

    def refuse(self, call: Call, fault: str) -> Answer:
        self.turn += 1
        if fault == "server_error":
            codes = ((50000, "Service error"), (50002, "Service timeout"), (51010, "internal error"))
            return self._envelope(*codes[self.turn % 3], {})
        return self._envelope(40100, "Requests made too frequently", {})

    def change(self, wish: dict[str, Any]) -> None:
        """`packed_above`: bytes from which a file comes as zip."""
        if set(wish) != {"packed_above"}:
            raise ValueError("nothing like that to set here")
        self.packed_above = int(wish["packed_above"])

    def missing(self) -> dict[str, dict[str, str]]:
        keys = [lead.lead_id for leads in self.make_view().values() for lead in leads]
        return {"leads": {key: lacks for key in keys if (lacks := self.lacks(key))}}

    def expire(self, call: Call) -> None:
        self.expired.add(call.headers.get("access-token", ""))

    def _envelope(self, code: int, message: str, data: dict[str, Any]) -> Answer:
        request = f"{self.clock.now:%Y%m%d%H%M%S}{len(message):08}"
        return Answer({"code": code, "message": message, "request_id": request, "data": data})

    def _check_token(self, call: Call) -> None:
        token = call.headers.get("access-token", "")
        if token in self.expired:
            self.expired.discard(token)  # there is no other one: refused once
            raise Refusal(40102, "Access token has expired.")
        if not token:
            raise Refusal(40104, "Access token is empty")
        if token != TOKEN:
            raise Refusal(40105, "Access token is incorrect or has been revoked.")

    def _dispatch(self, call: Call) -> dict[str, Any] | Answer:
        match call.method, *call.parts[2:]:
            case "GET", "advertiser", "info":
                return {
                    "list": [self._advertiser(one) for one in reports.names(call.params, "advertiser_ids")]
                }
            case "GET", "page", "get":
                return self._listed(call, self._forms(call), 100)
            case "GET", "page", "field", "get":
                form = self.forms.get(call.params.get("page_id", ""))
                if form is None:
                    raise Refusal(40002, "page_id: the page does not exist")
                return {
                    "fields": nodes.questions(form),
                    "meta": {"page_id": form.form_id, "page_name": form.name},
                }
            case "POST", "page", "lead", "task":
                return self._task(call)
            case "GET", "page", "lead", "task", "download":
                return self._download(call)
            case "GET", "report", "integrated", "get":
                rows = reports.rows(self.company, self._advertiser_of(call.params), call.params)
                return self._listed(call, rows, 1000)
        raise Refusal(40002, "the path does not exist")

    # -- objects ----------------------------------------------------------------------------------

    def _advertiser(self, number: Any) -> dict[str, Any]:
        self._advertiser_of({"advertiser_id": str(number)})
        # An odd zone of theirs: its sign is the other way round.
        return {
            "advertiser_id": str(number), "name": self.company.name, "currency": "EUR",
            "timezone": "Europe/Paris", "display_timezone": "Europe/Paris", "status": "STATUS_ENABLE",
        }  # fmt: skip

    def _advertiser_of(self, told: Any) -> str:
        number = str(told.get("advertiser_id", ""))
        if number not in self.advertisers:
            raise Refusal(40001, f"No permission to operate advertiser {number}")
        return number

    def _forms(self, call: Call) -> list[dict[str, Any]]:
        owner = self._advertiser_of(call.params)
        mine = [form for form in self.forms.values() if form.account_id == owner]
        return [nodes.form_node(form) for form in mine if form.created_at <= self.clock.now]

    def _listed(self, call: Call, rows: list[dict[str, Any]], largest: int) -> dict[str, Any]:
        page, size = _number(call, "page", 1), _number(call, "page_size", 10)
        if not 1 <= size <= largest or page < 1:
            raise Refusal(40002, f"page_size: must be between 1 and {largest}")
        shown = rows[(page - 1) * size : page * size]
        if self.faults.strikes("reordered", self.name, call.signature):
            Random(call.signature).shuffle(shown)
        info = {
            "page": page, "page_size": size, "total_number": len(rows), "total_page": -(-len(rows) // size)
        }  # fmt: skip
        return {"list": shown, "page_info": info}

    # -- leads ------------------------------------------------------------------------------------

    def _task(self, call: Call) -> dict[str, Any]:
        told, region = call.json if isinstance(call.json, dict) else {}, _region(call)
        self._advertiser_of(told)
        form = self.forms.get(str(told.get("page_id", "")))
        if form is None:
            raise Refusal(40002, "page_id: the page does not exist")
        if "task_id" not in told:
            number = str(7_600_000_000_000_000_000 + len(self.tasks))
            fails = self.faults.chooses("server_error", self.name, number)
            self.tasks[number] = Task(form.form_id, region, self.clock.now, fails=fails)
            return {"task_id": number, "status": "CREATED"}
        number = str(told["task_id"])
        task = self.tasks.get(number)
        if task is None or task.region != region:
            raise Refusal(40002, "task_id: the task does not exist")
        task.looks += 1
        if task.looks < LOOKS:
            return {"task_id": number, "status": "RUNNING"}
        if task.fails:
            return {"task_id": number, "status": "FAILED"}
        kind = "zip" if len(self._file(task)) > self.packed_above else "csv"
        return {
            "task_id": number, "status": "SUCCEED", "file_name": f"{form.name}.{kind}", "file_type": kind
        }  # fmt: skip

    def _download(self, call: Call) -> Answer:
        self._advertiser_of(call.params)
        task = self.tasks.get(call.params.get("task_id", ""))
        if task is None or task.region != _region(call) or task.looks < LOOKS or task.fails:
            raise Refusal(40002, "task_id: there is no file of this task")
        if self.clock.now - task.made_at > FILE_LIVES:
            raise Refusal(40002, "The file has expired. Create the task again.")
        content = self._file(task)
        if task.region == nodes.region(self.forms[task.form_id]):
            self.release(task.form_id)
        if len(content) <= self.packed_above:
            return Answer(content, headers={"Content-Type": "text/csv"})
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(zipfile.ZipInfo("leads.csv", (2026, 1, 1, 0, 0, 0)), content)
        return Answer(packed.getvalue(), headers={"Content-Type": "application/zip"})

    def _file(self, task: Task) -> bytes:
        form = self.forms[task.form_id]
        # In the wrong region there is nobody, and nothing says that it is the wrong one.
        here = self.view().get(form.form_id, []) if task.region == nodes.region(form) else []
        lines = [self._line(lead) for lead in here]
        what = f"{task.form_id} {task.region}"
        if self.faults.strikes("reordered", self.name, what):
            Random(what).shuffle(lines)
        if lines and self.faults.strikes("repeated", self.name, what):
            lines.append(lines[0])
        if not lines and task.region == "us":
            return b""
        return nodes.table(form, lines).encode()

    def _line(self, lead: Lead) -> dict[str, str]:
        line = nodes.line(lead, self.forms[lead.form_id], self.campaigns)
        if self.faults.chooses("unknown_field", self.name, lead.form_id):
            line["sim_quality"] = "high"
        if lacks := self.lacks(lead.lead_id):
            line[lacks] = "-"
        return line


def _region(call: Call) -> str:
    region = call.headers.get("x-lead-region", "")
    if region not in REGIONS:
        raise Refusal(40002, "x-lead-region: not a valid choice")
    return region


def _number(call: Call, name: str, default: int) -> int:
    text = call.params.get(name, str(default))
    if not text.isdigit():
        raise Refusal(40002, f"{name}: Not a valid integer.")
    return int(text)
