"""Which version of its API a connector speaks, and until when it will be served."""

import logging
from dataclasses import dataclass
from datetime import date, timedelta
from types import ModuleType

from connectors.credentials import Env

log = logging.getLogger("connectors")

NOTICE = timedelta(
    days=90
)  # what a vendor grants at the least between a new version and the end of an old one


@dataclass(frozen=True)
class ApiVersion:
    """`ends` is the day from which it may be refused; `is_announced`: by the vendor, else reckoned by us."""

    name: str
    ends: date
    is_announced: bool
    source: str

    def is_over(self, today: date) -> bool:
        """A day that was only reckoned refuses nobody."""
        return self.is_announced and today >= self.ends

    def is_ending(self, today: date) -> bool:
        return today >= self.ends - NOTICE


def warn_of_end(connector: ModuleType, env: Env) -> None:
    """A version that ends takes its platform with it: say so for as long as there is time to do something."""
    version = getattr(connector, "api_version", lambda settings: None)(env.settings)
    if version and version.is_ending(env.now().date()):
        name = connector.NAME
        log.warning(
            "%s: version %s ends on or after %s: raise platforms.%s.version; %s",
            name, version.name, version.ends, name, version.source,
        )  # fmt: skip
