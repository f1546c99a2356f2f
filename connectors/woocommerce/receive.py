"""The shop's webhook: a record as the API shows it, signed; of a deleted one its number alone."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from connectors.declared import documented, signed
from connectors.json_text import parse
from connectors.signatures import is_signed_in_base64
from connectors.stream import BadAnswer, Hook, NotThere
from connectors.woocommerce.fetch import complete
from connectors.woocommerce.shop import WooCommerce

PING = re.compile(rb"webhook_id=\d{1,12}")
STREAMS = ("orders", "customers")


verify = signed(
    partial(is_signed_in_base64, prefix=""), "WOOCOMMERCE_WEBHOOK_SECRET", "x-wc-webhook-signature"
)


def is_ping(body: bytes) -> bool:
    """What a shop sends when the webhook is saved, unsigned; refused, it would not be saved."""
    return PING.fullmatch(body) is not None


def receive(body: bytes, shop: WooCommerce) -> Iterator[Hook]:
    """One record, or what is not there any more. Products and coupons are no business of ours."""
    with documented("woocommerce webhook"):
        told: Any = parse(body)
        number = told["id"]
    if not isinstance(number, int) or isinstance(number, bool):
        raise BadAnswer("woocommerce webhook: its record has no number")
    if "line_items" in told:
        yield Hook("orders", shop.account, [complete(shop, told)])
    elif "is_paying_customer" in told:
        yield Hook("customers", shop.account, [shop.dated(told)])
    elif set(told) == {"id"}:
        # It does not say of what kind it was: the shop is asked, of each kind.
        for stream in STREAMS:
            if _is_gone(shop, stream, number):
                yield Hook(stream, shop.account, [{"id": number}], "delete")


def _is_gone(shop: WooCommerce, stream: str, number: int) -> bool:
    try:
        found, _ = shop.ask(f"{stream}/{number}")
    except NotThere:
        return True
    return isinstance(found, dict) and found.get("status") == "trash"
