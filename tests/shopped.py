"""The same made-up shop kept with several vendors, and its reviews, in one small warehouse built once.

Every mix of ways (API, webhook, file) is an account of its own, and so is each spoilt record. What the
contracts say of the same people and orders must be the same, whoever's shop it is.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import requests
from homes import make_company
from hypothesis import given
from hypothesis import strategies as st
from spoiling import EACH, FUZZED, land_spoilt, none_held_without_reason
from tape import fetched, module, since_of, stream
from ways import MIXES, WAYS, build, client_of, from_file, land

from connectors.stream import PlatformDown, Since
from pipelines import raw
from pipelines.home import Home
from pipelines.warehouse_file import warehouse
from simulator import exports
from simulator.company import make
from simulator.model import Company
from simulator.platforms.square import push as square
from simulator.platforms.woocommerce import push as woocommerce
from simulator.server import running

UNTIL = date(2026, 11, 20)
# (stream, way) -> rows
Rows = dict[tuple[str, str], list[dict]]


@dataclass(frozen=True)
class Shops:
    """What was read of each shop but Shopify, and what the contracts made of it."""

    company: Company
    base_url: str
    rows: dict[str, Rows]
    told: duckdb.DuckDBPyConnection


def _square_pushed(name: str, rows: list[dict], client: Any) -> list[dict]:
    """The same records read once more, because an event names them."""
    kind = {"customers": "customer", "orders": "order"}[name]
    bodies = [square.delivery(square.event(f"{kind}.updated", row["id"], {}))[1] for row in rows]
    hooks = [hook for body in bodies for hook in module("square").WEBHOOK.receive(body, client)]
    assert {(hook.stream, hook.op) for hook in hooks} == {(name, "upsert")}
    return [row for hook in hooks for row in hook.rows]


def _woocommerce_pushed(name: str, rows: list[dict], client: Any) -> list[dict]:
    """The same records pushed: what the API adds for itself is not in them."""
    sent = [{k: v for k, v in row.items() if not k.endswith("_utc") and k != "boxes"} for row in rows]
    for row in sent:
        row["refunds"] = [{k: one[k] for k in ("id", "reason", "total")} for one in row.get("refunds", ())]
    kind = {"customers": "customer", "orders": "order"}[name]
    bodies = [woocommerce.delivery(kind, "updated", row)[1] for row in sent]
    hooks = [hook for body in bodies for hook in module("woocommerce").WEBHOOK.receive(body, client)]
    assert {(hook.stream, hook.op) for hook in hooks} == {(name, "upsert")}
    return [row for hook in hooks for row in hook.rows]


@dataclass(frozen=True)
class Ways:
    """By which ways a vendor tells: its files by stream, and what it pushes of the records of a stream."""

    files: dict[str, str]
    pushed: Callable[[str, list[dict], Any], list[dict]] | None = None

    def mixes(self) -> list[str]:
        return [mix for mix in MIXES if self.pushed or "w" not in mix]


VENDORS = {
    "woocommerce": Ways(
        {"customers": "customers-report.csv", "orders": "order_export.csv"}, _woocommerce_pushed
    ),
    "prestashop": Ways(
        {"customers": "customer.csv", "addresses": "request_sql_1.csv", "orders": "request_sql_2.csv"}
    ),
    "square": Ways({"customers": "customers.csv", "orders": "transactions.csv"}, _square_pushed),
    # Where it has its reviews.
    "yotpo": Ways({"reviews": "reviews.csv"}),
    "trustpilot": Ways({"reviews": "reviews.csv"}),
}


def read(platform: str, ways: Ways, base_url: str, here: Home, folder: Path) -> Rows:
    found: Rows = {}
    client = client_of(platform, base_url)
    for one in module(platform).STREAMS:
        rows, announced = fetched(one, client, "maison", since_of({}))
        assert len({row["id"] for row in rows}) == announced.get("", len(rows))
        found[one.name, "a"] = rows
        if ways.pushed:
            found[one.name, "w"] = ways.pushed(one.name, rows, client)
        if file := ways.files.get(one.name):
            found[one.name, "f"] = from_file(here, folder / platform / "maison" / file, platform)
    return found


def _land_spoilt(here: Home, con: Any, rows: dict[str, Rows]) -> None:
    """Records of every shop with parts gone or something else: each is in, or held with a reason."""

    turns = count()

    @FUZZED
    @given(data=st.data())
    def spoil(data):
        first = next(turns) * EACH
        for platform, found in rows.items():
            for (name, way), some in found.items():
                one = stream(platform, name)
                land_spoilt(here, con, platform, one, WAYS[way], some, data, first)

    spoil()
    none_held_without_reason(con)


@contextmanager
def shops(tmp_path: Path) -> Iterator[Shops]:
    company = make(120, 7, UNTIL)
    here = make_company(tmp_path).home
    exports.exports(company, tmp_path / "exports")
    with running(company) as base_url:
        rows = {
            name: read(name, ways, base_url, here, tmp_path / "exports") for name, ways in VENDORS.items()
        }
        with warehouse(here) as con:
            raw.ensure(con)
            for platform, found in rows.items():
                for (name, way), some in sorted(found.items(), reverse=True):
                    mixes = [mix for mix in VENDORS[platform].mixes() if way in mix]
                    land(here, con, platform, stream(platform, name), WAYS[way], dict.fromkeys(mixes, some))
            client = client_of("shopify", base_url)
            for one in module("shopify").STREAMS:
                some, _ = fetched(one, client, "maison-exemple", since_of({}))
                land(here, con, "shopify", one, "api", {"a": some})
            _land_spoilt(here, con, rows)
        build(here)
        with duckdb.connect(str(here.warehouse), read_only=True) as told:
            told.execute("set timezone = 'UTC'")
            yield Shops(company, base_url, rows, told)


def all_comes(
    company: Company, platform: str, secret: str, keys: dict[str, set[str]], **settings: Any
) -> None:
    """Of a shop at its nastiest, by stream; a refused key, `secret`, is told once."""
    with running(company, faults="nasty", seed=5) as base_url:
        calm = {"wait_seconds": 0, "slow_seconds": 0.01}
        requests.post(f"{base_url}/_sim/faults", json=calm, timeout=5)
        if settings:
            wish = {"platform": platform, **settings}
            requests.post(f"{base_url}/_sim/settings", json=wish, timeout=5).raise_for_status()
        for name, wanted in keys.items():
            found: set[str] = set()
            for _ in range(5):
                client = client_of(platform, base_url)
                try:
                    rows, announced = fetched(stream(platform, name), client, "maison", Since(None))
                except Exception as error:
                    # An unreadable answer outlasts nobody's patience twice.
                    assert isinstance(error, PlatformDown) or secret in str(error), error
                    continue
                found |= {str(row["id"]) for row in rows}
                if len(found) == announced.get("", len(found)) == len(wanted):
                    break
            assert found == wanted, name
