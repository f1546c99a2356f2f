"""The HTTP side of the shop: a key as a name without a password, filters in brackets, numbered errors."""

from functools import cache
from random import Random
from typing import Any

from simulator.clock import Clock, Shown
from simulator.faults import Faults
from simulator.model import Company
from simulator.platforms.hosted import refused_by_host
from simulator.platforms.prestashop.asked import Refusal, chosen, displayed, native, one_of
from simulator.platforms.prestashop.nodes import Node
from simulator.platforms.prestashop.stock import FIELDS, NAME, Stock, books, look
from simulator.wire import Answer, Call

KEY = "SIMPRESTASHOPKEYOF32LETTERS00000"
# What is held back, spoilt and left empty; what hangs on these comes as it is.
PROMISED = {"customers": "email", "orders": "total_paid_tax_incl"}


class PrestaShop:
    name = NAME

    def __init__(self, company: Company, clock: Clock, faults: Faults) -> None:
        self.clock, self.faults = clock, faults
        self.gone: set[int] = set()
        self.denied: set[str] = set()
        self.is_switched_off = self.has_native_numbers = False
        self._expired, self._turn = False, 0
        # Numbered when first asked for: most companies keep their shop elsewhere.
        kept = cache(lambda: books(company))
        self.stock = Shown(
            lambda: (clock.now, faults.epoch, len(self.gone)),
            lambda: look(company, kept(), clock, faults, self.gone),
        )

    def answer(self, call: Call) -> Answer:
        try:
            self._check_key(call)
            return self._dispatch(call)
        except Refusal as refusal:
            return refusal.answer

    def refuse(self, call: Call, fault: str) -> Answer:
        self._turn += 1
        return refused_by_host(fault, self._turn, self.faults.wait_seconds)

    def expire(self, call: Call) -> None:
        self._expired = True

    def is_spared(self, call: Call) -> bool:
        return False

    def change(self, wish: dict[str, Any]) -> None:
        """`delete_customer` takes a number, `deny` a resource; `native`: numbers as newer PHP gives them;
        `off` switches the webservice off."""
        known = {"delete_customer", "deny", "native", "off"}
        if not set(wish) <= known:
            raise ValueError(f"known: {', '.join(sorted(known))}")
        self.gone |= {int(wish["delete_customer"])} if "delete_customer" in wish else set()
        self.denied |= {str(wish["deny"])} if "deny" in wish else set()
        self.has_native_numbers = bool(wish.get("native", self.has_native_numbers))
        self.is_switched_off = bool(wish.get("off", self.is_switched_off))

    def missing(self) -> dict[str, dict[str, str]]:
        tables = self.stock().tables
        return {
            kind: {str(key): field for key in tables[kind] if self._lacks(kind, key)}
            for kind, field in PROMISED.items()
        }

    def _lacks(self, kind: str, key: int) -> bool:
        return self.faults.chooses("missing_field", NAME, f"{kind}/{key}")

    def _check_key(self, call: Call) -> None:
        if self.is_switched_off:
            words = "The PrestaShop webservice is disabled. Please activate it in the PrestaShop Back Office"
            raise Refusal(503, 22, words)
        given = call.basic[0] if call.basic else call.params.get("ws_key")
        if given is None:
            raise Refusal(401, 17, "Authentication key is empty")
        if len(given) != len(KEY):
            raise Refusal(401, 18, "Invalid authentication key format")
        if given != KEY or self._expired:
            self._expired = False  # there is no other one: refused once
            raise Refusal(401, 20, "Authentification key is not active")

    def _dispatch(self, call: Call) -> Answer:
        if call.params.get("output_format", call.headers.get("output-format")) != "JSON":
            xml = {"Content-Type": "text/xml;charset=utf-8"}
            return Answer('<?xml version="1.0" encoding="UTF-8"?>\n<prestashop></prestashop>', headers=xml)
        match call.method, *call.parts:
            case "GET", "api":
                return self._said(sorted(FIELDS))
            case "GET", "api", kind:
                return self._list(call, self._known(call, kind))
            case "GET", "api", kind, key:
                rows = self.stock().tables[self._known(call, kind)]
                if not key.isdigit() or int(key) not in rows:
                    return Answer("", 404)
                return self._said({kind.rstrip("s"): rows[int(key)]})
            case "DELETE", "api", "customers", key:
                self._known(call, "customers")
                if not key.isdigit() or int(key) not in self.stock().tables["customers"]:
                    raise Refusal(404, 87, f"Id(s) not exists: {key}")
                self.gone.add(int(key))
                return Answer("", 200)
        raise Refusal(400, 27, f'Resource of type "{call.path}" does not exists')

    def _known(self, call: Call, kind: str) -> str:
        if kind not in FIELDS:
            raise Refusal(400, 27, f'Resource of type "{kind}" does not exists')
        if kind in self.denied:
            raise Refusal(401, 26, f'Resource of type "{kind}" is not allowed with this authentication key')
        return kind

    def _said(self, body: Any) -> Answer:
        made = native(body) if self.has_native_numbers else body
        return Answer(made, headers={"PSWS-Version": "8.2.0"})

    # -- lists ------------------------------------------------------------------------------------------

    def _list(self, call: Call, kind: str) -> Answer:
        stock = self.stock()
        found = self._chosen(stock, call, kind)
        start, size = _limit(call, len(found))
        shown = [dict(row) for row in found[start : start + size]]
        is_bare = "display" not in call.params
        if (
            is_bare
            and kind in PROMISED
            and start + size >= len(found)
            and "filter[date_upd]" not in call.params
        ):
            self.faults.release(NAME, kind, self.clock.now)
        if kind in PROMISED:
            if shown and self.faults.strikes("empty_page", NAME, call.signature):
                return self._said([])
            shown = self._troubled(call, kind, shown)
        if not shown:
            return self._said([])
        # A list without `display` is one of bare numbers.
        rows = [{"id": row["id"]} for row in shown] if is_bare else displayed(call, shown)
        return self._said({FIELDS[kind]: rows})

    def _chosen(self, stock: Stock, call: Call, kind: str) -> list[Node]:
        if listed := one_of(call):
            rows = stock.tables[kind]
            if rows and listed[0] in next(iter(rows.values())):
                return chosen(call, stock.having(kind, *listed))
        told = [(name, value) for name, value in call.query if name.startswith(("filter", "sort"))]
        asked = f"{kind} {call.params.get('date')} {sorted(told)}"
        if asked not in stock.asked:
            stock.asked[asked] = chosen(call, stock.tables[kind].values())
        return stock.asked[asked]

    def _troubled(self, call: Call, kind: str, shown: list[Node]) -> list[Node]:
        if shown and self.faults.strikes("repeated", NAME, call.signature):
            shown = [dict(shown[0]), *shown]
        if shown and self.faults.strikes("reordered", NAME, call.signature):
            Random(call.signature).shuffle(shown)
        for row in shown if call.params.get("display") else ():
            if self.faults.chooses("unknown_field", NAME, f"{kind}/{row['id']}"):
                row["sim_points"] = "12"
            if self._lacks(kind, row["id"]):
                del row[PROMISED[kind]]
        return shown


def _limit(call: Call, most: int) -> tuple[int, int]:
    told = call.params.get("limit")
    if told is None:
        return 0, most
    parts = told.split(",")
    if len(parts) > 2 or not all(part.isdigit() for part in parts):
        raise Refusal(400, 39, 'The "limit" value has to be formed as this example: "5,25" or "10"')
    start, size = (["0", *parts])[-2:]
    return int(start), int(size)
