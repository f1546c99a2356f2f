"""How people really type: case, spaces, dots, tags, typos, nicknames, five ways to write a phone.

Rates are per typed value. Most of it an exact match on normalised values survives; the rest (typos,
placeholders, other people's addresses) is what guards and a second identifier are for.
"""

from random import Random

from simulator.names import NICKNAMES
from simulator.people import plain

PLACEHOLDER_PHONES = {
    "FR": ("0000000000", "0612345678", "0600000000", "0606060606", "0123456789"),
    "CA": ("0000000000", "5555555555", "514-555-5555", "1234567890"),
    "BE": ("0000000000", "0470000000", "0123456789"),
    "DE": ("0000000000", "0123456789", "01234567890"),
    "GB": ("0000000000", "01234567890", "07000000000"),
    "US": ("0000000000", "5555555555", "1234567890"),
}
PLACEHOLDER_EMAILS = (
    "test@test.test",
    "none@none.example",
    "pasdemail@mail.test",
    "a@a.test",
    "noemail@mail.test",
)
MISSPELT = {
    "courriel.example": "couriel.example",
    "boite.example": "biote.example",
    "poste.example": "post.example",
    "mail.test": "mial.test",
    "webmail.example": "wedmail.example",
    "fibre.test": "fiber.test",
    "gmail.example": "gmial.example",
}
TAGS = ("promo", "shop", "newsletter", "maison", "pub")


def typed_email(rng: Random, email: str) -> str:
    """The same mailbox, as typed today (about one in a hundred is another one: a typo)."""
    local, _, domain = email.partition("@")
    dice = rng.random()
    if dice < 0.005:
        return f"{local}@{MISSPELT.get(domain, domain)}"
    # Gmail's dots and tags below are mess enough.
    if dice < 0.010 and len(local) > 4 and domain != "gmail.example":
        i = rng.randrange(1, len(local) - 2)
        return f"{local[:i]}{local[i + 1]}{local[i]}{local[i + 2 :]}@{domain}"
    if domain == "gmail.example" and dice < 0.40:
        local = _with_dots(rng, local)
    if dice < 0.05 and (domain == "gmail.example" or dice < 0.018):
        local = f"{local}+{rng.choice(TAGS)}"
    email = f"{local}@{domain}"
    case = rng.random()
    if case < 0.05:
        email = email.upper()
    elif case < 0.13:
        email = f"{local.capitalize()}@{domain}" if case < 0.10 else f"{local.title()}@{domain.capitalize()}"
    if rng.random() < 0.05:
        email = rng.choice((f" {email}", f"{email} ", f"{email}\t"))
    return email


def _with_dots(rng: Random, local: str) -> str:
    joined = local.replace(".", "")
    cut = rng.randrange(1, len(joined) - 1)
    return rng.choice((joined, f"{joined[:cut]}.{joined[cut:]}"))


def typed_phone(rng: Random, e164: str) -> str:
    """The same line in one of its local spellings."""
    if e164.startswith("+1"):
        area, exchange, line = e164[2:5], e164[5:8], e164[8:]
        shapes = (
            f"{area}-{exchange}-{line}", f"({area}) {exchange}-{line}", f"{area}{exchange}{line}",
            f"+1 {area} {exchange} {line}", f"1-{area}-{exchange}-{line}", f"{area}.{exchange}.{line}", e164,
        )  # fmt: skip
        return rng.choice(shapes)
    code, rest = e164[1:3], e164[3:]
    if code == "33":
        local = f"0{rest}"
        by_two = [local[i : i + 2] for i in range(0, 10, 2)]
        tail = " ".join([rest[0], *by_two[1:]])
        shapes = (
            " ".join(by_two), local, ".".join(by_two), "-".join(by_two), e164, f"+33 {tail}",
            f"0033{rest}", f"+33 (0){tail}", f"0033 {tail}",
        )  # fmt: skip
        return rng.choices(shapes, (30, 25, 8, 3, 16, 8, 5, 3, 2))[0]
    local = f"0{rest}"
    if code in ("49", "44"):
        head, tail = (local[:4], local[4:]) if code == "49" else (local[:5], local[5:])
        gap = " / " if code == "49" else " "
        shapes = (
            f"{head} {tail}", local, f"{head}{gap}{tail}", f"+{code} {head[1:]} {tail}", f"00{code}{rest}",
            f"+{code} (0){head[1:]} {tail}", f"{head}-{tail}", e164,
        )  # fmt: skip
        return rng.choice(shapes)
    shapes = (
        f"{local[:4]}/{local[4:6]}.{local[6:8]}.{local[8:]}" if len(local) == 10 else f"02/{local[2:]}",
        local, e164, f"0032{rest}", f"+32 {rest}",
    )  # fmt: skip
    return rng.choice(shapes)


def international_phone(rng: Random, e164: str) -> str:
    """As a prefilled ad form gives it: mostly E.164 already."""
    return e164 if rng.random() < 0.7 else typed_phone(rng, e164)


def typed_first_name(rng: Random, first: str) -> str:
    dice = rng.random()
    if dice < 0.009 and first in NICKNAMES:
        return rng.choice(NICKNAMES[first])
    if dice < 0.06:
        return first.lower() if dice < 0.04 else first.upper()
    if dice < 0.09:
        return _without_accents(first)
    if dice < 0.10:
        return first.replace("-", " ")
    if dice < 0.115:
        return f"{first} "
    return first


def typed_last_name(rng: Random, last: str) -> str:
    dice = rng.random()
    if dice < 0.10:
        return last.upper()
    if dice < 0.14:
        return last.lower()
    if dice < 0.17:
        return _without_accents(last)
    if dice < 0.18:
        return last.replace("-", " ")
    return last


def typed_full_name(rng: Random, first: str, last: str) -> str:
    first, last = typed_first_name(rng, first).strip(), typed_last_name(rng, last)
    return f"{last} {first}" if rng.random() < 0.03 else f"{first} {last}"


def swapped(rng: Random, first: str, last: str) -> tuple[str, str]:
    """First and last name in the wrong boxes, now and then."""
    return (last, first) if rng.random() < 0.004 else (first, last)


def _without_accents(text: str) -> str:
    return "".join(plain(c) or c if c.islower() else plain(c).upper() or c for c in text)
