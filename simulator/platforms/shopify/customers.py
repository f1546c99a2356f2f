"""A customer of the shop at one moment, with every field of the schema."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from simulator.model import ShopCustomer, ShopOrder
from simulator.platforms.shopify.nodes import (
    Node,
    address,
    gid,
    inner_connection,
    inner_list,
    money,
    stamp,
    state_at,
)

SHOP_CURRENCY = "EUR"


@dataclass(frozen=True)
class CustomerThen:
    """A customer, their orders and the moment of the last change, as known at one moment."""

    record: ShopCustomer
    orders: Sequence[ShopOrder]
    updated_at: datetime

    @property
    def key(self) -> int:
        return int(self.record.customer_id)


def changed_at(record: ShopCustomer, orders: Sequence[ShopOrder], now: datetime) -> datetime:
    """An order changes its customer's record too: count and amount are on it."""
    moments = [record.created_at, record.visible_at]
    moments += [consent.at for consent in record.consents if consent.at <= now]
    for order in orders:
        moments += [order.created_at, order.visible_at]
        moments += [refund.at for refund in order.refunds if refund.at <= now]
        moments += [order.cancelled_at] if order.cancelled_at and order.cancelled_at <= now else []
    return max(moments)


def node(then: CustomerThen, now: datetime, order_nodes: Callable[[], list[Node]]) -> Node:
    """`order_nodes` renders their orders, oldest first, if anybody asks for them."""
    record = then.record
    home = address(record, record.customer_id)
    homes = [home] if home else []
    counted = [order for order in then.orders if not order.is_test]
    names = " ".join(name for name in (record.first_name, record.last_name) if name)
    return {
        "__typename": "Customer",
        "id": gid("Customer", record.customer_id),
        "legacyResourceId": record.customer_id,
        "createdAt": stamp(record.created_at),
        "updatedAt": stamp(then.updated_at),
        "firstName": record.first_name,
        "lastName": record.last_name,
        "displayName": names or record.email or record.phone or f"#{record.customer_id}",
        "email": record.email,
        "phone": record.phone,
        "defaultEmailAddress": _email(record, now),
        "defaultPhoneNumber": _phone(record, now),
        "emailMarketingConsent": _email_consent(record, now),
        "smsMarketingConsent": _sms_consent(record, now),
        "defaultAddress": home,
        "addresses": inner_list(homes),
        "addressesV2": inner_connection(homes),
        "numberOfOrders": str(len(counted)),
        "amountSpent": money(_spent(counted, now), SHOP_CURRENCY),
        "lastOrder": lambda info: next(reversed(order_nodes()), None),
        "orders": lambda info, **page: inner_connection(order_nodes())(info, **page),
        "locale": record.locale,
        "tags": list(record.tags),
        "state": "ENABLED" if then.key % 3 == 0 else "DISABLED",
        # True by default for records made by staff or an app: proves nothing about the address.
        "verifiedEmail": True,
        "canDelete": not then.orders,
        "dataSaleOptOut": False,
        "lifetimeDuration": "about 1 year",
        "multipassIdentifier": None,
        "note": None,
        "productSubscriberStatus": "NEVER_SUBSCRIBED",
        "statistics": {"predictedSpendTier": None, "rfmGroup": None},
        "taxExempt": False,
    }


def _spent(orders: Sequence[ShopOrder], now: datetime) -> Decimal:
    total = Decimal(0)
    for order in orders:
        if order.cancelled_at is None or order.cancelled_at > now:
            total += order.total - sum((r.amount for r in order.refunds if r.at <= now), Decimal(0))
    return total


def _email(record: ShopCustomer, now: datetime) -> Node | None:
    if not record.email:
        return None
    state = state_at(record.consents, "email", now)
    return {
        "emailAddress": record.email,
        "marketingState": state.state.upper() if state else "NOT_SUBSCRIBED",
        "marketingOptInLevel": state.level if state else None,
        "marketingUpdatedAt": stamp(state.at) if state else None,
        "marketingUnsubscribeUrl": f"https://maison-exemple.example/unsubscribe/{record.customer_id}",
        "openTrackingLevel": "UNKNOWN",
        "validFormat": "@" in record.email and " " not in record.email,
    }


def _phone(record: ShopCustomer, now: datetime) -> Node | None:
    if not record.phone:
        return None
    state = state_at(record.consents, "sms", now)
    return {
        "phoneNumber": record.phone,
        "marketingState": state.state.upper() if state else "NOT_SUBSCRIBED",
        "marketingOptInLevel": state.level if state else None,
        "marketingUpdatedAt": stamp(state.at) if state else None,
        "marketingCollectedFrom": "SHOPIFY" if state else None,
    }


def _email_consent(record: ShopCustomer, now: datetime) -> Node | None:
    """The deprecated form of the same state."""
    told = _email(record, now)
    return told and {
        "marketingState": told["marketingState"],
        "marketingOptInLevel": told["marketingOptInLevel"],
        "consentUpdatedAt": told["marketingUpdatedAt"],
    }


def _sms_consent(record: ShopCustomer, now: datetime) -> Node | None:
    told = _phone(record, now)
    return told and {
        "marketingState": told["marketingState"],
        "marketingOptInLevel": told["marketingOptInLevel"] or "UNKNOWN",
        "consentUpdatedAt": told["marketingUpdatedAt"],
        "consentCollectedFrom": told["marketingCollectedFrom"],
    }
