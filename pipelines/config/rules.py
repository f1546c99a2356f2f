"""The blocks of firsthand.yaml that rules read: who is one person, whom we may write to, stages, costs."""

from datetime import date
from pathlib import PurePath
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from connectors import MOST_BELIEVED, PLATFORMS
from pipelines.config.base import Strict, each_once


def _growing(days: list[int]) -> list[int]:
    if days != sorted(set(days)) or days[0] < 1:
        raise ValueError("are three numbers of days, each greater than the one before")
    return days


class Lifecycle(Strict):
    """Thresholds of the stages. Reasons: docs/decisions.md."""

    prospect_points: float = 10
    prospect_window_days: int = 90
    loyal_occasions: int = 3
    loyal_span_days: int = 30
    loyal_paid_months: int = 12
    ambassador_points: float = 5
    ambassador_window_days: int = 730
    activity: Literal["adaptive", "fixed"] = "adaptive"
    activity_days: Annotated[list[int], Field(min_length=3, max_length=3), AfterValidator(_growing)] = [
        90, 180, 365
    ]  # fmt: skip
    lapsed_floor_days: int = Field(0, ge=0, le=730)
    # A rhythm learnt from fewer is an accident's.
    prior_gaps: int = Field(200, ge=20)
    prior_customers: int = Field(100, ge=10)
    engaged_days: int = Field(30, ge=1)
    cooling_days: int = Field(90, ge=2)
    dormant_days: int = Field(1005, ge=3)
    # How long people are given to reach the next stage, in the funnel.
    funnel_days: int = Field(90, ge=1, le=365)


class SoftOptIn(Strict):
    """A shop whose orders, from a day on, make own customers who may hear of similar goods.

    Both flags are what the company declares of its checkout and its mails; without both no order proves it.
    """

    platform: str
    since: date
    similar_products: bool
    optout_offered: bool


class Permission(Strict):
    """What a lawyer decides for this company; the rules of countries are data in dbt_project/laws."""

    accept_unproven_imports: bool = False
    soft_opt_in: list[SoftOptIn] = []


def _platforms(words: list[str]) -> list[str]:
    unknown = [word for word in words if word not in PLATFORMS]
    if unknown:
        raise ValueError(f"no platform: {', '.join(unknown)}; known: {', '.join(PLATFORMS)}")
    return each_once(words)


Criterion = Literal["verified", "source_priority", "most_frequent", "recency", "completeness", "spelling"]


Rule = Annotated[list[Criterion], Field(min_length=1), AfterValidator(each_once)]


class Survivorship(Strict):
    """Which value wins where records of one person differ: per field, the criteria in their order.

    `sources` is the order of source_priority; a platform that is not named is believed last.
    """

    sources: Annotated[list[str], AfterValidator(_platforms)] = MOST_BELIEVED
    name: Rule = ["completeness", "most_frequent", "spelling", "source_priority", "recency"]
    address: Rule = ["completeness", "verified", "source_priority", "recency"]
    company: Rule = ["verified", "source_priority", "recency", "completeness"]
    language: Rule = ["verified", "source_priority", "recency"]


SHIPPED = "shipped"


def _weights(word: str) -> str:
    path = PurePath(word)
    if word != SHIPPED and (path.is_absolute() or ".." in path.parts or path.suffix != ".json"):
        raise ValueError(f"is {SHIPPED}, or a .json file in the company's folder, such as weights.json")
    return word


class Matching(Strict):
    """When two records are one person. Evidence is counted in bits: one more makes it twice as likely.

    Weights of a file become its full path on reading; whoever asks needs no folder.
    """

    # A plain pair weighs 30: beyond, not even those would be one. Below 5 every thirtieth is a stranger.
    threshold_bits: float = Field(14.5, ge=5, le=30)
    doubtful_bits: float = Field(6, ge=0, le=20)
    # Comparing a crowd with itself costs n squared and proves nothing.
    most_per_key: int = Field(60, ge=2, le=1000)
    weights: Annotated[str, AfterValidator(_weights)] = SHIPPED
    full_rebuild_on: Literal[
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "never"
    ] = "sunday"

    def for_dbt(self) -> dict[str, Any]:
        """What the rules read. When to rebuild is no rule: changing the day rebuilds nothing."""
        return self.model_dump(exclude={"full_rebuild_on"})


Rate = Annotated[float, Field(ge=0, le=1)]


class Costs(Strict):
    """What an order leaves and what selling costs besides advertising, in the company's currency.

    Without a rate nothing is told of margin, only of revenue: docs/ownership.md.
    """

    # Of what was paid, tax included and less refunds, the part left after goods and taxes.
    margin_rate: Rate | None = None
    # By product number, where it differs.
    margins: dict[str, Rate] = {}
    # By product number, of what is paid for so many months at once: a contract, a subscription by the year.
    months: dict[str, Annotated[int, Field(ge=2, le=120)]] = {}
    # Of each order: parcel, payment.
    per_order: float = Field(0, ge=0)
    tools_per_month: float = Field(0, ge=0)
    people_per_month: float = Field(0, ge=0)

    @model_validator(mode="after")
    def _has_a_rate_for_the_others(self) -> "Costs":
        if self.margins and self.margin_rate is None:
            raise ValueError("margins: say margin_rate too, for what has none of its own")
        return self

    def for_dbt(self) -> dict[str, Any]:
        """What an order leaves; what a month costs is no rule."""
        return self.model_dump(include={"margin_rate", "margins", "months", "per_order"})
