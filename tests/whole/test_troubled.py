"""Trouble of one platform is trouble of that one: dead, with a worn credential or a retired version, it stops
alone and says what to do. Every connector there is, read as a run reads it.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from conftest import UNTIL
from pulled import CREDENTIALS, PULLED, STREAMS
from town import Town

from pipelines import extract
from pipelines.company import Company as Settings
from pipelines.company import connector
from pipelines.home import Home
from simulator import home
from simulator.company import make, with_everything
from simulator.server import running

pytestmark = pytest.mark.slow

VERSIONED = [name for name in PULLED if hasattr(connector(name), "api_version")]


@pytest.fixture(scope="module")
def hamlet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A few people, and nothing goes wrong but what a test makes go wrong."""
    few = with_everything(make(6, 7, UNTIL))
    with running(few) as base_url:
        # As patient as ever, with short breaths.
        blocks = {name: block | {"longest_wait_seconds": 0.01} for name, block in home.ALL.items()}
        blocks = home.settings(base_url, **blocks)["platforms"]
        yield Town.build(tmp_path_factory.mktemp("hamlet") / "home", few, base_url, platforms=blocks)


def failures(town: Town, platform: str, **settings: Any) -> dict[str, str]:
    """A reading of this platform and another one: the words of what failed, and what is said."""
    here = Settings.at(Home(town.root))
    blocks = {**here.config.platforms, platform: {**here.config.platforms[platform], **settings}}
    here = replace(here, config=here.config.model_copy(update={"platforms": blocks}))
    other = "tally" if platform != "tally" else "typeform"
    wanted = [source for source in here.chosen(None) if source.platform in (platform, other)]
    found = list(extract.read_all(wanted, extract.Pull(full=True), here, lambda text: None))
    assert len(found) == len(wanted)
    return {one.source.word: extract.explain(one.errors, here.secret_values) for one in found if one.errors}


@pytest.mark.parametrize("platform", PULLED)
def test_a_dead_platform_stops_itself_alone(hamlet: Town, platform: str) -> None:
    hamlet.operate("kill", platform=platform)
    try:
        failed = failures(hamlet, platform)
    finally:
        hamlet.operate("revive", platform=platform)
    assert failed.keys() == {f"{platform}/{name}" for name in STREAMS[platform]}
    assert all(f"{platform} " in text and "no usable answer after" in text for text in failed.values()), (
        failed
    )


@pytest.mark.parametrize("platform", PULLED)
def test_a_broken_credential_stops_its_platform_and_says_what_to_do(
    hamlet: Town, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in CREDENTIALS[platform]:
        monkeypatch.setenv(name, f"{home.SECRETS[name]}-worn")
    failed = failures(hamlet, platform)
    assert failed, "a worn credential opens nothing"
    assert {word.partition("/")[0] for word in failed} == {platform}
    for text in failed.values():
        assert any(name in text for name in CREDENTIALS[platform]), text
        assert "worn" not in text


@pytest.mark.parametrize("platform", VERSIONED)
def test_a_retired_version_stops_its_platform_and_names_the_setting(hamlet: Town, platform: str) -> None:
    served = connector(platform).api_version({}).name
    # Of long ago, whether it is called by its year or counted.
    retired = (
        re.sub(r"^20\d\d", "2001", served)
        if served.startswith("20")
        else re.sub(r"\d+", "0", served, count=1)
    )
    failed = failures(hamlet, platform, version=retired)
    assert {word.partition("/")[0] for word in failed} == {platform}
    assert all(f"platforms.{platform}.version" in text for text in failed.values()), failed
