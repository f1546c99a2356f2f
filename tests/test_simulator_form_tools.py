"""The simulated form tools: as their vendors document them, and as nasty as any."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
import requests
from tape import PAGES, env, fetched, module, stream

from connectors.landing import at
from connectors.stream import BrokenToken, Since
from connectors.times import moment
from simulator import home
from simulator.company import make, with_form_tools
from simulator.fleet import FLEET
from simulator.model import Company
from simulator.server import running

UNTIL = date(2026, 11, 20)
TOOLS = tuple(name for name in home.MORE_PLATFORMS if FLEET[name].push and FLEET[name].announces)


@pytest.fixture(scope="module")
def company() -> Company:
    return with_form_tools(make(70, 7, UNTIL), *TOOLS)


@contextmanager
def asking(company: Company, tool: str, faults: str = "none", seed: int = 0) -> Iterator[Any]:
    """A client of the simulated tool."""
    settings = home.ALL[tool]
    with running(company, faults, seed) as base_url:
        requests.post(f"{base_url}/_sim/faults", json={"wait_seconds": 0, "slow_seconds": 0.01}, timeout=5)
        address = {"base_url": base_url + settings["base_url"], "per_second": 10_000}
        yield module(tool).client(env({**settings, **address}, home.SECRETS))


def keys_of(tool: str, rows: list[dict[str, Any]]) -> set[str]:
    return {str(row[stream(tool, "responses").key]) for row in rows}


@pytest.mark.parametrize("tool", TOOLS)
def test_an_answer_looks_as_documented(company, tool):
    """The page holds what the vendor's own example shows of one answer, by type."""
    page = json.loads((PAGES / tool / "responses.json").read_text(encoding="utf-8"))
    with asking(company, tool) as client:
        rows, _ = fetched(stream(tool, "responses"), client, "maison", Since(None))
    for row in rows:
        assert {name: type(row[name]).__name__ for name in page["documented"]} == page["documented"]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("tool", TOOLS)
def test_every_fault_at_once_hides_nobody_for_good(company, tool, seed, monkeypatch):
    monkeypatch.setattr(f"connectors.{tool}.fetch.LARGEST", 3)
    monkeypatch.setattr(f"connectors.{tool}.fetch.SLACK", 1, raising=False)  # where pages overlap
    responses, everyone = (
        stream(tool, "responses"),
        {lead.lead_id for lead in company.leads if lead.platform == tool},
    )
    found: dict[str, dict[str, Any]] = {}
    with asking(company, tool, "nasty", seed) as client:
        since = Since(None)
        for _ in range(5):
            try:
                rows, announced = fetched(responses, client, "maison", since)
            except BrokenToken:
                continue  # the next run
            found |= {str(row[responses.key]): row for row in rows}
            landed = {}
            for row in found.values():
                landed[row[responses.form]] = landed.get(row[responses.form], 0) + 1
            since = Since(moment("2026-11-19T00:00:00Z"), landed)
    assert set(found) == everyone
    assert sum(announced.values()) == len(everyone)


@pytest.mark.parametrize("tool", TOOLS)
def test_what_is_pulled_again_is_what_is_new(company, tool):
    responses = stream(tool, "responses")
    with asking(company, tool) as client:
        rows, announced = fetched(responses, client, "maison", Since(None))
        times = sorted(moment(at(row, responses.occurred_at)) for row in rows)
        newest = times[-1] - timedelta(days=30)
        again, _ = fetched(responses, client, "maison", Since(newest, announced))
        assert keys_of(tool, again) == {
            str(row[responses.key]) for row in rows if moment(at(row, responses.occurred_at)) >= newest
        }
        assert 0 < len(again) < len(rows)


@pytest.mark.parametrize("tool", TOOLS)
def test_the_erased_are_gone_and_once_more_is_no_error(company, tool):
    responses = stream(tool, "responses")
    with asking(company, tool) as client:
        rows, _ = fetched(responses, client, "maison", Since(None))
        key = str(rows[0][responses.key])
        assert responses.erasing.ask(client, key, rows[0]) == "erased"
        assert responses.erasing.ask(client, key, rows[0]) == "not_there"
        left, _ = fetched(responses, client, "maison", Since(None))
    assert keys_of(tool, left) == keys_of(tool, rows) - {key}


@pytest.mark.parametrize("tool", TOOLS)
def test_a_wrong_key_is_said_to_be_one(company, tool):
    with asking(company, tool) as client:
        wrong = dict.fromkeys(module(tool).SECRETS, "wrong")
        client = module(tool).client(env({"base_url": client.http.base_url}, wrong))
        with pytest.raises(BrokenToken, match=module(tool).SECRETS[0]):
            fetched(stream(tool, "responses"), client, "maison", Since(None))
