"""Our own form whole: people of Maison Exemple at a real receiver on a port, what it took landed by the door,
and what the contracts and the permissions then say of them.
"""

import json
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import inside
import pytest
import requests
from homes import make_company
from town import ROOT

from connectors.inbox import Inbox
from pipelines import raw
from pipelines.warehouse_file import warehouse
from simulator.company import make
from simulator.own_form import SETTINGS, Visit, pay, read_mails, visits

pytestmark = pytest.mark.slow

NODE = shutil.which("node")


@contextmanager
def receiver(root: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "receiver", "--home", str(root), "--port", str(port)]
    with (root / "receiver.log").open("wb") as log:
        process = subprocess.Popen(words, cwd=ROOT, stderr=log, stdout=log)
    try:
        for _ in range(600):
            try:
                requests.get(f"http://127.0.0.1:{port}/health", timeout=1)
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait(timeout=10)


@dataclass(frozen=True)
class Town:
    """The contracts, who was there, and what the receiver said."""

    con: duckdb.DuckDBPyConnection
    visited: list[Visit]
    log: str
    script: str


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    company = make_company(tmp_path_factory.mktemp("forms"), platforms={"own_form": SETTINGS})
    here = company.home
    visited = list(visits(make(60, 7, date(2026, 11, 20)), most=24))
    with receiver(here.root) as address:
        assert {pay(visit, address) for visit in visited} == {200}
        mails = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(here.outbox.glob("*.json"))]
        pressed = read_mails(mails, visited, address)
        assert pressed == sum(visit.presses and "letter" in visit.ticks for visit in visited) > 2
        script = requests.get(f"{address}/forms/lettre.js", timeout=10).text
    now = datetime.now(UTC)
    settings = company.config.platforms.get
    with warehouse(here) as con:
        raw.ensure(con)
        inbox = Inbox(here.root / "inbox", here.landing, company.client, settings, now)
        for batch in inbox.take().batches:
            landed = raw.land(con, here, batch, now)
            assert (landed.failed_reason, landed.refused) == (None, 0)
    kinds = ("--exclude-resource-types", "unit_test", "test")
    days = {"lifecycle_as_of": f"{now:%Y-%m-%d}", "permission_as_of": f"{now:%Y-%m-%d}"}
    inside.dbt(here.warehouse, "build", *kinds, "--select", "+int_platform_acts", "+events", **days)
    with duckdb.connect(str(here.warehouse), read_only=True) as reader:
        yield Town(reader, visited, (here.root / "receiver.log").read_text(), script)


def real(visited: list[Visit]) -> list[Visit]:
    return [visit for visit in visited if visit.does not in ("machine", "tries")]


def test_each_person_is_there_once_and_no_machine(town):
    found = town.con.execute(
        "select email, first_name, country from contracts.profiles where platform = 'own_form'"
    )
    people = real(town.visited)
    assert sorted(found.fetchall()) == sorted(
        (one.person.emails[0], one.person.first_name, one.person.country) for one in people
    )
    held = town.con.execute("select count(*), count(distinct _key) from raw_own_form.responses").fetchone()
    assert held == (len(people) + sum(visit.does == "tries" for visit in town.visited),) * 2


def test_the_event_says_where_they_came_from(town):
    told = town.con.execute(
        "select event_type, channel, campaign_id, count(*) from contracts.events"
        " where platform = 'own_form' group by all"
    )
    assert told.fetchall() == [("form_answered", "instagram", "noel", len(real(town.visited)))]
    hidden = town.con.execute(
        "select distinct payload ->> '$.hidden.fbclid' from raw_own_form.responses"
    ).fetchall()
    assert hidden == [("IwAR0",)]


def test_what_was_ticked_is_an_act_with_its_words_and_version(town):
    columns = "contact_value, channel, purpose, wording_text, wording_version, needs_confirmation"
    found = town.con.execute(
        f"select {columns} from contracts.int_platform_acts where platform = 'own_form' and act = 'grant'"
    )
    letter = SETTINGS["forms"]["lettre"]["boxes"][0]
    acts = found.fetchall()
    for value, channel, purpose, words, version, waits in acts:
        assert re.fullmatch(r"lettre:(letter:2026-11|sms:1)\.[0-9a-f]{16}", version)
        assert waits == (channel == "email")
        if channel == "email":
            visit = next(one for one in town.visited if one.person.emails[0].lower() == value.lower())
            assert words == letter["text"][visit.language]
            assert purpose in letter["purposes"]
    people = real(town.visited)
    assert len(acts) == sum(2 * ("letter" in one.ticks) + ("sms" in one.ticks) for one in people)


def test_a_yes_waits_for_the_button_and_the_button_is_an_act(town):
    """That a grant which waits and has no confirmation permits nothing: tests/permission_cases.csv."""
    acts = town.con.execute(
        "select lower(contact_value), purpose, list(act order by occurred_at)"
        " from contracts.int_platform_acts where channel = 'email' and basis = 'consent' group by all"
    )
    letter = SETTINGS["forms"]["lettre"]["boxes"][0]
    assert {(who, purpose): told for who, purpose, told in acts.fetchall()} == {
        (one.person.emails[0].lower(), purpose): ["grant", "confirm"] if one.presses else ["grant"]
        for one in real(town.visited)
        if "letter" in one.ticks
        for purpose in letter["purposes"]
    }


def test_the_receivers_log_names_nobody(town):
    assert "form lettre: kept" in town.log
    assert not any(visit.person.emails[0] in town.log for visit in town.visited)


# A page in a few lines: what the script touches, and nothing else.
PAGE = """
const source = require("fs").readFileSync(process.argv[2], "utf8");
const sent = [], elements = {};
for (const name of ["_once", "_page", "_test", "utm_source", "fbclid"]) elements[name] = {value: ""};
const handlers = {};
const button = {disabled: false};
const form = {elements, action: "a", hidden: false, submit() { sent.push("submitted"); },
  querySelector: () => button, addEventListener: (name, f) => { handlers[name] = f; }};
const lines = [];
const place = {innerHTML: "", appendChild: (one) => lines.push(one.textContent),
  querySelector: (what) => what === "form" ? form : null};
globalThis.document = {documentElement: {lang: "en-GB"}, createElement: (what) => what === "div" ? place
  : {setAttribute() {}, textContent: ""},
  currentScript: {getAttribute: () => null, parentNode: {insertBefore() {}}}};
globalThis.location = {search: "?utm_source=meta&fbclid=IwAR1", origin: "https://m.example", pathname: "/p"};
globalThis.FormData = class { *[Symbol.iterator]() { yield ["email", "a@b.example"]; } };
globalThis.fetch = (to, how) => { sent.push([to, how.headers.Accept, String(how.body)]);
  return Promise.resolve({ok: true, json: () => Promise.resolve({said: "Thanks"})}); };
eval(source);
handlers.submit({preventDefault() {}});
setTimeout(() => console.log(JSON.stringify({lang: /lang" value="(..)/i.exec(place.innerHTML)[1], sent, lines,
  once: elements._once.value, page: elements._page.value, utm: elements.utm_source.value,
  hidden: form.hidden})), 20);
"""


@pytest.mark.skipif(NODE is None, reason="no JavaScript engine here")
def test_the_script_puts_the_form_in_place_and_sends_it(town, tmp_path):
    (tmp_path / "page.js").write_text(PAGE)
    (tmp_path / "lettre.js").write_text(town.script)
    done = subprocess.run(
        [NODE, tmp_path / "page.js", tmp_path / "lettre.js"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    told = json.loads(done.stdout)
    assert told["lang"] == "en"
    assert told["sent"] == [["a", "application/json", "email=a%40b.example"]]
    assert (told["lines"], told["hidden"]) == (["Thanks"], True)
    assert re.fullmatch("[0-9a-f]{32}", told["once"])
    assert (told["page"], told["utm"]) == ("https://m.example/p", "meta")
