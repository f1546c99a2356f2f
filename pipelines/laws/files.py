"""dbt_project/laws/<jurisdiction>.yml, read and checked.

A jurisdiction is a country (ISO 3166) or a part of one (CA-QC). Whose law holds is not always known:
`unknown`. No file is unknown as well.
"""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipelines.places import DBT_PROJECT

FOLDER = DBT_PROJECT / "laws"
UNKNOWN = "unknown"
Channel = Literal["email", "sms", "phone", "whatsapp", "post", "push", "ad_upload"]
# `promotional` is marketing, newsletter:<list>, review_request and b2b_prospecting.
Purpose = Literal["promotional", "profiling", "ad_user_data", "ad_personalization"]
Recipient = Literal["consumer", "business", "generic"]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
STRICTER = {"forbidden": 2, "opt_in": 1, "opt_out": 0}
Months = Field(None, ge=1, le=240)


class LawError(ValueError):
    """A file of law that cannot be meant; the text names file, place and fault."""


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(Strict):
    """What holds from a day on, until a later rule of the same channel, purpose and recipient."""

    channels: list[Channel] = Field(min_length=1)
    purposes: list[Purpose] = Field(min_length=1)
    recipients: list[Recipient] = ["consumer", "business", "generic"]
    since: date = Field(alias="from")
    regime: Literal["opt_in", "opt_out", "forbidden"]
    double_opt_in: bool = False
    consent_months: int | None = Months  # a yes ends after so long
    soft_opt_in_months: int | None = Months  # after the last order
    purchase_months: int | None = Months
    inquiry_months: int | None = Months
    running_contract: bool = False
    b2b_relevance: bool = False
    generic_addresses: bool = False
    why: str = Field(min_length=10)
    source: str = Field(min_length=2)


class Hours(Strict):
    """Outside of these nobody is called or texted; local time of the recipient."""

    channels: list[Channel] = Field(min_length=1)
    days: list[Day] = Field(min_length=1)
    spans: list[str] = Field(min_length=1)


class Cap(Strict):
    channels: list[Channel] = Field(min_length=1)
    most: int = Field(ge=1)
    days: int = Field(ge=1)


class Law(Strict):
    """One file. `digest` is that of its bytes: a comment changed is another file."""

    jurisdiction: str = Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")
    name: dict[Literal["en", "fr"], str]
    version: int = Field(ge=1)
    reviewed_by: str | None
    part_of: str | None = None
    postcodes: list[Annotated[str, Field(pattern="^[A-Z0-9]$")]] = []  # the first letter or digit
    takes_without_postcode: bool = False
    stop_is_person_wide_over: list[Channel] = []
    rules: list[Rule] = Field(min_length=1)
    hours: list[Hours] = []
    caps: list[Cap] = []
    digest: str = ""

    @model_validator(mode="after")
    def _each_once(self) -> "Law":
        seen = [(key, rule.since) for rule in self.rules for key in keys_of(rule)]
        twice = {f"{'/'.join(key)} from {day}" for key, day in seen if seen.count((key, day)) > 1}
        if twice:
            raise ValueError(f"said twice: {', '.join(sorted(twice))}")
        return self

    @property
    def word(self) -> str:
        """What an export keeps beside each decision."""
        return f"{self.jurisdiction} v{self.version} {self.digest[:12]}"


Key = tuple[str, str, str]


def keys_of(rule: Rule) -> Iterator[Key]:
    """Every (channel, purpose, recipient) a rule speaks of."""
    for channel in rule.channels:
        for purpose in rule.purposes:
            for recipient in rule.recipients:
                yield channel, purpose, recipient


def read(folder: Path = FOLDER) -> list[Law]:
    """All files, by jurisdiction. Raises LawError."""
    found = [_read(path) for path in sorted(folder.glob("*.yml"))]
    if not found:
        raise LawError(f"no file of law in {folder.name}/")
    return found


def _read(path: Path) -> Law:
    content = path.read_bytes()
    try:
        law = Law.model_validate(yaml.safe_load(content) | {"digest": hashlib.sha256(content).hexdigest()})
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise LawError(f"{path.name}: {wrong}") from None
    except (yaml.YAMLError, TypeError) as error:
        raise LawError(f"{path.name} is no YAML mapping: {error}") from None
    if law.jurisdiction != path.stem:
        raise LawError(f"{path.name} is about {law.jurisdiction}; a file is called like its jurisdiction")
    return law


def digest(laws: Sequence[Law]) -> str:
    """Of all files together: the policy an export was made under."""
    return hashlib.sha256("".join(law.digest for law in laws).encode()).hexdigest()[:16]
