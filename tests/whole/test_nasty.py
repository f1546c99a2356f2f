"""Every platform at its nastiest, and nothing is lost, doubled or guessed.

Throttling, 5xx, expired tokens, empty pages with a next page, repeated, reordered and late records, unknown
and missing fields, slow and cut answers; dealt by a seed, so that a failure can be met again.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
import requests
from conftest import UNTIL
from pulled import CREDENTIALS, PULLED, STREAMS
from tape import stream
from town import MORNING, ROOT, Ran, Town, differences

from pipelines import extract, handout, land, raw
from pipelines.company import Company as Settings
from pipelines.home import Home
from pipelines.warehouse_file import warehouse
from simulator import home, webhooks
from simulator.clock import end_of
from simulator.company import make, with_everything
from simulator.faults import NASTY
from simulator.fleet import FLEET
from simulator.model import Company, Lead
from simulator.server import running

pytestmark = pytest.mark.slow

SEED = 3
# Platforms repeat a refusal for one request twice at most, and a token is refused once each: few passes do.
MOST_PASSES, MOST_RUNS = 8, 8
EVENING = "2026-11-20T19:00:00+00:00"
LEADS = {name: one for name, all_of in STREAMS.items() for one in all_of & {"leads", "responses"}}
# Days; form tools keep what they have.
KEPT = {name: days for name, one in LEADS.items() if (days := stream(name, one).retention_days)}
# They count nothing that is theirs to hand out: what they list is all that there is.
UNCOUNTED = {name for name, platform in FLEET.items() if not platform.announces}
# But for when the record was last touched: whoever builds on events asks that, to look again.
EVENTS = "select * exclude (touched_at) from contracts.events order by all"
# And through when histories know everything: to be told again is to be told.
TOUCHED = frozenset({"known_through"})


@contextmanager
def receiver(town: Town) -> Iterator[str]:
    """The real one, in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "receiver", "--home", str(town.root), "--port", str(port)]
    process = subprocess.Popen(words, cwd=ROOT, env=town.environment(), stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                requests.get(f"{address}/health", timeout=1)
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=10)


def key(lead: Lead) -> tuple[str, str]:
    return lead.platform, lead.lead_id


def shown(company: Company) -> list[Lead]:
    """What an API call can reach: ad platforms forget after a while. Tests are nobody's leads."""
    age = {lead.lead_id: (end_of(company.until) - lead.created_at).days for lead in company.leads}
    return [
        lead
        for lead in company.leads
        if lead.person_id and (lead.platform not in KEPT or age[lead.lead_id] < KEPT[lead.platform])
    ]


def landed(town: Town) -> set[tuple[str, str]]:
    selects = [f"select '{name}', _key from raw_{name}.{stream}" for name, stream in LEADS.items()]
    return set(town.rows(" union ".join(selects)))


def refused(town: Town) -> set[tuple[str, str]]:
    """Held back, and with a reason."""
    return set(
        town.rows(
            "select platform, key from door.quarantine where status = 'held' and length(reasons[1]) > 0"
            " and stream in ('leads', 'responses')"
        )
    )


@pytest.fixture(scope="module")
def company() -> Company:
    """Which uses every platform the simulator speaks for, and half the town's people."""
    return with_everything(make(100, 7, UNTIL))


@pytest.fixture(scope="module")
def nasty(company: Company) -> Iterator[str]:
    with running(company, faults="nasty", seed=SEED) as base_url:
        yield base_url


@dataclass(frozen=True)
class Drained:
    """A town read until nothing more came, what went wrong on the way, and a whole run after that."""

    town: Town
    failed: list[tuple[str, str]]
    passes: int
    counts: dict[str, int]
    ran: Ran


def read_again(town: Town, ingested_at: str) -> list[tuple[str, str]]:
    """What a run reads and lands, without the building behind it; which platform failed, and what is said."""
    here = Settings.at(Home(town.root))
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("FIRSTHAND_INGESTED_AT", ingested_at)
        with warehouse(here.home) as con:
            raw.ensure(con)
            handout.keep(here.home, raw.hand_out(con))
        failed = [
            (pulled.source.platform, extract.explain(pulled.errors, here.secret_values))
            for pulled in extract.read_all(here.chosen(None), extract.Pull(), here, lambda text: None)
            if pulled.errors
        ]
        sums = land.land_waiting(here, lambda text: None)
    assert not (wrong := [text for one in sums.values() for text in one.failures]), wrong
    return failed


def run_until_let_in(town: Town, **environment: str) -> Ran:
    """A run; another one where a token was refused in it, as each platform does once."""
    for _ in range(MOST_RUNS):
        ran = town.firsthand("run", **environment)
        if ran.code == 0:
            break
        told = [line for line in ran.text.splitlines() if line.startswith("FAILED")]
        assert told, ran.text
        assert all(any(word in line for word in set().union(*CREDENTIALS.values())) for line in told), told
    return ran


def breathless(base_url: str) -> dict[str, dict[str, Any]]:
    """The blocks of all platforms, as patient as ever, with shorter breaths; a shop is asked for one file, as
    large ones are."""
    blocks = {name: {"longest_wait_seconds": 1} | block for name, block in home.ALL.items()}
    blocks["shopify"] |= {"bulk_from": 1, "poll_seconds": 0.1}
    # It never says how long to wait.
    blocks["mailchimp"] |= {"longest_wait_seconds": 0.2}
    return home.settings(base_url, **blocks)["platforms"]


@pytest.fixture(scope="module")
def drained(company: Company, nasty: str, tmp_path_factory: pytest.TempPathFactory) -> Drained:
    everything = breathless(nasty)
    assert everything.keys() == set(PULLED), "the simulator speaks for every connector"
    town = Town.build(tmp_path_factory.mktemp("nasty") / "home", company, nasty, platforms=everything)
    town.operate("faults", wait_seconds=0.05, slow_seconds=0.1)
    failed: list[tuple[str, str]] = []
    before: dict[str, int] = {}
    for passes in range(1, MOST_PASSES + 1):
        wrong, now = read_again(town, MORNING), town.raw_counts()
        if not wrong and now == before:
            return Drained(town, failed, passes, before, run_until_let_in(town))
        failed, before = failed + wrong, now
    pytest.fail(f"not drained after {MOST_PASSES} readings: {wrong}")


def test_every_fault_struck(drained: Drained) -> None:
    fired = requests.get(f"{drained.town.base_url}/_sim/stats", timeout=10).json()["faults"]
    assert fired.keys() == set(PULLED), "nobody was spared"
    struck = {fault for tally in fired.values() for fault, times in tally.items() if times}
    # The last two strike whoever fills a list (tests/test_sending.py).
    elsewhere = {"late", "unknown_field", "missing_field", "partial", "lagging"}
    assert struck >= NASTY.keys() - elsewhere


def test_a_refused_token_names_its_variable(drained: Drained) -> None:
    assert drained.failed, "no token was refused"
    for platform, text in drained.failed:
        assert any(word in text for word in CREDENTIALS[platform]), text


def test_another_run_adds_nothing(drained: Drained) -> None:
    assert drained.ran.code == 0, drained.ran.text
    assert drained.town.raw_counts() == drained.counts


def test_every_lead_is_landed_or_refused_with_a_reason(company: Company, drained: Drained, say) -> None:
    town = drained.town
    leads, here, held = {key(lead) for lead in shown(company)}, landed(town), refused(town)
    assert leads - here - held == set()
    assert held, "missing_field struck nobody: take another seed"
    counts = f"{len(leads & here)} landed, {len(held)} refused, {drained.passes} readings"
    say(f"nasty: {len(leads)} leads, {counts}")


def test_the_ledger_closes(drained: Drained) -> None:
    town = drained.town
    ledger = town.published("select platform, form_id, missing from lead_ledger where announced is not null")
    assert [row for row in ledger if row[2] != 0] == []
    # HubSpot counts its contacts and not its answers.
    assert {platform for platform, *_ in ledger} >= LEADS.keys() - UNCOUNTED - {"hubspot"}
    # And of everything else that a platform counts: contacts, customers, orders.
    told = town.rows(
        "select platform, stream, account, form, arg_max(count + expired, announced_at)"
        " from door.announcements group by all"
    )
    with warehouse(Home(town.root)) as con:
        held = raw.hand_out(con)
        # Not by our own count alone: as many keys as that are there, or held back.
        for platform, listed, account, form, count in told:
            if not form:
                keys = f"select _key from raw_{platform}.{listed} where _account = ?"
                keys += " union select key from door.quarantine where (platform, stream) = (?, ?)"
                here = con.execute(f"select count(*) from ({keys})", [account, platform, listed]).fetchall()
                assert here[0][0] >= count, (platform, listed, account)
    short = [
        (*what, form, count) for *what, form, count in told if held[tuple(what)].landed.get(form, 0) < count
    ]
    assert short == []
    assert {platform for platform, *_ in told} >= set(PULLED) - UNCOUNTED


def test_the_same_leads_by_file_and_webhook_change_nothing(company: Company, drained: Drained) -> None:
    town = drained.town
    before, events = (
        town.tables(without=TOUCHED),
        town.rows(EVENTS),
    )
    counts = town.raw_counts()
    # Whose lines have no number, is told twice and counted once: tests of its own say so.
    sources = {lead.platform for lead in company.leads} & LEADS.keys()
    sources = {name for name in sources if FLEET[name].numbers_lines}
    here = landed(town)
    known = replace(company, leads=[lead for lead in company.leads if key(lead) in here])
    made = webhooks.deliveries(known, end_of(company.until) - timedelta(days=800), end_of(company.until))
    with receiver(town) as address:
        # Where nothing is signed, the address is the secret.
        hooks = {name: f"{address}/hooks/{name}/{FLEET[name].word}".rstrip("/") for name in sources}
        assert webhooks.subscribe(hooks["meta"])
        assert set(webhooks.send(made, hooks)) == {200}
    home.drop_exports(town.root, known, *sources)
    # Hours later: what we knew before, we did not learn again. What is asked for anew is refused anew.
    for _ in range(MOST_PASSES):
        if not read_again(town, EVENING):
            break
    ran = run_until_let_in(town, FIRSTHAND_INGESTED_AT=EVENING)
    assert ran.code == 0, ran.text
    assert not list((town.root / "inbox").rglob("*.csv")), "the files were taken"
    assert town.raw_counts()["raw_meta.leads"] > counts["raw_meta.leads"], "each way keeps its own versions"
    found = differences(before, town.tables(without=TOUCHED))
    assert not found, "\n".join(found)
    assert town.rows(EVENTS) == events
