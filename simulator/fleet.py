"""All simulated platforms: each package below `platforms/`, found there by its name, and what it declares."""

from importlib import import_module

from simulator.declared import Declared
from simulator.platforms import NAMES

FLEET: dict[str, Declared] = {name: import_module(f"simulator.platforms.{name}").DECLARED for name in NAMES}


def of_kind(*kinds: str) -> tuple[str, ...]:
    """The names of the platforms that are forms, ads, shop, mail, crm or reviews."""
    return tuple(name for name, declared in FLEET.items() if declared.kind in kinds)
