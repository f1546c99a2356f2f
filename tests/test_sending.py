"""Audiences on lists of mail tools, against the simulated platforms at their nastiest, killed at every call:
the list there equals the audience allowed now, and nobody else was ever on it."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from random import Random

import dagster as dg
import pytest
import sent
from sent import ALLOWED, PEOPLE, Cut, Killed, Trial, mail, mails
from town import Town

from connectors.client import Client
from connectors.sending import spelt
from pipelines import audit_log, cli, clock, verdict
from pipelines.keyed import Keyed
from pipelines.sending import asset, register, send, step
from pipelines.warehouse_file import warehouse
from simulator.platforms.hubspot import nodes as hubspot

# What a process or a run does about it is the same for each; those tests take one.
PLATFORMS = ("brevo", "mailchimp", "hubspot")
# Everything at once; a token refused once ends a send, and has a test of its own.
NASTY = {
    name: {}
    for name in ("throttle", "server_error", "empty_page", "repeated", "reordered", "unknown_field", "cut",
                 "lost_answer", "partial", "lagging")
}  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sent.build(tmp_path_factory.mktemp("sending") / "home")


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """How long one waits for a platform is another test's."""
    monkeypatch.setattr(Client, "_wait", lambda *_: None)
    monkeypatch.setattr(Client, "_hold", lambda *_: None)
    monkeypatch.setenv(clock.VARIABLE, sent.NOON.isoformat())


@pytest.fixture(params=PLATFORMS)
def platform(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def calm(built: Path, tmp_path: Path, platform: str) -> Iterator[Trial]:
    with sent.trial(built, tmp_path / "calm", platform) as made:
        yield made


def _to(platform: str) -> list[str]:
    account = sent.ACCOUNTS.get(platform)
    return ["--to", platform, *(["--account", account] if account else [])]


def test_a_dry_run_tells_and_changes_nothing(calm: Trial, capsys: pytest.CaptureFixture[str]) -> None:
    calm.blocks(1)
    words = ["send", sent.AUDIENCE, *_to(calm.platform), "--language", "en"]
    assert cli.main(["--home", str(calm.home.root), *words]) == 0
    told = capsys.readouterr().out
    assert f"{len(calm.there(ALLOWED - {1})):>9,}  added" in told
    assert "@" not in told
    assert calm.listed()["history"] == []
    assert register.ours(calm.company) == []
    found = calm.show().found
    assert found.coming == calm.there(ALLOWED - {1})
    unknown = mails(n for n in ALLOWED if n not in sent.KNOWN)
    assert set(found.newcomers) | found.strangers == unknown
    assert bool(found.newcomers) == sent.TAKES_NEWCOMERS[calm.platform]
    assert found.refused == {mail(1)}


def test_the_allowed_are_on_it_and_what_happened_is_told(
    calm: Trial, capsys: pytest.CaptureFixture[str]
) -> None:
    calm.blocks(1)
    there = calm.there(ALLOWED - {1})
    words = ["send", sent.AUDIENCE, *_to(calm.platform), "--yes", "--by", "ines", "--language", "en"]
    assert cli.main(["--home", str(calm.home.root), *words]) == 0
    assert "reads as it should" in capsys.readouterr().out
    assert sorted(calm.members()) == sorted(there)
    assert calm.ever() == there
    assert calm.listed()["blocked"] == [mail(1)], "nobody was put back"
    with warehouse(calm.home, read_only=True) as con:
        ((form, recipient, people),) = con.execute(
            "select format, recipient, allowed_count from door.exports"
        ).fetchall()
        handed = con.execute("select count(*) from door.export_members").fetchone()[0]
    assert (form, recipient, people, handed) == ("list", calm.platform, len(there), len(there))
    (entry,) = [one for one in audit_log.entries(calm.home) if one.what == "sent"]
    assert entry.by == "ines"
    assert {"added": len(there), "removed": 0, "audience": sent.AUDIENCE, "version": 1}.items() <= dict(
        entry.facts
    ).items()
    assert "@" not in str(entry)
    assert audit_log.verify(calm.home, Keyed.of(calm.company.secrets)) == 1
    # A second time there is nothing to send.
    assert calm.send().done.added == calm.send().done.removed == set()
    assert len(audit_log.entries(calm.home)) == 1
    assert not list((calm.home.state / "sending").glob("*.txt"))


def test_a_yes_that_is_gone_takes_people_off(calm: Trial) -> None:
    calm.send()
    gone, erased, left, back = 1, 2, 4, 3
    calm.withdraw(gone)
    calm.erase(erased)
    calm.blocks(left)
    calm.grant(back)
    done = calm.send().done
    assert done.is_in_step
    assert set(calm.members()) == calm.there(ALLOWED - {gone, erased, left} | {back})
    assert calm.listed()["blocked"] == [mail(left)]


def test_a_list_that_we_did_not_make_is_left_alone(calm: Trial) -> None:
    foreign = calm.listed()["members"]
    name = next(one for one, members in foreign.items() if members)
    destination = calm.destination(list=name)
    with pytest.raises(send.NotOurs, match="--take-over"):
        send.send(calm.company, destination, "ines")
    assert calm.listed()["members"] == foreign
    assert register.ours(calm.company) == []
    send.send(calm.company, destination, "ines", takes_over=True)
    assert set(calm.members(name)) == calm.there(ALLOWED)


def test_a_list_deleted_there_is_made_again(calm: Trial) -> None:
    first = calm.send()
    calm.operate("settings", platform=calm.platform, delete_list=first.list_id)
    assert calm.show().list_id is None
    second = calm.send()
    assert second.list_id != first.list_id
    assert set(calm.members()) == calm.there(ALLOWED)
    assert [one.list_id for one in register.ours(calm.company)] == [second.list_id]


def test_every_run_weeds_every_list_of_ours(calm: Trial) -> None:
    """Sent once by hand; the audience is not even there any more."""
    calm.send()
    (calm.home.root / "audiences" / f"{sent.AUDIENCE}.yaml").unlink()
    calm.withdraw(1)
    calm.grant(3)
    counts, wrong = asset.keep_in_step(calm.company)
    assert (counts, wrong) == ({"added": 0, "removed": 1}, [])
    assert set(calm.members()) == calm.there(ALLOWED - {1})


def test_a_list_of_the_configuration_is_kept_in_step(calm: Trial) -> None:
    config = calm.company.config.model_copy(update={"sending": [calm.destination()]})
    calm.company = replace(calm.company, config=config)
    assert asset.keep_in_step(calm.company) == ({"added": len(calm.there(ALLOWED)), "removed": 0}, [])
    calm.withdraw(1)
    calm.grant(3)
    assert asset.keep_in_step(calm.company) == ({"added": 1, "removed": 1}, [])
    # An audience that cannot be asked is told, and the list is weeded all the same.
    own = calm.home.root / "audiences" / f"{sent.AUDIENCE}.yaml"
    own.write_text(own.read_text() + "# edited\n")
    calm.withdraw(2)
    counts, (why,) = asset.keep_in_step(calm.company)
    assert counts == {"added": 0, "removed": 1}
    assert "was edited" in why
    assert set(calm.members()) == calm.there(ALLOWED - {1, 2} | {3})


@pytest.mark.parametrize("seed", range(3))
def test_at_their_nastiest(tmp_path: Path, platform: str, seed: int) -> None:
    """People come and go; whatever the platform does, the list is right after every send."""
    random = Random(seed)
    with sent.trial(None, tmp_path / "nasty", platform, NASTY, seed) as made:
        ever: set[str] = set()
        for _ in range(8):
            wanted = mails(random.sample(range(PEOPLE), random.randint(0, PEOPLE)))
            ever |= wanted
            assert any(made.step(wanted).is_in_step for _ in range(3))
            assert sorted(made.members()) == sorted(wanted & made.there(range(PEOPLE)))
            assert made.ever() <= ever
        assert {"lost_answer", "partial", "lagging"} <= made.struck()


@pytest.mark.parametrize("is_after", [False, True], ids=["unheard", "done"])
def test_cut_off_at_every_call(
    tmp_path: Path, platform: str, is_after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In between somebody takes a yes back; whoever was put there by the send that died is taken off, though
    the platform does not show them yet."""
    wanted, whole = mails(ALLOWED), Cut()
    with sent.trial(None, tmp_path / "whole", platform) as made:
        _cut(made, monkeypatch, whole, wanted)
        assert set(made.members()) == made.there(ALLOWED)
    assert whole.calls > 6
    for at in range(1, whole.calls + 1):
        with sent.trial(None, tmp_path / f"at{at}", platform, {"lagging": 1.0}, at) as made:
            _cut(made, monkeypatch, Cut(at, is_after), wanted)
            came = [spelt(address) for _, address, comes in made.listed()["history"] if comes]
            assert set(came) <= wanted
            gone = (came or sorted(wanted))[-1]
            made.step(wanted - {gone})
            assert set(made.members()) == made.there(ALLOWED) - {gone}, f"cut off at call {at}"
            assert made.ever() <= wanted


def _cut(made: Trial, monkeypatch: pytest.MonkeyPatch, cut: Cut, wanted: set[str]) -> None:
    with monkeypatch.context() as patch, suppress(Killed):
        patch.setattr(Client, "_once", cut.over(Client._once))
        made.step(wanted)


def test_an_address_no_tool_takes_keeps_nobody_else_away(tmp_path: Path, platform: str) -> None:
    wrong = "lou@poste.invalid"
    with sent.trial(None, tmp_path / "home", platform) as made:
        done = made.step(mails(ALLOWED) | {wrong})
        assert set(made.members()) == made.there(ALLOWED)
        assert done.is_in_step
        assert wrong in done.not_taken | done.strangers


def test_whoever_hubspot_writes_to_at_another_address_is_left_out(tmp_path: Path) -> None:
    """Two contacts were merged there: of the one that went, the address is a further one of the other."""
    with sent.trial(None, tmp_path / "home", "hubspot") as made:
        first, second = (hubspot.key_of(one) for one in made.theirs(1, 2))
        made.operate("settings", platform="hubspot", merge=[first, second])
        done = made.step(mails({2, 4}))
        assert made.members() == [mail(4)]
        assert done.is_in_step
        assert done.refused == {mail(2)}
        assert made.ever() == {mail(4)}, "not even by way of a contact made anew"


@pytest.mark.parametrize("platform", ["brevo"], indirect=True)
def test_a_process_that_is_killed_goes_on(built: Path, tmp_path: Path, platform: str) -> None:
    """kill -9, a yes taken back, and the same command again; then killed taking somebody off."""
    words = ["send", sent.AUDIENCE, *_to(platform), "--yes"]
    with sent.trial(built, tmp_path / "home", platform, {"partial": {}, "lagging": {}}, 5) as made:
        town = Town(made.home.root, sent.world(platform), made.base_url)
        assert town.firsthand(*words, FIRSTHAND_DIE_AT="after_adding_to_a_list").code == -9
        assert made.ever() <= mails(ALLOWED)
        made.withdraw(1)
        assert town.firsthand(*words).code == 0
        assert set(made.members()) == made.there(ALLOWED - {1})
        made.withdraw(2)
        assert town.firsthand(*words, FIRSTHAND_DIE_AT="before_taking_off_a_list").code == -9
        assert asset.keep_in_step(made.company)[1] == []
        assert set(made.members()) == made.there(ALLOWED - {1, 2})
        assert made.ever() <= mails(ALLOWED)


@pytest.mark.parametrize("platform", ["brevo"], indirect=True)
def test_a_run_of_the_pipeline_keeps_lists_in_step_and_says_what_is_wrong(calm: Trial) -> None:
    config = calm.company.config.model_copy(update={"sending": [calm.destination()]})
    calm.company = replace(calm.company, config=config)
    with dg.instance_for_test() as instance:

        def run() -> dg.AssetCheckEvaluation:
            done = dg.materialize([asset.asset(calm.company)], instance=instance)
            assert done.success
            return done.get_asset_check_evaluations()[0]

        assert run().passed
        assert set(calm.members()) == calm.there(ALLOWED)
        # Right a moment ago for the very same people: the tool is not asked again, whatever it is.
        calm.operate("kill", platform=calm.platform)
        assert run().passed
        calm.withdraw(1)
        check = run()
        assert not check.passed
        assert verdict.problems_of([check])[0][0].subject == "serving/lists"


def test_the_note_of_a_send_that_died_is_private_and_torn_up(
    built: Path, tmp_path: Path, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sent.trial(built, tmp_path / "home", platform) as made:
        monkeypatch.setattr(step, "point", lambda name: _die(name == "after_adding_to_a_list"))
        with pytest.raises(Killed):
            made.send()
        (note,) = (made.home.state / "sending").glob("*.txt")
        assert note.stat().st_mode & 0o777 == 0o600
        assert step.unsettled(note) == made.there(ALLOWED)
        monkeypatch.setattr(step, "point", lambda name: None)
        made.send()
        assert not note.exists()


def _die(now: bool) -> None:
    if now:
        raise Killed
