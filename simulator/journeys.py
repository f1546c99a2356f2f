"""What each person will become, and how they sign when they fill something in.

Destiny comes first and the records follow from it, so that every stage of the ladder occurs in known
shares. `sign` is the one place that decides which address and number a record carries.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from simulator import mess
from simulator.people import Resident
from simulator.timeline import DAYS, moment

# Shares of people. Ambassadors buy like anybody; what they add comes later (advocacy.py).
DESTINIES = {"lead": 46, "prospect": 15, "first_time": 18, "repeat": 11, "loyal": 6, "ambassador": 4}
BUYERS = frozenset({"first_time", "repeat", "loyal", "ambassador"})
# The last day of first contact, counted from the beginning: a loyal customer needs time to become one. As
# late as can be, or the company would win no more of them and its orders fade towards its last day.
LATEST_START = {
    "lead": 730,
    "prospect": 725,
    "first_time": 727,
    "repeat": 712,
    "loyal": 670,
    "ambassador": 620,
}
DOORS = {
    "lead": {"meta": 56, "typeform": 22, "newsletter": 18, "till": 4},
    "prospect": {"meta": 55, "typeform": 35, "newsletter": 10},
    "buyer": {"meta": 33, "typeform": 14, "newsletter": 13, "shop": 40},
}


@dataclass(frozen=True)
class Journey:
    resident: Resident
    destiny: str
    door: str  # where they first appear: meta, typeform, newsletter, till, shop
    begins: datetime

    @property
    def buys(self) -> bool:
        return self.destiny in BUYERS


@dataclass(frozen=True)
class Signature:
    """What a person typed about how to reach them; the bare values beside the messy ones."""

    email: str | None
    phone: str | None  # E.164, or a placeholder as typed
    email_text: str | None
    phone_text: str | None


def plan(residents: list[Resident], seed: int, start: datetime) -> list[Journey]:
    rng = Random(f"{seed}:journeys")
    words, weights = tuple(DESTINIES), tuple(DESTINIES.values())
    made = []
    for resident in residents:
        destiny = rng.choices(words, weights)[0]
        doors = DOORS["buyer" if destiny in BUYERS else destiny]
        door = rng.choices(tuple(doors), tuple(doors.values()))[0]
        if destiny in ("lead", "prospect") and door == "meta" and rng.random() < 0.4:
            # Ad forms only show their last 90 days: plenty must be there.
            day = rng.randrange(DAYS - 88, DAYS - (1 if destiny == "lead" else 4))
        else:
            day = rng.randrange(LATEST_START[destiny])
        made.append(Journey(resident, destiny, door, moment(rng, start + timedelta(days=day))))
    return made


def sign(rng: Random, resident: Resident, asks_phone: bool = True) -> Signature:
    """Which of their addresses and numbers this person gives today.

    Wherever something other than the main address is given, the mobile usually goes with it, so that
    exact rules can follow the chain. `is_hard` people break it: they are the few per cent that no exact
    rule can find.
    """
    email, phone = _pick(rng, resident, asks_phone)
    if not asks_phone:
        phone = None
    return Signature(
        email,
        phone,
        mess.typed_email(rng, email) if email and email not in mess.PLACEHOLDER_EMAILS else email,
        mess.typed_phone(rng, phone) if phone and phone.startswith("+") else phone,
    )


def _pick(rng: Random, resident: Resident, asks_phone: bool) -> tuple[str | None, str | None]:
    person = resident.person
    if resident.second_email and rng.random() < 0.35:
        if resident.is_hard:
            return resident.second_email, None
        if asks_phone:
            return resident.second_email, person.mobile
    if not asks_phone:
        return resident.main_email, None
    dice = rng.random()
    if resident.family_email and dice < 0.12:
        return resident.family_email, person.mobile
    if resident.company_email and dice < 0.12:
        # Front desk and switchboard together say nothing of the person: kept rare.
        return resident.company_email, person.mobile if dice < 0.10 else resident.switchboard
    if dice > 0.994:
        return rng.choice(mess.PLACEHOLDER_EMAILS), person.mobile
    return resident.main_email, _pick_phone(rng, resident)


def _pick_phone(rng: Random, resident: Resident) -> str | None:
    person = resident.person
    if resident.is_hard:
        return person.mobile
    dice = rng.random()
    shares_main = resident.main_email == resident.family_email
    if dice < 0.025 and not shares_main:
        return rng.choice(mess.PLACEHOLDER_PHONES[person.country])
    if dice < 0.11 and person.landline and not shares_main:
        return person.landline
    if 0.11 <= dice < 0.14 and resident.housemate_mobile and not shares_main:
        return resident.housemate_mobile
    if resident.switchboard and dice < 0.2:
        return resident.switchboard
    if dice < 0.30 and not resident.second_email and not shares_main:
        return None
    return person.mobile
