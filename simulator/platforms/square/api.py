"""The HTTP side of Square: searches whose pages end without a cursor, empty ones that are not the end."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import UTC
from random import Random
from typing import Any

from simulator.clock import Clock, Shown, read_moment
from simulator.faults import Faults
from simulator.model import Company
from simulator.platforms.square.nodes import PLACES, Node, exactly, location, name_of, roughly
from simulator.platforms.square.stock import NAME, Merge, look
from simulator.wire import Answer, Call

TOKEN = "EAAA-sim-square"
LARGEST = {"customers": 100, "orders": 1000, "refunds": 100}
PROMISED = {"customers": "updated_at", "orders": "location_id"}
FIELDS = {"created_at": "CREATED_AT", "updated_at": "UPDATED_AT", "closed_at": "CLOSED_AT"}


class Refusal(Exception):
    def __init__(self, status: int, category: str, code: str, detail: str) -> None:
        super().__init__(detail)
        self.answer = Answer({"errors": [{"category": category, "code": code, "detail": detail}]}, status)


def bad(code: str, detail: str) -> Refusal:
    return Refusal(400, "INVALID_REQUEST_ERROR", code, detail)


class Square:
    name = NAME

    def __init__(self, company: Company, clock: Clock, faults: Faults) -> None:
        self.clock, self.faults = clock, faults
        self.gone: set[str] = set()
        self.merges: list[Merge] = []
        self._is_expired = False
        self.stock = Shown(
            lambda: (clock.now, faults.epoch, len(self.gone), len(self.merges)),
            lambda: look(company, clock, faults, self.gone, self.merges),
        )

    def answer(self, call: Call) -> Answer:
        try:
            if call.bearer != TOKEN or self._is_expired:
                self._is_expired = False  # there is no other one: refused once
                words = "This request could not be authorized."
                raise Refusal(401, "AUTHENTICATION_ERROR", "UNAUTHORIZED", words)
            return self._dispatch(call)
        except Refusal as refusal:
            return refusal.answer

    def refuse(self, call: Call, fault: str) -> Answer:
        """How long to wait it does not say."""
        if fault == "throttle":
            return Refusal(429, "RATE_LIMIT_ERROR", "RATE_LIMITED", "Too many requests.").answer
        return Refusal(500, "API_ERROR", "INTERNAL_SERVER_ERROR", "An internal error has occurred.").answer

    def expire(self, call: Call) -> None:
        self._is_expired = True

    def is_spared(self, call: Call) -> bool:
        return False

    def change(self, wish: dict[str, Any]) -> None:
        """`delete_customer` takes an id; `merge` two of them, which become a third."""
        if not set(wish) <= {"delete_customer", "merge"}:
            raise ValueError("known: delete_customer, merge")
        self.gone |= {str(wish["delete_customer"])} if "delete_customer" in wish else set()
        if "merge" in wish:
            first, second = wish["merge"]
            key = name_of("merge", f"{first} {second}")
            self.merges.append(Merge((first, second), key, self.clock.now))

    def missing(self) -> dict[str, dict[str, str]]:
        stock = self.stock()
        return {
            kind: {key: field for key in getattr(stock, kind) if self._lacks(kind, key)}
            for kind, field in PROMISED.items()
        }

    def _lacks(self, kind: str, key: str) -> bool:
        return self.faults.chooses("missing_field", NAME, f"{kind}/{key}")

    # -- answers --------------------------------------------------------------------------------------

    def _dispatch(self, call: Call) -> Answer:
        stock = self.stock()
        match call.method, *call.parts:
            case "GET", "v2", "locations":
                return Answer({"locations": [location(key) for key in PLACES]})
            case "POST", "v2", "customers", "search":
                return self._search(call, "customers", stock.customers.values(), _asked(call, "field"))
            case "POST", "v2", "orders", "search":
                places = _body(call).get("location_ids")
                if not isinstance(places, list) or not 1 <= len(places) <= 10:
                    raise bad("INVALID_ARRAY_VALUE", "Field must have between 1 and 10 values: location_ids")
                rows = (row for row in stock.orders.values() if row["location_id"] in places)
                return self._search(call, "orders", rows, _asked(call, "sort_field"))
            case "GET", "v2", "refunds":
                return self._refunds(call, stock.refunds.values())
            case "GET", "v2", ("customers" | "orders" | "payments") as kind, key:
                return Answer({kind.removesuffix("s"): dict(_known(getattr(stock, kind), key))})
            case "DELETE", "v2", "customers", key:
                _known(stock.customers, key)
                self.gone.add(key)
                return Answer({})
        raise Refusal(404, "INVALID_REQUEST_ERROR", "NOT_FOUND", "Resource not found.")

    def _search(self, call: Call, kind: str, rows: Iterable[Node], asked: tuple[Node, str, bool]) -> Answer:
        body = _body(call)
        within, field, is_backwards = asked
        # Of customers one time may be asked for and another sorted by; then few are found.
        [by] = within or (field,)
        what, ends = f"{kind} {body.get('location_ids')}", within.get(by) or {}
        found = self._within(what, rows, by, ends, is_backwards)
        if by != field:
            found = sorted(found, key=lambda row: (row[field], row["id"]), reverse=is_backwards)
        told = self._page(call, kind, found, body.get("limit"), body.get("cursor"))
        return Answer(told | ({"count": len(found)} if body.get("count") else {}))

    def _within(
        self, what: str, rows: Iterable[Node], field: str, ends: Node, is_backwards: bool
    ) -> list[Node]:
        """Rows within a time, sorted by it: sorted once, and cut for each question once."""
        stock = self.stock()
        if (what, field) not in stock.sorted:
            told = sorted(rows, key=lambda row: (row[field], row["id"]))
            stock.sorted[what, field] = told, [row[field] for row in told]
        key = f"{what} {field} {ends} {is_backwards}"
        if key not in stock.found:
            stock.found[key] = _chosen(*stock.sorted[what, field], ends, is_backwards)
        return stock.found[key]

    def _refunds(self, call: Call, rows: Iterable[Node]) -> Answer:
        asked = call.params
        field = "updated_at" if asked.get("sort_field") == "UPDATED_AT" else "created_at"
        begin = asked.get("updated_at_begin_time" if field == "updated_at" else "begin_time")
        ends = {"start_at": begin} if begin else {}
        found = self._within("refunds", rows, field, ends, asked.get("sort_order", "DESC") == "DESC")
        size = int(asked["limit"]) if asked.get("limit", "").isdigit() else None
        return Answer(self._page(call, "refunds", found, size, asked.get("cursor")))

    def _page(self, call: Call, kind: str, rows: list[Node], size: Any, cursor: Any) -> Node:
        size = LARGEST[kind] if size is None else size
        if not isinstance(size, int) or not 1 <= size <= LARGEST[kind]:
            raise bad("VALUE_TOO_HIGH", f"`limit` must be at most {LARGEST[kind]}.")
        start = int(cursor.removeprefix("c")) if isinstance(cursor, str) else 0
        shown = [dict(row) for row in rows[start : start + size]]
        if shown and self.faults.strikes("empty_page", NAME, call.signature):
            return {"cursor": f"c{start}"}  # short, and not the last
        end = start + size
        if end >= len(rows) and kind in PROMISED and size > 1:
            self.faults.release(NAME, kind, self.clock.now)
        shown = self._troubled(call, kind, shown)
        more = {"cursor": f"c{end}"} if end < len(rows) else {}
        return ({kind: shown} if shown else {}) | more

    def _troubled(self, call: Call, kind: str, shown: list[Node]) -> list[Node]:
        if shown and self.faults.strikes("repeated", NAME, call.signature):
            shown = [dict(shown[0]), *shown]
        if shown and self.faults.strikes("reordered", NAME, call.signature):
            Random(call.signature).shuffle(shown)
        for row in shown if kind in PROMISED else ():
            if self.faults.chooses("unknown_field", NAME, f"{kind}/{row['id']}"):
                row["sim_points"] = {"balance": 12}
            if self._lacks(kind, row["id"]):
                del row[PROMISED[kind]]
        return shown


def _body(call: Call) -> Node:
    if not isinstance(call.json, dict):
        raise bad("EXPECTED_JSON_BODY", "Request body is not a valid JSON object.")
    return call.json


def _asked(call: Call, name: str) -> tuple[Node, str, bool]:
    """The times asked for, the field they are sorted by, and whether from the end."""
    query = _body(call).get("query") or {}
    told, sort = query.get("filter") or {}, query.get("sort") or {}
    within = told.get("date_time_filter", {}) if name == "sort_field" else told
    if set(within) - set(FIELDS):
        raise bad("UNKNOWN_QUERY_PARAMETER", "no such filter")
    by = sort.get(name, "CREATED_AT")
    if name == "sort_field" and within and by not in [FIELDS[field] for field in within]:
        raise bad("INVALID_SORT_FIELD", "The sort field must be the one that is filtered by.")
    if name == "field" and by not in ("CREATED_AT", "DEFAULT"):
        raise bad("INVALID_ENUM_VALUE", "`sort.field` is not a valid enum value")
    field = next((ours for ours, theirs in FIELDS.items() if theirs == by), "created_at")
    return within, field, sort.get("order" if name == "field" else "sort_order", "ASC") == "DESC"


def _chosen(rows: list[Node], keys: list[str], ends: Node, is_backwards: bool) -> list[Node]:
    """The rows within both ends; `keys` are the times they are sorted by, each as wide as the others."""
    width = len(keys[0]) if keys else 0
    low = bisect_left(keys, _as_wide(ends["start_at"], width)) if ends.get("start_at") else 0
    high = bisect_right(keys, _as_wide(ends["end_at"], width)) if ends.get("end_at") else len(rows)
    return rows[low:high][::-1] if is_backwards else rows[low:high]


def _as_wide(told: str, width: int) -> str:
    """A time as the records write it, with or without milliseconds."""
    found = read_moment(told).astimezone(UTC)
    return exactly(found) if width == len(exactly(found)) else roughly(found)


def _known(found: dict[str, Node], key: str) -> Node:
    if key not in found:
        raise Refusal(404, "INVALID_REQUEST_ERROR", "NOT_FOUND", f"Resource `{key}` not found.")
    return found[key]
