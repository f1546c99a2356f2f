"""The mail tool: contacts with their consent life, and events it was told of."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from simulator import mess
from simulator.journeys import Journey, sign
from simulator.model import ConsentState, Lead, MailContact, MailEvent, ShopCustomer
from simulator.people import Resident
from simulator.timeline import later, shown

NEWSLETTER, CUSTOMERS, TEXTS = 7, 9, 12
PAGES = ("/", "/collection", "/sur-mesure", "/atelier", "/journal", "/panier")


@dataclass
class Draft:
    """A contact while it is still being told about; it gets its number in order of creation."""

    resident: Resident
    at: datetime
    email: str | None
    phone: str | None
    named: bool
    lists: tuple[int, ...]
    consents: tuple[ConsentState, ...]
    double_opt_in: bool = False
    shop_customer_id: str | None = None


class MailTool:
    def __init__(self, seed: int, end: datetime) -> None:
        self.rng = Random(f"{seed}:mail")
        self.end = end
        self.drafts: list[Draft] = []
        self.by_email: dict[str, Draft] = {}
        self.by_person: dict[str, Draft] = {}

    def add(self, draft: Draft) -> Draft:
        """One contact per address: a second one with the same address only enriches the first."""
        known = self.by_email.get(draft.email) if draft.email else None
        if known:
            if known.resident is draft.resident:
                known.shop_customer_id = known.shop_customer_id or draft.shop_customer_id
                known.lists = tuple(dict.fromkeys(known.lists + draft.lists))
            return known
        self.drafts.append(draft)
        if draft.email:
            self.by_email[draft.email] = draft
        return self.by_person.setdefault(draft.resident.person.person_id, draft)

    def newsletter(self, resident: Resident, at: datetime, email: str, named: bool, double: bool) -> Draft:
        rng = self.rng
        level = "CONFIRMED_OPT_IN" if double else "SINGLE_OPT_IN"
        phone = resident.person.mobile if named and rng.random() < 0.45 else None
        consents = [ConsentState(at, "email", "subscribed", level), *_life(rng, at, level, self.end)]
        if phone and rng.random() < 0.4:
            consents.append(ConsentState(at, "sms", "subscribed"))
        lists = (NEWSLETTER, TEXTS) if len(consents) > 1 and consents[-1].channel == "sms" else (NEWSLETTER,)
        consents.sort(key=lambda state: state.at)
        return self.add(Draft(resident, at, email, phone, named, lists, tuple(consents), double))

    def contacts(self) -> list[MailContact]:
        self.drafts.sort(key=lambda d: (d.at, d.resident.person.person_id))
        return [self._contact(number, draft) for number, draft in enumerate(self.drafts, start=1)]

    def _contact(self, number: int, draft: Draft) -> MailContact:
        rng, person = self.rng, draft.resident.person
        mail = [state for state in draft.consents if state.channel == "email"]
        left: tuple[tuple[int, datetime], ...] = ()
        if NEWSLETTER in draft.lists and mail and mail[-1].reason == "unsubscribed":
            left = ((NEWSLETTER, mail[-1].at),)
        elif NEWSLETTER in draft.lists and rng.random() < 0.015:
            # Left this one letter only: the address is not blocked.
            gone = later(rng, draft.at, 5, 200)
            left = ((NEWSLETTER, gone),) if gone < self.end else ()
        return MailContact(
            contact_id=number,
            person_id=person.person_id,
            created_at=draft.at,
            visible_at=shown(rng, draft.at, self.end),
            email=draft.email,
            phone=draft.phone.removeprefix("+") if draft.phone else None,
            first_name=mess.typed_first_name(rng, person.first_name) if draft.named else None,
            last_name=mess.typed_last_name(rng, person.last_name) if draft.named else None,
            lists=draft.lists,
            list_unsubscribed=left,
            has_double_opt_in=draft.double_opt_in,
            consents=draft.consents,
            shop_customer_id=draft.shop_customer_id,
        )


def _life(rng: Random, at: datetime, level: str, end: datetime) -> list[ConsentState]:
    """What becomes of a subscription: it stays, ends, comes back, bounces or ends in a complaint."""
    dice, when = rng.random(), later(rng, at, 3, 320)
    if dice >= 0.2 or when >= end:
        return []
    if dice < 0.025:
        return [ConsentState(when, "email", "unsubscribed", level, "complaint")]
    if dice < 0.065:
        return [ConsentState(when, "email", "unsubscribed", level, "hard_bounce")]
    if dice < 0.075:
        return [ConsentState(when, "email", "unsubscribed", level, "admin")]
    states = [ConsentState(when, "email", "unsubscribed", level, "unsubscribed")]
    back = later(rng, when, 5, 120)
    if dice < 0.11 and back < end:
        states.append(ConsentState(back, "email", "subscribed", level))
    return states


def _own_address(email: str | None) -> bool:
    return bool(email) and email not in mess.PLACEHOLDER_EMAILS and not email.startswith("info@")


def subscribe(
    journeys: list[Journey], leads: list[Lead], customers: list[ShopCustomer], seed: int, end: datetime
) -> MailTool:
    """Everybody the mail tool has heard of: sign-ups, ticked boxes, the till, the shop's own sync."""
    tool, rng = MailTool(seed, end), Random(f"{seed}:subscribe")
    by_person = {j.resident.person.person_id: j for j in journeys}
    for journey in journeys:
        resident = journey.resident
        if journey.door == "newsletter":
            email = sign(rng, resident, asks_phone=False).email
            double = rng.random() < 0.7
            tool.newsletter(resident, journey.begins, email, named=rng.random() < 0.55, double=double)
        elif journey.door == "till":
            consents = (ConsentState(journey.begins, "sms", "subscribed"),)
            named = rng.random() < 0.8
            tool.add(Draft(resident, journey.begins, None, resident.person.mobile, named, (TEXTS,), consents))
    for lead in leads:
        journey = by_person.get(lead.person_id or "")
        email = (lead.answers.get("email") or "").strip().lower()
        soon = lead.visible_at + timedelta(minutes=rng.randint(1, 30))
        wanted = lead.boxes.get("newsletter") or (journey and journey.destiny == "prospect")
        if journey and wanted and _own_address(email) and soon < end:
            _forward(tool, rng, journey, lead, soon, email)
    for customer in customers:
        if rng.random() < 0.62:
            _sync(tool, rng, by_person[customer.person_id], customer)
    return tool


def _forward(tool: MailTool, rng: Random, journey: Journey, lead: Lead, at: datetime, email: str) -> None:
    # The form's tool forwards what was typed; the mail tool keeps its own copy in lower case.
    if lead.boxes.get("newsletter"):
        tool.newsletter(journey.resident, at, email, named=rng.random() < 0.8, double=rng.random() < 0.5)
    else:
        tool.add(Draft(journey.resident, at, email, None, True, (), ()))


def _sync(tool: MailTool, rng: Random, journey: Journey, customer: ShopCustomer) -> None:
    if not _own_address(customer.email) or customer.visible_at >= tool.end - timedelta(minutes=10):
        return
    consents = tuple(
        replace(state) for state in customer.consents if state.state in ("subscribed", "unsubscribed")
    )
    at = customer.visible_at + timedelta(minutes=5)
    consents = tuple(replace(state, at=max(state.at, at)) for state in consents)
    lists = (CUSTOMERS, NEWSLETTER) if any(s.channel == "email" for s in consents) else (CUSTOMERS,)
    tool.add(
        Draft(
            journey.resident, at, customer.email, customer.phone, True, lists, consents,
            shop_customer_id=customer.customer_id,
        )
    )  # fmt: skip


def events(
    journeys: list[Journey], tool: MailTool, contacts: list[MailContact], seed: int
) -> list[MailEvent]:
    """Visits for many; for prospects something that counts as a raised hand."""
    rng, end = Random(f"{seed}:events"), tool.end
    number = {c.person_id: c for c in reversed(contacts)}
    made: list[MailEvent] = []

    def tell(contact: MailContact, name: str, at: datetime, **properties: str) -> None:
        if at < end:
            made.append(MailEvent(contact.contact_id, name, at, shown(rng, at, end), properties))

    for journey in journeys:
        contact = number.get(journey.resident.person.person_id)
        if contact is None:
            continue
        room = (end - contact.created_at).total_seconds() / 86_400
        if journey.destiny == "prospect":
            at = later(rng, contact.created_at, 0, min(20, room * 0.7))
            if rng.random() < 0.6:
                tell(contact, "quote_requested", at, budget=rng.choice(("500", "1500", "4000")))
            else:
                for step in range(2):
                    tell(
                        contact,
                        "add_to_cart",
                        at + timedelta(hours=step * 5),
                        sku=rng.choice(("LAMPE-3", "TABLE-8")),
                    )
        visits = (
            rng.choices((0, 1, 2, 4), (55, 25, 12, 8))[0]
            if journey.destiny != "lead"
            else rng.choice((0, 0, 1))
        )
        for _ in range(visits):
            tell(
                contact,
                "site_visit",
                later(rng, contact.created_at, 0, max(room, 0.001)),
                page=rng.choice(PAGES),
            )
    made.sort(key=lambda event: (event.at, event.contact_id))
    return made
