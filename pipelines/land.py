"""Landing: what waits in files goes through the door, one batch a transaction, in one step with the slot.

Before it, the inbox: webhooks and dropped files become landing files like any other. Both always yield;
a batch that breaks its promises fails its own stream's check and nothing else. Then people's commands, each
a transaction of its own.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import dagster as dg

from pipelines import audit_trail, clock, instance, intake, raw
from pipelines.company import Company, Source, sources
from pipelines.discretion import guarded, said_of
from pipelines.door import command, commands
from pipelines.door.commands import Obeyed
from pipelines.door.schema import Connection
from pipelines.erasure import carrying_out
from pipelines.keyed import MissingKey
from pipelines.raw import Landed
from pipelines.verdict import PROMISES
from pipelines.warehouse_file import warehouse

# Tables of the door that models read: dbt's source door.<table> is asset door/<table>.
LEDGER = {
    "announcements": "How many records each platform said it holds, per form, each time it told.",
    "form_counts": "Per form, how many records were landed, dropped or expired before we came.",
    "quarantine": "Records that broke a promise, with the reasons, until somebody decides.",
    "judgements": "Profiles that a person said are one, or are not.",
    "consent_entries": "What staff entered about somebody's permission, with its proof.",
    "batches": "Every batch landed, and when: the moment a run learned its news.",
    "commands": "Every command obeyed, and when.",
    "identity_log": "What became of every customer number. The table is made here; dbt adds to it.",
    "restatements": "What a build told otherwise than the one before. Made here; dbt adds to it.",
    "lists": "Lists of mail tools that are ours to fill. Made here; sending adds to it.",
}
COMMANDED = dg.AssetKey(["door", "judgements"])
OBEYED = "obeyed"
MOST_RESULTS = 40  # of one check's table, the failing first


@dataclass
class Sum:
    """What became of one stream's batches in this run."""

    landed: list[Landed] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def add_up(self, name: str) -> int:
        return sum(getattr(one, name) for one in self.landed)

    @property
    def failures(self) -> list[str]:
        return self.errors + [
            f"batch {one.batch} was refused: {one.failed_reason}. Its records wait in quarantine; "
            f"`firsthand quarantine list` shows them, the next run reads on from the old cursor."
            for one in self.landed
            if one.failed_reason
        ]


def land_waiting(company: Company, say: Any) -> dict[tuple[str, str], Sum]:
    """Every batch that waits, whoever left it there: an earlier run may have died before landing it."""
    sums: dict[tuple[str, str], Sum] = {}
    ingested_at = clock.ingest_time()
    with warehouse(company.home) as con:
        raw.ensure(con)
        for batch in raw.waiting(company.home):
            began = time.monotonic()
            platform, stream = (*batch.split("-"), "", "")[1:3]
            one = sums.setdefault((platform, stream), Sum())
            try:
                landed = raw.land(con, company.home, batch, ingested_at)
                one.landed.append(landed)
                if landed.new or landed.refused:
                    counts = f"{landed.new:,} new, {landed.refused:,} refused of {landed.read:,}"
                    say(f"{platform}/{stream}: {counts}")
            except Exception as error:
                # The file stays and is tried again by the next run; the others land now.
                one.errors.append(f"batch {batch} could not be landed: {said_of(error, company)[:400]}")
            one.seconds += time.monotonic() - began
    return sums


def obey(company: Company, say: Any) -> Obeyed:
    """Every command that waits; the warehouse is only opened where one does."""
    home = company.home
    if not command.waiting(home):
        return Obeyed()
    with warehouse(home) as con:
        raw.ensure(con)
        obeyed = commands.obey_waiting(con, home, raw.ingest_time(con, clock.ingest_time()))
    for path, reason in obeyed.refused:
        intake.set_aside(company, path, reason)
    if obeyed.count:
        say(f"commands: {obeyed.count} obeyed")
    return obeyed


def carry_out(company: Company, say: Any) -> list[str]:
    """What commands asked for, hearings and erasures; the audit log brought up. What went wrong, if any."""
    wrong = []
    try:
        with warehouse(company.home) as con:
            raw.ensure(con)
            wrong = _rehear(con, company, say)
            carrying_out.carry_out(con, company.home, raw.known_streams(), clock.ingest_time(), say)
        # Opened again: an erasure gives the warehouse a new file.
        with warehouse(company.home) as con:
            audit_trail.catch_up(con, company)
    except MissingKey as error:
        return [*wrong, f"an erasure or the audit log waits: {error}"]
    except Exception as error:
        return [*wrong, f"erasures and the audit log are tried again: {said_of(error, company)}"]
    return wrong


def _rehear(con: Connection, company: Company, say: Any) -> list[str]:
    try:
        landed = raw.rehear(con, company.home, clock.ingest_time())
    except Exception as error:
        return [f"refused records are heard again by the next run: {said_of(error, company)}"]
    for one in landed:
        say(f"{one.platform}/{one.stream}: heard again, {one.new:,} landed, {one.refused:,} still refused")
    return []


def verdict_on(obeyed: Obeyed) -> dg.AssetCheckResult:
    wrong = [f"{path.name}: {reason}; moved to data/refused" for path, reason in obeyed.refused]
    wrong += obeyed.errors
    return dg.AssetCheckResult(
        passed=not wrong,
        asset_key=COMMANDED,
        check_name=OBEYED,
        severity=dg.AssetCheckSeverity.ERROR,
        description="\n".join(wrong) or "every command was obeyed",
    )


def results(source: Source, one: Sum) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    key = dg.AssetKey(source.raw_key)
    numbers = {name: one.add_up(name) for name in ("read", "new", "refused", "dropped")}
    yield dg.MaterializeResult(
        key, metadata=numbers | {"batches": len(one.landed), "seconds": round(one.seconds, 1)}
    )
    found = [r for landed in one.landed for r in landed.results]
    rows = [
        dg.TableRecord(
            {"expectation": r.expectation, "field": r.column, "unexpected": r.unexpected, "of": r.of}
        )
        for r in sorted(found, key=lambda r: r.passed)[:MOST_RESULTS]
    ]
    refused = numbers["refused"]
    text = f"{refused} records were refused; `firsthand quarantine list` names the reasons."
    yield dg.AssetCheckResult(
        passed=not one.failures and not refused,
        asset_key=key,
        check_name=PROMISES,
        # Refused rows are quarantine's everyday work; a refused batch needs somebody.
        severity=dg.AssetCheckSeverity.ERROR if one.failures else dg.AssetCheckSeverity.WARN,
        description="\n".join(one.failures) or (text if refused else "kept"),
        metadata={"expectations": dg.MetadataValue.table(rows)} if rows else None,
    )


def assets(company: Company) -> dg.AssetsDefinition:
    """raw_<platform>/<stream>: the change log of every stream."""
    known = list(sources())
    specs = [
        dg.AssetSpec(
            s.raw_key,
            deps=[*([s.landing_key] if s.is_pulled else []), intake.KEY],
            group_name="raw",
            kinds={"duckdb"},
            description=f"Every version of each {s.word} record we saw, payload whole, append-only.",
        )
        for s in known
    ]
    specs += [
        dg.AssetSpec(
            ["door", name],
            deps=[*(s.landing_key for s in known if s.is_pulled), intake.KEY],
            group_name="door",
            kinds={"duckdb"},
            description=text,
        )
        for name, text in LEDGER.items()
    ]
    checks = [
        dg.AssetCheckSpec(PROMISES, asset=s.raw_key, description="What the stream promises, by GX.")
        for s in known
    ]
    checks.append(dg.AssetCheckSpec(OBEYED, asset=COMMANDED, description="Every command took effect."))

    @dg.multi_asset(name="land", specs=specs, check_specs=checks, can_subset=True, pool="warehouse")
    @guarded(company)
    def land(context: dg.AssetExecutionContext) -> Iterator[Any]:
        instance.claim(company.home, context.run_id)
        sums = land_waiting(company, context.log.info)
        obeyed = obey(company, context.log.info)
        obeyed.errors += carry_out(company, context.log.info)
        for source in known:
            if dg.AssetKey(source.raw_key) in context.selected_asset_keys:
                yield from results(source, sums.get((source.platform, source.stream.name), Sum()))
        for key in (dg.AssetKey(["door", name]) for name in LEDGER):
            if key in context.selected_asset_keys:
                yield dg.MaterializeResult(key)
        if COMMANDED in context.selected_asset_keys:
            yield verdict_on(obeyed)

    return land
