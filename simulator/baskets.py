"""What is in a parcel, and what comes back of it."""

from dataclasses import replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from simulator.model import Refund, ShopOrder
from simulator.timeline import later

CENT = Decimal("0.01")
CATALOGUE = (
    ("VASE-01", "Vase en grès", Decimal("39.00")),
    ("BOL-04", "Lot de 4 bols", Decimal("54.00")),
    ("NAPPE-2", "Nappe en lin", Decimal("89.00")),
    ("LAMPE-3", "Lampe de table", Decimal("129.00")),
    ("BOUG-1", "Bougie à la cire d'abeille", Decimal("24.50")),
    ("TABLE-8", "Table basse en chêne", Decimal("420.00")),
    ("PLAID-2", "Plaid en laine", Decimal("110.00")),
    ("CARTE-5", "Carnet relié main", Decimal("18.90")),
)
TAX_RATE = {"FR": Decimal("0.20"), "BE": Decimal("0.21"), "CA": Decimal("0")}
# Code, per cent off.
CODES = (("BIENVENUE10", 10), ("PRINTEMPS15", 15), ("MERCI5", 5))


def fill(rng: Random) -> tuple[tuple[str, str, int, Decimal], ...]:
    chosen = rng.sample(CATALOGUE, rng.choices((1, 2, 3), (60, 28, 12))[0])
    return tuple((sku, title, rng.choices((1, 2, 3), (80, 15, 5))[0], price) for sku, title, price in chosen)


def undo(rng: Random, order: ShopOrder, end: datetime) -> ShopOrder:
    """Refunds and cancellations, where they still fall within the story.

    Whoever gets some back keeps more than tax and shipping, so that every reading of "kept" agrees.
    """
    if order.total == 0:
        return order
    dice = rng.random()
    at = later(rng, order.created_at, 0.05, 25)
    if dice >= 0.115 or at >= end:
        return order
    number = order.order_id[-9:]
    if dice < 0.035:
        whole = Refund(f"8{number}1", at, order.total)
        # A cancelled order is paid back as well, as a rule; sometimes it was never captured.
        return replace(order, cancelled_at=at, refunds=(whole,) if dice < 0.025 else ())
    if dice < 0.065:
        return replace(order, refunds=(Refund(f"8{number}1", at, order.total),))
    part = (order.total * Decimal(rng.choice((20, 30, 40))) / 100).quantize(CENT, ROUND_HALF_UP)
    refunds = [Refund(f"8{number}1", at, part)]
    if dice > 0.105 and (second := later(rng, at, 1, 20)) < end:
        more = ((order.total - part) / 5).quantize(CENT, ROUND_HALF_UP)
        refunds.append(Refund(f"8{number}2", second, more))
    return replace(order, refunds=tuple(refunds))
