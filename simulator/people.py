"""Who lives in this world: households, their people, and the addresses they write from.

Households are where identity gets hard: a landline and an address for all, sometimes one e-mail for
all, and now and then a father and a son of the same name.
"""

import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from simulator import names
from simulator.countries import FIRST_NAMES, HOME, Country, World
from simulator.model import Person
from simulator.phones import Numbers

# .example and .test can never be registered, so no letter can ever reach anyone.
MAILBOXES = (
    "courriel.example",
    "boite.example",
    "poste.example",
    "mail.test",
    "webmail.example",
    "fibre.test",
)


@dataclass(frozen=True)
class Resident:
    """A person and what only the simulator knows of how they use their addresses."""

    person: Person
    main_email: str
    second_email: str | None
    family_email: str | None
    company_email: str | None  # info@…, used by several strangers
    switchboard: str | None
    housemate_mobile: str | None  # given by mistake or for convenience
    is_hard: bool  # shares nothing but the name between some of their records


@dataclass
class Town:
    """The registry: what has been handed out, so that nothing is handed out twice by accident."""

    rng: Random
    world: World = field(default_factory=lambda: HOME)
    numbers: Numbers = field(default_factory=Numbers)
    emails: dict[str, int] = field(default_factory=dict)  # address: how often it was wished for
    switchboards: dict[str, str] = field(default_factory=dict)
    residents: list[Resident] = field(default_factory=list)


def settle(people: int, seed: int, today: date, world: World = HOME) -> list[Resident]:
    """Exactly `people` residents, household after household."""
    town = Town(Random(f"{seed}:people"), world)
    while len(town.residents) < people:
        _household(town, today, people - len(town.residents))
    return town.residents


def plain(text: str) -> str:
    """ASCII lower case, letters and digits only: what fits before an @."""
    folded = unicodedata.normalize("NFKD", text.replace("œ", "oe")).encode("ascii", "ignore").decode()
    return "".join(c for c in folded.lower() if c.isalnum())


def _household(town: Town, today: date, room: int) -> None:
    rng = town.rng
    country = rng.choices(tuple(town.world), [land.share for land in town.world.values()])[0]
    land = town.world[country]
    language = "en" if rng.random() < land.english else land.language
    kind = rng.choices(("single", "couple", "family", "senior and junior"), (62, 20, 16, 2))[0]
    size = min(
        {"single": 1, "couple": 2, "family": rng.choice((3, 3, 4)), "senior and junior": 2}[kind], room
    )
    last = _last_name(rng, land, language)
    city, postcode = names.skewed(rng, land.towns)
    street = f"{rng.randint(1, 180)}{rng.choice(('', '', '', ' bis'))} {rng.choice(land.streets)}"
    home = {
        "household_id": f"h{len(town.residents):06d}",
        "country": country,
        "city": city,
        "postcode": postcode,
        "street": street if country in ("FR", "BE") else street.replace(" bis", ""),
        "landline": town.numbers.landline(country) if rng.random() < (0.22 if size == 1 else 0.6) else None,
    }
    family_email = None
    # A father and a son of one name and one address: no exact rule can part them.
    if size > 1 and rng.random() < (0.3 if kind == "senior and junior" else 0.14):
        family_email = _free_email(
            town, [f"famille.{plain(last)}", f"{plain(last)}.family", f"les{plain(last)}"]
        )
    senior = today - timedelta(days=rng.randint(28 * 365, 72 * 365))
    firsts: list[str] = []
    for member in range(size):
        is_child = member >= {"family": 2, "senior and junior": 1}.get(kind, 9)
        born = senior + timedelta(
            days=rng.randint(22 * 365, 34 * 365) if is_child else rng.randint(-1500, 1500)
        )
        born = min(born, today - timedelta(days=16 * 365))
        first = firsts[0] if kind == "senior and junior" and firsts else _first_name(rng, language, firsts)
        # A third of couples keep two names.
        keeps_own = kind != "senior and junior" and member == 1 and rng.random() < 0.35
        own_last = _last_name(rng, land, language) if keeps_own else last
        firsts.append(first)
        _move_in(town, first, own_last, language, born, family_email, home)


def _move_in(
    town: Town, first: str, last: str, language: str, born: date, family_email: str | None, home: dict
) -> None:
    rng = town.rng
    company = names.skewed(rng, names.COMPANIES) if rng.random() < 0.09 else None
    if company and company not in town.switchboards:
        town.switchboards[company] = town.numbers.landline(home["country"])
    has_own = family_email is None or rng.random() >= 0.35
    main = _own_email(town, first, last, born) if has_own else family_email
    second = _own_email(town, first, last, born) if rng.random() < 0.28 and main != family_email else None
    person = Person(
        person_id=f"p{len(town.residents):06d}",
        first_name=first,
        last_name=last,
        language=language,
        birth_date=born,
        company=company,
        emails=tuple(dict.fromkeys(e for e in (main, second, family_email) if e)),
        mobile=town.numbers.mobile(home["country"]),
        **home,
    )
    desk = f"info@{plain(company)}.example" if company else None
    switchboard = town.switchboards[company] if company else None
    last_in = town.residents[-1].person if town.residents else None
    housemate = last_in.mobile if last_in and last_in.household_id == home["household_id"] else None
    hard = second is not None and rng.random() < 0.12
    town.residents.append(Resident(person, main, second, family_email, desk, switchboard, housemate, hard))


def _first_name(rng: Random, language: str, taken: list[str]) -> str:
    while True:
        woman = rng.random() < 0.58
        women, men = FIRST_NAMES[language]
        first = names.skewed(rng, women if woman else men)
        if first not in taken:
            return first


def _last_name(rng: Random, land: Country, language: str) -> str:
    return names.skewed(rng, land.english_last_names if language == "en" else land.last_names)


def _own_email(town: Town, first: str, last: str, born: date) -> str:
    rng, f, la = town.rng, plain(first), plain(last)
    if rng.random() < 0.2:
        # Stands for the one provider where dots do not count.
        local = f"{f}.{la}{rng.randint(10, 9999)}"
        return _free_email(town, [local], "gmail.example")
    shapes = [
        f"{f}.{la}",
        f"{f[0]}.{la}",
        f"{f}_{la}",
        f"{la}{f}",
        f"{f}.{la}{born.year % 100:02d}",
        f"{f}{born.year}",
    ]
    rng.shuffle(shapes)
    return _free_email(town, shapes[:3])


def _free_email(town: Town, locals_: list[str], domain: str | None = None) -> str:
    domain = domain or names.skewed(town.rng, MAILBOXES)
    for local in locals_:
        email = f"{local}@{domain}"
        if email not in town.emails:
            town.emails[email] = 1
            return email
    wish = f"{locals_[0]}@{domain}"
    while True:
        town.emails[wish] += 1
        email = f"{locals_[0]}{town.emails[wish]}@{domain}"
        if email not in town.emails:
            town.emails[email] = 1
            return email
