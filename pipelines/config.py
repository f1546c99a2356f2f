"""firsthand.yaml: the only configuration file, checked on reading, with errors a person can act on.

Secrets are never in it: they come from the environment or from `.env` beside it.
"""

import hashlib
import json
import os
from datetime import date
from pathlib import Path, PurePath
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from connectors import MOST_BELIEVED, PLATFORMS, files
from connectors.files.pushed import Pushed
from connectors.files.rows import GIVEN_BY_EACH
from connectors.own_form import definition
from pipelines.console_settings import Console
from pipelines.home import Home
from pipelines.places import ROOT
from pipelines.resemblance import weights


class ConfigError(Exception):
    """firsthand.yaml is missing or wrong; the text names the line of thought to mend."""


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


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


def _each_once(words: list[str]) -> list[str]:
    twice = sorted({word for word in words if words.count(word) > 1})
    if twice:
        raise ValueError(f"named twice: {', '.join(twice)}")
    return words


def _platforms(words: list[str]) -> list[str]:
    unknown = [word for word in words if word not in PLATFORMS]
    if unknown:
        raise ValueError(f"no platform: {', '.join(unknown)}; known: {', '.join(PLATFORMS)}")
    return _each_once(words)


Criterion = Literal["verified", "source_priority", "most_frequent", "recency", "completeness", "spelling"]
Rule = Annotated[list[Criterion], Field(min_length=1), AfterValidator(_each_once)]


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


def _zone(word: str) -> str:
    try:
        ZoneInfo(word)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"no time zone is called {word}; one is Europe/Paris") from None
    return word


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
    time_zone: Annotated[str, AfterValidator(_zone)] | None = None

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


def _named_once(declared: list[Pushed]) -> list[Pushed]:
    _each_once([one.name for one in declared])
    return declared


class MailAlert(Strict):
    to: list[str]
    sender: str
    host: str
    port: int = 587
    user: str | None = None
    starttls: bool = True


class WebhookAlert(Strict):
    url: str


class Alerts(Strict):
    mail: MailAlert | None = None
    webhook: WebhookAlert | None = None


class Followers(Strict):
    """What a platform shows as the number of those who follow us, on a day."""

    count: int = Field(ge=0)
    told_on: date


Channel = Literal["email", "sms", "post", "phone"]


class Ownership(Strict):
    """What a drill cannot know: docs/ownership.md."""

    # The part of what an outage stops that is bought later all the same.
    catch_up: float = Field(0.5, ge=0, le=1)
    # Messages a day that each channel can carry: what a plan allows, what two people can call or write.
    daily_limits: dict[Channel, Annotated[int, Field(ge=1)]] = {
        "email": 10000, "sms": 2000, "post": 500, "phone": 80
    }  # fmt: skip
    # The tools that send for us, where they are not those we read.
    senders: dict[Channel, list[str]] = {}
    followers: dict[str, Followers] = {}


Rate = Annotated[float, Field(ge=0, le=1)]


class Destination(Strict):
    """A list of a mail tool that each run keeps in step with an audience.

    `account`: which audience of Mailchimp; `list`: its name there, else one is made of the audience's.
    """

    audience: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")
    to: Literal["brevo", "mailchimp", "hubspot"]
    account: str | None = None
    purpose: str = Field(
        "marketing", pattern=r"^(marketing|review_request|b2b_prospecting|newsletter:.{1,100})$"
    )
    list: Annotated[str, Field(min_length=1, max_length=100)] | None = None


class Feedback(Strict):
    """How stages are called at an ad platform: Google's conversion actions, Meta's event names."""

    lead: str = "Lead"
    prospect: str = "Qualified lead"
    first_time_customer: str = "First order"
    repeat_customer: str = "Repeat customer"
    loyal_customer: str = "Loyal customer"
    ambassador: str = "Ambassador"

    def names(self) -> dict[str, str]:
        """By stage."""
        return self.model_dump()


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


class Publication(Strict):
    keep: int = Field(3, ge=1)
    smallest_share_of_last: float = Field(0.5, ge=0, le=1)
    # Of how many people a group must be to be told in the aggregates.
    smallest_group: int = Field(5, ge=3, le=1000)
    # Which of the published files also goes to PostgreSQL, into which schema, for whom to read: docs/bi.md.
    mirror: Literal["bi", "marketing"] | None = None
    mirror_schema: str = Field("firsthand", pattern="^[a-z][a-z0-9_]{0,30}$")
    mirror_reader: str | None = Field(None, pattern="^[a-z][a-z0-9_]{0,62}$")


class Schedules(Strict):
    leads: str = "5 * * * *"
    everything: str = "20 3 * * *"


class Privacy(Strict):
    """What an answer to a person says of this company: nobody can compute it."""

    contact: str = ""
    stored_in: str = ""  # the country of this machine's disk
    recipients: list[str] = []  # who else is given people's data, in words


def _own_forms(platforms: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The one block that holds words people see; connectors check the others on use."""
    if "own_form" in platforms:
        try:
            definition.read(platforms["own_form"])
        except ValidationError as error:
            wrong = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
            raise ValueError("own_form: " + "; ".join(wrong)) from None
    return platforms


class Config(Strict):
    company: str
    time_zone: str = "Europe/Paris"
    currency: str = Field("EUR", pattern="^[A-Z]{3}$")
    countries: list[str] = ["FR"]
    default_phone_region: str = Field("FR", pattern="^[A-Z]{2}$")
    language: Literal["fr", "en"] = "fr"
    lifecycle: Lifecycle = Lifecycle()
    permission: Permission = Permission()
    survivorship: Survivorship = Survivorship()
    matching: Matching = Matching()
    platforms: Annotated[dict[str, dict[str, Any]], AfterValidator(_own_forms)] = {}
    files: list[FileMapping] = []
    webhooks: Annotated[list[Pushed], AfterValidator(_named_once)] = []
    alerts: Alerts = Alerts()
    publication: Publication = Publication()
    ownership: Ownership = Ownership()
    costs: Costs = Costs()
    feedback: Feedback = Feedback()
    sending: list[Destination] = []
    privacy: Privacy = Privacy()
    schedules: Schedules = Schedules()
    console: Console = Console()

    @property
    def phone_regions(self) -> list[str]:
        """In which a number without its country's prefix is read, one after the other."""
        return list(dict.fromkeys([self.default_phone_region, *self.countries]))

    def hash(self) -> str:
        """Fingerprint of all settings, printed in the manifest of each publication.

        Not of where a platform is reached, what is sent where, and who may log in: none changes a rule.
        """
        elsewhere = {"platforms": {"__all__": {"base_url"}}, "sending": True, "console": True}
        rules = self.model_dump_json(exclude=elsewhere)
        return hashlib.sha256(rules.encode()).hexdigest()[:16]

    def dbt_vars(self, lifecycle_as_of: date, permission_as_of: date) -> dict[str, Any]:
        """What the models need to know: thresholds and the two given days; no rule reads the clock."""
        return {
            "company": self.company,
            "time_zone": self.time_zone,
            "currency": self.currency,
            "countries": self.countries,
            "default_phone_region": self.default_phone_region,
            "lifecycle": self.lifecycle.model_dump(),
            "permission": self.permission.model_dump(mode="json"),
            "survivorship": self.survivorship.model_dump(),
            "matching": self.matching.for_dbt(),
            "costs": self.costs.for_dbt(),
            "rule_version": rule_version(ROOT),
            "configuration": self.hash(),
            "lifecycle_as_of": lifecycle_as_of.isoformat(),
            "permission_as_of": permission_as_of.isoformat(),
        }


def read(home: Home) -> Config:
    """The company's configuration.

    Raises ConfigError naming each wrong setting, its place and what was expected.
    """
    if not home.config.exists():
        raise ConfigError(
            f"{home.config.name} not found in {home.root}; `firsthand init` writes one to start from"
        )
    return read_file(home.config, home.root)


def read_file(path: Path, folder: Path) -> Config:
    """Settings as if they were those of the company whose folder that is. Raises ConfigError."""
    try:
        found = Config.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
        return with_weights(found, folder)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"{path.name} is not valid YAML: {error}") from error
    except ValidationError as error:
        wrong = [f"  {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise ConfigError(f"{path.name} has {len(wrong)} wrong settings:\n" + "\n".join(wrong)) from error


def with_weights(config: Config, folder: Path) -> Config:
    """The same with its weights by full path. Raises ConfigError where they are not there or not whole."""
    word = config.matching.weights
    if word == SHIPPED:
        return config
    path = folder / word
    try:
        weights.read(path)
    except FileNotFoundError:
        raise ConfigError(
            f"matching.weights: there is no {word} in {folder}; until there is, say `weights: {SHIPPED}`"
        ) from None
    except (OSError, ValueError) as error:
        raise ConfigError(f"matching.weights: {error}") from None
    matching = config.matching.model_copy(update={"weights": str(path)})
    return config.model_copy(update={"matching": matching})


def secrets(home: Home) -> dict[str, str]:
    """The environment over `.env`: NAME=value lines, quotes optional, # begins a comment line."""
    found: dict[str, str] = {}
    if home.env_file.exists():
        for line in home.env_file.read_text(encoding="utf-8").splitlines():
            name, equals, value = line.strip().partition("=")
            if equals and not name.startswith("#"):
                found[name.removeprefix("export ").strip()] = value.strip().strip("\"'")
    return found | dict(os.environ)


def rule_version(root: Path) -> str:
    """Fingerprint of the lifecycle rules: what a history says it was computed by."""
    digest = hashlib.sha256()
    places = [*(root / "dbt_project").glob("m*/lifecycle/*.sql"), root / "dbt_project/seeds/event_points.csv"]
    for path in sorted(places):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def code_hash(root: Path) -> str:
    """Fingerprint of rules and code: a run may end early only if this is the last run's too."""
    digest = hashlib.sha256()
    for folder in ("connectors", "pipelines", "dbt_project"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in {".py", ".sql", ".yml", ".csv", ".json"} and "target" not in path.parts:
                digest.update(
                    json.dumps([str(path.relative_to(root)), path.read_text(encoding="utf-8")]).encode()
                )
    return digest.hexdigest()[:16]
