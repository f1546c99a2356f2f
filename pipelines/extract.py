"""Reading the platforms: one step, one asset per stream, threads inside, landing files out.

The step always yields. What could not be read becomes a failing check with a text that says what to do;
everything else goes on, and `verdict` turns the run red at its end. No pool is held here: reading takes
minutes, writing seconds. Retries live in the client.
"""

import gc
import queue
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
from pydantic import Field

from connectors.landing import LandingWriter
from connectors.redaction import redact
from connectors.stream import ConnectorError, Page, Since, Stream
from pipelines import chaos, freshness, handout, instance
from pipelines.company import Company, Source, sources
from pipelines.discretion import guarded

CHECK = "fetched"
THREADS = 8  # reading is waiting; each platform's client keeps its own pace
SAY_EVERY_SECONDS = 10.0

FIRST = Since(None)

Say = Callable[[str], None]


class Pull(dg.Config):
    """How to read: as a rule from the cursor on."""

    full: bool = Field(False, description="Everything the platform still holds, then go on from there.")
    backfill_from: str | None = Field(
        None, description="ISO day or time: read again from there and leave the cursors alone."
    )
    hourly: bool = Field(False, description="The news alone: what comes late is left to the next other run.")


@dataclass
class Pulled:
    """What reading one stream brought; `errors` holds one text per account that failed."""

    source: Source
    batch: str | None = None
    rows: int = 0
    seconds: float = 0.0
    accounts: int = 0
    errors: dict[str, Exception] = field(default_factory=dict)


def starting_point(pull: Pull, stored: Since, stream: Stream) -> Since:
    """From where to read one account."""
    if pull.backfill_from:
        moment = datetime.fromisoformat(pull.backfill_from)
        return Since(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    if pull.full:
        return Since(None)
    moment = stored.moment
    if pull.hourly or moment is None:
        return stored
    if stream.looks_back:
        moment += stream.overlap - stream.looks_back
    return replace(stored, moment=moment, looks_closely=True)


def read_stream(source: Source, client: Any, pull: Pull, company: Company, say: Say) -> Pulled:
    """Fetch one stream, account by account, into one landing file."""
    began, pulled = time.monotonic(), Pulled(source)
    writer = LandingWriter(
        company.home.landing,
        source.platform,
        source.stream,
        "api",
        datetime.now(UTC),
        backfill=pull.backfill_from is not None,
    )
    try:
        known = handout.handed_out(company.home)
        for account in source.stream.accounts(client):
            pulled.accounts += 1
            try:
                stored = known.get((source.platform, source.stream.name, account), FIRST)
                since = starting_point(pull, stored, source.stream)
                _read_account(source, client, account, since, writer, say)
            except Exception as error:
                pulled.errors[account] = error
        pulled.batch, pulled.rows = writer.commit(), writer.rows
        chaos.point("after_landing_file")
    except Exception as error:
        writer.discard()
        pulled.errors[""] = error
    pulled.seconds = time.monotonic() - began
    return pulled


def _read_account(
    source: Source, client: Any, account: str, since: Since, writer: LandingWriter, say: Say
) -> None:
    said = time.monotonic()
    for item in source.stream.fetch(client, account, since):
        writer.take(account, item, datetime.now(UTC))
        chaos.point("middle_of_page")
        if isinstance(item, Page) and time.monotonic() - said > SAY_EVERY_SECONDS:
            said = time.monotonic()
            say(f"{source.word} {account}: {writer.rows:,} records so far")
    writer.drained(account)


def read_all(wanted: list[Source], pull: Pull, company: Company, say: Say) -> Iterator[Pulled]:
    """All streams side by side, in the order in which they finish."""
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    with _few_collections(), ThreadPoolExecutor(THREADS, thread_name_prefix="read") as pool:
        clients = {platform: _client(company, platform) for platform in {s.platform for s in wanted}}
        pending: set[Future[Pulled]] = set()
        for source in wanted:
            client = clients[source.platform]
            if isinstance(client, Exception):
                yield Pulled(source, errors={"": client})
            else:
                pending.add(pool.submit(read_stream, source, client, pull, company, lines.put))
        while pending:
            done, pending = wait(pending, timeout=1, return_when="FIRST_COMPLETED")
            while not lines.empty():
                say(lines.get())
            yield from (future.result() for future in done)


@contextmanager
def _few_collections() -> Iterator[None]:
    """Records are trees, gone as soon as they have landed: to look through them for rings, and through all
    that is loaded besides, is a tenth of a pull's work and finds nothing."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


def _client(company: Company, platform: str) -> Any:
    try:
        return company.client(platform)
    except Exception as error:
        return error


def explain(errors: Mapping[str, Exception], secrets: tuple[str, ...]) -> str:
    """What went wrong and what to do, one line per account; holds no secret and no person."""
    lines = []
    for account, error in errors.items():
        text = redact(str(error), secrets) or type(error).__name__
        if not isinstance(error, ConnectorError):
            frame = traceback.extract_tb(error.__traceback__)[-1:] or [None]
            place = f" in {Path(frame[0].filename).name}:{frame[0].lineno}" if frame[0] else ""
            text = f"unexpected {type(error).__name__}{place}: {text}. Please report this."
        lines.append(f"account {account}: {text}" if account else text)
    return "\n".join(lines)


def results(pulled: Pulled, secrets: tuple[str, ...]) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    key = dg.AssetKey(pulled.source.landing_key)
    numbers = {"records": pulled.rows, "seconds": round(pulled.seconds, 1), "accounts": pulled.accounts}
    yield dg.MaterializeResult(key, metadata=numbers | ({"batch": pulled.batch} if pulled.batch else {}))
    kinds = sorted({type(error).__name__ for error in pulled.errors.values()})
    yield dg.AssetCheckResult(
        passed=not pulled.errors,
        asset_key=key,
        check_name=CHECK,
        severity=dg.AssetCheckSeverity.ERROR,
        description=explain(pulled.errors, secrets) if pulled.errors else "read to its end",
        metadata={"kinds": ",".join(kinds)} if kinds else None,
    )


def assets(company: Company) -> dg.AssetsDefinition:
    """The extraction step: landing/<platform>/<stream> for every stream that is pulled."""
    pulled_sources = [s for s in sources() if s.is_pulled]
    specs = [
        dg.AssetSpec(
            s.landing_key,
            deps=[["platform", s.platform], handout.KEY],
            group_name="landing",
            kinds={"python", "json"},
            description=f"What {s.platform} answered for {s.stream.name}, in files, not yet judged.",
        )
        for s in pulled_sources
    ]
    checks = [
        dg.AssetCheckSpec(CHECK, asset=s.landing_key, description="Every account was read to its end.")
        for s in pulled_sources
    ]

    @dg.multi_asset(name="extract", specs=specs, check_specs=checks, can_subset=True)
    @guarded(company)
    def extract(context: dg.AssetExecutionContext, config: Pull) -> Iterator[Any]:
        instance.claim(company.home, context.run_id)
        chosen = [s for s in pulled_sources if dg.AssetKey(s.landing_key) in context.selected_asset_keys]
        wanted = [s for s in chosen if company.is_configured(s.platform)]
        for source in (s for s in chosen if s not in wanted):
            # Not configured is not an error, and what stands downstream must not be skipped for it.
            key = dg.AssetKey(source.landing_key)
            yield dg.MaterializeResult(key, metadata={"configured": False})
            yield dg.AssetCheckResult(
                passed=True, asset_key=key, check_name=CHECK, description="not configured"
            )
        good = []
        for pulled in read_all(wanted, config, company, context.log.info):
            context.log.info(
                f"{pulled.source.word}: {pulled.rows:,} records in {pulled.seconds:.1f} s"
                + (f", {len(pulled.errors)} failed" if pulled.errors else "")
            )
            good += [] if pulled.errors else [pulled.source.word]
            yield from results(pulled, company.secret_values)
        freshness.note_read(company.home, good)

    return extract
