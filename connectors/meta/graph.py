"""How to ask the Graph API: which token opens what, what its errors mean, how its pages end."""

import logging
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from connectors.ads import today_in
from connectors.client import Client, Env
from connectors.meta.errors import TooMuchData, judge
from connectors.meta.limits import ease
from connectors.meta.versions import VERSION
from connectors.signatures import proof
from connectors.stream import (
    BadAnswer,
    BrokenToken,
    MissingPermission,
    Row,
)

log = logging.getLogger("connectors")

LIMIT = 100
MOST_OF_ONE_PAGE = 20  # an empty page may lead to itself for a while, not for ever
SECRET_PARAMS = frozenset({"access_token", "appsecret_proof"})


class Meta:
    """The Graph API through one system user, and through the pages it may act for."""

    def __init__(self, env: Env) -> None:
        self.env = env
        self._token = env.secret("META_TOKEN")
        self._app_secret = env.secrets.get("META_APP_SECRET", "").strip()
        self.at_once = int(env.settings.get("at_once", 8))  # lists of leads read side by side
        self.waited = 0.0  # seconds spent on leads that were hinted at and not there yet
        self._lock = threading.Lock()
        self._page_tokens: dict[str, str] | None = None
        self._form_pages: dict[str, str] | None = None
        self._test_ids: dict[str, frozenset[str]] = {}
        self.dead_metrics: set[str] = set()
        self.instagram: dict[str, str] | None = None  # account to page, once asked
        self._warned: set[str] = set()
        base = str(env.settings.get("base_url", "https://graph.facebook.com")).rstrip("/")
        self.http = Client.of(
            env,
            "meta",
            f"{base}/{env.settings.get('version', VERSION)}",
            # Meta names none a second: a page has 4,800 calls a day for each of its leads, and the headers
            # tell what is used of that, which `ease` heeds.
            per_second=25,
            judge=judge,
            ease=ease,
            secrets=(self._token, self._app_secret),
        )

    def page_tokens(self, stale: str | None = None) -> dict[str, str]:
        """Each page this user may act for and its token; asked again where `stale` is still in use."""
        with self._lock:
            if self._page_tokens is None or stale in self._page_tokens.values():
                rows = self.list("me/accounts", {"fields": "id,name,access_token"})
                self._page_tokens = {str(row["id"]): str(row.get("access_token") or "") for row in rows}
            return self._page_tokens

    def get(self, path: str, params: Mapping[str, Any], page: str | None = None) -> Row:
        """One object or one page of a list, as the system user or as `page`."""
        token = self._page_token(page) if page else self._token
        try:
            return self._get(path, params, token)
        except BrokenToken:
            if page is None:
                raise
            # A page's token ends when its holder's rights change; the user's own may still be good.
            renewed = self.page_tokens(stale=token).get(page)
            if not renewed or renewed == token:
                raise
            return self._get(path, params, renewed)

    def pages(self, path: str, params: Mapping[str, Any], page: str | None = None) -> Iterator[list[Row]]:
        """All pages of a list. Only the absence of `next` ends it: a page may be empty before."""
        limit = int(params.get("limit", LIMIT))
        params = {**params, "limit": limit}
        seen: Counter[str] = Counter()
        while True:
            try:
                data = self.get(path, params, page)
            except TooMuchData:
                if limit == 1:
                    raise
                limit = max(1, limit // 2)
                params = {**params, "limit": limit}
                continue
            if not isinstance(data.get("data"), list):
                raise BadAnswer(f"meta {urlsplit(path).path}: no list in the answer")
            if data["data"]:
                yield data["data"]
            paging = data.get("paging")
            following = paging.get("next") if isinstance(paging, dict) else None
            if not following:
                return
            if not isinstance(following, str):
                raise BadAnswer(f"meta {urlsplit(path).path}: the next page is no address")
            seen[following] += 1
            if seen[following] > MOST_OF_ONE_PAGE:
                raise BadAnswer(f"meta {urlsplit(path).path}: the same next page again and again")
            path, _, query = following.partition("?")
            params = {k: v for k, v in parse_qsl(query) if k not in SECRET_PARAMS} | {"limit": limit}

    def list(self, path: str, params: Mapping[str, Any], page: str | None = None) -> list[Row]:
        """The objects of a list that can be asked further: those with an id."""
        found = [row for rows in self.pages(path, params, page) for row in rows]
        if any(not isinstance(row, dict) or not row.get("id") for row in found):
            raise BadAnswer(f"meta {path}: an object without an id")
        return found

    def form_pages(self) -> dict[str, str]:
        """Form to page, for all pages this user may act for; asked once."""
        if self._form_pages is None:
            found = {}
            for page in self.page_tokens():
                for form in self.list(f"{page}/leadgen_forms", {"fields": "id"}, page):
                    found[str(form["id"])] = page
            self._form_pages = found
        return self._form_pages

    def test_ids(self, form: str, page: str) -> frozenset[str]:
        """The leads of a form that somebody made to try it out; asked once."""
        if form not in self._test_ids:
            rows = self.list(f"{form}/test_leads", {"fields": "id"}, page)
            self._test_ids[form] = frozenset(str(row["id"]) for row in rows)
        return self._test_ids[form]

    def today(self, zone: Any = None) -> date:
        """The platform's day, which need not be ours, in the zone of an ad account."""
        return today_in(zone, self.http.date or self.env.now())

    def warn_once(self, text: str) -> None:
        """Streams are read side by side; what holds for all of them is said once."""
        with self._lock:
            is_new, _ = text not in self._warned, self._warned.add(text)
        if is_new:
            log.warning("meta: %s", text)

    def _get(self, path: str, params: Mapping[str, Any], token: str) -> Row:
        # The proof tells nothing without the token, which stays in the header.
        guarded = {"appsecret_proof": proof(token, self._app_secret)} if self._app_secret else {}
        headers = {"Authorization": f"Bearer {token}"}
        data = self.http.get(path, {**params, **guarded}, headers).data
        if not isinstance(data, dict):
            raise BadAnswer(f"meta {urlsplit(path).path}: no object in the answer")
        return data

    def _page_token(self, page: str) -> str:
        token = self.page_tokens().get(page)
        if not token:
            raise MissingPermission(f"meta: the user of META_TOKEN has no role on page {page}")
        return token


def client(env: Env) -> Meta:
    return Meta(env)
