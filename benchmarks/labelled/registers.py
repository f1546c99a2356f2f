"""Registers: people known by name, address, birth date and sometimes a number, without e-mail or phone.

`register` is what offices keep: most fields there, several slips a record. `sparse` is what is left of a
list after three moves: name, birth date, town, sometimes an e-mail address, each missing one time in six
and wrong one time in five.
"""

from datetime import date
from random import Random

from benchmarks.labelled import slips
from benchmarks.labelled.rows import Row, row
from benchmarks.labelled.world import WIDE, home_in
from simulator.model import Person
from simulator.people import Resident, settle

TODAY = date(2026, 11, 20)
REGISTER_COUNTS = {1: 35, 2: 30, 3: 20, 4: 10, 6: 5}
SPARSE_COUNTS = {1: 15, 2: 15, 3: 20, 4: 20, 5: 20, 7: 10}
# As one office each writes a date.
DATES = {"town_hall": "%Y-%m-%d", "health_fund": "%Y%m%d", "tax_office": "%d/%m/%Y"}


def register(people: int, seed: int) -> list[Row]:
    rng = Random(f"{seed}:labelled register")
    found = []
    for place, resident in enumerate(settle(people, seed, TODAY, WIDE)):
        number = f"T{seed % 100:02d}{place * 7919 % 1_000_000:06d}"
        count = rng.choices(tuple(REGISTER_COUNTS), tuple(REGISTER_COUNTS.values()))[0]
        # The first entry is clean, as in a register; the copies of it are not.
        found += [_entry(rng, resident.person, number, copy > 0) for copy in range(count)]
    return found


def _entry(rng: Random, person: Person, number: str, is_copy: bool) -> Row:
    first, last, born = person.first_name, person.last_name, person.birth_date
    home = {"address": person.street, "city": person.city, "postcode": person.postcode}
    kept_number = number if rng.random() < 0.35 else None
    # A copy carries one to four slips, each in whatever field it falls.
    for _ in range(rng.choices((0, 1, 2, 3, 4), (15, 35, 28, 15, 7))[0] if is_copy else 0):
        field = rng.choice(("first", "last", "born", "address", "city", "postcode", "number", "names"))
        if field == "first":
            first = slips.short_form(rng, first) if rng.random() < 0.2 else slips.typo(rng, first)
        elif field == "last":
            last = slips.typo(rng, last)
        elif field == "born":
            born = slips.wrong_date(rng, born)
        elif field == "names":
            first, last = last, first
        elif field == "number":
            kept_number = slips.wrong_digit(rng, kept_number) if kept_number else None
        else:
            home |= _slip_of(rng, field, home[field])
    source = rng.choice(tuple(DATES))
    if is_copy and rng.random() < 0.05:
        home = home_in(rng, person.country)
    day = born.strftime(DATES[source]) if rng.random() < 0.96 else None
    said = {"first_name": first, "last_name": last, "dob": day, "national_id": kept_number}
    return row(source, person.person_id, country=person.country) | said | home


def _slip_of(rng: Random, field: str, value: str | None) -> dict[str, str | None]:
    if value is None or rng.random() < 0.15:
        return {field: None}
    if field == "postcode":
        return {field: slips.wrong_digit(rng, value)}
    if field == "address" and rng.random() < 0.5:
        return {field: slips.abbreviated(rng, value)}
    return {field: slips.typo(rng, value)}


def sparse(people: int, seed: int) -> list[Row]:
    rng = Random(f"{seed}:labelled sparse")
    found = []
    for resident in settle(people, seed, TODAY, WIDE):
        count = rng.choices(tuple(SPARSE_COUNTS), tuple(SPARSE_COUNTS.values()))[0]
        found += [_remains(rng, resident) for _ in range(count)]
    return found


def _remains(rng: Random, resident: Resident) -> Row:
    person = resident.person
    born = slips.wrong_date(rng, person.birth_date) if rng.random() < 0.22 else person.birth_date
    first, last = _worn(rng, person.first_name), _worn(rng, person.last_name)
    if rng.random() < 0.03:
        first, last = last, first
    return row(
        "old_list",
        person.person_id,
        first_name=first,
        last_name=last,
        dob=born.isoformat() if rng.random() < 0.9 else None,
        city=_worn(rng, person.city),
        email=_worn_email(rng, resident.main_email) if rng.random() < 0.6 else None,
    )


def _worn(rng: Random, text: str) -> str | None:
    dice = rng.random()
    if dice < 0.16:
        return None
    for limit in (0.36, 0.20):
        if dice < limit:
            text = slips.typo(rng, text)
    return text


def _worn_email(rng: Random, email: str) -> str:
    # Only before the @: a letter more in the domain could be somebody's.
    local, _, domain = email.partition("@")
    return f"{slips.typo(rng, local)}@{domain}" if rng.random() < 0.2 else email
