"""Lists in step as the step after publication. What goes wrong here leaves that alone; the verdict is red."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from connectors.redaction import redact
from connectors.stream import ConnectorError
from pipelines import instance
from pipelines.company import Company
from pipelines.config import ConfigError
from pipelines.discretion import guarded
from pipelines.exporting.export import NotBuilt
from pipelines.keyed import MissingKey
from pipelines.warehouse_file import WarehouseBusy

KEY = ["serving", "lists"]
CHECK = "in_step"
TROUBLES = (ConfigError, ConnectorError, NotBuilt, MissingKey, WarehouseBusy)


def keep_in_step(company: Company) -> tuple[dict[str, int], list[str]]:
    """Every list of the configuration, then every other list of ours: how many were added and taken off, and
    what went wrong."""
    from pipelines.sending import register, send

    counts, wrong, kept = {"added": 0, "removed": 0}, [], set()
    for destination in company.config.sending:
        try:
            sent = send.send(company, destination, "firsthand", spares=True)
        except TROUBLES as error:
            wrong.append(_told(company, destination.to, send.name_of(destination), error))
            continue
        kept.add((destination.to, sent.list_id))
        _count(counts, wrong, destination.to, sent)
    for one in register.ours(company):
        if (one.platform, one.list_id) in kept:
            continue
        try:
            sent = send.weed(company, one, spares=True)
        except TROUBLES as error:
            wrong.append(_told(company, one.platform, one.name, error))
            continue
        if sent is not None:
            _count(counts, wrong, one.platform, sent)
    return counts, wrong


def _count(counts: dict[str, int], wrong: list[str], platform: str, sent: Any) -> None:
    counts["added"] += len(sent.done.added)
    counts["removed"] += len(sent.done.removed)
    if not sent.done.is_in_step:
        wrong.append(f"{platform} {sent.name!r} does not read as it should yet: the next run looks again")


def _told(company: Company, platform: str, name: str, error: Exception) -> str:
    return f"{platform} {name!r}: {redact(str(error), company.secret_values)}"


def asset(company: Company) -> dg.AssetsDefinition:
    @dg.asset(
        key=KEY,
        deps=[["serving", "publication"]],
        group_name="serving",
        check_specs=[
            dg.AssetCheckSpec(CHECK, asset=dg.AssetKey(KEY), description="Are the lists as they should be?")
        ],
        description="Audiences on lists of mail tools: who may be written to now, and nobody else.",
    )
    @guarded(company)
    def lists(context: dg.AssetExecutionContext) -> Iterator[Any]:
        instance.claim(company.home, context.run_id)
        counts, wrong = keep_in_step(company)
        yield dg.MaterializeResult(
            metadata=counts,
            check_results=[
                dg.AssetCheckResult(
                    passed=not wrong,
                    check_name=CHECK,
                    severity=dg.AssetCheckSeverity.ERROR,
                    description="; ".join(wrong) or "in step",
                )
            ],
        )

    return lists
