"""Slips harder than those of the simulator: what bad handwriting, bad hearing and bad scans do to a value."""

from datetime import date
from random import Random

from simulator.mess import MISSPELT, TAGS
from simulator.names import NICKNAMES

# What a scanner takes for what, both ways.
LOOKALIKES = {"l": "1", "o": "0", "s": "5", "b": "8", "g": "9", "m": "rn", "u": "v", "c": "e", "i": "j"}
# Keys beside each other.
NEIGHBOURS = {
    "a": "s",
    "e": "r",
    "i": "u",
    "o": "p",
    "n": "b",
    "r": "t",
    "t": "y",
    "s": "d",
    "l": "k",
    "d": "f",
}


def typo(rng: Random, text: str) -> str:
    """One letter lost, doubled, exchanged with the next, mistaken or read wrongly."""
    if len(text) < 3:
        return text
    at = rng.randrange(1, len(text) - 1)
    before, letter, after = text[:at], text[at], text[at + 1 :]
    kind = rng.choice(("lost", "doubled", "exchanged", "mistaken", "misread"))
    if kind == "lost":
        return before + after
    if kind == "doubled":
        return before + letter * 2 + after
    if kind == "exchanged":
        return before + after[0] + letter + after[1:]
    if kind == "mistaken":
        return before + NEIGHBOURS.get(letter.lower(), "e") + after
    return before + LOOKALIKES.get(letter.lower(), letter + letter) + after


def wrong_digit(rng: Random, text: str) -> str:
    """One digit is another, or two have changed places."""
    places = [i for i, c in enumerate(text) if c.isdigit()]
    if len(places) < 2:
        return text
    at = rng.randrange(len(places) - 1)
    i, j = places[at], places[at + 1]
    letters = list(text)
    if rng.random() < 0.5 and letters[i] != letters[j]:
        letters[i], letters[j] = letters[j], letters[i]
    else:
        letters[i] = str((int(letters[i]) + rng.randint(1, 9)) % 10)
    return "".join(letters)


def wrong_date(rng: Random, day: date) -> date:
    """Day and month exchanged where that is a date, else one part off."""
    kind = rng.random()
    if kind < 0.4 and day.day <= 12:
        return date(day.year, day.day, day.month)
    if kind < 0.7:
        return day.replace(day=min(28, max(1, day.day + rng.choice((-10, -1, 1, 10)))))
    if kind < 0.85:
        return day.replace(month=day.month % 12 + 1, day=min(day.day, 28))
    return day.replace(year=day.year + rng.choice((-10, -1, 1, 10)), day=min(day.day, 28))


def short_form(rng: Random, first: str) -> str:
    """A nickname, or an initial where the name has none."""
    if first in NICKNAMES and rng.random() < 0.75:
        return rng.choice(NICKNAMES[first])
    parts = first.split("-")
    return "-".join(f"{part[0]}." for part in parts) if rng.random() < 0.5 else "".join(p[0] for p in parts)


def wrong_email(rng: Random, email: str) -> str:
    """A domain misspelt, a letter lost, or a tag that is no mistake at all."""
    local, _, domain = email.strip().lower().partition("@")
    kind = rng.random()
    if kind < 0.35:
        return f"{local}@{MISSPELT.get(domain, domain)}"
    if kind < 0.6:
        return f"{typo(rng, local)}@{domain}"
    return f"{local.partition('+')[0]}+{rng.choice(TAGS)}@{domain}"


def abbreviated(rng: Random, street: str) -> str:
    """An address as somebody else would write it."""
    for long, short in (
        ("avenue", "av."), ("boulevard", "bd"), ("chemin", "ch."), ("Street", "St"), ("Road", "Rd"),
        ("Avenue", "Ave"), ("straße", "str."), ("rue ", "r. "), ("Lane", "Ln"), ("Drive", "Dr"),
    ):  # fmt: skip
        if long in street:
            return street.replace(long, short)
    return street.upper() if rng.random() < 0.5 else street.replace(" ", ", ", 1)
