"""An order at one moment: what was paid, given back or cancelled by then."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from simulator.model import Refund, ShopOrder
from simulator.platforms.shopify.nodes import (
    Node,
    address,
    bag,
    gid,
    inner_connection,
    inner_list,
    stamp,
)

NOTHING = Decimal(0)


@dataclass(frozen=True)
class OrderThen:
    record: ShopOrder
    refunds: tuple[Refund, ...]
    cancelled_at: datetime | None
    updated_at: datetime

    @property
    def key(self) -> int:
        return int(self.record.order_id)

    @property
    def refunded(self) -> Decimal:
        return sum((refund.amount for refund in self.refunds), NOTHING)

    @property
    def status(self) -> str:
        if self.refunded >= self.record.total > 0:
            return "REFUNDED"
        if self.refunded:
            return "PARTIALLY_REFUNDED"
        return "VOIDED" if self.cancelled_at else "PAID"


def then(record: ShopOrder, now: datetime, shown_late_at: datetime | None) -> OrderThen:
    refunds = tuple(refund for refund in record.refunds if refund.at <= now)
    cancelled = record.cancelled_at if record.cancelled_at and record.cancelled_at <= now else None
    moments = [record.created_at, record.visible_at, *(refund.at for refund in refunds)]
    moments += [moment for moment in (cancelled, shown_late_at) if moment]
    return OrderThen(record, refunds, cancelled, max(moments))


def node(order: OrderThen, customer: Any, accepts_marketing: bool) -> Node:
    record = order.record
    place = address(record, record.order_id)
    return {
        "__typename": "Order",
        "id": gid("Order", record.order_id),
        "legacyResourceId": record.order_id,
        "name": record.name,
        "number": int("".join(filter(str.isdigit, record.name)) or 0),
        "confirmationNumber": None,
        "createdAt": stamp(record.created_at),
        "processedAt": stamp(record.created_at),
        "updatedAt": stamp(order.updated_at),
        "closedAt": stamp(order.cancelled_at),
        "closed": order.cancelled_at is not None,
        "cancelledAt": stamp(order.cancelled_at),
        "cancelReason": "CUSTOMER" if order.cancelled_at else None,
        "confirmed": True,
        "test": record.is_test,
        "edited": False,
        "customer": customer,
        "customerAcceptsMarketing": accepts_marketing,
        "customerLocale": None,
        "email": record.email,
        "phone": record.phone,
        "billingAddress": place,
        "shippingAddress": place,
        "note": None,
        "tags": [],
        "customAttributes": [],
        "sourceName": "web",
        "sourceIdentifier": None,
        "discountCode": record.discount_code,
        "discountCodes": [record.discount_code] if record.discount_code else [],
        "displayFinancialStatus": order.status,
        "displayFulfillmentStatus": "UNFULFILLED" if order.cancelled_at else "FULFILLED",
        "returnStatus": "RETURNED" if order.refunds else "NO_RETURN",
        "paymentGatewayNames": ["shopify_payments"],
        "customerJourneySummary": _journey(record),
        **_amounts(order),
        "lineItems": inner_connection(_lines(record)),
        # This company's buyers quarrel with nobody.
        "disputes": inner_list([]),
        "refunds": inner_list([_refund(record, refund) for refund in order.refunds]),
        "transactions": inner_list(_transactions(order)),
    }


def _amounts(order: OrderThen) -> Node:
    record, currency = order.record, order.record.currency
    received = NOTHING if order.status == "VOIDED" else record.total
    goods = sum((price * count for _, _, count, price in record.lines), NOTHING)
    discount = max(NOTHING, goods + record.shipping - record.total)
    left = record.total - order.refunded

    def money(value: Decimal) -> Node:
        return bag(value, currency)

    return {
        "currencyCode": currency,
        "presentmentCurrencyCode": currency,
        "taxesIncluded": True,
        "fullyPaid": order.status != "VOIDED",
        "unpaid": False,
        "totalPriceSet": money(record.total),
        "originalTotalPriceSet": money(record.total),
        "currentTotalPriceSet": money(left),
        "subtotalPriceSet": money(record.total - record.shipping),
        "currentSubtotalPriceSet": money(max(NOTHING, left - record.shipping)),
        "totalTaxSet": money(record.tax),
        "currentTotalTaxSet": money(record.tax if not order.refunded else NOTHING),
        "totalShippingPriceSet": money(record.shipping),
        "totalDiscountsSet": money(discount),
        "currentTotalDiscountsSet": money(discount),
        "totalRefundedSet": money(order.refunded),
        "totalReceivedSet": money(received),
        "totalOutstandingSet": money(NOTHING),
        "netPaymentSet": money(received - order.refunded),
    }


def _lines(record: ShopOrder) -> list[Node]:
    nodes = []
    for number, (sku, title, count, price) in enumerate(record.lines, 1):
        nodes.append(
            {
                "__typename": "LineItem",
                "id": gid("LineItem", f"{record.order_id}{number:02}"),
                "sku": sku,
                "title": title,
                "name": title,
                "quantity": count,
                "currentQuantity": count,
                "originalUnitPriceSet": bag(price, record.currency),
                "discountedUnitPriceSet": bag(price, record.currency),
                "originalTotalSet": bag(price * count, record.currency),
                "discountedTotalSet": bag(price * count, record.currency),
                "totalDiscountSet": bag(NOTHING, record.currency),
                "isGiftCard": False,
                "requiresShipping": True,
                "taxable": True,
                "variantTitle": None,
                "vendor": None,
            }
        )
    return nodes


def _refund(record: ShopOrder, refund: Refund) -> Node:
    return {
        "__typename": "Refund",
        "id": gid("Refund", refund.refund_id),
        "legacyResourceId": refund.refund_id,
        "createdAt": stamp(refund.at),
        "processedAt": stamp(refund.at),
        "updatedAt": stamp(refund.at),
        "note": None,
        "totalRefundedSet": bag(refund.amount, record.currency),
        "refundLineItems": inner_connection([]),
    }


def _transactions(order: OrderThen) -> list[Node]:
    record = order.record
    paid = [("SALE", record.order_id, record.total, record.created_at)] if order.status != "VOIDED" else []
    given_back = [("REFUND", refund.refund_id, refund.amount, refund.at) for refund in order.refunds]
    return [
        {
            "__typename": "OrderTransaction",
            "id": gid("OrderTransaction", f"{key}1"),
            "kind": kind,
            "status": "SUCCESS",
            "amountSet": bag(value, record.currency),
            "createdAt": stamp(at),
            "processedAt": stamp(at),
            "gateway": "shopify_payments",
            "test": record.is_test,
        }
        for kind, key, value, at in (*paid, *given_back)
    ]


def _journey(record: ShopOrder) -> Node:
    if not record.utm and not record.referrer_url:
        return {"ready": True, "firstVisit": None, "lastVisit": None, "momentsCount": None}
    utm = {name.removeprefix("utm_"): value for name, value in record.utm.items()}
    visit = {
        "__typename": "CustomerVisit",
        "id": gid("CustomerVisit", record.order_id),
        "landingPage": "https://maison-exemple.example/",
        "occurredAt": stamp(record.created_at),
        "referralCode": None,
        "referralInfoHtml": "",
        "referrerUrl": record.referrer_url,
        "source": utm.get("source", "direct"),
        "sourceDescription": None,
        "sourceType": None,
        "utmParameters": {name: utm.get(name) for name in ("campaign", "content", "medium", "source", "term")}
        if utm
        else None,
    }
    return {"ready": True, "firstVisit": visit, "lastVisit": visit, "momentsCount": None}
