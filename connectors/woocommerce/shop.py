"""How to ask a shop: one address of its own, pages that say how many there are, errors with a code."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from connectors.client import Answer, Env, Retry, judge_status
from connectors.stream import (
    BadAnswer,
    BrokenToken,
    ConnectorError,
    MissingPermission,
    NotThere,
    RetiredVersion,
    Row,
)
from connectors.wordpress import Site, utc

API = "wp-json/wc/v3"


class WooCommerce(Site):
    """One shop by one key."""

    def __init__(self, env: Env) -> None:
        super().__init__(env, "woocommerce", API, judge)
        self.account = str(env.settings.get("account") or urlsplit(self.address).hostname or "shop")
        self.boxes: dict[str, str] = dict(env.settings.get("consent_boxes") or {})

    def ask(self, path: str, params: Mapping[str, Any] | None = None) -> tuple[Any, int | None]:
        """The body, and how many records the whole list has where the shop says so."""
        answer = self.answer(path, params)
        told = str(answer.headers.get("X-WP-Total", ""))
        return answer.data, int(told) if told.isascii() and told.isdigit() else None

    def dated(self, row: Any) -> Any:
        """The row, beside its own times the same with an offset, and the boxes we know, with their words.

        What is no object goes on as it is.
        """
        if not isinstance(row, dict):
            return row
        created, changed = utc(row.get("date_created_gmt")), utc(row.get("date_modified_gmt"))
        more: Row = {"created_at_utc": created, "changed_at_utc": changed or created}
        more["boxes"] = list(self._boxes(row.get("meta_data"))) or None
        return row | {name: value for name, value in more.items() if value}

    def _boxes(self, told: Any) -> Iterator[Row]:
        """Plugins keep a tick under a key of theirs; only configuration knows what people read beside it."""
        for one in told if isinstance(told, list) else ():
            if isinstance(one, dict) and str(one.get("key")) in self.boxes:
                words = self.boxes[str(one["key"])]
                yield {"key": str(one["key"]), "wording": words, "value": one.get("value")}


def client(env: Env) -> WooCommerce:
    return WooCommerce(env)


def judge(answer: Answer) -> Retry | ConnectorError | None:
    """The shop's codes say more than its statuses: 401 is also said to a good key that may not read."""
    told: Row = answer.data if isinstance(answer.data, dict) else {}
    code = str(told.get("code") or "")
    if answer.status in {401, 403} and "cannot_" in code:
        return MissingPermission(f"the key may not do this ({code}): its user must manage the shop")
    if answer.status == 401:
        return BrokenToken(
            "the key is refused: make a new one (WooCommerce, Settings, Advanced, REST API) into "
            "WOOCOMMERCE_KEY and WOOCOMMERCE_SECRET; if it is new, try key_in: address"
        )
    if answer.status == 403 and not code:
        return MissingPermission("a firewall answers in the shop's place: let this machine through")
    if code == "rest_no_route":
        return RetiredVersion("no REST API v3 there: is WooCommerce active, are permalinks not plain?")
    if answer.status == 404 and code:
        return NotThere(code)
    if answer.status == 404:
        return BadAnswer("no shop there: check platforms.woocommerce.site")
    return judge_status(answer)
