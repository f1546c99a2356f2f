"""Versions and tokens: the system user's, and one per page that /me/accounts hands out."""

import hashlib
import hmac
import re
from collections import Counter

from simulator.platforms.meta import errors
from simulator.wire import Call

TOKEN = "sim-meta-token"
APP_SECRET = "sim-meta-secret"
NEWEST, OLDEST = 26, 24
_PAGE_PREFIX = "sim-meta-page-"


class Tokens:
    """Which tokens are good at present."""

    def __init__(self, pages: list[str]) -> None:
        self.pages = pages
        self._generation: Counter[str] = Counter()
        self._user_is_expired = False

    def of_page(self, page_id: str) -> str:
        return f"{_PAGE_PREFIX}{page_id}-{self._generation[page_id]}"

    def check(self, call: Call) -> str:
        """The token of a call. Raises GraphError for a retired version, a bad token or a bad proof."""
        version = re.fullmatch(r"v(\d+)\.0", call.parts[0]) if call.parts else None
        if version is None:
            raise errors.unknown_object(call.parts[0] if call.parts else "")
        if not OLDEST <= int(version[1]) <= NEWEST:
            raise errors.retired_version(call.parts[0], f"v{NEWEST}.0")
        token = call.bearer or call.params.get("access_token")
        if not token:
            raise errors.no_token()
        if token != TOKEN and token not in map(self.of_page, self.pages):
            raise errors.expired_token() if token.startswith(_PAGE_PREFIX) else errors.broken_token()
        proof = call.params.get("appsecret_proof")
        expected = hmac.new(APP_SECRET.encode(), token.encode(), hashlib.sha256).hexdigest()
        if proof is not None and not hmac.compare_digest(proof.encode(), expected.encode()):
            raise errors.bad_proof()
        if token == TOKEN and self._user_is_expired:
            self._user_is_expired = False
            raise errors.expired_token()
        return token

    def expire(self, call: Call) -> None:
        """A page's token can be fetched anew; the system user's is refused this once."""
        token = call.bearer or call.params.get("access_token", "")
        for page_id in self.pages:
            if token == self.of_page(page_id):
                self._generation[page_id] += 1
                return
        self._user_is_expired = True

    def need_page(self, page_id: str, token: str) -> None:
        """Raises GraphError unless the token is that page's own."""
        self.need_any_page(token)
        if token != self.of_page(page_id):
            raise errors.unknown_object(page_id)

    @staticmethod
    def need_any_page(token: str) -> None:
        if token == TOKEN:
            raise errors.needs_page_token()
