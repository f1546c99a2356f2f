"""Two records side by side: every comparison between them, scored afresh, and what matching reckoned with."""

from dataclasses import dataclass
from datetime import date

from pipelines.grouping import PERSONAL
from pipelines.reading import Connection, Row, rows
from pipelines.resemblance import scorer, weights
from pipelines.resemblance.recipe import COMPARISONS

# Where these say little, nothing that is one person's alone is in common (int_identity__weighed).
CONTACTS, LITTLE = ("email", "phone", "national_id"), 5.0
# A pair that is plain at a glance (match__same_contact).
PLAIN = 30.0
JUDGEMENTS = {"judged_together": 1000.0, "judged_apart": -1000.0}


@dataclass(frozen=True)
class Step:
    """One comparison of two records: the level it ended in, what that is worth, the values compared."""

    comparison: str
    level: str
    bits: float
    left: str | None
    right: str | None


@dataclass(frozen=True)
class Judgement:
    verdict: str
    judged_by: str
    judged_on: date
    reason: str | None


@dataclass(frozen=True)
class Pair:
    """Two records side by side. `kept` is the weight matching reckoned with; None where it kept none."""

    left: str
    right: str
    steps: tuple[Step, ...]
    rules: dict[str, float]
    population: float
    kept: float | None
    judgement: Judgement | None = None

    @property
    def weight(self) -> float:
        """All of it, as scored now."""
        return sum(step.bits for step in self.steps) + sum(self.rules.values()) - self.population

    @property
    def reckoned(self) -> float:
        """As much as matching made of it, judgements aside."""
        judged = sum(bits for rule, bits in self.rules.items() if rule in JUDGEMENTS)
        return (self.weight if self.kept is None else self.kept) - judged

    @property
    def personal(self) -> float:
        return sum(step.bits for step in self.steps if step.comparison in PERSONAL)


def score(con: Connection, pairs: list[tuple[int, int]], used: weights.Weights) -> list[Pair]:
    """Pairs of records with every comparison between them, in the order given."""
    con.execute(
        "create or replace temp table asked as"
        " select unnest(?::bigint[]) as left_n, unnest(?::bigint[]) as right_n",
        [[left for left, _ in pairs], [right for _, right in pairs]],
    )
    compared = "warehouse.identity.int_identity__compared"
    scorer.score(con, compared, "asked", "explained", used, with_levels=True)
    found = {
        frozenset((row["one_n"], row["other_n"])): row
        for row in rows(
            con,
            """
            select
                explained.*, explained.left_n as one_n, explained.right_n as other_n,
                weighed.weight as kept, ruled.match_rules, ruled.weight as ruled_weight,
                judged.verdict, judged.judged_by, judged.judged_at, judged.reason as judged_reason,
                one as one, other as other,
                (select population_bits from warehouse.contracts.int_settled) as population_bits
            from explained
            inner join int_profile_features as one on explained.left_n = one.n
            inner join int_profile_features as other on explained.right_n = other.n
            left join int_identity__weighed as weighed
                on weighed.left_n = least(explained.left_n, explained.right_n)
                and weighed.right_n = greatest(explained.left_n, explained.right_n)
            left join int_identity__ruled as ruled
                on ruled.left_n = least(explained.left_n, explained.right_n)
                and ruled.right_n = greatest(explained.left_n, explained.right_n)
            left join int_judgements as judged
                on judged.left_profile_id = least(one.profile_id, other.profile_id)
                and judged.right_profile_id = greatest(one.profile_id, other.profile_id)
            """,
        )
    }
    return [_pair(found[frozenset(pair)], pair[0]) for pair in pairs]


def _pair(row: Row, first: int) -> Pair:
    sides = ("one", "other") if row["one_n"] == first else ("other", "one")
    left, right = (row[side] for side in sides)
    steps = tuple(
        Step(c.name, row[f"level_{c.name}"], row[f"bits_{c.name}"], value(c.name, left), value(c.name, right))
        for c in COMPARISONS
    )
    is_little = max(row[f"bits_{name}"] for name in CONTACTS) < LITTLE
    judgement = row["verdict"] and Judgement(
        row["verdict"], row["judged_by"], row["judged_at"].date(), row["judged_reason"]
    )
    return Pair(
        left["profile_id"],
        right["profile_id"],
        steps,
        rules=_rules(row["match_rules"] or [], float(row["ruled_weight"] or 0)),
        population=float(row["population_bits"]) if is_little else 0.0,
        kept=row["kept"],
        judgement=judgement or None,
    )


def _rules(names: list[str], total: float) -> dict[str, float]:
    """What each rule brought: a judgement a thousand bits either way, the rest is the others'."""
    known = {name: JUDGEMENTS[name] for name in names if name in JUDGEMENTS}
    others = [name for name in names if name not in JUDGEMENTS]
    left = total - sum(known.values())
    return known | {name: left / len(others) for name in others}


def value(comparison: str, features: Row) -> str | None:
    """What of a record a comparison looks at, as it was compared."""
    if comparison == "phone":
        return ", ".join(filter(None, (features["phone"], features["other_phone"]))) or None
    if comparison == "place":
        town = " ".join(filter(None, (features["postcode"], features["city"])))
        return ", ".join(filter(None, (features["street"], town))) or None
    if comparison == "known_by":
        return None
    if comparison == "birth_date" and len(features["birth_date"] or "") == 8:
        born = features["birth_date"]
        return f"{born[:4]}-{born[4:6]}-{born[6:]}"
    return features[comparison]
