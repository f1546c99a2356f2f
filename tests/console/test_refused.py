"""Quarantine's pages: what was refused and why, decided by commands, obeyed by the next run."""

import re

import pytest
from test_contents import text
from visiting import Visitor, serving, with_accounts

from connectors.stream import Promise
from console.app import create_app
from console.quarantine_words import WORDS
from pipelines import audit_log, reading, refusal_words
from pipelines.door import command, commands
from pipelines.door.decisions import Said
from pipelines.expectations import STRUCTURE, TYPE_WORDS, Verdict, _promised, judge_batch
from pipelines.home import Home

pytestmark = pytest.mark.slow
GROUP = {"platform": "files", "stream": "reviews", "refused": "stars is not a number"}


@pytest.fixture
def home(console_town):
    found = Home(console_town.root)
    before = set(command.waiting(found))
    yield found
    for path in set(command.waiting(found)) - before:
        path.unlink()


@pytest.fixture
def held(home):
    with reading.opened(home) as con:
        return reading.rows(con, "from refused_records where platform = 'files' order by arrived_at, payload")


def test_what_is_held_is_counted_by_source_and_reason(steward, held):
    said = text(steward.get("/quarantine").text)
    assert len(held) == 4
    assert "waiting for somebody to decide: 4 " in said
    assert "files/reviews stars is not a number 4 2026-11-" in said
    for row in held:
        assert row["record_key"] in said
    assert "refused.example" not in said, "a list names nobody"


def test_a_record_is_shown_as_it_was_told_and_its_page_logged_by_its_id(steward, held, caplog):
    caplog.set_level("INFO", logger="console")
    row = next(one for one in held if "prosper" in one["payload"])
    page = steward.get(f"/quarantine/{row['quarantine_id']}")
    assert "prosper@refused.example" in page.text and "<b>" not in page.text
    assert "stars is not a number" in text(page.text) and "in a file" in text(page.text)
    assert f"refused record {row['quarantine_id']}: shown to steward" in caplog.text
    assert "prosper" not in caplog.text


def test_a_text_stays_as_it_was_told_in_french_as_well(steward, held):
    row = next(one for one in held if "prosper" in one["payload"])
    steward.post("/language", language="fr", back="/")
    page = steward.get(f"/quarantine/{row['quarantine_id']}")
    assert "&lt;b&gt;Bien&lt;/b&gt; : merci" in page.text, "not one space of it is another"
    assert "stars n'est pas un nombre" in text(page.text).replace("&#39;", "'")


def test_only_a_steward_sees_and_decides(visitor, held):
    for role in ("reader", "marketer"):
        someone = visitor(role)
        someone.get("/")
        for path in ("/quarantine", f"/quarantine/{held[0]['quarantine_id']}"):
            assert someone.get(path).status_code == 403
        record = held[0]["quarantine_id"]
        assert someone.post("/quarantine", record=record, decision="replay").status_code == 403


def test_a_decision_goes_into_the_inbox_by_name_and_can_be_taken_back(steward, held, home, caplog):
    caplog.set_level("INFO", logger="console")
    record = held[0]["quarantine_id"]
    answer = steward.post("/quarantine", record=record, decision="dismiss", reason="typed by Zoé, a trial")
    assert answer.headers["location"] == "/quarantine?sent=yes"
    [said] = commands.said(home, Said)
    assert (said.command, said.records, said.made_by, said.reason) == (
        "dismiss",
        [record],
        "steward",
        "typed by Zoé, a trial",
    )
    assert said.id in caplog.text and "Zoé" not in caplog.text
    page = text(steward.get("/quarantine?sent=yes").text)
    assert "decide: 3 " in page and "Let go: 1 records (steward): typed by Zoé, a trial" in page
    # Decided is decided: neither once more, nor with all the others.
    assert steward.post("/quarantine", record=record, decision="replay").status_code == 400
    assert "waiting for the next run" in text(steward.get(f"/quarantine/{record}").text)
    assert steward.post("/quarantine", **GROUP, decision="replay").status_code == 303
    assert len(commands.said(home, Said)[1].records) == 3
    for one in commands.said(home, Said):
        assert steward.post("/quarantine/back", command=one.id).status_code == 303
    assert commands.said(home, Said) == []
    assert "decide: 4 " in text(steward.get("/quarantine").text)


@pytest.mark.parametrize(
    "form",
    [
        {"decision": "shred", "record": "HELD"},
        {"decision": "dismiss", "record": "HELD"},
        {"decision": "accept", **GROUP},
        {"decision": "accept", "record": "HELD", "reason": "   "},
        {"decision": "dismiss", "record": "HELD", "reason": "two\nlines"},
        {"decision": "dismiss", "record": "HELD", "reason": "x" * 2001},
        {"decision": "replay", "record": "0" * 32},
        {"decision": "replay", "record": "../../x"},
        {"decision": "reopen", "record": "HELD"},
        {"decision": "replay"},
        {"decision": "replay", "platform": "files"},
        {"decision": "replay", **GROUP, "refused": "'; drop table refused_records; --"},
    ],
)
def test_what_is_no_decision_is_refused(steward, held, home, form):
    filled = {name: held[0]["quarantine_id"] if value == "HELD" else value for name, value in form.items()}
    assert steward.post("/quarantine", **filled).status_code == 400
    assert commands.said(home, Said) == []


@pytest.mark.parametrize("what", ["", "../../firsthand", "20261120T120000-abc"])
def test_only_what_waits_is_taken_back(steward, home, what):
    assert steward.post("/quarantine/back", command=what).status_code == 400


@pytest.mark.parametrize("path", ["?page=0", "?page=x", "?platform=files", "/" + "f" * 32, "/..%2f..%2fetc"])
def test_what_is_no_page_of_it_is_none(steward, path):
    assert steward.get(f"/quarantine{path}").status_code in (400, 404)


def test_records_are_paged_and_a_group_keeps_to_itself(steward, monkeypatch):
    monkeypatch.setattr("console.pages.quarantine.SHOWN", 3)
    asked = "platform=files&stream=reviews&refused=stars+is+not+a+number"
    first, second = (steward.get(f"/quarantine?{asked}&page={n}").text for n in (1, 2))
    keys = [set(re.findall(r'href="/quarantine/(\w{32})"', page)) for page in (first, second)]
    assert [len(one) for one in keys] == [3, 1] and not keys[0] & keys[1]
    assert "page=2" in first and "page=2" not in second and "page=1" in second


def test_every_reason_the_door_gives_is_told_in_french():
    reasons = [check.says for check in STRUCTURE]
    for kind in TYPE_WORDS:
        promise = Promise("a.b", type=kind, values=frozenset({"x"}), pattern="x")
        reasons += [check.says for check in _promised(0, promise)]
    verdict = Verdict(missing={"a.b": 30}, judged=40)
    reasons += [f"batch: {one}" for one in judge_batch(3, 40, verdict)[1]]
    assert len(reasons) > 20
    assert [
        one for one in reasons if refusal_words.told("fr", one) in (one, f"tout le lot : {one[7:]}")
    ] == []
    assert WORDS["fr"].keys() == WORDS["en"].keys()


def test_refused_decided_obeyed_and_the_erased_are_gone(whole, tmp_path):
    """One run, that of the erasure, after three decisions: landed, let go, refused once more, erased."""
    town = whole.copy(tmp_path / "home")
    home = Home(town.root)
    with_accounts(home)
    ids = {
        name.split("@")[0]: record
        for record, name in town.published(
            "select quarantine_id, payload ->> '$.email' from refused_records where platform = 'files'"
        )
    }
    with serving(create_app(home)) as address:
        steward = Visitor(address)
        steward.log_in("steward")
        for who, decision in (("ottilie", "accept"), ("prosper", "dismiss"), ("quentin", "replay")):
            sent = steward.post("/quarantine", record=ids[who], decision=decision, reason="as she said")
            assert sent.status_code == 303
        asked = town.firsthand("forget", "romane@refused.example", "--yes", "--channel", "email")
        assert asked.code == 0, asked.text
        page = text(steward.get("/quarantine").text)
    left = town.published(
        "select quarantine_id, status, decided_by, decided_why, payload is null from refused_records"
        " where platform = 'files' order by status"
    )
    assert left == [
        (ids["prosper"], "dismissed", "steward", "as she said", True),
        (ids["quentin"], "held", None, None, False),
    ]
    assert "decide: 1 " in page and "Let go last" in page and "steward: as she said" in page
    assert town.rows("select count(*) from raw_files.reviews where payload ->> '$.stars' = 'five'") == [(1,)]
    assert command.waiting(home) == []
    noted = {(one.what, one.by) for one in audit_log.entries(home)}
    assert {(what, "steward") for what in ("accept", "dismiss", "replay")} <= noted
    published = (town.root / "serving/current/bi.duckdb").read_bytes()
    assert b"refused.example" not in published and not town.published(
        "select 1 from duckdb_tables() where table_name = 'refused_records'", file="bi"
    )
    assert b"romane@refused" not in (town.root / "serving/current/marketing.duckdb").read_bytes()
