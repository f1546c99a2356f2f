"""The command line: what it says to a newcomer, to a wrong setting, and what it must never do."""

import os
import stat
import subprocess
import sys

import pytest
import yaml
from homes import make_company
from landings import DAY_ONE, drop

from connectors import MOST_BELIEVED, PLATFORMS
from connectors.stream import Stream, nothing_to_pull
from pipelines import cli, raw
from pipelines.commands import run as run_command
from pipelines.config import Config
from pipelines.places import ROOT
from pipelines.running import Outcome, StreamOutcome
from pipelines.warehouse_file import warehouse


def say(capsys, *words: str) -> tuple[int, str, str]:
    code = cli.main(words)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_help_answers_at_once_and_names_every_command(capsys):
    loaded = "print({'dagster', 'pandas', 'duckdb', 'mcp'} & set(sys.modules))"
    script = f"import sys; from pipelines import cli; cli.parser(); {loaded}"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
    with pytest.raises(SystemExit) as end:
        cli.main(["--help"])
    assert end.value.code == 0
    shown = capsys.readouterr().out
    for command in cli.COMMANDS:
        assert f"    {command}" in shown


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_every_command_explains_itself_with_an_example(command, capsys):
    with pytest.raises(SystemExit):
        cli.main([command, "--help"])
    assert "example" in capsys.readouterr().out


def test_without_settings_it_says_how_to_begin(tmp_path, capsys):
    code, _, err = say(capsys, "--home", str(tmp_path), "run")
    assert code == 2
    assert "firsthand init" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("lifecycle: {loyal_occasions: often}", "lifecycle.loyal_occasions: "),
        ("time_zone: Europe/Pariss", "time_zone: Value error, no time zone is called Europe/Pariss"),
    ],
)
def test_a_wrong_setting_is_named_with_its_place(tmp_path, capsys, setting, said):
    (tmp_path / "firsthand.yaml").write_text(f"company: x\n{setting}\n")
    code, _, err = say(capsys, "--home", str(tmp_path), "run")
    assert code == 2
    assert said in err


@pytest.mark.parametrize(
    ("rule", "place", "said"),
    [
        ("{name: [newest]}", "survivorship.name.0", "'recency'"),
        ("{name: []}", "survivorship.name", "at least 1 item"),
        ("{address: [recency, verified, recency]}", "survivorship.address", "named twice: recency"),
        ("{sources: [shopify, tillpoint]}", "survivorship.sources", "no platform: tillpoint; known: meta"),
        ("{best_email: [recency]}", "survivorship.best_email", "not permitted"),
    ],
)
def test_a_wrong_rule_of_survivorship_is_named_with_what_is_known(tmp_path, capsys, rule, place, said):
    (tmp_path / "firsthand.yaml").write_text(f"company: x\nsurvivorship: {rule}\n")
    code, _, err = say(capsys, "--home", str(tmp_path), "run")
    assert code == 2
    assert place in err
    assert said in err


@pytest.mark.parametrize(
    ("matching", "place", "said"),
    [
        ("{threshold_bits: high}", "matching.threshold_bits", "valid number"),
        ("{threshold_bits: 31}", "matching.threshold_bits", "less than or equal to 30"),
        ("{doubtful_bits: -1}", "matching.doubtful_bits", "greater than or equal to 0"),
        ("{most_per_key: 1}", "matching.most_per_key", "greater than or equal to 2"),
        ("{full_rebuild_on: someday}", "matching.full_rebuild_on", "'sunday' or 'never'"),
        ("{threshold: 12}", "matching.threshold", "not permitted"),
        ("{weights: ../other.json}", "matching.weights", "in the company's folder"),
        ("{weights: own.json}", "matching.weights", "there is no own.json in"),
        ("{weights: broken.json}", "matching.weights", "broken.json: no file of weights"),
        ("{weights: partial.json}", "matching.weights", "no weight for first_name: "),
    ],
)
def test_a_wrong_setting_of_matching_is_named(tmp_path, capsys, matching, place, said):
    (tmp_path / "firsthand.yaml").write_text(f"company: x\nmatching: {matching}\n")
    (tmp_path / "broken.json").write_text("[]")
    (tmp_path / "partial.json").write_text('{"version": "1", "threshold": 14.5, "bits": {}}')
    code, _, err = say(capsys, "--home", str(tmp_path), "run")
    assert code == 2
    assert place in err
    assert said in err


def test_defaults_are_the_same_in_code_in_dbt_and_in_the_file_to_start_from():
    in_code = Config(company="x").model_dump()
    project = yaml.safe_load((ROOT / "dbt_project" / "dbt_project.yml").read_text())
    to_start_from = yaml.safe_load((ROOT / "firsthand.yaml").read_text())
    # Whom to believe is one list, of connectors/__init__.py.
    assert in_code["survivorship"].pop("sources") == MOST_BELIEVED
    assert sorted(MOST_BELIEVED) == sorted(PLATFORMS)
    assert project["vars"]["survivorship"].pop("sources") == []
    for section in ("survivorship", "matching"):
        assert to_start_from[section] == in_code[section]
        # When everybody is computed anew is not dbt's to decide.
        in_code[section].pop("full_rebuild_on", None)
        assert project["vars"][section] == in_code[section]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--backfill"], "--from"),
        (["--backfill", "--from", "last spring"], "no ISO day"),
        (["--full", "--backfill", "--from", "2026-01-01"], "--full"),
        (["--only", "mata"], "known: meta/forms"),
    ],
)
def test_a_run_that_cannot_be_meant_starts_nothing(tmp_path, capsys, words, said):
    company = make_company(tmp_path, platforms={"meta": {}})
    code, _, err = say(capsys, "--home", str(tmp_path), "run", *words)
    assert code == 2
    assert said in err
    assert not company.home.warehouse.exists()


def test_init_makes_a_folder_that_doctor_reads_and_touches_nothing_twice(tmp_path, capsys):
    root = tmp_path / "maison"
    assert say(capsys, "--home", str(root), "init")[0] == 0
    secrets = root / ".env"
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
    keys = [line for line in secrets.read_text().splitlines() if line.startswith("FIRSTHAND_")]
    assert [len(line.partition("=")[2]) for line in keys] == [64, 64]
    before = secrets.read_text()
    assert say(capsys, "--home", str(root), "init")[0] == 0
    assert secrets.read_text() == before
    code, out, _ = say(capsys, "--home", str(root), "doctor", "--offline")
    assert code == 0, out


def test_doctor_says_what_to_do_in_both_languages(tmp_path, capsys):
    company = make_company(tmp_path, platforms={"meta": {}, "mispelt": {}})
    company.home.env_file.write_text("FIRSTHAND_KEY=short\n")
    company.home.env_file.chmod(0o644)
    code, out, _ = say(capsys, "--home", str(tmp_path), "doctor", "--offline", "--language", "en")
    assert code == 1
    for said in ("mispelt is not known", "META_TOKEN", "FIRSTHAND_KEY is not set or too short", "chmod 600"):
        assert said in out
    assert "short\n" not in out
    _, out, _ = say(capsys, "--home", str(tmp_path), "doctor", "--offline", "--language", "fr")
    assert "la plateforme mispelt est inconnue" in out


def test_every_sentence_of_the_doctor_exists_in_both_languages():
    from pipelines.doctor_words import WORDS

    assert WORDS["fr"].keys() == WORDS["en"].keys()


def test_quarantine_is_empty_in_the_beginning_and_refuses_what_it_does_not_know(tmp_path, capsys):
    company = make_company(tmp_path)
    with warehouse(company.home) as con:
        raw.ensure(con)
    assert say(capsys, "--home", str(tmp_path), "quarantine", "list")[1].strip() == "nothing is held"
    code, _, err = say(capsys, "--home", str(tmp_path), "quarantine", "dismiss", "ab12")
    assert code == 2
    assert "means no records" in err
    assert say(capsys, "--home", str(tmp_path), "quarantine", "replay")[:2] == (0, "nothing was held\n")


def test_quarantine_is_decided_at_once_by_the_same_commands(tmp_path, capsys):
    company = make_company(tmp_path)

    def quarantine(*words):
        return say(capsys, "--home", str(tmp_path), "quarantine", *words)

    rows = [{"id": name, "stars": stars} for name, stars in (("a", "five"), ("b", "many"), ("c", "***"))]
    batch = drop(company.home, rows, platform="files", stream=Stream("reviews", nothing_to_pull))
    with warehouse(company.home) as con:
        raw.ensure(con)
        assert raw.land(con, company.home, batch, DAY_ONE).refused == 3
        first, second, _ = (one.quarantine_id[:12] for one in raw.held(con))
    assert quarantine("dismiss", "--refused", "stars is not a number")[0] == 2, "it asks why"
    assert quarantine("dismiss")[0] == quarantine("replay", "--accept")[0] == 2
    assert quarantine("replay", "--refused", "stars is missing")[:2] == (0, "nothing was held\n")
    assert quarantine("replay", first)[:2] == (1, "0 landed, 1 still refused\n")
    assert quarantine("dismiss", first, second, "--reason", "a trial", "--by", "ines")[1] == "2 dismissed\n"
    assert quarantine("reopen", second)[1] == "1 reopened\n"
    refused = ("--refused", "stars is not a number", "--accept", "--reason", "as she said")
    assert quarantine("replay", *refused)[1].startswith("2 landed, 0 still refused\n")
    assert quarantine("list", "--status", "dismissed")[1].splitlines()[0].startswith(first)
    with warehouse(company.home, read_only=True) as con:
        obeyed = con.execute(
            "select command, record_count from door.commands order by ingested_at, command_id"
        ).fetchall()
        assert obeyed == [("replay", 1), ("dismiss", 2), ("reopen", 1), ("accept", 2)]
        assert con.execute("select count(*) from raw_files.reviews").fetchone() == (2,)


def test_the_summary_names_what_failed_in_red_and_what_is_shown():
    outcome = Outcome(
        run_id="0123456789",
        succeeded=False,
        streams={
            "meta/leads": StreamOutcome(read=1204, new=12, refused=2, seconds=3.14),
            "shopify/orders": StreamOutcome(read=0, trouble=["SHOPIFY_TOKEN is not set"]),
        },
        troubles=[],
        before={"snapshot": "000001", "counts": {"customers": 9}},
        after={"snapshot": "000002", "counts": {"customers": 1010}},
    )
    shown = run_command.summary(outcome, is_colored=True)
    assert "1,204" in shown
    assert f"{run_command.RED}FAILED shopify/orders: SHOPIFY_TOKEN is not set" in shown
    assert "1,010 customers (before: 9), publication 000002" in shown
    assert "RED" in run_command.summary(outcome)
    assert "\033" not in run_command.summary(outcome)


def test_a_reader_that_goes_away_is_no_error(tmp_path):
    make_company(tmp_path)
    command = f"{sys.executable} -m pipelines.cli --home {tmp_path} doctor --offline | head -1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, env=dict(os.environ))
    assert "Traceback" not in done.stderr
