"""How to ask a shop: one GraphQL address, priced in points, errors inside good answers."""

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from connectors.client import Answer, Client, Env, Retry, judge_status
from connectors.landing import at
from connectors.oauth import Access
from connectors.stream import (
    BadAnswer,
    BrokenToken,
    ConnectorError,
    MissingCredential,
    MissingPermission,
    PlatformDown,
    RetiredVersion,
    Row,
)

log = logging.getLogger("connectors")

VERSION = "2026-07"
POLL_SECONDS = 2.0  # between two looks at a file the shop is writing
BULK_FROM = 2000  # records; below, pages are there before the shop has begun


class TooDear(ConnectorError):
    """The query costs more than one query may: ask for less at once."""


class Shopify:
    """One shop: its address, and a token that is fetched and renewed where the app has no fixed one."""

    def __init__(self, env: Env) -> None:
        self.account = str(env.settings.get("shop") or "")
        if not self.account and not env.settings.get("base_url"):
            raise MissingCredential("set platforms.shopify.shop to the shop's word in <word>.myshopify.com")
        self.account = self.account or "shop"
        self.version = str(env.settings.get("version", VERSION))
        self.env = env
        self.now, self.sleep = env.now, env.sleep
        self.poll_seconds = float(env.settings.get("poll_seconds", POLL_SECONDS))
        self.bulk_from = int(env.settings.get("bulk_from", BULK_FROM))
        self._warned: set[str] = set()
        fixed, secret = env.secrets.get("SHOPIFY_TOKEN", "").strip(), ""
        if not fixed:
            try:
                self._id, secret = env.secret("SHOPIFY_CLIENT_ID"), env.secret("SHOPIFY_CLIENT_SECRET")
            except MissingCredential:
                raise MissingCredential(
                    "set SHOPIFY_TOKEN, or SHOPIFY_CLIENT_ID and SHOPIFY_CLIENT_SECRET"
                ) from None
        self._access = Access(env, "shopify", fixed=fixed, seed=secret, renew=self._make_token)
        self.http = Client.of(
            env,
            "shopify",
            env.settings.get("base_url") or f"https://{self.account}.myshopify.com",
            per_second=10,  # the price in points is the real limit
            judge=partial(judge, self.version, self.warn),
            ease=ease,
            secrets=(fixed, secret),
        )

    def ask(self, query: str, variables: Mapping[str, Any] | None = None) -> tuple[Row, float]:
        """The `data` of a query and the points asked for it."""
        body = {"query": query, "variables": dict(variables or {})}
        path = f"admin/api/{self.version}/graphql.json"
        answer = self._access.use(lambda token: self.http.post(path, body, {"X-Shopify-Access-Token": token}))
        data = answer.data.get("data") if isinstance(answer.data, dict) else None
        if not isinstance(data, dict):
            raise BadAnswer("shopify: no data in the answer")
        cost = at(answer.data, "extensions.cost.requestedQueryCost")
        return data, float(cost) if isinstance(cost, int | float) else 0.0

    def warn(self, text: str) -> None:
        """Say it once per run."""
        if text not in self._warned:
            self._warned.add(text)
            log.warning(text)

    def _make_token(self, client_secret: str) -> Any:
        """By the app's own credentials: good for a day or less, and there is no refresh token."""
        body = {
            "client_id": self._id,
            "client_secret": client_secret,
            "grant_type": "client_credentials",
        }
        return self.http.post("admin/oauth/access_token", body).data


def client(env: Env) -> Shopify:
    return Shopify(env)


def judge(version: str, warn: Callable[[str], None], answer: Answer) -> Retry | ConnectorError | None:
    """Most errors come with status 200, and a denied field is null beside an error with its path."""
    if answer.status == 401:
        return BrokenToken("the token is refused: renew SHOPIFY_TOKEN or SHOPIFY_CLIENT_SECRET")
    if answer.status == 400 and at(answer.data, "error"):  # of the address that makes tokens alone
        return BrokenToken(
            f"no token is made ({str(at(answer.data, 'error'))[:100]}): look at SHOPIFY_CLIENT_ID and "
            "SHOPIFY_CLIENT_SECRET, and whether the app is installed in the shop"
        )
    if answer.status in {402, 423}:
        return PlatformDown(f"the shop is frozen or locked ({answer.status})")
    if answer.status == 403:
        return MissingPermission("the app lacks a scope: read_customers, read_orders, read_all_orders")
    if answer.status == 404:
        return BadAnswer("no such shop: check platforms.shopify.shop")
    if answer.status >= 300 or not isinstance(answer.data, dict):
        return judge_status(answer)
    served = answer.headers.get("x-shopify-api-version", version)
    if served != version:
        warn(f"shopify no longer serves {version} and answers as {served}: set platforms.shopify.version")
    if errors := answer.data.get("errors"):
        return _judge_errors(errors, answer.data, served if served != version else None)
    searches = at(answer.data, "extensions.search")
    if isinstance(searches, list) and any(at(search, "warnings") for search in searches):
        # Else an unknown filter would quietly be a search for its own text.
        return BadAnswer("the search filter was not understood")
    return None


def _judge_errors(errors: Any, data: Row, other_version: str | None) -> Retry | ConnectorError:
    if not isinstance(errors, list) or not all(isinstance(error, dict) for error in errors):
        return BadAnswer(str(errors)[:200])
    codes = {str(at(error, "extensions.code")) for error in errors}
    if "THROTTLED" in codes:
        return Retry("out of points", _seconds_until_affordable(data))
    if "MAX_COST_EXCEEDED" in codes:
        return TooDear("one query costs too much")
    if "ACCESS_DENIED" in codes:
        places = sorted({".".join(map(str, error.get("path") or ())) for error in errors})
        return MissingPermission(f"{', '.join(places)}: {str(errors[0].get('message'))[:200]}")
    if "INTERNAL_SERVER_ERROR" in codes or "TIMEOUT" in codes:
        return Retry("the server stumbled")
    if other_version:
        return RetiredVersion(f"the query does not fit {other_version}: update this connector")
    return BadAnswer(str(errors[0].get("message"))[:200])


def _seconds_until_affordable(data: Row) -> float | None:
    cost = at(data, "extensions.cost")
    try:
        available = float(at(cost, "throttleStatus.currentlyAvailable"))
        missing = float(at(cost, "requestedQueryCost")) - available
        return max(0.5, missing / float(at(cost, "throttleStatus.restoreRate")))
    except (TypeError, ValueError, ZeroDivisionError):
        return None


def ease(answer: Answer) -> float:
    """Seconds until the next query of the same price fits the bucket: better than being refused."""
    missing = _seconds_until_affordable(answer.data if isinstance(answer.data, dict) else {})
    return missing if missing and missing > 0.5 else 0.0
