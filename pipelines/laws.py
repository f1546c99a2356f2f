"""The law as data: dbt_project/laws/<jurisdiction>.yml, read, checked, spread into rows for the models.

A jurisdiction is a country (ISO 3166) or a part of one (CA-QC). Whose law holds is not always known:
`unknown` asks, for each channel and purpose, the strictest of all files. No file is unknown as well.
"""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

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
SWITCHES = (
    "regime", "double_opt_in", "consent_months", "soft_opt_in_months", "purchase_months", "inquiry_months",
    "running_contract", "b2b_relevance", "generic_addresses",
)  # fmt: skip


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


def rows(laws: Sequence[Law]) -> list[dict[str, Any]]:
    """One per jurisdiction, channel, purpose, recipient and first day, `unknown` included."""
    found = [
        {"jurisdiction": law.jurisdiction, **_row(key, rule, rule.since), "law": law.word}
        for law in laws
        for rule in law.rules
        for key in keys_of(rule)
    ]
    return found + list(_strictest(laws))


def _row(key: Key, rule: Rule, since: date) -> dict[str, Any]:
    channel, purpose, recipient = key
    switches = {name: getattr(rule, name) for name in SWITCHES}
    return {
        "channel": channel,
        "purpose_group": purpose,
        "recipient": recipient,
        "valid_from": since,
        **switches,
        "why": rule.why,
        "source": rule.source,
    }


def _strictest(laws: Sequence[Law]) -> Iterator[dict[str, Any]]:
    by_key: dict[Key, list[tuple[str, Rule]]] = {}
    for law in laws:
        for rule in law.rules:
            for key in keys_of(rule):
                by_key.setdefault(key, []).append((law.jurisdiction, rule))
    for key, said in sorted(by_key.items()):
        for since in sorted({rule.since for _, rule in said}):
            newest: dict[str, Rule] = {}
            for jurisdiction, rule in sorted(said, key=lambda one: one[1].since):
                if rule.since <= since:
                    newest[jurisdiction] = rule
            yield {
                "jurisdiction": UNKNOWN,
                **_row(key, _strictest_of(list(newest.values())), since),
                "law": f"{UNKNOWN} {digest(laws)[:12]}",
            }


def _strictest_of(rules: list[Rule]) -> Rule:
    """What all of them allow, and what any of them asks for."""

    def shortest(name: str) -> int | None:
        # A basis that one of them does not know is none.
        months = [getattr(rule, name) for rule in rules]
        return None if None in months else min(months)

    return rules[0].model_copy(
        update={
            "regime": max((rule.regime for rule in rules), key=STRICTER.__getitem__),
            "double_opt_in": any(rule.double_opt_in for rule in rules),
            "consent_months": min((r.consent_months for r in rules if r.consent_months), default=None),
            "soft_opt_in_months": shortest("soft_opt_in_months"),
            "purchase_months": shortest("purchase_months"),
            "inquiry_months": shortest("inquiry_months"),
            "running_contract": all(rule.running_contract for rule in rules),
            "b2b_relevance": all(rule.b2b_relevance for rule in rules),
            "generic_addresses": all(rule.generic_addresses for rule in rules),
            "why": "Whose law holds is not known: the strictest of all",
            "source": "the files beside this one",
        }
    )


def places(laws: Sequence[Law]) -> list[dict[str, Any]]:
    """Which country, and which beginnings of postcodes there, mean which jurisdiction; `*`: any other."""
    everywhere = sorted({channel for law in laws for channel in law.stop_is_person_wide_over})
    found = [{"jurisdiction": UNKNOWN, "country": UNKNOWN, "postcode": "*", "stop_scope": everywhere}]
    for law in laws:
        country, scope = law.part_of or law.jurisdiction, law.stop_is_person_wide_over
        marks = [*law.postcodes, *([""] if law.takes_without_postcode else [])] if law.part_of else ["*"]
        found += [
            {"jurisdiction": law.jurisdiction, "country": country, "postcode": mark, "stop_scope": scope}
            for mark in marks
        ]
    return found


# -- kept apart from permission: when, and how often -----------------------------------------------------


def hours(laws: Sequence[Law], jurisdiction: str, channel: str) -> str:
    """When one may call or text there, in words a calendar takes; empty where any time will do.

    Unknown: no file says, so only the hours that all files with hours have in common would be safe, and
    those of the first such file stand for them.
    """
    spoken = [law for law in laws if jurisdiction in (law.jurisdiction, UNKNOWN)]
    said = [one for law in spoken for one in law.hours if channel in one.channels]
    return "; ".join(f"{'-'.join((one.days[0], one.days[-1]))} {', '.join(one.spans)}" for one in said[:1])


def cap(laws: Sequence[Law], jurisdiction: str, channel: str) -> str:
    """How often at most, such as "4 in 30 days"; empty where the law names no number."""
    spoken = [law for law in laws if jurisdiction in (law.jurisdiction, UNKNOWN)]
    said = [one for law in spoken for one in law.caps if channel in one.channels]
    return min((f"{one.most} in {one.days} days" for one in said), default="")


# -- for people ------------------------------------------------------------------------------------------

COLUMNS = {
    "E-mail": ("email", "promotional"),
    "SMS": ("sms", "promotional"),
    "Phone": ("phone", "promotional"),
    "Post": ("post", "promotional"),
    "Profiling": ("email", "profiling"),
    "Ad lists": ("ad_upload", "ad_user_data"),
}
REGIMES = {"opt_in": "a yes", "opt_out": "unless a no", "forbidden": "never"}


def table(laws: Sequence[Law], recipient: Recipient) -> str:
    """What the newest rules ask for, as a Markdown table: what stands in docs/consent.md."""
    newest: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in sorted(rows(laws), key=lambda row: row["valid_from"]):
        if row["recipient"] == recipient:
            newest[row["jurisdiction"], row["channel"], row["purpose_group"]] = row
    lines = [f"| | {' | '.join(COLUMNS)} |", f"|---|{'---|' * len(COLUMNS)}"]
    for jurisdiction in [*(law.jurisdiction for law in laws), UNKNOWN]:
        cells = [_cell(newest.get((jurisdiction, *column))) for column in COLUMNS.values()]
        lines.append(f"| {jurisdiction} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(row: dict[str, Any] | None) -> str:
    if row is None:
        return "no rule: no"
    asks = REGIMES[row["regime"]] + (", confirmed by mail" if row["double_opt_in"] else "")
    bases = {
        "soft_opt_in_months": "own customers {} months",
        "purchase_months": "{} months after a purchase",
        "inquiry_months": "{} after an inquiry",
    }
    or_else = [text.format(row[name]) for name, text in bases.items() if row[name]]
    if row["running_contract"]:
        or_else.append("a running contract")
    if row["b2b_relevance"] and row["recipient"] == "business":
        or_else.append("told, about their work")
    if row["generic_addresses"] and row["recipient"] == "generic":
        or_else.append("the company's own address")
    return "; or ".join([asks, *or_else])
