"""A big CSV of leads of no particular platform, for benchmarks: a million rows in seconds.

Rows are made in blocks of columns, so memory does not grow with the number of rows. About a quarter are
somebody who was there before, written differently: case, spaces, plus tags, another spelling of the
phone, sometimes only one of the two, sometimes a new address beside the old number. A few rows carry
placeholders or an office's address, as real files do.
"""

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from itertools import repeat
from pathlib import Path

import numpy as np

from simulator import names
from simulator.mess import PLACEHOLDER_EMAILS
from simulator.people import MAILBOXES, plain

BLOCK = 100_000
HEADER = (
    "lead_id", "date", "prénom", "nom", "email", "téléphone", "code postal", "ville", "pays", "newsletter",
)  # fmt: skip
FIRSTS = np.array(names.FRENCH_WOMEN + names.FRENCH_MEN, dtype=object)
LASTS = np.array(names.FRENCH_LAST + names.QUEBEC_LAST + names.BELGIAN_LAST, dtype=object)
PLAIN_FIRSTS = np.array([plain(name) for name in FIRSTS], dtype=object)
PLAIN_LASTS = np.array([plain(name) for name in LASTS], dtype=object)
BOXES = np.array(MAILBOXES, dtype=object)
TOWNS = names.TOWNS["FR"]
OFFICES = np.array([f"info@bureau{n}.example" for n in range(500)], dtype=object)


def write(rows: int, seed: int, until: date, path: Path) -> Path:
    """`rows` leads, repeats included; the same arguments give the same file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    end = datetime.combine(until, time(), UTC)
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, delimiter=";", lineterminator="\n")
        lines.writerow(HEADER)
        for first_row in range(0, rows, BLOCK):
            count = min(BLOCK, rows - first_row)
            rng = np.random.default_rng([seed, first_row])
            lines.writerows(_block(rng, first_row, count, end))
    return path


def _people(rng: np.random.Generator, first_row: int, count: int) -> np.ndarray:
    """The person behind each row, numbered by a row: for one in four an earlier one."""
    fresh = np.arange(first_row, first_row + count)
    known = rng.random(count) < 0.25
    earlier = (rng.random(count) * np.maximum(first_row, 1)).astype(np.int64)
    near = np.maximum(fresh - rng.integers(1, 2_000, count), 0)
    return np.where(known, np.where(first_row > 0, earlier, near), fresh)


def _traits(people: np.ndarray, salt: int) -> np.ndarray:
    """A uniform number per person that is the same in every block: a hash, not a generator."""
    mixed = (people.astype(np.uint64) + np.uint64(salt)) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    return (mixed >> np.uint64(11)).astype(np.float64) / 2.0**53


def _block(rng: np.random.Generator, first_row: int, count: int, end: datetime) -> Iterator[tuple]:
    people = _people(rng, first_row, count)
    first = (len(FIRSTS) * _traits(people, 1) ** 2).astype(np.int64)
    last = (len(LASTS) * _traits(people, 2) ** 2).astype(np.int64)
    town = (len(TOWNS) * _traits(people, 3) ** 2).astype(np.int64)
    moments = int(end.timestamp()) - rng.integers(1, 730 * 86_400, count)
    typed_names = rng.random((count, 2))
    return zip(
        (f"L{n:09d}" for n in range(first_row, first_row + count)),
        np.datetime_as_string(moments.astype("datetime64[s]"), unit="s", timezone="UTC"),
        _typed(FIRSTS[first], typed_names[:, 0]),
        _typed(LASTS[last], typed_names[:, 1]),
        _emails(rng, people, first, last),
        _phones(rng, people),
        np.array([code for _, code in TOWNS], dtype=object)[town],
        np.array([name for name, _ in TOWNS], dtype=object)[town],
        repeat("FR"),
        np.where(rng.random(count) < 0.5, "oui", "non"),
        strict=False,
    )


def _typed(words: np.ndarray, dice: np.ndarray) -> np.ndarray:
    return np.array(
        [w.upper() if d < 0.08 else w.lower() if d < 0.14 else w for w, d in zip(words, dice, strict=True)],
        dtype=object,
    )


def _emails(rng: np.random.Generator, people: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    # One row in twelve uses the person's second address.
    second = np.where(rng.random(len(people)) < 0.08, "2", "")
    box = BOXES[(_traits(people, 4) * len(BOXES)).astype(np.int64)]
    dice, office = rng.random(len(people)), rng.integers(0, len(OFFICES), len(people))
    made = []
    for f, la, number, extra, domain, d, desk in zip(
        PLAIN_FIRSTS[first], PLAIN_LASTS[last], people, second, box, dice, office, strict=True
    ):
        email = f"{f}.{la}{number}{extra}@{domain}"
        if d < 0.05:
            email = email.upper()
        elif d < 0.09:
            email = f" {email}"
        elif d < 0.12:
            email = f"{f}.{la}{number}{extra}+promo@{domain}"
        elif d > 0.993:
            email = OFFICES[desk]
        elif d > 0.990:
            email = PLACEHOLDER_EMAILS[desk % len(PLACEHOLDER_EMAILS)]
        elif d > 0.93:
            email = ""
        made.append(email)
    return np.array(made, dtype=object)


def _phones(rng: np.random.Generator, people: np.ndarray) -> np.ndarray:
    """Seven free digits after 06 3: a million people do not fit into the ranges kept for fiction."""
    dice = rng.random(len(people))
    made = []
    for number, d in zip(people % 10_000_000, dice, strict=True):
        digits = f"{number:07d}"
        spaced = f"{digits[0]} {digits[1:3]} {digits[3:5]} {digits[5:]}"
        if d < 0.35:
            phone = f"06 3{spaced}"
        elif d < 0.6:
            phone = f"063{digits}"
        elif d < 0.75:
            phone = f"+3363{digits}"
        elif d < 0.8:
            phone = f"003363{digits}"
        elif d < 0.97:
            phone = ""
        else:
            phone = "0000000000" if d < 0.985 else "0612345678"
        made.append(phone)
    return np.array(made, dtype=object)
