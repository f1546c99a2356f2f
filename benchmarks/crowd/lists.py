"""First names, last names and towns, skewed as registers are, ready to be joined by a throw of dice."""

from collections.abc import Iterable
from itertools import product

import duckdb
import pyarrow as pa

from benchmarks.labelled.world import HEADS, TAILS
from simulator import names

Connection = duckdb.DuckDBPyConnection
SLOTS = 200_000
# What people call themselves where they do not use their name.
PASTIMES = (
    "soleil", "montagne", "velo", "jardin", "musique", "etoile", "voyage", "cuisine", "photo", "tricot",
    "peche", "danse", "lecture", "cheval", "surf", "rando", "guitare", "chocolat", "lavande", "hibou",
)  # fmt: skip
MIDDLES = ("", "a", "e", "i", "o", "an", "en", "in", "on", "el", "er", "is")


def register(con: Connection) -> None:
    """Each list as a table of slots, a common word in many of them."""
    firsts = [*_mixed(names.FRENCH_WOMEN, names.FRENCH_MEN, names.ENGLISH_WOMEN, names.ENGLISH_MEN)]
    simple = [first for first in firsts if "-" not in first]
    doubles = [f"{one}-{other}" for one, other in product(simple[:30], simple[40:70])]
    lasts = [*_mixed(names.FRENCH_LAST, names.QUEBEC_LAST, names.BELGIAN_LAST)]
    made = [f"{head}{middle}{tail}" for middle in MIDDLES for head, tail in product(HEADS, TAILS["fr"])]
    towns = [town for land in ("FR", "BE", "CA") for town, _ in names.TOWNS[land]]
    roots = [head + tail for head, tail in product(HEADS, TAILS["fr"])]
    far = [root + end for end in ("ville", "-les-Bains", "") for root in roots]
    _slots(con, "crowd_first_names", [*firsts, *doubles], head=10)
    _slots(con, "crowd_last_names", [*lasts, *made], head=20)
    _slots(con, "crowd_towns", [*towns, *far], head=3)


def _mixed(*lists: Iterable[str]) -> dict[str, None]:
    """The lists side by side, common words first, each word once."""
    ranked = [(place, word) for words in lists for place, word in enumerate(words)]
    return dict.fromkeys(word for _, word in sorted(ranked, key=lambda one: one[0]))


def _slots(con: Connection, table: str, words: list[str], head: int) -> None:
    """The word of rank r has a share of 1 / (r + head): Zipf with a flat head, as registers have."""
    words = list(dict.fromkeys(words))
    weights = [1 / (rank + head) for rank in range(1, len(words) + 1)]
    total, slots, reach = sum(weights), [], 0.0
    for rank, (word, weight) in enumerate(zip(words, weights, strict=True), 1):
        reach += weight / total * (SLOTS + 1)
        short = next(iter(names.NICKNAMES.get(word, ())), None)
        slots += [(slot, word, rank, short) for slot in range(len(slots), min(int(reach), SLOTS + 1))]
    slots += [(slot, *slots[-1][1:]) for slot in range(len(slots), SLOTS + 1)]
    columns = [list(column) for column in zip(*slots, strict=True)]
    con.register("listed", pa.table(columns, names=["slot", "word", "rank", "short_form"]))
    con.execute(f"create or replace temp table {table} as from listed")
    con.unregister("listed")
