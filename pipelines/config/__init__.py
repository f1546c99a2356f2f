"""firsthand.yaml: the only configuration file, checked on reading, with errors a person can act on.

Secrets are never in it: they come from the environment or from `.env` beside it.
"""

import hashlib
import os
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, Field, ValidationError

from connectors.files.pushed import Pushed
from connectors.own_form import definition
from pipelines.config.base import ConfigError, Strict, zone
from pipelines.config.console import Console
from pipelines.config.files import FileMapping, named_once
from pipelines.config.fingerprints import rule_version
from pipelines.config.outgoing import Alerts, Destination, Feedback, Privacy, Publication, Schedules
from pipelines.config.ownership import Ownership
from pipelines.config.rules import SHIPPED, Costs, Lifecycle, Matching, Permission, Survivorship
from pipelines.home import Home
from pipelines.places import ROOT
from pipelines.resemblance import weights

__all__ = ["SHIPPED", "Config", "ConfigError", "read", "read_file", "secrets", "with_weights"]


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
    time_zone: Annotated[str, AfterValidator(zone)] = "Europe/Paris"
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
    webhooks: Annotated[list[Pushed], AfterValidator(named_once)] = []
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
