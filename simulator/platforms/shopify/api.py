"""The HTTP side of the shop: tokens, versions, points, and errors inside good answers."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from graphql import ExecutionResult, execute

from simulator.clock import Clock
from simulator.faults import Faults
from simulator.model import Company
from simulator.platforms.shopify.bulk import ENDINGS, Bulk
from simulator.platforms.shopify.cost import MAX_COST, Bucket, Pricing
from simulator.platforms.shopify.documents import Reader, deny, too_dear
from simulator.platforms.shopify.graph import Context, Graph
from simulator.wire import Answer, Call

CLIENT_ID, CLIENT_SECRET = "sim-shopify-id", "sim-shopify-secret"
TOKEN = "shpat_sim"
TOKEN_LIFE = timedelta(hours=24)
VERSIONS = ("2025-10", "2026-01", "2026-04", "2026-07", "2026-10", "unstable")
PROMISED = {"customers": "updatedAt", "orders": "currencyCode"}
UNAUTHORISED = "[API] Invalid API key or access token (unrecognized login or wrong password)"


@dataclass
class Settings:
    """What a shop's plan and the app's scopes decide."""

    plan: str = "plus"
    read_all_orders: bool = True
    access_denied: bool = False
    bucket: Bucket | None = None
    bulk: str = "completed"  # how operations begun from now on will end
    bulk_looks: int = 2  # after how many looks one is ready at the soonest
    bulk_at_once: int = 5

    def change(self, wish: dict[str, Any]) -> None:
        if self.bucket is not None and "plan" in wish:
            self.bucket.change(str(wish["plan"]))
        self.plan = str(wish.get("plan", self.plan))
        self.read_all_orders = _truth(wish.get("read_all_orders", self.read_all_orders))
        self.access_denied = _truth(wish.get("access_denied", self.access_denied))
        if wish.get("bulk", self.bulk) not in ENDINGS:
            raise ValueError(f"an operation ends as one of {', '.join(ENDINGS)}")
        self.bulk = str(wish.get("bulk", self.bulk))
        self.bulk_looks = int(wish.get("bulk_looks", self.bulk_looks))
        self.bulk_at_once = int(wish.get("bulk_at_once", self.bulk_at_once))


def _truth(value: Any) -> bool:
    return value if isinstance(value, bool) else str(value).lower() in ("1", "true", "yes")


def _is_file(call: Call) -> bool:
    return call.parts[:1] == ("bulk",)


class Shopify:
    name = "shopify"

    def __init__(self, company: Company, clock: Clock, faults: Faults) -> None:
        self.clock, self.faults = clock, faults
        self.bucket = Bucket()
        self.settings = Settings(bucket=self.bucket)
        self.graph = Graph(company, clock, faults, self.settings)
        self.bulk = Bulk(self.graph.schema, clock, self.settings, self._settle, self._release)
        self._tokens: dict[str, datetime] = {}
        self._is_static_refused = False
        self._turn = 0
        self._reader = Reader(self.graph.schema)

    def answer(self, call: Call) -> Answer:
        if call.parts == ("admin", "oauth", "access_token"):
            return self._new_token(call)
        if _is_file(call):
            return self.bulk.file(call)
        version = self._version(call)
        if version is None:
            return Answer({"errors": "Not Found"}, 404)
        headers = self._headers(call.parts[2], version)
        if not self._is_known(call.headers.get("x-shopify-access-token", "")):
            return Answer({"errors": UNAUTHORISED}, 401, headers)
        if call.method != "POST" or not isinstance(call.json, dict) or not call.json.get("query"):
            return Answer({"errors": {"query": "Required parameter missing or invalid"}}, 400, headers)
        return self._execute(call, headers)

    def refuse(self, call: Call, fault: str) -> Answer:
        self._turn += 1
        if _is_file(call):
            return Answer("<Error><Code>SlowDown</Code></Error>", 503, {"Content-Type": "application/xml"})
        headers = self._headers("2026-07", "2026-07")
        if fault == "throttle":
            if self._turn % 4 == 0:  # reported by some, besides the usual 200
                return Answer({"errors": "Exceeded rate limit"}, 429, headers | {"Retry-After": "1.0"})
            return self._throttled(self._price(call), headers, self.faults.wait_seconds)
        if self._turn % 2:
            told = {"code": "INTERNAL_SERVER_ERROR", "requestId": f"sim-{self._turn}"}
            message = "Internal error. Looks like something went wrong on our end."
            return Answer({"errors": [{"message": message, "extensions": told}]}, 200, headers)
        gateway = "<html><head><title>502 Bad Gateway</title></head><body></body></html>"
        return Answer(gateway, 502, {"Content-Type": "text/html"})

    def expire(self, call: Call) -> None:
        token = call.headers.get("x-shopify-access-token", "")
        if token == TOKEN:
            self._is_static_refused = True
        self._tokens.pop(token, None)

    def is_spared(self, call: Call) -> bool:
        return call.parts == ("admin", "oauth", "access_token")

    def change(self, wish: dict[str, Any]) -> None:
        self.settings.change(wish)

    def missing(self) -> dict[str, dict[str, str]]:
        stock = self.graph.stock()
        keys = {"customers": stock.customers, "orders": stock.orders}
        return {
            things: {key: PROMISED[things] for key in found if self._lacks(things, key)}
            for things, found in keys.items()
        }

    # -- tokens and versions ----------------------------------------------------------------------

    def _new_token(self, call: Call) -> Answer:
        asked = call.json if isinstance(call.json, dict) else call.params
        known = asked.get("client_id") == CLIENT_ID and asked.get("client_secret") == CLIENT_SECRET
        if not known or asked.get("grant_type") != "client_credentials":
            return Answer(
                {"error": "invalid_client", "error_description": "Client authentication failed"}, 400
            )
        token = "shpat_" + hashlib.blake2b(f"token {len(self._tokens)}".encode(), digest_size=16).hexdigest()
        self._tokens[token] = self.clock.now + TOKEN_LIFE
        scope = "read_customers,read_orders" + (",read_all_orders" if self.settings.read_all_orders else "")
        life = int(TOKEN_LIFE.total_seconds()) - 1
        return Answer({"access_token": token, "scope": scope, "expires_in": life})

    def _is_known(self, token: str) -> bool:
        if token == TOKEN:
            refused, self._is_static_refused = self._is_static_refused, False
            return not refused
        return self._tokens.get(token, self.clock.now) > self.clock.now

    def _version(self, call: Call) -> str | None:
        """The version that answers: a retired one falls forward to the oldest supported."""
        match call.parts:
            case ("admin", "api", asked, "graphql.json"):
                if asked in VERSIONS:
                    return asked
                is_old = re.fullmatch(r"20\d\d-(01|04|07|10)", asked) and asked < VERSIONS[0]
                return VERSIONS[0] if is_old else None
        return None

    def _headers(self, asked: str, version: str) -> dict[str, str]:
        headers = {"X-Shopify-API-Version": version, "X-Request-Id": f"sim-{self._turn}"}
        if asked != version:
            headers["X-Shopify-API-Version-Warning"] = (
                f"https://shopify.dev/docs/api/usage/versioning ({asked} is no longer supported)"
            )
        return headers

    # -- queries ----------------------------------------------------------------------------------

    def _price(self, call: Call) -> int:
        body = call.json if isinstance(call.json, dict) else {}
        document = self._reader.read(str(body.get("query", "")))
        if document.parsed is None or document.errors:
            return 1
        return Pricing(self.graph.schema, document.parsed, body.get("variables") or {}).cost()

    def _throttled(self, requested: int, headers: dict[str, str], wait: float) -> Answer:
        level = max(0, requested - 1 - int(wait * self.bucket.restore)) if wait else self.bucket.level
        cost = self.bucket.report(requested, None, level)
        error = {"message": "Throttled", "extensions": {"code": "THROTTLED",
                 "documentation": "https://shopify.dev/api/usage/rate-limits"}}  # fmt: skip
        return Answer({"errors": [error], "extensions": {"cost": cost}}, 200, headers)

    def _execute(self, call: Call, headers: dict[str, str]) -> Answer:
        read = self._reader.read(str(call.json["query"]))
        if read.deprecated:
            headers["X-Shopify-API-Deprecated-Reason"] = ",".join(read.deprecated)
        if read.parsed is None or read.errors:
            return Answer({"errors": list(read.errors)}, 200, headers)
        document = read.parsed
        variables = call.json.get("variables") or {}
        pricing = Pricing(self.graph.schema, document, variables)
        requested = pricing.cost()
        if requested > MAX_COST:
            return Answer({"errors": [too_dear(requested)]}, 200, headers)
        if requested > self.bucket.level:
            return self._throttled(requested, headers, 0)
        context = Context(call.signature, call.base)
        result = execute(
            self.graph.schema,
            document,
            context_value=context,
            variable_values=variables,
            operation_name=call.json.get("operationName"),
            field_resolver=deny if self.settings.access_denied else None,
        )
        assert isinstance(result, ExecutionResult)  # noqa: S101 - no resolver here is awaitable
        actual = min(requested, Pricing(self.graph.schema, document, variables, context.returned).cost())
        self.bucket.take(actual)
        body: dict[str, Any] = {"data": result.data}
        if result.errors:
            body["errors"] = [error.formatted for error in result.errors]
        body["extensions"] = {"cost": self.bucket.report(requested, actual)}
        if context.warnings:
            body["extensions"]["search"] = context.warnings
        self._spoil(result.data, call)
        for things in context.reached_end:
            self._release(things)
        return Answer(body, 200, headers)

    def _release(self, things: str) -> None:
        self.faults.release(self.name, things, self.clock.now)

    # -- record faults ----------------------------------------------------------------------------

    def _spoil(self, data: dict[str, Any] | None, call: Call) -> None:
        for things in PROMISED:
            listed = (data or {}).get(things)
            nodes = listed.get("nodes") if isinstance(listed, dict) else None
            self._settle(things, nodes or [], call.signature)

    def _settle(self, things: str, nodes: list[dict[str, Any]], signature: str) -> None:
        """Take promised fields away and mix the records up; a field nobody asked for cannot be added here."""
        for node in nodes:
            key = node.get("legacyResourceId") or str(node.get("id", "")).rpartition("/")[2]
            if self._lacks(things, key):
                node.pop(PROMISED[things], None)
        if nodes and self.faults.strikes("reordered", self.name, signature):
            Random(signature).shuffle(nodes)

    def _lacks(self, things: str, key: str) -> bool:
        return self.faults.chooses("missing_field", self.name, f"{things}/{key}")
