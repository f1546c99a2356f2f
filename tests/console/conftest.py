"""One published company for every test of the console, served once; a visitor a role, logged in once."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from town import Town

sys.path.insert(0, str(Path(__file__).resolve().parent))

from visiting import Visitor, serving, with_accounts

from console.app import create_app
from pipelines.home import Home


@pytest.fixture(scope="session")
def town(whole: Town, tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A copy, for the console writes accounts and commands."""
    town = whole.copy(tmp_path_factory.mktemp("console") / "home")
    with_accounts(Home(town.root))
    return town


@pytest.fixture(scope="session")
def base(town: Town) -> Iterator[str]:
    with serving(create_app(Home(town.root))) as base:
        yield base


@pytest.fixture(scope="session")
def visitor(base: str) -> Callable[[str], Visitor]:
    """Of a role, logged in; the same one each time."""
    known: dict[str, Visitor] = {}

    def of(role: str) -> Visitor:
        if role not in known:
            known[role] = Visitor(base)
            assert known[role].log_in(role).status_code == 303
        return known[role]

    return of
