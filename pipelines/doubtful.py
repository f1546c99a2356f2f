"""Everybody who may be one person: the customers that pairs in doubt join, with all their records.

From the published tables, less what was judged since.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pipelines import foresight
from pipelines.judge_words import say
from pipelines.judging import Pair, Refused, Side, Standing, ordered, published, records
from pipelines.reading import Connection, Row
from pipelines.review import Stands

FIELDS = ("name", "email", "phone", "place", "birth_date", "company")
# Customers of one group; whoever is in doubt with more is asked about in parts.
MOST = 20
MOST_RECORDS = 200


@dataclass(frozen=True)
class Group:
    """`links`: the pairs in doubt, the weakest first; `people`: customers, the first known first."""

    people: list[str]
    links: list[Row]
    records: list[Row]

    def among(self, chosen: Collection[str]) -> list[Row]:
        """The doubts between those chosen, or within the one."""
        return [row for row in self.links if {row["left_customer_id"], row["right_customer_id"]} <= {*chosen}]


def group(con: Connection, stands: Stands, customer_id: str) -> Group | None:
    """Whoever is in doubt with this customer, and with those in turn; None where nobody is."""
    known, found = {customer_id}, {}
    new = known
    while new and len(known) <= MOST:
        links = published(
            con,
            "from review_queue where left_customer_id in (select unnest($ids))"
            " or right_customer_id in (select unnest($ids))",
            {"ids": sorted(new)},
        )
        found |= {pair_of(row): row for row in links if not _is_judged(stands, pair_of(row))}
        reached = {row[f"{side}_customer_id"] for row in found.values() for side in ("left", "right")}
        new, known = reached - known, known | reached
    if not found:
        return None
    rows = published(
        con,
        "from doubtful_records where customer_id in (select unnest($ids))"
        " order by min(first_seen_at) over (partition by customer_id), customer_id, first_seen_at,"
        f" created_at, profile_id limit {MOST_RECORDS:d}",
        {"ids": sorted(known)},
    )
    people = list(dict.fromkeys(row["customer_id"] for row in rows)) or sorted(known)
    return Group(people, sorted(found.values(), key=lambda row: (row["weight"], row["queue_position"])), rows)


def pair_of(row: Row) -> Pair:
    return ordered(row["left_profile_id"], row["right_profile_id"])


def _is_judged(stands: Stands, pair: Pair) -> bool:
    one = stands.get(pair)
    return one is not None and one.is_waiting and one.verdict != "withdrawn"


# -- what they agree on ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Field:
    """`usual`: what most of those that say anything say; `given`: how many do; `values`: how many differ."""

    name: str
    usual: str
    given: int
    values: int


def fields(rows: Sequence[Row]) -> list[Field]:
    """Each field that any record has."""
    found = []
    for name in FIELDS:
        said = Counter(value.casefold() for row in rows if (value := value_of(row, name)))
        if said:
            found.append(Field(name, said.most_common(1)[0][0], said.total(), len(said)))
    return found


def value_of(row: Row, name: str) -> str:
    return row["said_name" if name == "name" else name] or ""


# -- answers -----------------------------------------------------------------------------------------


def answers(con: Connection, found: Group, chosen: Sequence[str], verdict: str) -> list[Pair]:
    """The pairs to judge so that those chosen are one person, or several. Raises Refused where none says so.

    Every doubt between them is answered; who is to be one and whom no doubt joins, by the first record.
    """
    asked = [pair_of(row) for row in found.among(chosen)]
    if not asked and (verdict == "apart" or len(chosen) < 2):
        raise Refused("")
    if verdict == "apart":
        return asked
    joined = {number: {number} for number in chosen}
    pairs = list(asked)
    for row in found.among(chosen):
        _join(joined, row["left_customer_id"], row["right_customer_id"])
    for number in chosen[1:]:
        if joined[number] is not joined[chosen[0]]:
            pairs.append(ordered(records(con, chosen[0])[0], records(con, number)[0]))
            _join(joined, chosen[0], number)
    return pairs


def _join(joined: dict[str, set[str]], one: str, other: str) -> None:
    both = joined[one] | joined[other]
    for number in both:
        joined[number] = both


def foreseen(
    con: Connection,
    found: Group,
    chosen: Sequence[str],
    verdict: str,
    stands: dict[Pair, Standing],
    language: str,
) -> list[str]:
    """What that answer changes. Raises Refused as above."""
    pairs = answers(con, found, chosen, verdict)
    if len(chosen) > 1:
        if verdict == "together":
            return foresight.become_one(con, chosen, pairs, stands, language)
        return [say(language, "stay_apart", customers=len(chosen))]
    left, right = (Side(profile_id, chosen[0]) for profile_id in pairs[0])
    if verdict == "together":
        return foresight.together(con, left, right, stands, language)
    return foresight.apart(con, left, right, stands, True, language)
