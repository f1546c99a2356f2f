"""Blocking keys to learn on: the pairs that share one, counted before anybody compares them."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.reading import Connection, rows
from pipelines.training import Refused

# Any two of these leave every comparison to be learned under the other.
DEFAULT = ("email", "phone", "first_name,last_name", "birth_date,last_name")
LEAST_KEYS = 2
COLUMNS = (
    *("email", "mailbox", "phone", "first_name", "last_name", "birth_date"),
    *("street", "city", "postcode", "country", "company", "national_id"),
)
EMPTIEST = 0.01
# One value on every twentieth record is no trait of a person but of the company, or a placeholder.
MOST_ON_ONE = 0.05
# Splink wants thousands; below this a level seen in one pair of fifty rests on a handful.
LEAST_PAIRS, MOST_PAIRS = 250, 5_000_000
# An address of an office or a crowd brings strangers together, and there EM finds its two groups elsewhere.
STANDINGS = {"email": "email_standing", "phone": "phone_standing"}


@dataclass(frozen=True)
class Key:
    """Columns in which both records of a pair are equal."""

    columns: tuple[str, ...]

    @property
    def word(self) -> str:
        return ",".join(self.columns)

    @property
    def condition(self) -> str:
        """For Splink: over l and r."""
        equal = [f"l.{column} = r.{column}" for column in self.columns]
        return " and ".join(equal + [_not_many(f"l.{STANDINGS[c]}") for c in self.columns if c in STANDINGS])

    @property
    def is_carried(self) -> str:
        """By a record."""
        known = [f"{column} is not null" for column in self.columns]
        return " and ".join(known + [_not_many(STANDINGS[c]) for c in self.columns if c in STANDINGS])


def _not_many(standing: str) -> str:
    return f"coalesce({standing}, '') not in ('role', 'crowd')"


@dataclass(frozen=True)
class Counted:
    """How a key lies over the records."""

    key: Key
    records: int
    filled: int
    largest: int
    pairs: int


def parse(words: str) -> Key:
    """`first_name,last_name`. Raises Refused naming the columns there are."""
    columns = tuple(dict.fromkeys(word.strip() for word in words.split(",")))
    if unknown := [column for column in columns if column not in COLUMNS]:
        raise Refused(f"--key {words}: no column {', '.join(unknown)}; there are {', '.join(COLUMNS)}")
    return Key(columns)


def count(con: Connection, key: Key) -> Counted:
    found = rows(
        con,
        f"""
        with carriers as (
            select count(*) as carriers from people where {key.is_carried} group by {", ".join(key.columns)}
        )
        select
            coalesce(sum(carriers), 0)::bigint as filled,
            coalesce(max(carriers), 0)::bigint as largest,
            coalesce(sum(carriers::hugeint * (carriers - 1) // 2), 0)::bigint as pairs,
            (select count(*) from people) as records
        from carriers
        """,
    )[0]
    return Counted(key, **found)


def fault(counted: Counted, most_pairs: int = MOST_PAIRS) -> str | None:
    """Why nothing can be learned on this key; None where something can."""
    word, filled = counted.key.word, counted.filled
    if filled < EMPTIEST * counted.records:
        return f"{word} is too empty: {filled:,} of {counted.records:,} records have it to compare by"
    if counted.largest > MOST_ON_ONE * filled and counted.pairs > LEAST_PAIRS:
        share = counted.largest / filled
        return f"{word} is nearly constant: one value is on {counted.largest:,} records, {share:.0%} of all"
    if counted.pairs > most_pairs:
        return (
            f"{word} would make {counted.pairs:,} pairs, more than the {most_pairs:,} allowed (--most-pairs)"
        )
    if counted.pairs < LEAST_PAIRS:
        return f"{word} brings {counted.pairs:,} pairs together; fewer than {LEAST_PAIRS} teach nothing"
    return None


def choose(
    con: Connection, asked: Sequence[str], most_pairs: int = MOST_PAIRS
) -> tuple[list[Counted], list[str]]:
    """The keys to learn on, and what is wrong with the others of DEFAULT.

    Raises Refused where a key that was asked for is unfit, or fewer than two are left.
    """
    counted = [count(con, parse(words)) for words in asked or DEFAULT]
    faults = [found for one in counted if (found := fault(one, most_pairs))]
    if asked and faults:
        raise Refused("; ".join(faults))
    fit = [one for one in counted if fault(one, most_pairs) is None]
    if len(fit) < LEAST_KEYS:
        # What a key is made of cannot be learned on it, so one alone leaves something unlearned.
        raise Refused(
            f"{LEAST_KEYS} blocking keys are needed, and {len(fit)} will do: "
            + "; ".join(faults or ["name another"])
        )
    return fit, faults
