"""What `firsthand doctor` looks at, each finding in plain words, French or English.

It changes nothing and waits for nobody: where a run holds the warehouse, it says so and goes on.
"""

import importlib.metadata
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from connectors import PLATFORMS
from connectors.redaction import redact
from connectors.stream import ConnectorError, Since
from pipelines import instance, state
from pipelines.company import connector
from pipelines.erasure.carrying_out import LEDGER
from pipelines.patient import Finding, Level, Patient
from pipelines.warehouse_file import WarehouseBusy, warehouse

LITTLE_DISK, NO_DISK = 3 * 1024**3, 512 * 1024**2
KEY_LENGTH = 32
OLD_PUBLICATION, OLD_BACKUP, OLD_INBOX = timedelta(hours=26), timedelta(days=8), timedelta(hours=3)
SHOWN_VERSIONS = ("dagster", "duckdb", "dbt-core", "dbt-duckdb", "great-expectations", "pandas")
DBT_LIMIT = (1, 12)
TRIES = 2  # a run sits a minute of trouble out; who asks the doctor wants to hear of it


def examine(patient: Patient) -> Iterator[Finding]:
    """Every check in turn; a check that breaks is a finding as well."""
    for check in CHECKS:
        try:
            yield from check(patient)
        except Exception as error:
            text = redact(str(error), patient.company.secret_values)[:200]
            yield Finding("bad", check.__name__.strip("_"), f"{type(error).__name__}: {text}")


def _configuration(patient: Patient) -> Iterator[Finding]:
    config = patient.company.config
    named = ", ".join(config.platforms) or "-"
    yield patient.say("good", "configuration.read", company=config.company, platforms=named)
    for platform in config.platforms:
        if platform not in PLATFORMS:
            known = ", ".join(PLATFORMS)
            yield patient.say("bad", "configuration.unknown", platform=platform, known=known)
    if not config.platforms:
        yield patient.say("warn", "configuration.no_platform")
    if not (config.alerts.mail or config.alerts.webhook):
        yield patient.say("warn", "configuration.no_alerts")


def _credentials(patient: Patient) -> Iterator[Finding]:
    company = patient.company
    for name in ("FIRSTHAND_KEY", "FIRSTHAND_BACKUP_KEY"):
        if len(company.secrets.get(name, "")) < KEY_LENGTH:
            yield patient.say("bad", "credentials.own", name=name)
    for platform in company.config.platforms:
        if platform not in PLATFORMS or platform == "files":
            continue
        missing = [n for n in connector(platform).SECRETS if not company.secrets.get(n)]
        if missing:
            yield patient.say("bad", "credentials.missing", platform=platform, names=", ".join(missing))
        elif patient.is_offline:
            yield patient.say("good", "credentials.present", platform=platform)
        else:
            yield _try(patient, platform)


def _try(patient: Patient, platform: str) -> Finding:
    """One cheap call: the first page of what changed since a moment ago."""
    try:
        client = patient.company.client(platform, attempts=TRIES)
        stream = connector(platform).STREAMS[0]
        accounts = list(stream.accounts(client))
        for account in accounts[:1]:
            next(iter(stream.fetch(client, account, Since(datetime.now(UTC)))), None)
    except ConnectorError as error:
        text = redact(str(error), patient.company.secret_values)
        return patient.say("bad", "credentials.refused", platform=platform, text=text)
    return patient.say("good", "credentials.accepted", platform=platform, accounts=", ".join(accounts) or "-")


def _api_versions(patient: Patient) -> Iterator[Finding]:
    """A version that ends takes its platform with it, on a day that is known long before."""
    for platform in patient.company.config.platforms:
        told = getattr(connector(platform), "api_version", None) if platform in PLATFORMS else None
        if told is None:
            continue
        settings = patient.company.config.platforms[platform]
        found, today = told(settings), datetime.now(UTC).date()
        if found is None:
            yield patient.say("warn", "api.unknown", platform=platform, name=settings.get("version"))
            continue
        about = "ended" if found.is_over(today) else "ending" if found.is_ending(today) else "served"
        level: Level = {"ended": "bad", "ending": "warn", "served": "good"}[about]
        how = "announced" if found.is_announced else "reckoned"
        yield patient.say(
            level,
            f"api.{about}_{how}",
            platform=platform,
            name=found.name,
            day=found.ends,
            source=found.source,
        )


def _disk(patient: Patient) -> Iterator[Finding]:
    free = shutil.disk_usage(patient.company.home.root).free
    level: Level = "bad" if free < NO_DISK else "warn" if free < LITTLE_DISK else "good"
    path = patient.company.home.warehouse
    size = path.stat().st_size if path.exists() else 0
    yield patient.say(level, "disk.free", free=_bytes(free), warehouse=_bytes(size))


def _versions(patient: Patient) -> Iterator[Finding]:
    found = {name: importlib.metadata.version(name) for name in SHOWN_VERSIONS}
    listed = ", ".join(f"{name} {number}" for name, number in found.items())
    yield patient.say("good", "versions.found", python=sys.version.split()[0], listed=listed)
    if tuple(int(part) for part in found["dbt-core"].split(".")[:2]) >= DBT_LIMIT:
        yield patient.say("bad", "versions.dbt", found=found["dbt-core"])


def _clock(patient: Patient) -> Iterator[Finding]:
    """A clock set back would date tomorrow's permissions before today's."""
    now, manifest = datetime.now(UTC), _manifest(patient)
    built = _moment(manifest.get("built_at"))
    ahead = built is not None and built > now + timedelta(minutes=5)
    yield patient.say("warn" if ahead else "good", "clock.behind" if ahead else "clock.good", now=_time(now))


def _files(patient: Patient) -> Iterator[Finding]:
    home = patient.company.home
    private = [home.env_file, home.state / "tokens.json", home.warehouse, home.root / "data", home.dagster]
    open_ = [p for p in private if p.exists() and stat.S_IMODE(p.stat().st_mode) & 0o077]
    for path in open_:
        name, mode = path.relative_to(home.root), "700" if path.is_dir() else "600"
        yield patient.say("bad", "files.open", path=name, mode=mode)
    if not open_:
        yield patient.say("good", "files.closed")


def _runs(patient: Patient) -> Iterator[Finding]:
    home = patient.company.home
    dead = [p.name for p in (home.state / "running").glob("*") if instance.is_alive(home, p.name) is False]
    if dead:
        yield patient.say("warn", "runs.dead", count=len(dead))
    if (home.dagster / "storage").exists() or (home.dagster / "history").exists():
        yield patient.say(
            *(("good", "runs.daemon") if _daemon_beats(patient) else ("warn", "runs.no_daemon"))
        )
    else:
        yield patient.say("warn", "runs.never")


def _daemon_beats(patient: Patient) -> bool:
    instance.prepare(patient.company.home)
    import dagster as dg

    with dg.DagsterInstance.get() as dagster:
        beats = dagster.get_daemon_heartbeats().values()
    return any(datetime.now(UTC).timestamp() - beat.timestamp < 120 for beat in beats)


def _sources(patient: Patient) -> Iterator[Finding]:
    from pipelines import freshness

    reads = 0
    for source, age in freshness.ages(patient.company, datetime.now(UTC)):
        passed, _, _ = freshness.judge(age)
        reads += age is not None
        if age is not None and not passed:
            yield patient.say(
                "bad" if age.is_losing else "warn", "sources.stale", word=source.word, since=_time(age.since)
            )
        elif age is None:
            yield patient.say("warn", "sources.never", word=source.word)
    if reads:
        yield patient.say("good", "sources.read", count=reads)


def _publication(patient: Patient) -> Iterator[Finding]:
    manifest = _manifest(patient)
    built = _moment(manifest.get("built_at"))
    if built is None:
        yield patient.say("warn", "publication.none")
        return
    level: Level = "warn" if datetime.now(UTC) - built > OLD_PUBLICATION else "good"
    count = manifest.get("counts", {}).get("customers", "?")
    yield patient.say(level, "publication.built", at=_time(built), count=count)


def _inbox(patient: Patient) -> Iterator[Finding]:
    home = patient.company.home
    folders = (home.webhooks, home.files, home.commands)
    waiting = [p for folder in folders for p in folder.rglob("*") if p.is_file()]
    late = [p for p in waiting if datetime.now(UTC) - _changed(p) > OLD_INBOX]
    if late:
        yield patient.say("warn", "inbox.late", count=len(late))
    refused = list(home.refused.glob("*.reason.txt"))
    if refused:
        yield patient.say("warn", "inbox.refused", count=len(refused), folder=home.refused)
    if not late and not refused:
        yield patient.say("good", "inbox.clear", count=len(waiting))


def _quarantine(patient: Patient) -> Iterator[Finding]:
    if not patient.company.home.warehouse.exists():
        return
    try:
        with warehouse(patient.company.home, read_only=True, patience_seconds=1) as con:
            query = "select count(*) from door.quarantine where status = 'held'"
            held = con.execute(query).fetchone()[0]
    except WarehouseBusy:
        yield patient.say("good", "quarantine.busy")
        return
    yield patient.say("warn" if held else "good", "quarantine.held", count=held)


def _backups(patient: Patient) -> Iterator[Finding]:
    at = _moment(state.read(patient.company.home.state / "backup.json").get("at"))
    if at is None:
        yield patient.say("warn", "backups.never")
        return
    yield patient.say("warn" if datetime.now(UTC) - at > OLD_BACKUP else "good", "backups.last", at=_time(at))


def _erasures(patient: Patient) -> Iterator[Finding]:
    """A restore without their ledger would bring the erased back."""
    ledger = patient.company.home.state / LEDGER
    if not ledger.exists():
        return
    saved = _moment(state.read(patient.company.home.state / "backup.json").get("at"))
    erased = _changed(ledger)
    if saved is None or saved < erased:
        path = ledger.relative_to(patient.company.home.root)
        yield patient.say("warn", "erasures.copy", at=_time(erased), path=path)
    else:
        yield patient.say("good", "erasures.saved", at=_time(saved))


CHECKS: tuple[Callable[[Patient], Iterator[Finding]], ...] = (
    _configuration,
    _credentials,
    _api_versions,
    _disk,
    _versions,
    _clock,
    _files,
    _runs,
    _sources,
    _publication,
    _inbox,
    _quarantine,
    _backups,
    _erasures,
)


def _manifest(patient: Patient) -> dict[str, Any]:
    return state.read(patient.company.home.serving / "current" / "manifest.json")


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def _changed(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _bytes(count: int) -> str:
    return f"{count / 1024**3:.1f} GB" if count > 1024**3 else f"{count / 1024**2:.0f} MB"
