"""What the connectors of WordPress plugins share: one site, asked by a key and a secret of the plugin.

Both travel as a name and a password. Some hosts take the Authorization header off: with `key_in: address`
they travel in the address instead. Times are UTC and do not say so.
"""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from connectors.client import Answer, Client, Env, Judge
from connectors.stream import MissingCredential
from connectors.times import iso

AT_ONCE = 8  # calls side by side, of all streams together: a small site's server has about as many workers


class Site:
    """The API of one plugin, `api` below the site's address.

    Key and secret stand in <NAME>_KEY and <NAME>_SECRET, the site's address in platforms.<name>.site.
    """

    def __init__(self, env: Env, name: str, api: str, judge: Judge) -> None:
        key, secret = env.secret(f"{name.upper()}_KEY"), env.secret(f"{name.upper()}_SECRET")
        site = str(env.settings.get("site") or "").rstrip("/")
        self.address = env.settings.get("base_url") or (site and f"{site}/{api}")
        if not self.address:
            raise MissingCredential(f"set platforms.{name}.site to the site's address, https://www.example")
        self.at_once = int(env.settings.get("at_once", AT_ONCE))
        is_in_address = env.settings.get("key_in") == "address"
        self._words = {"consumer_key": key, "consumer_secret": secret} if is_in_address else {}
        basic = base64.b64encode(f"{key}:{secret}".encode()).decode()
        self.http = Client.of(
            env,
            name,
            self.address,
            per_second=50,  # no plugin names a limit: what spares a small server is its calls at once
            connections=self.at_once,
            headers={} if is_in_address else {"Authorization": f"Basic {basic}"},
            judge=judge,
            secrets=(key, secret, basic),
        )

    def answer(self, path: str, params: Mapping[str, Any] | None = None) -> Answer:
        return self.http.get(path, {**(params or {}), **self._words})

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        return self.answer(path, params).data

    def delete(self, path: str, params: Mapping[str, Any] | None = None) -> None:
        self.http.delete(path, {**(params or {}), **self._words})


def utc(text: Any) -> str | None:
    """A time of the site in UTC, which it writes without saying so; None where it is none."""
    try:
        found = datetime.fromisoformat(text)
        return iso(found if found.tzinfo else found.replace(tzinfo=UTC))
    except (TypeError, ValueError, OverflowError):
        return None
