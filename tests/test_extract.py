"""Reading: what fails, fails alone, and says what to do; what was read is in files, drained or not."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import dagster as dg
import pytest
from homes import make_company

from connectors import PLATFORMS
from connectors.stream import BrokenToken, MissingCredential, Page, Since, Stream
from connectors.versions import NOTICE
from pipelines import company as register
from pipelines import extract, freshness, handout, verdict
from pipelines.company import Company, Source, connector
from pipelines.extract import Pull

QUIET = [].append


class Till:
    """A client of two accounts whose behaviour a test decides."""

    def __init__(self, broken: tuple[str, ...] = (), error: Exception | None = None):
        self.broken, self.error, self.asked = broken, error, {}

    def fetch(self, account: str, since: Since) -> Iterator[Page]:
        self.asked[account] = since
        yield Page([{"id": f"{account}-1", "at": "2026-11-19T10:00:00Z"}])
        if account in self.broken:
            raise self.error
        yield Page([{"id": f"{account}-2", "at": "2026-11-19T11:00:00Z"}])


def stream(name: str) -> Stream:
    return Stream(
        name,
        lambda till, account, since: till.fetch(account, since),
        changed_at="at",
        accounts=lambda till: ["north", "south"],
    )


SALES = Source("till", stream("sales"))
LEADS = Source("forms", stream("leads"))


@pytest.fixture
def company(tmp_path, monkeypatch) -> Company:
    return make_company(tmp_path, platforms={"till": {}, "forms": {}})


def read(company, monkeypatch, clients, sources=(SALES, LEADS), pull=None):
    def client(self, platform):
        if isinstance(clients[platform], Exception):
            raise clients[platform]
        return clients[platform]

    monkeypatch.setattr(Company, "client", client)
    pulled = extract.read_all(list(sources), pull or Pull(), company, QUIET)
    return {one.source.word: one for one in pulled}


def manifest(company, batch):
    return json.loads((company.home.landing / f"{batch}.json").read_text())


def test_a_platform_without_credentials_stops_no_other(company, monkeypatch):
    missing = MissingCredential("TILL_TOKEN is not set")
    found = read(company, monkeypatch, {"till": missing, "forms": Till()})
    assert found["till/sales"].errors == {"": missing}
    assert found["forms/leads"].rows == 4
    assert not found["forms/leads"].errors


def test_a_failing_account_stops_no_other_and_its_cursor_stays(company, monkeypatch):
    broken = Till(("north",), BrokenToken("the token is refused (401): set TILL_TOKEN"))
    found = read(company, monkeypatch, {"till": broken, "forms": Till()})["till/sales"]
    assert list(found.errors) == ["north"]
    accounts = manifest(company, found.batch)["accounts"]
    assert accounts["north"] == {"cursor": None, "announced": [], "drained": False}
    assert accounts["south"]["drained"]
    assert found.rows == 3, "what was read before the failure is kept: landing it twice changes nothing"


def test_an_unexpected_error_is_explained_without_secrets_or_persons(company, monkeypatch):
    bug = ValueError("cannot read jeanne@famille.example with sim-meta-token")
    found = read(company, monkeypatch, {"till": Till(("north",), bug), "forms": Till()})["till/sales"]
    text = extract.explain(found.errors, company.secret_values)
    assert text.startswith("account north: unexpected ValueError in test_extract.py:")
    assert "jeanne" not in text
    assert "sim-meta-token" not in text


def test_a_pull_goes_on_from_the_handed_out_cursor(company, monkeypatch):
    stored = Since(datetime(2026, 11, 18, tzinfo=UTC), {"form 1": 12})
    handout.keep(company.home, {("till", "sales", "north"): stored})
    till = Till()
    read(company, monkeypatch, {"till": till}, [SALES])
    assert till.asked == {"north": replace(stored, looks_closely=True), "south": Since(None)}


def test_all_but_hourly_pulls_look_back_as_far_as_the_stream_says(company, monkeypatch):
    """The hand-out is an overlap before the cursor, ten minutes unless a stream says otherwise."""
    far = Source("till", replace(SALES.stream, looks_back=timedelta(days=90)))
    stored = Since(datetime(2026, 11, 18, tzinfo=UTC), {"form 1": 12})
    handout.keep(company.home, {("till", "sales", "north"): stored})
    hourly, nightly = Till(), Till()
    read(company, monkeypatch, {"till": hourly}, [far], Pull(hourly=True))
    assert hourly.asked == {"north": stored, "south": Since(None)}
    read(company, monkeypatch, {"till": nightly}, [far])
    reached = datetime(2026, 8, 20, 0, 10, tzinfo=UTC)
    assert nightly.asked["north"] == replace(stored, moment=reached, looks_closely=True)


def test_full_asks_for_everything_and_backfill_from_a_day(company, monkeypatch):
    stored = Since(datetime(2026, 11, 18, tzinfo=UTC), {"form 1": 12})
    handout.keep(company.home, {("till", "sales", "north"): stored})
    full, again = Till(), Till()
    read(company, monkeypatch, {"till": full}, [SALES], Pull(full=True))
    assert full.asked["north"] == Since(None)
    found = read(company, monkeypatch, {"till": again}, [SALES], Pull(backfill_from="2026-01-01"))
    assert again.asked["north"] == Since(datetime(2026, 1, 1, tzinfo=UTC))
    assert manifest(company, found["till/sales"].batch)["backfill"], "the door leaves the cursor alone"


@pytest.fixture
def step(company, monkeypatch):
    """The extraction step over two made-up platforms, run by Dagster."""
    for module in (register, extract, freshness):
        monkeypatch.setattr(module, "sources", lambda: iter([SALES, LEADS]))

    def run(clients, instance):
        monkeypatch.setattr(Company, "client", lambda self, platform: clients[platform])
        return dg.materialize([extract.assets(company)], instance=instance, raise_on_error=False)

    return run


def test_the_step_yields_always_and_the_verdict_is_red(company, step):
    till = Till(("north",), BrokenToken("the token is refused (401): set TILL_TOKEN"))
    with dg.DagsterInstance.ephemeral() as instance:
        result = step({"till": till, "forms": Till()}, instance)
        assert result.success, "what stands downstream must not be skipped"
        problems, is_red = verdict.problems_of(verdict.evaluated(instance, result.run_id))
    assert is_red
    assert [(p.kind, p.subject) for p in problems] == [("expired_token", "till/sales")]
    assert "set TILL_TOKEN" in problems[0].text


def test_only_a_whole_read_keeps_a_source_fresh(company, step):
    till = Till(("north",), BrokenToken("refused"))
    with dg.DagsterInstance.ephemeral() as instance:
        step({"till": till, "forms": Till()}, instance)
    known = {source.word: age for source, age in freshness.ages(company, datetime.now(UTC))}
    assert known["till/sales"] is None
    assert known["forms/leads"] is not None


def test_a_platform_that_is_not_configured_is_no_error(tmp_path, step, company, monkeypatch):
    monkeypatch.setattr(Company, "is_configured", lambda self, platform: platform == "forms")
    with dg.DagsterInstance.ephemeral() as instance:
        result = step({"forms": Till()}, instance)
        problems, is_red = verdict.problems_of(verdict.evaluated(instance, result.run_id))
    assert result.success and not is_red and not problems


@pytest.mark.parametrize(
    ("days", "retention", "passed", "severity"),
    [
        (0.1, 90, True, "WARN"),
        (1, 90, False, "WARN"),
        (84, 90, False, "ERROR"),
        (1, None, True, "WARN"),
        (3, None, False, "WARN"),
    ],
)
def test_freshness_knows_when_a_platform_begins_to_delete(
    company, monkeypatch, days, retention, passed, severity
):
    kind = replace(stream("leads"), hourly=retention is not None, retention_days=retention)
    monkeypatch.setattr(register, "sources", lambda: iter([Source("forms", kind)]))
    freshness.note_read(company.home, ["forms/leads"])
    later = datetime.fromtimestamp(datetime.now(UTC).timestamp() + days * 86400, UTC)
    (_, age), *_ = freshness.ages(company, later)
    found, level, _ = freshness.judge(age)
    assert (found, level.name) == (passed, severity)


@pytest.mark.parametrize(("days", "passed", "severity"), [(0.1, True, "WARN"), (24, False, "ERROR")])
def test_freshness_believes_a_company_that_knows_the_window_better(
    tmp_path, monkeypatch, days, passed, severity
):
    company = make_company(tmp_path, platforms={"forms": {"retention_days": 30}})
    kind = replace(stream("leads"), hourly=True, retention_days=90)
    monkeypatch.setattr(register, "sources", lambda: iter([Source("forms", kind)]))
    freshness.note_read(company.home, ["forms/leads"])
    later = datetime.fromtimestamp(datetime.now(UTC).timestamp() + days * 86400, UTC)
    (_, age), *_ = freshness.ages(company, later)
    found, level, _ = freshness.judge(age)
    assert (found, level.name) == (passed, severity)


@pytest.mark.parametrize("platform", [name for name in PLATFORMS if hasattr(connector(name), "api_version")])
def test_a_run_says_which_version_ends_before_it_does(platform, tmp_path, monkeypatch, caplog):
    version = connector(platform).api_version({})
    asked = make_company(tmp_path, platforms={platform: {}})
    for days, is_told in ((NOTICE.days, True), (NOTICE.days + 1, False)):
        caplog.clear()
        then = datetime.combine(version.ends - timedelta(days), time(), UTC)
        with contextlib.suppress(MissingCredential):
            asked.client(platform, now=lambda then=then: then)
        assert (
            f"{platform}: version {version.name} ends on or after {version.ends}" in caplog.text
        ) == is_told
