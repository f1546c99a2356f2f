"""From what was seen to bits: smoothed, guarded, and refused where they make no sense."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log2

from pipelines.resemblance.recipe import COMPARISONS
from pipelines.resemblance.weights import Weights
from pipelines.training import Refused
from pipelines.training.em import HALF, NEUTRAL, UNLEARNED, Seen

# An agreement met in fewer pairs of one person than this, or a disagreement in fewer of two, is too rare.
ENOUGH = 10.0
# Nobody's people are that different: what moves further was learned on too few, or on something else.
FARTHEST = 6.0

# What holds families, couples, offices and namesakes apart. EM takes the pairs that share a key for two
# kinds, one person or two, and thinks all else independent; but a family shares number, street and last
# name at once. It then finds one person where a household is, and learns that another first name hardly
# matters. So these are never made less severe than shipped.
GUARDS = {
    ("first_name", "far"),
    ("first_name", "garbled"),
    ("first_name", "two_names_alike"),
    ("first_name", "two_names"),
    ("first_name", "differs_but_backed"),
    ("first_name", "differs"),
    ("last_name", "same_some"),
    ("last_name", "same_many"),
    ("last_name", "same_crowd"),
    ("email", "same_role"),
    ("email", "same_crowd"),
    ("email", "same_shared"),
    # Made of the name: namesakes have them too.
    ("email", "mailbox"),
    ("email", "near"),
    ("email", "other_digits"),
    ("phone", "same_crowd"),
    ("birth_date", "same_crowd"),
    ("birth_date", "generation"),
    ("phone", "same_landline"),
    ("phone", "same_shared"),
    ("place", "home"),
    ("place", "street"),
}


@dataclass(frozen=True)
class Lesson:
    """One level: its bits as shipped and now, and why it is not what was learned, where it is not."""

    comparison: str
    level: str
    shipped: float
    bits: float
    note: str = ""  # guard, rare, thin, neutral


def draw(seen: Mapping[tuple[str, str], Seen], shipped: Weights) -> list[Lesson]:
    """Every level of the recipe. Raises Refused where an agreement would weigh less than a disagreement."""
    return checked(
        [
            _lesson(comparison.name, level.name, seen, shipped)
            for comparison in COMPARISONS
            for level in comparison.levels
        ]
    )


def _lesson(comparison: str, level: str, seen: Mapping[tuple[str, str], Seen], shipped: Weights) -> Lesson:
    before = float(shipped.bits[comparison][level])
    if comparison in UNLEARNED or (comparison, level) in NEUTRAL:
        return Lesson(comparison, level, before, before, "neutral" if not before else "guard")
    if (comparison, level) not in seen:
        return Lesson(comparison, level, before, before, "thin")
    one = seen[comparison, level]
    # That nobody here happens to agree so unteaches nothing; that many strangers disagree so teaches a lot.
    if (one.m * one.of_one if before > 0 else one.u * one.of_two) < ENOUGH:
        return Lesson(comparison, level, before, before, "rare")
    learned = min(max(bits(one), before - FARTHEST), before + FARTHEST)
    if (comparison, level) in GUARDS and learned > before:
        return Lesson(comparison, level, before, before, "guard")
    return Lesson(comparison, level, before, learned)


def bits(seen: Seen) -> float:
    """How much likelier the level is for one person than for two."""
    m = (seen.m * seen.of_one + HALF) / (seen.of_one + HALF)
    return round(log2(m / seen.u), 1)


def checked(lessons: list[Lesson]) -> list[Lesson]:
    """Raises Refused naming every agreement that would weigh no more than its disagreement."""
    differs = {one.comparison: one.bits for one in lessons if one.level == "differs"}
    wrong = [
        f"{one.comparison} {one.level} {one.bits:+.1f}, differs {differs[one.comparison]:+.1f}"
        for one in lessons
        if one.shipped > 0 and one.bits <= differs.get(one.comparison, float("-inf"))
    ]
    if wrong:
        raise Refused(
            "weights without sense, an agreement is worth no more than a disagreement: "
            + "; ".join(wrong)
            + ". Learn on other keys (--key), or keep the shipped weights"
        )
    return lessons
