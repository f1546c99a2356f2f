"""The inbox as an asset: webhook bodies and dropped files become landing files like any other.

Commands are only looked at here; they wait for the step that may write (pipelines/land.py).
What nobody can read goes to data/refused with the reason beside it, once; what must wait stays.
"""

from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg

from connectors.files.pushed import webhook
from connectors.inbox import Inbox, Taken
from connectors.redaction import redact
from pipelines import chaos, clock, instance
from pipelines.company import Company
from pipelines.discretion import guarded
from pipelines.door import commands

KEY = ["landing", "inbox"]
CHECK = "readable"


def take(company: Company) -> Taken:
    """Read everything that waits, and set aside what cannot be read."""
    config, home = company.config, company.home
    taken = Inbox(
        folder=home.root / "inbox",
        landing=home.landing,
        client=company.client,
        settings=lambda platform: config.platforms.get(platform, {}),
        now=clock.ingest_time(),
        zone=ZoneInfo(config.time_zone),
        mappings=tuple(config.files),
        declared={one.name: webhook(one, ZoneInfo(config.time_zone)) for one in config.webhooks},
    ).take()
    chaos.point("after_landing_file")
    taken.refused += commands.unreadable(home)
    for path, reason in taken.refused:
        set_aside(company, path, reason)
    return taken


def set_aside(company: Company, path: Path, reason: str) -> None:
    """Move into data/refused under a name that is free, its reason first: no file without one."""
    refused, number = company.home.refused, 1
    target = refused / path.name
    while target.exists() or target.with_name(f"{target.name}.reason.txt").exists():
        number += 1
        target = refused / f"{path.stem}-{number}{path.suffix}"
    target.with_name(f"{target.name}.reason.txt").write_text(f"{reason}\n", encoding="utf-8")
    path.replace(target)


def verdict_of(company: Company, taken: Taken) -> dg.AssetCheckResult:
    lines = [f"{path.name}: {reason}; moved to data/refused" for path, reason in taken.refused]
    lines += [f"{path.name} waits: {reason}" for path, reason in taken.left]
    lines += [
        f"{Path(name).name}: read on an assumption: {', '.join(columns)}"
        for name, columns in taken.assumed.items()
    ]
    return dg.AssetCheckResult(
        passed=not (taken.refused or taken.left),
        check_name=CHECK,
        # A refused file is told once, in the run that moved it away; what waits is tried again.
        severity=dg.AssetCheckSeverity.ERROR if taken.refused else dg.AssetCheckSeverity.WARN,
        description=redact("\n".join(lines), company.secret_values) or "nothing was left over",
    )


def asset(company: Company) -> dg.AssetsDefinition:
    @dg.asset(
        key=KEY,
        deps=[["platform", "inbox"]],
        group_name="landing",
        kinds={"python", "json"},
        check_specs=[dg.AssetCheckSpec(CHECK, asset=dg.AssetKey(KEY), description="Everything was read.")],
        description="Webhooks and dropped files, in landing files, not yet judged.",
    )
    @guarded(company)
    def inbox(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        instance.claim(company.home, context.run_id)
        taken = take(company)
        numbers = {"batches": len(taken.batches), "refused": len(taken.refused), "left": len(taken.left)}
        if any(numbers.values()):
            context.log.info("inbox: {batches} batches, {refused} refused, {left} left".format(**numbers))
        return dg.MaterializeResult(metadata=numbers, check_results=[verdict_of(company, taken)])

    return inbox
