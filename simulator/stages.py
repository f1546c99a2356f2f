"""Where each person truly stands on the ladder on the eve of `until`.

A second, plain reading of the lifecycle rules, written apart from the SQL so that the two can disagree.
It knows who is who; a pipeline that merges wrongly will show other stages.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from simulator.model import Company, Review, ShopOrder

PARIS = ZoneInfo("Europe/Paris")
YEAR = timedelta(days=365)


def returned(order: ShopOrder) -> Decimal:
    return sum((refund.amount for refund in order.refunds), Decimal(0))


def is_sale(order: ShopOrder) -> bool:
    """Money was asked for and not called off: what counts towards revenue."""
    return not order.is_test and order.cancelled_at is None and order.total > 0


def is_valid(order: ShopOrder) -> bool:
    """A sale of which something was kept: what counts towards a stage."""
    return is_sale(order) and order.total > returned(order)


def valid_orders(company: Company) -> dict[str, list[ShopOrder]]:
    by_person: dict[str, list[ShopOrder]] = defaultdict(list)
    for order in company.shop_orders:
        if order.person_id and is_valid(order):
            by_person[order.person_id].append(order)
    return by_person


def stages(company: Company) -> dict[str, str]:
    """Stage by person."""
    orders = valid_orders(company)
    hands = _raised_hands(company)
    ambassadors = _ambassadors(company, orders)
    found = {}
    for person in company.people:
        days = sorted({o.created_at.astimezone(PARIS).date() for o in orders.get(person.person_id, ())})
        found[person.person_id] = _rung(days, person.person_id in hands, person.person_id in ambassadors)
    return found


def _rung(days: list[date], has_raised_hand: bool, is_ambassador: bool) -> str:
    if is_ambassador:
        return "ambassador"
    if len(days) >= 3 and (days[-1] - days[0]).days >= 30:
        return "loyal_customer"
    if len(days) >= 2:
        return "repeat_customer"
    if days:
        return "first_time_customer"
    return "prospect" if has_raised_hand else "lead"


def _raised_hands(company: Company) -> set[str]:
    """A quote, or ten points in some 90 days: a form 5, a basket 5, a day with a visit 1."""
    contacts = {c.contact_id: c.person_id for c in company.mail_contacts}
    found: set[str] = set()
    points: dict[str, dict[tuple, tuple[date, int]]] = defaultdict(dict)
    for event in company.mail_events:
        who, day = contacts[event.contact_id], event.at.astimezone(PARIS).date()
        if event.name == "quote_requested":
            found.add(who)
        elif event.name == "add_to_cart":
            points[who][(event.at, event.name)] = (day, 5)
        else:
            points[who][(day, event.name)] = (day, 1)
    for lead in company.leads:
        if lead.person_id:
            day = lead.created_at.astimezone(PARIS).date()
            # The same form twice on one day is one answer sent twice.
            points[lead.person_id][(day, lead.form_id)] = (day, 5)
    found.update(who for who, scored in points.items() if _reaches_ten(scored.values()))
    return found


def _reaches_ten(scored: Iterable[tuple[date, int]]) -> bool:
    rows = sorted(scored)
    return any(
        sum(points for day, points in rows if timedelta(0) <= last - day < timedelta(days=90)) >= 10
        for last, _ in rows
    )


def _ambassadors(company: Company, orders: dict[str, list[ShopOrder]]) -> set[str]:
    """Five points in 730 days with a hard act, not suspended by a later bad word."""
    now = datetime.combine(company.until, time(), UTC)
    hard: dict[str, list[tuple[datetime, float]]] = defaultdict(list)
    soft: dict[str, float] = defaultdict(float)
    bad: dict[str, datetime] = {}
    for who, at in _conversions(company, orders):
        hard[who].append((at, 5.0))
    for review in company.reviews:
        if review.stars <= 2:
            bad[review.person_id] = max(review.at, bad.get(review.person_id, review.at))
        elif review.stars >= 4 and _is_long(review):
            hard[review.person_id].append((review.at, 2.0))
        elif review.stars >= 4:
            soft[review.person_id] += 0.5
    for who in _interested_friends(company, orders):
        soft[who] += 1
    latest = {answer.person_id: answer for answer in company.nps_answers}
    for who, answer in latest.items():
        if answer.score >= 9 and now - answer.at <= YEAR:
            soft[who] += 1
    for answer in company.nps_answers:
        if answer.score <= 6:
            bad[answer.person_id] = max(answer.at, bad.get(answer.person_id, answer.at))
    return {
        who
        for who, acts in hard.items()
        if orders.get(who)
        and _capped(acts) + soft[who] >= 5
        and not (who in bad and bad[who] > max(at for at, _ in acts))
    }


def _capped(acts: list[tuple[datetime, float]]) -> float:
    """Three referrals and two reviews count in any 365 days."""
    total = 0.0
    for weight, most in ((5.0, 3), (2.0, 2)):
        counted: list[datetime] = []
        for at in sorted(at for at, points in acts if points == weight):
            if sum(at - earlier < YEAR for earlier in counted) < most:
                counted.append(at)
        total += weight * len(counted)
    return total


def _is_long(review: Review) -> bool:
    return len(review.text) >= 40


def _interested_friends(company: Company, orders: dict[str, list[ShopOrder]]) -> list[str]:
    """Who sent somebody of another home that raised a hand and has not bought."""
    homes = {person.person_id: person.household_id for person in company.people}
    hands = _raised_hands(company)
    pairs = {(one.referrer_person_id, one.referee_person_id) for one in company.referrals}
    return [
        who for who, whom in pairs if whom in hands and not orders.get(whom) and homes[who] != homes[whom]
    ]


def _conversions(company: Company, orders: dict[str, list[ShopOrder]]) -> list[tuple[str, datetime]]:
    """Referrals whose friend, of another household, bought for the first time and kept it."""
    homes = {person.person_id: person.household_id for person in company.people}
    found = []
    for referral in company.referrals:
        first = next(iter(orders.get(referral.referee_person_id, ())), None)
        if first is None or first.name != referral.order_name:
            continue
        if homes[referral.referrer_person_id] != homes[referral.referee_person_id]:
            found.append((referral.referrer_person_id, first.created_at))
    return found
