"""The simulator's countries with registers as long as real ones: thousands of last names, hundreds of towns.

The made-up company's own lists are short, so that a demo shows namesakes at once. In a set of twelve
thousand records they would make half of all people namesakes, which no country does.
"""

from dataclasses import replace
from itertools import product
from random import Random

from simulator import names
from simulator.countries import HOME, Country, World


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Beginnings and endings of last names that are common somewhere; together they are nobody's in particular.
HEADS = _words(
    "Bar Bel Ber Bol Bour Bran Cal Cam Car Cas Chan Char Cor Cour Dal Dar Del Dor Dul Fal Far Fer Fon For "
    "Gal Gar Ger Gol Gran Gui Hal Har Her Hol Jan Jol Jur Kel Ker Lam Lan Lar Lor Mal Man Mar Mer Mon Mor "
    "Nar Nol Par Pel Per Pol Por Quin Ral Ram Rol Ron Sal San Sar Ser Sol Tal Tar Ter Tol Val Var Ver Vol "
    "Zan Zel"
)
TAILS = {
    "fr": _words(
        "bert dier dray gnon let lier lin lon mand met mont neau net nier quet ret rier rin teau tier ton "
        "vel vin"
    ),
    "en": _words(
        "bury by combe croft dale den field ford ham hurst ley man more ridge shaw son stead ton well wick "
        "wood worth"
    ),
    "de": _words(
        "bach bacher berg brecht dorf feld fels gard hauer hausen heim hoff holz kamp lein mann meier ner "
        "reich stein thal"
    ),
}
TOWN_TAILS = {
    "FR": ("ville", "y", "-sur-Loire", "ac", "-les-Bains", "court"),
    "CA": ("ville", "-Station", "-des-Monts", "bourg"),
    "BE": ("gem", "-lez-Mons", "court", "beek"),
    "DE": ("stadt", "dorf", "hausen", "burg", " am See"),
    "GB": ("bury", "ton", "ham", " St Mary", "-on-Sea"),
    "US": ("ville", " Springs", "ton", " Falls", " City"),
}
STREET_SHAPES = {
    "FR": ("rue {}", "avenue {}", "chemin de {}", "impasse {}", "allée {}"),
    "CA": ("rue {}", "avenue {}", "rang {}", "boulevard {}"),
    "BE": ("rue {}", "chaussée de {}", "avenue {}"),
    "DE": ("{}straße", "{}weg", "{}gasse", "{}allee"),
    "GB": ("{} Road", "{} Lane", "{} Close", "{} Street"),
    "US": ("{} Street", "{} Avenue", "{} Drive", "{} Court"),
}


def _shuffled(words: list[str], seed: str) -> list[str]:
    Random(seed).shuffle(words)
    return words


def _last_names(known: tuple[str, ...], language: str) -> tuple[str, ...]:
    made = [head + tail for head, tail in product(HEADS, TAILS[language])]
    return (*known, *_shuffled(made, f"last names {language}"))


def _postcode(country: str, rng: Random) -> str:
    """In the country's shape."""
    letters = "ABCEGHJKLMNPRSTVXY"
    if country == "CA":
        a, b, c = (rng.choice(letters) for _ in range(3))
        return f"{a}{rng.randrange(10)}{b} {rng.randrange(10)}{c}{rng.randrange(10)}"
    if country == "GB":
        return f"{rng.choice(letters)}{rng.choice(letters)}{rng.randint(1, 30)} {rng.randrange(10)}AA"
    return f"{rng.randint(1010, 9990)}" if country == "BE" else f"{rng.randint(1010, 98990):05d}"


def _towns(country: str, known: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    rng = Random(f"towns {country}")
    made = _shuffled([head + tail for head, tail in product(HEADS, TOWN_TAILS[country])], f"towns {country}")
    # A big town has many postcodes; a small one has one.
    big = [(town, _postcode(country, rng)) for town, _ in known for _ in range(5)]
    return (*known, *big, *((town, _postcode(country, rng)) for town in made))


def _streets(country: str, known: tuple[str, ...]) -> tuple[str, ...]:
    words = [head + tail for head, tail in product(HEADS[::3], TAILS[LANGUAGES.get(country, "en")][::3])]
    made = [shape.format(word) for shape, word in product(STREET_SHAPES[country], words)]
    return (*known, *_shuffled(made, f"streets {country}"))


LANGUAGES = {"FR": "fr", "CA": "fr", "BE": "fr", "DE": "de"}


def _wide(country: str, land: Country, share: int) -> Country:
    return replace(
        land,
        share=share,
        last_names=_last_names(land.last_names, land.language),
        towns=_towns(country, land.towns),
        streets=_streets(country, land.streets),
        english_last_names=_last_names(land.english_last_names, "en"),
    )


ABROAD: World = {
    "DE": Country(0, "de", 0.04, names.GERMAN_LAST, names.TOWNS["DE"], names.STREETS["DE"]),
    "GB": Country(0, "en", 1.0, names.ENGLISH_LAST, names.TOWNS["GB"], names.STREETS["GB"]),
    "US": Country(0, "en", 1.0, names.ENGLISH_LAST, names.TOWNS["US"], names.STREETS["US"]),
}
SHARES = {"FR": 34, "CA": 18, "BE": 10, "DE": 14, "GB": 13, "US": 11}
WIDE: World = {country: _wide(country, (HOME | ABROAD)[country], share) for country, share in SHARES.items()}


def home_in(rng: Random, country: str) -> dict[str, str | None]:
    """Another address in that country: where somebody moved to."""
    land = WIDE[country]
    city, postcode = names.skewed(rng, land.towns)
    return {
        "address": f"{rng.randint(1, 180)} {rng.choice(land.streets)}",
        "city": city,
        "postcode": postcode,
    }
