"""Word of mouth: referrals with their cheats, reviews, and answers to "would you recommend us?"."""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from simulator.journeys import Journey
from simulator.model import NpsAnswer, Referral, Review, ShopOrder
from simulator.people import plain
from simulator.timeline import later

LONG = (
    "Très belle pièce, reçue en trois jours et parfaitement emballée. Je recommande sans hésiter.",
    "Le grès est magnifique, la couleur exactement celle de la photo. Nous en sommes ravis.",
    "Beautiful work, carefully packed, and the team answered my questions the same day.",
    "Service à l'écoute, un léger retard mais on m'a prévenue. La nappe est superbe.",
)
SHORT = ("Super !", "Parfait", "Très bien", "Lovely", "RAS", "Top")
POOR = ("Arrivé cassé, remboursement long à venir, je ne commanderai plus chez vous.", "Déçu", "Trop cher")


class Advocacy:
    def __init__(self, journeys: list[Journey], orders: list[ShopOrder], seed: int, end: datetime) -> None:
        self.rng, self.end = Random(f"{seed}:advocacy"), end
        self.by_person = {j.resident.person.person_id: j for j in journeys}
        self.orders = {order.name: order for order in orders}
        self.valid: dict[str, list[ShopOrder]] = defaultdict(list)
        for order in orders:
            if order.person_id and _kept(order):
                self.valid[order.person_id].append(order)
        self.referrals: list[Referral] = []
        self.reviews: list[Review] = []
        self.answers: list[NpsAnswer] = []

    def tell(self) -> None:
        # A referee can be won only once, and has not been a customer before.
        free = [p for p, orders in self.valid.items() if orders[0].discount_code is None]
        self.rng.shuffle(free)
        for person_id, journey in self.by_person.items():
            if not self.valid[person_id]:
                continue
            if journey.destiny == "ambassador":
                self._ambassador(person_id, free)
            else:
                self._ordinary(person_id)
        self._cheats(free)
        for rows in (self.referrals, self.reviews, self.answers):
            rows.sort(key=lambda row: row.at)

    def _ambassador(self, person_id: str, free: list[str]) -> None:
        """Five points: a converted referral, or two long reviews and a nine or ten."""
        rng, first = self.rng, self.valid[person_id][0]
        won = 0
        if rng.random() < 0.8:
            won = sum(self._refer(person_id, free) for _ in range(rng.choice((1, 1, 2, 3))))
        if not won:
            for _ in range(2):
                self._review(person_id, first, 5, rng.choice(LONG))
        if not won or rng.random() < 0.5:
            self._score(person_id, first, rng.choice((9, 10, 10)))

    def _refer(self, person_id: str, free: list[str]) -> bool:
        journey, first = self.by_person[person_id], self.valid[person_id][0]
        home = journey.resident.person.household_id
        for i, other in enumerate(free):
            order = self.valid[other][0]
            stranger = self.by_person[other].resident.person.household_id != home
            in_time = first.created_at + timedelta(days=8) < order.created_at < self.end - timedelta(days=1)
            if stranger and in_time and not order.refunds:
                del free[i]
                self._convert(person_id, other, order)
                return True
        return False

    def _convert(self, person_id: str, referee_id: str, order: ShopOrder) -> None:
        """The friend's first order carries the code; the referral is dated a little before it."""
        code = self._code(person_id)
        self.orders[order.name] = replace(order, discount_code=code, utm={"utm_source": "parrainage"})
        at = later(self.rng, order.created_at, -6, -0.1)
        self._refer_row(at, code, person_id, referee_id, order.email or "", order.name)

    def _refer_row(
        self, at: datetime, code: str, who: str, whom: str, whose_email: str, order: str | None
    ) -> None:
        giver = self.valid[who][0].email or self.by_person[who].resident.main_email
        number = f"R{len(self.referrals) + 1:05d}"
        self.referrals.append(
            Referral(number, at, code, who, giver.strip().lower(), whom, whose_email, order)
        )

    def _code(self, person_id: str) -> str:
        first_name = self.by_person[person_id].resident.person.first_name
        return f"AMI-{plain(first_name).upper()[:8]}-{person_id[1:].lstrip('0') or '0'}"

    def _cheats(self, free: list[str]) -> None:
        """Codes given to oneself or to one's own kitchen table, and friends who never came."""
        rng = self.rng
        homes: dict[str, list[str]] = defaultdict(list)
        for person_id, orders in self.valid.items():
            if orders:
                homes[self.by_person[person_id].resident.person.household_id].append(person_id)
        kin = {p: [o for o in home if o != p] for home in homes.values() for p in home}
        for person_id in sorted(kin):
            orders, dice = self.valid[person_id], rng.random()
            resident = self.by_person[person_id].resident
            at = later(rng, orders[0].created_at, 5, 60)
            if at >= self.end - timedelta(days=7):
                continue
            if dice < 0.01 and resident.second_email:
                self._refer_row(at, self._code(person_id), person_id, person_id, resident.second_email, None)
            elif dice < 0.04 and kin[person_id]:
                other = self.valid[kin[person_id][0]][0]
                if other.created_at > orders[0].created_at + timedelta(days=2) and kin[person_id][0] in free:
                    free.remove(kin[person_id][0])
                    self._convert(person_id, kin[person_id][0], other)
            elif 0.04 <= dice < 0.06:
                whom = rng.choice(list(self.by_person))
                if not self.valid[whom] and whom != person_id:
                    email = self.by_person[whom].resident.main_email
                    self._refer_row(at, self._code(person_id), person_id, whom, email, None)

    def _ordinary(self, person_id: str) -> None:
        rng = self.rng
        for order in self.valid[person_id]:
            if rng.random() < 0.13:
                stars = rng.choices((5, 4, 3, 2, 1), (48, 27, 12, 7, 6))[0]
                words = rng.choice(POOR if stars <= 2 else LONG if rng.random() < 0.45 else SHORT)
                self._review(person_id, order, stars, words)
        if rng.random() < 0.16:
            score = rng.choices(range(11), (2, 1, 1, 2, 2, 4, 5, 12, 18, 26, 27))[0]
            self._score(person_id, self.valid[person_id][-1], score)

    def _review(self, person_id: str, order: ShopOrder, stars: int, text: str) -> None:
        at = later(self.rng, order.created_at, 6, 30)
        if at < self.end:
            number = f"A{len(self.reviews) + 1:05d}"
            email = (order.email or "").strip()
            self.reviews.append(Review(number, person_id, at, stars, text, order.name, email))

    def _score(self, person_id: str, order: ShopOrder, score: int) -> None:
        at = later(self.rng, order.created_at, 8, 60)
        if at < self.end:
            number = f"N{len(self.answers) + 1:05d}"
            self.answers.append(NpsAnswer(number, person_id, at, score, (order.email or "").strip().lower()))


def _kept(order: ShopOrder) -> bool:
    returned = sum((refund.amount for refund in order.refunds), Decimal(0))
    return not order.is_test and order.cancelled_at is None and order.total > returned
