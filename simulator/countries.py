"""Where people may live, and what they are called there.

HOME is the world of the made-up company; whoever needs another one (more countries, longer lists) hands
`people.settle` their own. Lists go from common to rare, like those of `names`.
"""

from dataclasses import dataclass

from simulator import names


@dataclass(frozen=True)
class Country:
    share: int  # of households, against the others
    language: str
    english: float  # share of households that speak English instead
    last_names: tuple[str, ...]
    towns: tuple[tuple[str, str], ...]  # with the postcode
    streets: tuple[str, ...]
    english_last_names: tuple[str, ...] = names.ENGLISH_LAST


World = dict[str, Country]

HOME: World = {
    "FR": Country(60, "fr", 0.05, names.FRENCH_LAST, names.TOWNS["FR"], names.STREETS["FR"]),
    "CA": Country(25, "fr", 0.30, names.QUEBEC_LAST, names.TOWNS["CA"], names.STREETS["CA"]),
    "BE": Country(15, "fr", 0.08, names.BELGIAN_LAST, names.TOWNS["BE"], names.STREETS["BE"]),
}
FIRST_NAMES = {
    "fr": (names.FRENCH_WOMEN, names.FRENCH_MEN),
    "en": (names.ENGLISH_WOMEN, names.ENGLISH_MEN),
    "de": (names.GERMAN_WOMEN, names.GERMAN_MEN),
}
