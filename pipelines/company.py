"""What every step needs to know of the company it runs for, read once and handed down.

Also the register of its streams: which platforms exist, which are configured, which word means what.
"""

import importlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import ModuleType
from typing import Any

from connectors import PLATFORMS
from connectors.credentials import Env, TokenStore
from connectors.stream import Stream, nothing_to_pull
from connectors.versions import warn_of_end
from pipelines import config as configuration
from pipelines.config import Config, ConfigError
from pipelines.home import Home

SECRET_NAMES = ("TOKEN", "SECRET", "KEY", "PASSWORD", "DSN")
OLD_KEY = re.compile(r"FIRSTHAND_KEY_V\d+")


@dataclass(frozen=True)
class Source:
    """One stream of one platform, and the words it goes by."""

    platform: str
    stream: Stream

    @property
    def word(self) -> str:
        return f"{self.platform}/{self.stream.name}"

    @property
    def landing_key(self) -> list[str]:
        return ["landing", self.platform, self.stream.name]

    @property
    def raw_key(self) -> list[str]:
        """Equal to what dagster-dbt makes of source('raw_<platform>', '<stream>'): no translator."""
        return [f"raw_{self.platform}", self.stream.name]

    @property
    def is_pulled(self) -> bool:
        """Files are dropped and own forms are filled in: neither is fetched."""
        return self.stream.fetch is not nothing_to_pull


def connector(platform: str) -> ModuleType:
    """The platform's module."""
    return importlib.import_module(f"connectors.{platform}")


def sources() -> Iterator[Source]:
    """Every stream of every platform this code knows, configured or not: the graph is always whole."""
    for platform in PLATFORMS:
        for stream in connector(platform).STREAMS:
            yield Source(platform, stream)


@dataclass(frozen=True)
class Company:
    home: Home
    config: Config
    # Never in a repr: those end in tracebacks, and tracebacks in logs.
    secrets: Mapping[str, str] = field(repr=False)

    @classmethod
    def at(cls, home: Home) -> "Company":
        """Read from a home folder; raises ConfigError."""
        return cls(home, configuration.read(home), configuration.secrets(home))

    @cached_property
    def tokens(self) -> TokenStore:
        return TokenStore(self.home.state / "tokens.json")

    @cached_property
    def secret_values(self) -> tuple[str, ...]:
        """What no log, message or error may say, by the names their variables have."""
        return tuple(
            value
            for name, value in self.secrets.items()
            if value and (name.endswith(SECRET_NAMES) or OLD_KEY.fullmatch(name))
        )

    def is_configured(self, platform: str) -> bool:
        return platform in self.config.platforms

    def env(self, platform: str) -> Env:
        settings: Mapping[str, Any] = self.config.platforms.get(platform, {})
        return Env(settings=settings, secrets=self.secrets, tokens=self.tokens)

    def client(self, platform: str, **otherwise: Any) -> Any:
        """The platform's client; `otherwise`: fields of its Env. Raises MissingCredential."""
        module, env = connector(platform), replace(self.env(platform), **otherwise)
        warn_of_end(module, env)
        return module.client(env)

    def chosen(self, only: str | None) -> list[Source]:
        """The pulled streams that `meta` or `meta/leads` means; all configured ones for None.

        Raises ConfigError naming the words that would be understood.
        """
        pulled = [s for s in sources() if s.is_pulled and self.is_configured(s.platform)]
        if only is None:
            return pulled
        found = [s for s in pulled if only in (s.platform, s.word)]
        if not found:
            known = ", ".join(s.word for s in pulled) or "none: no platform is configured in firsthand.yaml"
            raise ConfigError(f"{only} is no configured platform or stream; known: {known}")
        return found
