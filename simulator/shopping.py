"""The shop: accounts, orders by account and as guest, refunds, cancellations, gifts and tests."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from simulator import mess
from simulator.baskets import CATALOGUE, CENT, CODES, TAX_RATE, fill, undo
from simulator.journeys import Journey, Signature, sign
from simulator.model import ConsentState, Lead, ShopCustomer, ShopOrder
from simulator.stages import is_valid
from simulator.timeline import later, moment, shown

REFERRERS = ("https://www.instagram.com/", "https://www.google.com/", "https://www.facebook.com/")
OCCASIONS = {"first_time": (1, 1), "repeat": (2, 2), "loyal": (3, 8), "ambassador": (1, 5)}


@dataclass
class Shop:
    seed: int
    end: datetime

    def __post_init__(self) -> None:
        self.rng = Random(f"{self.seed}:shop")
        self.customers: list[ShopCustomer] = []
        self.orders: list[ShopOrder] = []
        self.emails: set[str] = set()  # one account per address and per number, as in the real shop
        self.phones: set[str] = set()

    def identifier(self) -> str:
        return str(self.rng.randrange(6_000_000_000_000, 9_000_000_000_000))

    def open_account(self, journey: Journey, at: datetime) -> ShopCustomer | None:
        """None where the address is taken: the second of a family that shares one stays a guest."""
        rng, person = self.rng, journey.resident.person
        signature = sign(rng, journey.resident)
        email = signature.email
        if email is None or email in mess.PLACEHOLDER_EMAILS or email in self.emails:
            return None
        phone = signature.phone if signature.phone == person.mobile else None
        phone = phone if phone not in self.phones else None
        self.emails.add(email)
        self.phones.update([phone] if phone else [])
        first, last = mess.swapped(rng, person.first_name, person.last_name)
        has_address = rng.random() < 0.9
        customer = ShopCustomer(
            customer_id=self.identifier(),
            person_id=person.person_id,
            created_at=at,
            visible_at=shown(rng, at, self.end),
            first_name=mess.typed_first_name(rng, first),
            last_name=mess.typed_last_name(rng, last),
            email=email,
            phone=phone,
            street=person.street if has_address else None,
            city=person.city if has_address else None,
            postcode=person.postcode if has_address else None,
            country=person.country if has_address else None,
            locale=person.language,
            tags=(),
            consents=_consents(rng, at, phone, self.end),
        )
        self.customers.append(customer)
        return customer

    def order(self, journey: Journey, at: datetime, customer: ShopCustomer | None) -> ShopOrder:
        rng, person = self.rng, journey.resident.person
        guest = sign(rng, journey.resident)
        phone = guest.phone_text if customer is None or rng.random() < 0.5 else customer.phone
        lines = fill(rng)
        code, percent = rng.choice(CODES) if rng.random() < 0.12 else (None, 0)
        goods = sum((price * quantity for _, _, quantity, price in lines), Decimal(0))
        shipping = Decimal("0.00") if goods >= 100 else Decimal("6.90")
        total = goods * (100 - percent) / 100 + shipping
        return self._record(journey, at, customer, guest, phone, lines, total, shipping, person.country, code)

    def gift(self, journey: Journey, at: datetime, customer: ShopCustomer | None) -> ShopOrder:
        """A sample sent for nothing: an order, not a purchase."""
        guest = sign(self.rng, journey.resident)
        lines = (("ECHANT-0", "Échantillon offert", 1, Decimal("0.00")),)
        zero = Decimal("0.00")
        country = journey.resident.person.country
        return self._record(journey, at, customer, guest, guest.phone_text, lines, zero, zero, country, None)

    def test_order(self, at: datetime) -> None:
        lines = ((*CATALOGUE[0][:2], 1, CATALOGUE[0][2]),)
        self.orders.append(
            ShopOrder(
                order_id=self.identifier(), name="", customer_id=None, person_id=None,
                created_at=at, visible_at=at, email="test@maison-exemple.example", phone=None,
                first_name="Test", last_name="Boutique", street=None, city=None, postcode=None, country="FR",
                total=Decimal("45.90"), tax=Decimal("7.65"), shipping=Decimal("6.90"), currency="EUR",
                lines=lines, is_test=True,
            )
        )  # fmt: skip

    def _record(
        self,
        journey: Journey,
        at: datetime,
        customer: ShopCustomer | None,
        guest: Signature,
        phone: str | None,
        lines: tuple,
        total: Decimal,
        shipping: Decimal,
        country: str,
        code: str | None,
    ) -> ShopOrder:
        rng, person = self.rng, journey.resident.person
        total = total.quantize(CENT, ROUND_HALF_UP)
        tax = (total - total / (1 + TAX_RATE[country])).quantize(CENT, ROUND_HALF_UP)
        first, last = mess.swapped(rng, person.first_name, person.last_name)
        source = rng.choices((None, *REFERRERS), (50, 20, 20, 10))[0]
        order = ShopOrder(
            order_id=self.identifier(),
            name="",
            customer_id=customer.customer_id if customer else None,
            person_id=person.person_id,
            created_at=at,
            visible_at=shown(rng, at, self.end),
            email=customer.email if customer else guest.email_text,
            phone=phone,
            first_name=mess.typed_first_name(rng, first),
            last_name=mess.typed_last_name(rng, last),
            street=person.street,
            city=person.city,
            postcode=person.postcode,
            country=person.country,
            total=total,
            tax=tax,
            shipping=shipping,
            currency="EUR",
            lines=lines,
            discount_code=code,
            utm={"utm_source": source.split(".")[1], "utm_medium": "social"} if source else {},
            referrer_url=source,
        )
        order = undo(rng, order, self.end)
        self.orders.append(order)
        return order


def _consents(rng: Random, at: datetime, phone: str | None, end: datetime) -> tuple[ConsentState, ...]:
    """The shop's own tick box: most leave it, some tick, some think better of it later."""
    dice = rng.random()
    states = [ConsentState(at, "email", "subscribed" if dice < 0.45 else "not_subscribed")]
    if 0.45 <= dice < 0.50:
        states[0] = ConsentState(at, "email", "pending", "CONFIRMED_OPT_IN")
    if dice < 0.07 and (left := later(rng, at, 10, 300)) < end:
        states.append(ConsentState(left, "email", "unsubscribed", reason="unsubscribed"))
        if dice < 0.015 and (back := later(rng, left, 5, 100)) < end:
            states.append(ConsentState(back, "email", "subscribed"))
    if phone and rng.random() < 0.2:
        states.append(ConsentState(at, "sms", "subscribed"))
    return tuple(sorted(states, key=lambda state: state.at))


def open_shop(journeys: list[Journey], first_leads: dict[str, Lead], seed: int, end: datetime) -> Shop:
    shop = Shop(seed, end)
    for journey in journeys:
        if journey.buys:
            _buy(shop, journey, first_leads)
        elif shop.rng.random() < 0.05:
            _browse(shop, journey)
    for _ in range(max(3, len(journeys) // 250)):
        shop.test_order(later(shop.rng, end - timedelta(days=700), 0, 699))
    _number(shop)
    return shop


def _buy(shop: Shop, journey: Journey, first_leads: dict[str, Lead]) -> None:
    """As many purchase occasions as the destiny asks for; undone ones come on top."""
    rng, end = shop.rng, shop.end
    wanted = rng.randint(*OCCASIONS[journey.destiny])
    lead = first_leads.get(journey.resident.person.person_id)
    at = later(rng, journey.begins, 1, 12) if lead or journey.door != "shop" else journey.begins
    if at >= end:
        at = journey.begins
    # Those who come back often mostly end up with an account.
    has_account = rng.random() < (0.7 if wanted == 1 else 0.92)
    customer = shop.open_account(journey, at) if has_account else None
    room = max((end - at).days - 2, wanted)
    # Loyal people take at least a month over it.
    gap = min(max(room / wanted * 0.9, 1.2), rng.uniform(25, 130))
    done = 0
    # Whoever is loyal goes on coming back, until one day they do not; the rest have what they came for.
    stays = journey.destiny in ("loyal", "ambassador")
    while (done < wanted or (stays and rng.random() < 0.85)) and at < end:
        as_guest = customer is None or rng.random() < 0.06
        order = shop.order(journey, at, None if as_guest else customer)
        if is_valid(order):
            done += 1
            if rng.random() < 0.05:  # the forgotten bowl, ordered an hour later: one occasion
                shop.order(journey, min(at + timedelta(minutes=50), end - timedelta(seconds=1)), customer)
        step = rng.uniform(0.75, 1.1) * gap if is_valid(order) else rng.uniform(1, 3)
        at = moment(rng, at + timedelta(days=max(step, 1.2)))
    if rng.random() < 0.04 and at < end:
        shop.gift(journey, at, customer)
    if customer and rng.random() < 0.03:
        shop.open_account(
            journey, later(rng, customer.created_at, 0, 1)
        )  # a second account, if addresses allow


def _browse(shop: Shop, journey: Journey) -> None:
    """An account and nothing bought, or only a sample, or only an order that was cancelled."""
    customer = shop.open_account(journey, journey.begins)
    at = journey.begins + timedelta(hours=1)
    if shop.rng.random() < 0.35 and at < shop.end:
        shop.gift(journey, at, customer)


def _number(shop: Shop) -> None:
    """Order names count up with time, as the shop's do."""
    shop.orders.sort(key=lambda order: (order.created_at, order.order_id))
    shop.orders = [replace(order, name=f"#{1001 + i}") for i, order in enumerate(shop.orders)]
