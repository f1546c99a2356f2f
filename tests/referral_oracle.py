"""Who sent whom, as told on one day from what had happened by then: the rules once more, in plain Python.

Written from docs/lifecycle.md and not from the SQL. It knows no intervals: whoever wants to know since when
something counts asks each day in turn, which is what `stretches` does.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

COUNTED = ("converted", "undone")
Pair = tuple[str, str]


class Told(NamedTuple):
    """A line of the referral tool's file."""

    event_id: str
    who: str
    whom: str
    day: date
    code: str | None = None
    order_name: str | None = None


class Carried(NamedTuple):
    """A code that somebody used with an order, or wrote on a form."""

    event_id: str
    whom: str
    day: date
    codes: tuple[str, ...]
    order_id: str | None = None


class Order(NamedTuple):
    order_id: str
    who: str
    day: date
    undone: date | None = None
    name: str | None = None


class Status(NamedTuple):
    status: str
    order_id: str | None


class Stretch(NamedTuple):
    pair: Pair
    status: Status
    event_id: str
    since: date
    until: date | None = None


@dataclass(frozen=True)
class Claim:
    event_id: str
    who: str
    whom: str
    day: date
    order_id: str | None = None
    order_name: str | None = None
    is_file: bool = False


@dataclass
class Graph:
    """Everything ever told; `orders` of one person in the order in which they were placed."""

    told: Iterable[Told]
    carried: Iterable[Carried]
    orders: list[Order]
    # Of each pair, by which claim it was judged last.
    _evidence: dict[Pair, str] = field(default_factory=dict)

    @cached_property
    def _orders_of(self) -> dict[str, list[Order]]:
        found: dict[str, list[Order]] = defaultdict(list)
        for order in self.orders:
            found[order.who].append(order)
        return found

    @cached_property
    def _named(self) -> list[Order]:
        return [order for order in self.orders if order.name]

    def days(self) -> list[date]:
        """On no other day does anything change."""
        found = {one.day for one in (*self.told, *self.carried, *self.orders)}
        return sorted(found | {order.undone for order in self.orders if order.undone})

    def since(self, day: date) -> dict[Pair, tuple[Status, date]]:
        """What stands on the day, and the first day since which it has."""
        return {one.pair: (one.status, one.since) for one in self.stretches(day) if one.until is None}

    def stretches(self, day: date) -> list[Stretch]:
        """What stood up to that day, and since when to when."""
        standing: dict[Pair, Stretch] = {}
        ended, won = [], {}
        for turn in [one for one in self.days() if one <= day]:
            now = self._on(turn, won)
            for pair, was in list(standing.items()):
                if now.get(pair) != was.status:
                    ended.append(standing.pop(pair)._replace(until=turn))
            for pair, status in now.items():
                standing.setdefault(pair, Stretch(pair, status, self._evidence[pair], turn))
        return [*ended, *standing.values()]

    def _on(self, day: date, won_since: dict[Pair, date]) -> dict[Pair, Status]:
        """`won_since`: since when each link stood the day before; brought up to this day."""
        best: dict[Pair, tuple[Claim, Status]] = {}
        for claim in sorted(self._claims(day), key=lambda c: (c.day, not c.is_file, c.event_id)):
            status, held = self._judged(claim, day), best.get((claim.who, claim.whom))
            if held is None or (status.status in COUNTED and held[1].status not in COUNTED):
                best[claim.who, claim.whom] = (claim, status)
        self._evidence = {pair: claim.event_id for pair, (claim, _) in best.items()}
        first: dict[str, Claim] = {}
        for claim, status in best.values():
            if status.status in COUNTED:
                first[claim.whom] = min(
                    first.get(claim.whom, claim), claim, key=lambda c: (c.day, c.event_id)
                )
        links = {
            (claim.who, claim.whom): won_since.get((claim.who, claim.whom), day) for claim in first.values()
        }
        won_since.clear()
        won_since.update(links)
        found = {}
        for pair, (_, status) in best.items():
            lost = status.status in COUNTED and pair not in links
            found[pair] = Status("won_by_another", None) if lost else status
        for ring in rings({whom: who for who, whom in links}):
            last = max(ring, key=lambda pair: (links[pair], best[pair][0].event_id))
            found[last] = Status("loop", None)
        return found

    def _claims(self, day: date) -> list[Claim]:
        givers: dict[str, set[str]] = defaultdict(set)
        owners: dict[str, set[str]] = defaultdict(set)
        told = [line for line in self.told if line.day <= day]
        for line in told:
            if line.code:
                givers[line.code.strip().upper()].add(line.who)
        for order in self._named:
            if order.day <= day:
                owners[order.name].add(order.who)
        found = []
        for line in told:
            buyers = owners.get(line.order_name or "", set())
            whom = next(iter(buyers)) if len(buyers) == 1 else line.whom
            found.append(Claim(line.event_id, line.who, whom, line.day, None, line.order_name, True))
        for use in self.carried:
            for code in use.codes:
                who = givers.get(code.strip().upper(), set())
                if use.day <= day and len(who) == 1:
                    found.append(Claim(use.event_id, next(iter(who)), use.whom, use.day, use.order_id))
        return found

    def _judged(self, claim: Claim, day: date) -> Status:
        if claim.who == claim.whom:
            return Status("self", None)
        placed = [order for order in self._orders_of[claim.whom] if order.day <= day]
        if not placed:
            return Status("waiting", None)
        kept = next((order for order in placed if not self._is_undone(order, day)), None)
        first = kept or placed[0]
        is_that_order = (
            claim.order_id == first.order_id
            if claim.order_id
            else claim.order_name == first.name
            if claim.order_name
            else first.day >= claim.day
        )
        if not is_that_order:
            return Status("bought_before", None)
        return Status("converted" if kept else "undone", first.order_id)

    def _is_undone(self, order: Order, day: date) -> bool:
        return bool(order.undone and order.undone <= day and (order.undone - order.day).days <= 30)


def rings(parents: dict[str, str]) -> set[frozenset[Pair]]:
    """Of child to parent; each ring as its links (parent, child)."""
    found = set()
    for start in parents:
        walked, at = [start], parents[start]
        while at in parents and at not in walked:
            walked.append(at)
            at = parents[at]
        if at == start:
            found.add(frozenset((parents[one], one) for one in walked))
    return found
