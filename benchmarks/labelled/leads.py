"""Customer-like records: ad forms, web form, CRM, shop, newsletter and till, about the same people.

What makes them hard, each at a rate of its own: addresses with tags, dots and misspelt domains; five
spellings of a phone; nicknames, initials, typing errors and exchanged names; an e-mail address and a
landline for a whole family; info@ and switchboards; placeholders; namesakes, also a father and a son of one
name and house; names that change by marriage, mobiles that change; rows without a name or without any
address at all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from benchmarks.labelled import slips
from benchmarks.labelled.rows import Row, row
from benchmarks.labelled.world import WIDE, home_in
from simulator import mess, names
from simulator.journeys import Signature, sign
from simulator.people import Resident, plain, settle
from simulator.phones import Numbers

TODAY = date(2026, 11, 20)
# How many records a person leaves; about 2.3 on average, with a tail.
COUNTS = {1: 42, 2: 25, 3: 15, 4: 8, 5: 5, 6: 2, 8: 2, 12: 1}
SOURCES = {
    "meta_lead": 20, "google_lead": 12, "linkedin_lead": 7, "web_form": 18, "crm": 14, "shop": 16,
    "newsletter": 8, "store_pos": 5,
}  # fmt: skip
# How often a source has the postal address.
ADDRESSED = {"crm": 0.5, "shop": 1.0, "store_pos": 0.5}


@dataclass(frozen=True)
class Life:
    """A resident and what changed for them half way."""

    resident: Resident
    turn: datetime
    later_last_name: str
    later_mobile: str
    later_home: dict[str, str | None]


def rows(people: int, seed: int) -> list[Row]:
    rng, numbers = Random(f"{seed}:labelled leads"), _fresh_numbers(people)
    found = []
    for resident in settle(people, seed, TODAY, WIDE):
        life = _life(rng, resident, numbers)
        for _ in range(rng.choices(tuple(COUNTS), tuple(COUNTS.values()))[0]):
            source = rng.choices(tuple(SOURCES), tuple(SOURCES.values()))[0]
            at = datetime(2023, 1, 1) + timedelta(seconds=rng.randrange(3 * 365 * 86_400))
            found.append(_record(rng, life, source, at))
    return found


def _fresh_numbers(people: int) -> Numbers:
    """The new mobiles of those who change: beyond everything the residents were given."""
    numbers = Numbers()
    for country in WIDE:
        for _ in range(people):
            numbers.mobile(country)
    return numbers


def _life(rng: Random, resident: Resident, numbers: Numbers) -> Life:
    person = resident.person
    land = WIDE[person.country]
    last, mobile = person.last_name, person.mobile
    if rng.random() < 0.03:
        new = names.skewed(rng, land.english_last_names if person.language == "en" else land.last_names)
        last = f"{last}-{new}" if rng.random() < 0.3 and "-" not in last else new
    if rng.random() < 0.08:
        mobile = numbers.mobile(person.country)
    home: dict[str, str | None] = {"address": person.street, "city": person.city, "postcode": person.postcode}
    if rng.random() < 0.06:
        home = home_in(rng, person.country)
    turn = datetime(2023, 1, 1) + timedelta(days=rng.randint(200, 900))
    return Life(resident, turn, last, mobile, home)


def _record(rng: Random, life: Life, source: str, at: datetime) -> Row:
    person = life.resident.person
    is_later = at >= life.turn
    last = life.later_last_name if is_later else person.last_name
    given = _reach(rng, life, is_later)
    first, last = _typed_names(rng, person.first_name, last)
    said = ASKED[source](rng, life, given, first, last)
    if rng.random() < ADDRESSED.get(source, 0):
        said |= _home(rng, life, at)
    # Some tools keep no country.
    country = person.country if rng.random() < 0.7 else None
    return row(source, person.person_id, created_at=at.isoformat(), country=country) | said


def _reach(rng: Random, life: Life, is_later: bool) -> Signature:
    """As the simulator's people sign, with more slips."""
    given = sign(rng, life.resident)
    email, phone = given.email_text, given.phone_text
    if given.phone == life.resident.person.mobile and is_later:
        phone = mess.typed_phone(rng, life.later_mobile)
    if email and given.email not in mess.PLACEHOLDER_EMAILS and rng.random() < 0.06:
        email = slips.wrong_email(rng, email)
    if phone and rng.random() < 0.015:
        phone = slips.wrong_digit(rng, phone)
    return Signature(given.email, given.phone, email, phone)


def _typed_names(rng: Random, first: str, last: str) -> tuple[str, str]:
    dice = rng.random()
    if dice < 0.08:
        first = slips.short_form(rng, first)
    elif dice < 0.11:
        first = slips.typo(rng, first)
    if rng.random() < 0.03:
        last = slips.typo(rng, last)
    elif "-" in last and rng.random() < 0.2:
        last = last.split("-")[0]
    first, last = mess.typed_first_name(rng, first), mess.typed_last_name(rng, last)
    return (last, first) if rng.random() < 0.02 else (first, last)


def _one_field(rng: Random, first: str, last: str) -> str:
    dice = rng.random()
    if dice < 0.04:
        return f"{last}, {first.strip()}"
    return f"{last} {first.strip()}" if dice < 0.09 else f"{first.strip()} {last}"


def _home(rng: Random, life: Life, at: datetime) -> dict[str, str | None]:
    person = life.resident.person
    home: dict[str, str | None] = {"address": person.street, "city": person.city, "postcode": person.postcode}
    home = life.later_home if at >= life.turn else home
    street = home["address"]
    return home | {"address": slips.abbreviated(rng, street) if street and rng.random() < 0.15 else street}


def _ad_form(rng: Random, life: Life, given: Signature, first: str, last: str) -> dict[str, str | None]:
    return {
        "full_name": _one_field(rng, first, last),
        "email": given.email_text,
        "phone": given.phone_text if rng.random() < 0.8 else None,
    }


def _search_ad(rng: Random, life: Life, given: Signature, first: str, last: str) -> dict[str, str | None]:
    postcode = life.resident.person.postcode if rng.random() < 0.4 else None
    return _ad_form(rng, life, given, first, last) | {"postcode": postcode}


def _work_form(rng: Random, life: Life, given: Signature, first: str, last: str) -> dict[str, str | None]:
    person, email = life.resident.person, given.email_text
    if person.company and rng.random() < 0.6:
        email = f"{plain(person.first_name)}.{plain(person.last_name)}@{plain(person.company)}.example"
    return {"first_name": first, "last_name": last, "email": email, "company": person.company}


def _web_form(rng: Random, life: Life, given: Signature, first: str, last: str) -> dict[str, str | None]:
    phone = given.phone_text if rng.random() < 0.6 else None
    said = {"first_name": first, "last_name": last, "email": given.email_text, "phone": phone}
    return said | {"company": life.resident.person.company}


def _crm(rng: Random, life: Life, given: Signature, first: str, last: str) -> dict[str, str | None]:
    kept = _web_form(rng, life, given, first, last)
    # Sales people type one of the two, sometimes neither.
    dice = rng.random()
    if dice < 0.25:
        kept["email"] = None
    kept["phone"] = None if dice > 0.92 else given.phone_text
    return kept


def _shop(rng: Random, life: Life, given: Signature, first: str, last: str) -> dict[str, str | None]:
    phone = given.phone_text if rng.random() < 0.5 else None
    said = {"first_name": first, "last_name": last, "email": given.email_text, "phone": phone}
    born = life.resident.person.birth_date.isoformat() if rng.random() < 0.1 else None
    return said | {"dob": born}


def _newsletter(rng: Random, life: Life, given: Signature, first: str, last: str) -> dict[str, str | None]:
    email = given.email_text or life.resident.main_email
    return {"email": email, "first_name": first if rng.random() < 0.33 else None}


def _till(rng: Random, life: Life, given: Signature, first: str, last: str) -> dict[str, str | None]:
    born = life.resident.person.birth_date
    day = (slips.wrong_date(rng, born) if rng.random() < 0.05 else born) if rng.random() < 0.6 else None
    said = {
        "first_name": first,
        "last_name": last,
        "phone": given.phone_text if rng.random() < 0.85 else None,
    }
    return said | {"dob": day and day.isoformat()}


ASKED: dict[str, Callable[[Random, Life, Signature, str, str], dict[str, str | None]]] = {
    "meta_lead": _ad_form,
    "google_lead": _search_ad,
    "linkedin_lead": _work_form,
    "web_form": _web_form,
    "crm": _crm,
    "shop": _shop,
    "newsletter": _newsletter,
    "store_pos": _till,
}
