"""The audit log shows whatever was done to it; it enters everything once, and names nobody."""

import json
from datetime import UTC, datetime

import pytest
from homes import make_company

from pipelines import audit_log, audit_trail, raw
from pipelines.audit_log import BEGINNING, Tampered
from pipelines.cli import main
from pipelines.door import command, commands
from pipelines.door.judgements import judgement
from pipelines.keyed import Keyed
from pipelines.warehouse_file import warehouse

NOW = datetime(2026, 11, 20, 5, tzinfo=UTC)


@pytest.fixture
def company(tmp_path):
    return make_company(tmp_path, language="en")


@pytest.fixture
def keyed(company):
    return Keyed.of(company.secrets)


@pytest.fixture
def log(company, keyed):
    for number in range(1, 5):
        assert audit_log.note(company.home, keyed, "export", "ines", f"export {number}", {"rows": number})
    return company.home.root / "data" / "audit.jsonl"


def test_it_is_whole_and_private(company, keyed, log):
    assert audit_log.verify(company.home, keyed, [audit_log.head(company.home)]) == 4
    assert [entry.facts["rows"] for entry in audit_log.entries(company.home)] == [1, 2, 3, 4]
    assert log.stat().st_mode & 0o077 == 0
    assert not audit_log.note(company.home, keyed, "export", "ines", "export 2")
    assert audit_log.verify(company.home, keyed) == 4


def test_an_empty_one_is_whole_too(company, keyed):
    assert audit_log.verify(company.home, keyed) == 0
    assert audit_log.head(company.home) == {"entries": 0, "seal": BEGINNING}


def edit(lines):
    said = json.loads(lines[1])
    return [lines[0], json.dumps(said | {"by": "nobody"}) + "\n", *lines[2:]]


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (edit, "entry 2 was changed"),
        (lambda lines: [lines[0], *lines[2:]], "entry 2 is missing"),
        (lambda lines: [lines[0], lines[2], lines[1], lines[3]], "entry 2 is missing"),
        (lambda lines: [*lines, lines[-1]], "entry 5 is missing"),
        (lambda lines: [*lines[:3], lines[3][:-9]], "entry 4 is cut off"),
        (lambda lines: lines[:3], "entries 4 to 4 are missing: a publication knew"),
        (lambda lines: [], "entries 1 to 4 are missing"),
        (lambda lines: ["{\n", *lines], "entry 1 is no entry"),
    ],
)
def test_whatever_is_done_to_it_shows(company, keyed, log, harm, says):
    witness = audit_log.head(company.home)
    log.write_text("".join(harm(log.read_text().splitlines(keepends=True))))
    with pytest.raises(Tampered, match=says):
        audit_log.verify(company.home, keyed, [witness])


def test_who_has_another_key_cannot_write_it_anew(company, keyed, log):
    log.unlink()
    audit_log.note(company.home, Keyed(b"another key, of whoever"), "export", "ines", "export 1")
    with pytest.raises(Tampered, match="entry 1 was changed"):
        audit_log.verify(company.home, keyed)


def test_half_an_entry_of_a_crash_is_written_over(company, keyed, log):
    with log.open("a") as file:
        file.write('{"n": 5, "at"')
    assert audit_log.note(company.home, keyed, "export", "ines", "export 5")
    assert audit_log.verify(company.home, keyed) == 5


def test_commands_are_entered_once(company):
    with warehouse(company.home) as con:
        raw.ensure(con)
        path = command.send(company.home, judgement("meta:1:lead:9", "meta:1:lead:8", "apart", "ines", NOW))
        commands.obey(con, path, NOW)
        assert [audit_trail.catch_up(con, company) for _ in range(2)] == [1, 0]
    [entry] = audit_log.entries(company.home)
    assert (entry.what, entry.by) == ("judge", "ines")
    assert "lead" not in json.dumps(dict(entry.facts))


def test_a_changed_rule_is_entered(company):
    made_of = {"configuration": "a", "code": "b", "weights": "c", "day": "2026-11-20"}
    assert audit_trail.note_rules(company, made_of, "r1")
    assert not audit_trail.note_rules(company, made_of | {"day": "2026-11-21"}, "r2")
    assert audit_trail.note_rules(company, made_of | {"configuration": "z"}, "r3")
    assert audit_trail.note_rules(company, made_of, "r4"), "and so is its return"


def test_the_command_line_says_so(company, log, capsys):
    assert main(["--home", str(company.home.root), "audit", "verify"]) == 0
    assert "4 entries" in capsys.readouterr().out
    assert main(["--home", str(company.home.root), "audit", "list"]) == 0
    assert "rows 4" in capsys.readouterr().out
    log.write_text(log.read_text().replace("ines", "else"))
    assert main(["--home", str(company.home.root), "audit", "verify", "--language", "fr"]) == 1
    assert "PAS ENTIER" in capsys.readouterr().out
