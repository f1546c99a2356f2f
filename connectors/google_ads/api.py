"""How to ask Google Ads: one query language, answers in chunks, a token that lives for an hour."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from connectors.ads import named_accounts, today_in
from connectors.client import Env
from connectors.google import Google, bearing
from connectors.google_ads.errors import judge
from connectors.google_ads.versions import VERSION
from connectors.side_by_side import handed
from connectors.stream import BadAnswer, NotThere

ADDRESS = "https://googleads.googleapis.com"
ROWS = "results"  # what a chunk calls its rows
FORM_IDS = "SELECT asset.id FROM asset WHERE asset.type = 'LEAD_FORM'"


class GoogleAds(Google):
    """The Google Ads API for the accounts named in the settings, through one refresh token.

    Nothing is asked of the environment before the first call: webhooks and files of a single account are
    read without any access to the API.
    """

    def __init__(self, env: Env) -> None:
        # Google names no pace: its quota is of a day, and few calls bring all of an account.
        super().__init__(env, "google_ads", "GOOGLE_ADS", ADDRESS, judge, {"per_second": 20})
        self.at_once = int(env.settings.get("at_once", 4))  # months of figures side by side
        self.version = str(env.settings.get("version", VERSION))
        self._owners: dict[str, str] | None = None

    def headers(self) -> dict[str, str]:
        told = {"developer-token": self.env.secret("GOOGLE_ADS_DEVELOPER_TOKEN")}
        if manager := self.env.settings.get("manager"):
            told["login-customer-id"] = number(manager)
        return told

    def search(self, customer: str, query: str) -> list[Any]:
        """The rows of a query, those of all chunks; what is zero, false or empty is not in them."""
        http, path = self.http, self._path(customer)
        chunks = self.access.use(lambda token: http.post(path, {"query": query}, bearing(token)).data)
        return [row for found in _rows(chunks) for row in found]

    def lots(self, customer: str, query: str) -> Iterator[list[Any]]:
        """The same rows in lots, as they come; after a cut the first of them come again."""
        http, path = self.http, self._path(customer)

        def ask(give: Callable[[list[Any]], None]) -> None:
            chunks = self.access.use(
                lambda token: http.post_for_rows(path, {"query": query}, bearing(token), ROWS, give).data
            )
            _rows(chunks)  # what is left of them has the right shape, too

        return handed(ask)

    def _path(self, customer: str) -> str:
        return f"{self.version}/customers/{customer}/googleAds:searchStream"

    def owner_of(self, form: str) -> str:
        """The account a form belongs to: neither webhook nor file tells it.

        Raises NotThere for a form of no account.
        """
        if len(chosen := customers(self)) == 1:
            return chosen[0]
        if self._owners is None:
            rows = {one: self.search(one, FORM_IDS) for one in chosen}
            self._owners = {_id_of(row): one for one, found in rows.items() for row in found}
        if form not in self._owners:
            raise NotThere(f"google_ads: form {form[:30]} is of none of platforms.google_ads.customers")
        return self._owners[form]

    def today(self, zone: Any) -> date:
        """The platform's day, which need not be ours, in an account's zone."""
        return today_in(zone, self.http.date or self.env.now())


def client(env: Env) -> GoogleAds:
    return GoogleAds(env)


def customers(google: GoogleAds) -> list[str]:
    """The accounts named in the settings.

    Raises MissingPermission where none is: a manager's token sees accounts of many companies.
    """
    return [number(one) for one in named_accounts(google.env, "google_ads", "customers")]


def number(one: Any) -> str:
    """An account's number. Raises BadAnswer for one as people write it: files are kept by the plain one."""
    if not re.fullmatch(r"\d+", str(one)):
        raise BadAnswer(f"google_ads: write the account {str(one)[:20]!r} as digits alone, between quotes")
    return str(one)


def _rows(chunks: Any) -> list[list[Any]]:
    """The lists of rows of all chunks; where there is nothing, a chunk has none."""
    told = chunks if isinstance(chunks, list) else [None]
    found = [chunk.get(ROWS, []) if isinstance(chunk, dict) else None for chunk in told]
    if not all(isinstance(rows, list) for rows in found):
        raise BadAnswer("google_ads googleAds:searchStream: no rows in the answer")
    return found


def _id_of(row: Any) -> str:
    asset = row.get("asset") if isinstance(row, dict) else None
    return str(asset.get("id")) if isinstance(asset, dict) else ""
