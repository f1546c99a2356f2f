"""Random companies for the proofs of identity: few values, many hands, so that everything meets everything.

A world hands out records that share, misspell and swap what they say; it changes, erases and brings them
back, and has people judge them, some before they arrive. All chance comes from the `random.Random` given.
"""

from random import Random
from typing import Any

from identity_harness import Warehouse

FIRST = [
    "Anne",
    "Ann",
    "Jean-François",
    "J-F",
    "Jean",
    "Julie",
    "Julien",
    "Marie",
    "Bob",
    "Robert",
    "Léa",
    "Zoé",
]
LAST = ["Durand", "Dupont", "Roy", "Morel", "Duran", "Le Goff", "Petit"]
STREETS = ["3 rue des Lilas", "3, r. des Lilas", "8 bd Saint-Michel", "12 quai Nord"]
TOWNS = [("75005", "Paris"), ("69003", "Lyon"), ("75005", None), (None, "Lyon")]
BIRTHS = ["1980-03-07", "07/03/1980", "1980-03-08", "1955-11-20", "1990-01-01"]
SHARED = [
    "famille@maison{}.example",
    "info@lumen{}.example",
    "test@test{}.example",
    "bureau@maison{}.example",
]
EMPTY = "0000000000"
PLATFORMS = [("files", "lead"), ("meta", "lead"), ("brevo", "contact"), ("shopify", "customer")]


class World:
    """`records` are there now, `gone` were; `judged` are the pairs a person ever spoke of.

    Worlds of other numbers share names and places, but no address, number or id.
    """

    def __init__(self, rng: Random, number: int = 0, mailboxes: int = 8, numbers: int = 8) -> None:
        self.rng, self.number, self.made = rng, number, 0
        self.mailboxes, self.numbers = mailboxes, numbers
        self.records: dict[str, dict[str, Any]] = {}
        self.gone: dict[str, dict[str, Any]] = {}
        self.judged: dict[tuple[str, str], str] = {}

    def step(self, warehouse: Warehouse, day: int) -> dict[str, int]:
        """One batch of news lands; how much of each kind."""
        rng = self.rng
        many = 12 if day == 1 else rng.randint(0, 8)
        fresh = {self._id(): self.said(day) for _ in range(many)}
        old = list(self.records)
        lost = rng.sample(old, min(len(old), rng.choice([0, 0, 1, 3])))
        changed = {
            name: self._otherwise(self.records[name])
            for name in rng.sample(old, min(len(old), rng.choice([0, 1, 3])))
            if name not in lost
        }
        back = {name: self.gone[name] for name in list(self.gone) if rng.random() < 0.3}
        for name in lost:
            self.gone[name] = self.records.pop(name)
        for name in back:
            del self.gone[name]
        landed = fresh | changed | back
        self.records |= landed
        warehouse.lose(lost)
        warehouse.land(landed, day)
        verdicts = self._judge(warehouse, day)
        return {
            "new": many,
            "changed": len(changed),
            "lost": len(lost),
            "back": len(back),
            "judged": verdicts,
        }

    def said(self, day: int) -> dict[str, Any]:
        """What a record says. It may have waited: then it is older than the day it lands."""
        rng = self.rng
        first, last = rng.choice(FIRST), rng.choice(LAST)
        said: dict[str, Any] = {"seen": max(0, day - rng.choice([0, 0, 0, 2, 5])) + rng.randint(0, 3) / 10}
        if rng.random() < 0.75:
            named = rng.choice(["both", "both", "full", "first", "turned"])
            said |= {
                "both": {"first_name": first, "last_name": last},
                "full": {"full_name": f"{first} {last}"},
                "first": {"first_name": first},
                "turned": {"first_name": last, "last_name": first},
            }[named]
        if rng.random() < 0.65:
            said["email"] = self._mailbox()
        if rng.random() < 0.55:
            said["phone"] = self._number()
        if rng.random() < 0.1:
            said["landline"] = self._number()
        if rng.random() < 0.25:
            said["birth_date"] = rng.choice(BIRTHS)
        if rng.random() < 0.3:
            said["postcode"], said["city"] = rng.choice(TOWNS)
            said["street"] = rng.choice([*STREETS, None])
        if rng.random() < 0.1:
            said["national_id"] = f"FR{self.number}X{rng.randint(1, 4)}"
        if rng.random() < 0.1:
            said["company"] = rng.choice(["Lumen", "Lumen SARL", "Hélio"])
        if rng.random() < 0.2:
            said["platform_id"] = f"shopify:customer:{self.number}{rng.randint(1, 5)}"
        return {name: value for name, value in said.items() if value is not None}

    def _id(self) -> str:
        self.made += 1
        platform, word = self.rng.choice(PLATFORMS)
        return f"{platform}:{self.number}:{word}:{self.made}"

    def _mailbox(self) -> str:
        rng = self.rng
        if rng.random() < 0.2:
            return rng.choice(SHARED).format(self.number)
        name = f"anne.durand{self.number}x{rng.randint(1, self.mailboxes)}"
        return rng.choice(
            [f"{name}@poste.example", f"{name.upper()}@Poste.example ", f"{name}+pub@poste.example"]
        )

    def _number(self) -> str:
        rng = self.rng
        if rng.random() < 0.05:
            return EMPTY
        tail = f"{self.number:02} {rng.randint(1, self.numbers):02}"
        return rng.choice([f"06 39 98 {tail}", f"+33 6 39 98 {tail}", f"01 99 00 {tail}", f"0639-98-{tail}"])

    def _otherwise(self, said: dict[str, Any]) -> dict[str, Any]:
        """The same record after somebody corrected it: other words, the same first day."""
        if self.rng.random() < 0.3:
            return {name: value for name, value in said.items() if name == "seen" or self.rng.random() < 0.5}
        return self.said(0) | {"seen": said["seen"]}

    def _judge(self, warehouse: Warehouse, day: int) -> int:
        rng = self.rng
        # A few are not there, or not yet.
        known = [*self.records, *self.gone, f"files:{self.number}:lead:{self.made + 1}"]
        count = rng.choice([0, 0, 1, 2]) if len(known) > 2 else 0
        for _ in range(count):
            pair = tuple(sorted(rng.sample(known, 2)))
            if self.judged and rng.random() < 0.3:
                pair = rng.choice(sorted(self.judged))
            verdict = rng.choice(["together", "apart", "withdrawn"])
            self.judged[pair] = verdict
            warehouse.judge(*pair, verdict, day)
        return count
