"""Many checks of a frame asked as few questions.

An expectation costs Great Expectations some ten milliseconds whatever it looks at, a stream promises twenty
things, and a night of ten new leads would be spent on those. So checks of one kind are asked at once, their
columns one under another. Whether a value is there and whether it is among those allowed is one kind: the
answer is the check's place and the value, as one word.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.expectations import Check

WORDS = ("be_in_set", "not_be_null")
THERE, MISSING = "there", "missing"


@dataclass(frozen=True)
class Question:
    """What GX is asked: `answers` holds the frame's rows once for each of `places`, in their order."""

    expectation: str
    arguments: Mapping[str, Any]
    places: list[int]
    answers: "pd.Series"

    def asked_of(self, at: int) -> tuple[int, int]:
        """Of the answer number `at`: the place of its check, and the row of the frame."""
        nth, row = divmod(at, len(self.answers) // len(self.places))
        return self.places[nth], row


def of(frame: "pd.DataFrame", checks: Sequence["Check"]) -> list[Question]:
    """All `checks` of the frame; GX passes over what is null in answers, as in columns."""
    import pandas as pd

    words, others = [], {}
    for place, check in enumerate(checks):
        if check.expectation in WORDS:
            words.append(place)
        else:
            others.setdefault((check.expectation, repr(check.arguments)), []).append(place)
    questions = [_whether_allowed(frame, checks, words)] if words else []
    for (expectation, _), places in others.items():
        answers = pd.concat([frame[checks[place].column] for place in places], ignore_index=True)
        questions.append(Question(expectation, checks[places[0]].arguments, places, answers))
    return questions


def _whether_allowed(frame: "pd.DataFrame", checks: Sequence["Check"], places: list[int]) -> Question:
    import pandas as pd

    allowed = [
        f"{place} {word}" for place in places for word in checks[place].arguments.get("value_set", [THERE])
    ]
    answers = [_words(frame[checks[place].column], place, checks[place]) for place in places]
    return Question(
        "be_in_set", {"value_set": allowed}, places, pd.Series(pd.api.types.union_categoricals(answers))
    )


def _words(column: "pd.Series", place: int, check: "Check") -> "pd.Categorical":
    import pandas as pd

    if check.expectation == "not_be_null":
        codes, words = column.isna().astype(int), [THERE, MISSING]
    else:
        values = pd.Categorical(column)
        codes, words = values.codes, values.categories
    return pd.Categorical.from_codes(codes, pd.Index([f"{place} {word}" for word in words], dtype=object))
