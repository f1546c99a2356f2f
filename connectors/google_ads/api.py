"""How to ask Google Ads: one query language, answers in chunks, a token that lives for an hour."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from connectors.ads import named_accounts, today_in
from connectors.client import Client, Env
from connectors.google_ads.errors import judge
from connectors.google_ads.versions import VERSION
from connectors.oauth import Access, refreshing
from connectors.side_by_side import handed
from connectors.stream import BadAnswer, NotThere

ADDRESS = "https://googleads.googleapis.com"
TOKEN_ADDRESS = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address, no token
ROWS = "results"  # what a chunk calls its rows
FORM_IDS = "SELECT asset.id FROM asset WHERE asset.type = 'LEAD_FORM'"


class GoogleAds:
    """The Google Ads API for the accounts named in the settings, through one refresh token.

    Nothing is asked of the environment before the first call: webhooks and files of a single account are
    read without any access to the API.
    """

    def __init__(self, env: Env) -> None:
        self.env = env
        self.at_once = int(env.settings.get("at_once", 4))  # months of figures side by side
        self.version = str(env.settings.get("version", VERSION))
        self.base = str(env.settings.get("base_url", ADDRESS)).rstrip("/")
        # Who gives another address for the API (a proxy, a simulator) finds the tokens there, too.
        own = f"{self.base}/token" if env.settings.get("base_url") else TOKEN_ADDRESS
        self.token_address = str(env.settings.get("token_url", own))
        self._owners: dict[str, str] | None = None

    @cached_property
    def http(self) -> Client:
        secret = self.env.secret
        headers = {"developer-token": secret("GOOGLE_ADS_DEVELOPER_TOKEN")}
        if manager := self.env.settings.get("manager"):
            headers["login-customer-id"] = number(manager)
        return self._client(self.base, headers)

    def search(self, customer: str, query: str) -> list[Any]:
        """The rows of a query, those of all chunks; what is zero, false or empty is not in them."""
        http, path = self.http, self._path(customer)
        chunks = self._access.use(lambda token: http.post(path, {"query": query}, _bearing(token)).data)
        return [row for found in _rows(chunks) for row in found]

    def lots(self, customer: str, query: str) -> Iterator[list[Any]]:
        """The same rows in lots, as they come; after a cut the first of them come again."""
        http, path = self.http, self._path(customer)

        def ask(give: Callable[[list[Any]], None]) -> None:
            chunks = self._access.use(
                lambda token: http.post_for_rows(path, {"query": query}, _bearing(token), ROWS, give).data
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

    @cached_property
    def _access(self) -> Access:
        seed = self.env.secret("GOOGLE_ADS_REFRESH_TOKEN")
        return Access(self.env, "google_ads", fixed="", seed=seed, renew=self._renew)

    def _renew(self, refresh_token: str) -> Any:
        return self._oauth.form(self.token_address, refreshing(self.env, "GOOGLE_ADS", refresh_token)).data

    @cached_property
    def _oauth(self) -> Client:
        ours, theirs = urlsplit(self.base), urlsplit(self.token_address)
        # The developer token is no business of another host.
        return self.http if ours[:2] == theirs[:2] else self._client(f"{theirs[0]}://{theirs[1]}", {})

    def _client(self, base: str, headers: Mapping[str, str]) -> Client:
        kept = ("DEVELOPER_TOKEN", "CLIENT_SECRET", "REFRESH_TOKEN")
        secrets = tuple(self.env.secrets.get(f"GOOGLE_ADS_{name}", "").strip() for name in kept)
        # Google names none: its quota is of a day, and few calls bring all of an account.
        return Client.of(
            self.env, "google_ads", base, per_second=20, headers=headers, judge=judge, secrets=secrets
        )


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


def _bearing(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


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
