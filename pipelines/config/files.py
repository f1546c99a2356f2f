"""`files:` and `webhooks:` in firsthand.yaml: what comes in by the company's own ways, and how it reads."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from connectors import files
from connectors.files.pushed import Pushed
from connectors.files.rows import GIVEN_BY_EACH
from pipelines.config.base import Strict, each_once, zone


class FileMapping(Strict):
    """How one family of generic files reads: which names it has, and our column for each of theirs.

    `values` holds for every line that tells nothing else, our column -> what it is; `sheet` is that of a
    workbook; `time_zone` is the one of times without an offset, where that is not the company's.
    """

    match: str
    stream: Literal["leads", "referrals", "reviews", "nps", "content", "sales", "rates", "spend"] = "leads"
    columns: dict[str, str] = {}
    values: dict[str, Annotated[str, Field(min_length=1)]] = {}
    sheet: str | None = None
    time_zone: Annotated[str, AfterValidator(zone)] | None = None

    @model_validator(mode="after")
    def _has_known_values(self) -> "FileMapping":
        if taken := sorted(set(self.values) & GIVEN_BY_EACH):
            raise ValueError(f"values: {', '.join(taken)}: each person's own to give; put it into the file")
        known = files.columns_of(self.stream)
        if unknown := sorted(set(self.values) - known):
            raise ValueError(
                f"values: {', '.join(unknown)}: no column of {self.stream}; known: {', '.join(sorted(known))}"
            )
        return self


def named_once(declared: list[Pushed]) -> list[Pushed]:
    """The same. Raises ValueError naming those of one name."""
    each_once([one.name for one in declared])
    return declared
