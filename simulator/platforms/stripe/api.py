"""The HTTP side of Stripe: lists newest first by cursor, expansions, errors with a code."""

import re
from bisect import bisect_left, bisect_right
from datetime import datetime
from typing import Any

from simulator.clock import Clock, Shown
from simulator.faults import Faults
from simulator.model import Company
from simulator.platforms.stripe.nodes import VERSION, Node
from simulator.platforms.stripe.stock import PATHS, look
from simulator.wire import Answer, Call

KEY = "rk_live_sim"
PROMISED = {"charges": "currency", "customers": "created"}
VERSIONS = re.compile(r"20(2[4-6])-\d\d-\d\d\.(acacia|basil|clover|dahlia|endive)")


class Refusal(Exception):
    def __init__(self, status: int, message: str, code: str | None = None) -> None:
        super().__init__(message)
        error = {"type": "invalid_request_error", "message": message} | ({"code": code} if code else {})
        self.answer = Answer({"error": error}, status)


class Stripe:
    name = "stripe"

    def __init__(self, company: Company, clock: Clock, faults: Faults) -> None:
        self.clock, self.faults = clock, faults
        self.gone: dict[str, datetime] = {}
        self._is_expired = False
        self._turn = 0
        self.stock = Shown(lambda: (clock.now, len(self.gone)), lambda: look(company, clock, dict(self.gone)))

    def answer(self, call: Call) -> Answer:
        self._turn += 1
        version = call.headers.get("stripe-version", VERSION)
        try:
            self._check_key(call)
            if not VERSIONS.fullmatch(version):
                raise Refusal(400, f"Invalid Stripe API version: {version}.")
            answer = self._dispatch(call)
        except Refusal as refusal:
            answer = refusal.answer
        answer.headers |= {"Stripe-Version": version, "Request-Id": f"req_sim{self._turn}"}
        return answer

    def refuse(self, call: Call, fault: str) -> Answer:
        self._turn += 1
        if fault == "throttle":
            error = {"type": "invalid_request_error", "code": "rate_limit", "message": "Too many requests."}
            return Answer({"error": error}, 429, {"Stripe-Rate-Limited-Reason": "endpoint-rate"})
        error = {"type": "api_error", "message": "Something went wrong on Stripe's end."}
        should = {"Stripe-Should-Retry": "true"} if self._turn % 2 else {}
        return Answer({"error": error}, 500, should)

    def expire(self, call: Call) -> None:
        self._is_expired = True

    def is_spared(self, call: Call) -> bool:
        return False

    def change(self, wish: dict[str, Any]) -> None:
        raise ValueError("nothing to set here")

    def missing(self) -> dict[str, dict[str, str]]:
        lists = self.stock().lists
        return {
            path: {row["id"]: lost for row in lists[path] if self._lacks(row["id"])}
            for path, lost in PROMISED.items()
        }

    def _lacks(self, key: str) -> bool:
        return self.faults.chooses("missing_field", self.name, key)

    def _check_key(self, call: Call) -> None:
        if call.bearer != KEY or self._is_expired:
            self._is_expired = False  # there is no other one: refused once
            raise Refusal(401, "Invalid API Key provided: rk_live_***")

    # -- answers --------------------------------------------------------------------------------------

    def _dispatch(self, call: Call) -> Answer:
        stock, parts = self.stock(), call.parts[1:]
        path = "/".join(parts)
        if call.parts[:1] != ("v1",):
            raise Refusal(404, f"Unrecognized request URL ({call.method}: /{call.path}).")
        if call.method == "DELETE" and parts[:1] == ("customers",) and len(parts) == 2:
            return self._delete(parts[1])
        if call.method != "GET":
            raise Refusal(404, f"Unrecognized request URL ({call.method}: /{call.path}).")
        if path in ("refunds", "disputes"):
            held = stock.refunds if path == "refunds" else stock.disputes
            rows = held.get(call.params.get("charge", ""), [])
            return Answer(self._page(call, path, rows or _all(held)))
        if path in (*PATHS, "events"):
            return Answer(self._page(call, path, _chosen(call, path, stock.lists[path])))
        return Answer(self._one(call, path))

    def _one(self, call: Call, path: str) -> Node:
        kind, _, key = path.rpartition("/")
        if kind == "customers" and key in self.gone:
            return {"id": key, "object": "customer", "deleted": True}
        row = self.stock().by_id.get(key)
        if row is None or kind not in (*PATHS, "events"):
            raise Refusal(404, f"No such {kind.rstrip('s')}: '{key}'", "resource_missing")
        return self._shown(call, kind, row)

    def _delete(self, key: str) -> Answer:
        if key in self.gone or key not in self.stock().by_id:
            raise Refusal(404, f"No such customer: '{key}'", "resource_missing")
        self.gone[key] = self.clock.now
        return Answer({"id": key, "object": "customer", "deleted": True})

    def _page(self, call: Call, path: str, rows: list[Node]) -> Node:
        limit = call.params.get("limit", "10")
        if not limit.isdigit() or not 1 <= int(limit) <= 100:
            raise Refusal(400, "Invalid limit: must be between 1 and 100")
        start, after = 0, call.params.get("starting_after")
        if after:
            start = _behind(rows, after, self.stock().by_id.get(after))
        shown = rows[start : start + int(limit)]
        return {
            "object": "list",
            "data": [self._shown(call, path, row) for row in shown],
            "has_more": start + int(limit) < len(rows),
            "url": f"/v1/{path}",
        }

    def _shown(self, call: Call, path: str, row: Node) -> Node:
        """The object with what was asked for, and without what is only there when asked for."""
        asked = {value.removeprefix("data.") for key, value in call.query if key.startswith("expand")}
        shown = dict(row)
        if path == "charges" and "refunds" in asked:
            shown["refunds"] = _list(
                self.stock().refunds.get(row["id"], []), f"/v1/charges/{row['id']}/refunds"
            )
        if path == "invoices" and "payments" not in asked:
            del shown["payments"]
        if path in PROMISED and self._lacks(row["id"]):
            del shown[PROMISED[path]]
        if self.faults.chooses("unknown_field", self.name, row["id"]):
            shown["sim_score"] = {"risk": 12}
        return shown


def _all(held: dict[str, list[Node]]) -> list[Node]:
    return sorted((one for rows in held.values() for one in rows), key=lambda one: -one["created"])


def _age(row: Node) -> int:
    """Lists stand newest first."""
    return -row["created"]


def _behind(rows: list[Node], key: str, row: Node | None) -> int:
    """The index behind the object of that id."""
    begin = bisect_left(rows, _age(row), key=_age) if row else 0
    found = next((at for at in range(begin, len(rows)) if rows[at]["id"] == key), None)
    if found is None:
        raise Refusal(400, f"No such object: '{key}'", "resource_missing")
    return found + 1


def _list(rows: list[Node], url: str) -> Node:
    return {"object": "list", "data": rows[:10], "has_more": len(rows) > 10, "url": url}


def _chosen(call: Call, path: str, rows: list[Node]) -> list[Node]:
    asked = call.params
    types = {value for key, value in call.query if key.startswith("types[") or key == "types"}
    if len(types) > 20:
        raise Refusal(400, "types may hold 20 at the most")
    if path == "events" and (types or "type" in asked):
        wanted = types or {asked["type"]}
        stars = tuple(one[:-1] for one in wanted if one.endswith("*"))
        rows = [row for row in rows if row["type"] in wanted or (stars and row["type"].startswith(stars))]
    if path == "subscriptions" and asked.get("status") != "all":
        rows = [row for row in rows if row["status"] == asked.get("status", row["status"]) != "canceled"]
    if "customer" in asked:
        rows = [row for row in rows if row.get("customer") == asked["customer"]]
    for name, cut in COMPARED.items():
        if limit := asked.get(f"created[{name}]"):
            rows = cut(rows, -int(limit))
    return rows


COMPARED = {
    "gt": lambda rows, age: rows[: bisect_left(rows, age, key=_age)],
    "gte": lambda rows, age: rows[: bisect_right(rows, age, key=_age)],
    "lt": lambda rows, age: rows[bisect_right(rows, age, key=_age) :],
    "lte": lambda rows, age: rows[bisect_left(rows, age, key=_age) :],
}
