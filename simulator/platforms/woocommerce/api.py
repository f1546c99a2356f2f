"""The HTTP side of the shop: three ways to show a key, pages by number or offset, codes for errors."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime
from random import Random
from typing import Any
from urllib.parse import quote, unquote

from simulator.clock import Clock, Shown, read_moment
from simulator.faults import Faults
from simulator.marketing import PARIS
from simulator.model import Company
from simulator.platforms.hosted import refused_by_host
from simulator.platforms.woocommerce.nodes import HOME, Node
from simulator.platforms.woocommerce.stock import NAME, look
from simulator.wire import Answer, Call

KEY, SECRET = "ck_sim", "cs_sim"
LARGEST = 100
PAGING = ("page", "per_page", "offset", "oauth_nonce", "oauth_signature", "oauth_timestamp")
PROMISED = {"customers": "email", "orders": "total"}
ORDERINGS = {"customers": ("id", "include", "name", "registered_date"),
             "orders": ("date", "modified", "id", "include", "title", "slug")}  # fmt: skip
STATUSES = ("any", "pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed",
            "trash", "checkout-draft")  # fmt: skip


class Refusal(Exception):
    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.answer = Answer({"code": code, "message": message, "data": {"status": status}}, status)


class WooCommerce:
    name = NAME

    def __init__(self, company: Company, clock: Clock, faults: Faults) -> None:
        self.clock, self.faults = clock, faults
        self.gone: set[tuple[str, int]] = set()
        self.binned: dict[int, datetime] = {}
        self._expired = 0
        self._turn = 0
        self.stock = Shown(
            lambda: (clock.now, faults.epoch, len(self.gone), len(self.binned)),
            lambda: look(company, clock, faults, self.gone, self.binned),
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
        self._expired = 1

    def is_spared(self, call: Call) -> bool:
        return False

    def change(self, wish: dict[str, Any]) -> None:
        """`bin` and `delete` take an order's number, `delete_customer` a customer's."""
        known = {"bin", "delete", "delete_customer"}
        if not set(wish) <= known:
            raise ValueError(f"known: {', '.join(sorted(known))}")
        self.binned |= {int(wish["bin"]): self.clock.now} if "bin" in wish else {}
        self.gone |= {("orders", int(wish["delete"]))} if "delete" in wish else set()
        self.gone |= {("customers", int(wish["delete_customer"]))} if "delete_customer" in wish else set()

    def missing(self) -> dict[str, dict[str, str]]:
        stock = self.stock()
        kinds: dict[str, Iterable[int]] = {"customers": stock.customers, "orders": stock.orders}
        return {
            kind: {str(key): PROMISED[kind] for key in keys if self._lacks(kind, key)}
            for kind, keys in kinds.items()
        }

    def _lacks(self, kind: str, key: int) -> bool:
        return self.faults.chooses("missing_field", NAME, f"{kind}/{key}")

    # -- keys -----------------------------------------------------------------------------------------

    def _check_key(self, call: Call) -> None:
        refused = Refusal(401, "woocommerce_rest_authentication_error", "Consumer key is invalid.")
        if self._expired:
            self._expired = 0  # there is no other one: refused once
            raise refused
        given = call.basic or (call.params.get("consumer_key"), call.params.get("consumer_secret"))
        if given == (KEY, SECRET):
            return
        if "oauth_signature" in call.params:
            if not _is_signed(call):
                raise Refusal(
                    401,
                    "woocommerce_rest_authentication_error",
                    "Invalid signature - provided signature does not match.",
                )
            return
        if given == (None, None):
            raise Refusal(401, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")
        raise refused

    # -- answers --------------------------------------------------------------------------------------

    def _dispatch(self, call: Call) -> Answer:
        if call.parts[:3] != ("wp-json", "wc", "v3"):
            raise Refusal(404, "rest_no_route", "No route was found matching the URL and request method.")
        stock = self.stock()
        kinds = {"customers": stock.customers, "orders": stock.orders}
        match call.method, *call.parts[3:]:
            case "GET", ("customers" | "orders") as kind:
                asked = f"{kind} {sorted((k, v) for k, v in call.query if k not in PAGING)}"
                if asked not in stock.lists:
                    stock.lists[asked] = _chosen(call, kind, kinds[kind].values())
                return self._list(call, kind, stock.lists[asked])
            case "GET", "refunds":
                return self._list(call, "refunds", [one for back in stock.refunds.values() for one in back])
            case "GET", "orders", key, "refunds":
                return self._list(call, "refunds", list(stock.refunds[_known(stock.refunds, key, "orders")]))
            case "GET", ("customers" | "orders") as kind, key:
                return Answer(dict(kinds[kind][_known(kinds[kind], key, kind)]))
            case "DELETE", "customers", key:
                return self._delete(call, stock.customers, key)
        raise Refusal(404, "rest_no_route", "No route was found matching the URL and request method.")

    def _delete(self, call: Call, customers: dict[int, Node], key: str) -> Answer:
        number = _known(customers, key, "customers")
        if call.params.get("force") != "true":
            raise Refusal(501, "woocommerce_rest_trash_not_supported", "Customers do not support trashing.")
        self.gone.add(("customers", number))
        return Answer(dict(customers[number]))

    def _list(self, call: Call, kind: str, rows: list[Node]) -> Answer:
        size = _number(call, "per_page", 10, LARGEST)
        page = _number(call, "page", 1, 10**9)
        start = int(call.params["offset"]) if call.params.get("offset", "").isdigit() else (page - 1) * size
        shown = [dict(row) for row in rows[start : start + size]]
        headers = {"X-WP-Total": str(len(rows)), "X-WP-TotalPages": str(-(-len(rows) // size))}
        # The first link is not one of the list's.
        headers["Link"] = f'<{HOME.removesuffix("wc/v3")}>; rel="https://api.w.org/"'
        if start + size < len(rows):
            headers["Link"] += f', <{HOME}/{kind}?page={page + 1}>; rel="next"'
        elif kind in PROMISED and size > 1:
            self.faults.release(NAME, kind, self.clock.now)
        if shown and self.faults.strikes("empty_page", NAME, call.signature):
            return Answer([], headers=headers)
        if start and self.faults.strikes("repeated", NAME, call.signature):
            shown = [dict(rows[start - 1]), *shown]
        for row in shown if kind in PROMISED else ():
            self._trouble(kind, row)
        if shown and self.faults.strikes("reordered", NAME, call.signature):
            Random(call.signature).shuffle(shown)
        return Answer(shown, headers=headers)

    def _trouble(self, kind: str, row: Node) -> None:
        if self.faults.chooses("unknown_field", NAME, f"{kind}/{row['id']}"):
            row["sim_points"] = {"balance": 12}
        if self._lacks(kind, row["id"]):
            del row[PROMISED[kind]]


def _known(found: dict[int, Any], key: str, kind: str) -> int:
    if not key.isdigit() or int(key) not in found:
        code = "woocommerce_rest_shop_order_invalid_id" if kind == "orders" else "woocommerce_rest_invalid_id"
        raise Refusal(404, code, "Invalid resource ID.")
    return int(key)


def _number(call: Call, name: str, default: int, most: int) -> int:
    text = call.params.get(name, str(default))
    if not text.isdigit() or not 1 <= int(text) <= most:
        raise Refusal(400, "rest_invalid_param", f"Invalid parameter(s): {name}")
    return int(text)


def _chosen(call: Call, kind: str, rows: Iterable[Node]) -> list[Node]:
    """Filtered and sorted as asked for; the newest first unless told otherwise, customers by name."""
    asked = call.params
    by = asked.get("orderby", "date" if kind == "orders" else "name")
    if by not in ORDERINGS[kind]:
        raise Refusal(400, "rest_invalid_param", "Invalid parameter(s): orderby")
    if kind == "orders":
        rows = _orders(call, rows)
    elif asked.get("role", "customer") not in ("all", "customer"):
        rows = []
    names = {"id": "id", "modified": "date_modified_gmt", "name": "username"}
    key = names.get(by, "date_created_gmt")
    is_backwards = asked.get("order", "desc" if kind == "orders" else "asc") == "desc"
    found = sorted(rows, key=lambda row: (row[key], row["id"]), reverse=is_backwards)
    return [row for row in found if "email" not in asked or row.get("email") == asked["email"]]


def _orders(call: Call, rows: Iterable[Node]) -> list[Node]:
    wanted = call.all("status") or call.all("status[]") or ["any"]
    if not set(wanted) <= set(STATUSES):
        raise Refusal(400, "rest_invalid_param", "Invalid parameter(s): status")
    found = [row for row in rows if row["status"] in wanted or ("any" in wanted and row["status"] != "trash")]
    for name, field, is_lower in (
        ("after", "date_created_gmt", True),
        ("before", "date_created_gmt", False),
        ("modified_after", "date_modified_gmt", True),
        ("modified_before", "date_modified_gmt", False),
    ):
        if name in call.params:
            limit = _moment(call, name)
            found = [row for row in found if (row[field] > limit if is_lower else row[field] < limit)]
    return found


def _moment(call: Call, name: str) -> str:
    """The time asked for as GMT text: the site's own zone unless told otherwise."""
    try:
        told = datetime.fromisoformat(call.params[name].removesuffix("Z"))
    except ValueError:
        raise Refusal(400, "rest_invalid_param", f"Invalid parameter(s): {name}") from None
    is_gmt = call.params.get("dates_are_gmt") in ("true", "1")
    local = read_moment(told.isoformat()) if is_gmt or told.tzinfo else told.replace(tzinfo=PARIS)
    return f"{local.astimezone(read_moment('2026-01-01').tzinfo):%Y-%m-%dT%H:%M:%S}"


def _is_signed(call: Call) -> bool:
    """OAuth 1.0a of one leg, as shops on plain http ask for it; a parameter said twice counts once."""
    told = dict(call.query)
    given = told.pop("oauth_signature", "")
    if told.get("oauth_consumer_key") != KEY or told.get("oauth_signature_method") != "HMAC-SHA256":
        return False

    def twice(text: str) -> str:
        return quote(unquote(text)).replace("%", "%25")

    pairs = "%26".join(f"{twice(name)}%3D{twice(told[name])}" for name in sorted(told))
    text = f"{call.method}&{quote(f'{call.base}/{call.path}', '')}&{pairs}"
    digest = hmac.new(f"{SECRET}&".encode(), text.encode(), hashlib.sha256).digest()
    return hmac.compare_digest(base64.b64encode(digest).decode(), given)
