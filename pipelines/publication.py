"""The publication as an asset: built from marts, audited, then shown in one step; or yesterday's stays."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import dagster as dg

from pipelines import dbt_parsed, fingerprint, instance, publish
from pipelines.company import Company
from pipelines.discretion import guarded
from pipelines.expectations import Result
from pipelines.keyed import MissingKey

KEY = ["serving", "publication"]
CHECK = "customer_table"


def check(results: list[Result], refused: str | None = None) -> dg.AssetCheckResult:
    """The audit and Great Expectations' findings on the customer table, the failing first."""
    rows = [
        dg.TableRecord({"expectation": r.expectation, "field": r.column, "unexpected": r.unexpected})
        for r in sorted(results, key=lambda r: r.passed)
    ]
    return dg.AssetCheckResult(
        passed=refused is None,
        check_name=CHECK,
        severity=dg.AssetCheckSeverity.ERROR,
        description=refused or "as its contract says",
        metadata={"expectations": dg.MetadataValue.table(rows)} if rows else None,
    )


def publish_new(company: Company) -> Iterator[Any]:
    """Publish what dbt built. Raises dg.Failure where it must not be shown."""
    ingredients = fingerprint.built(company.home)
    if not ingredients:
        raise dg.Failure("dbt's tables are not whole: its last build failed or is at work. Run again.")
    if ingredients == fingerprint.published(company.home) and (company.home.serving / "current").exists():
        # What is shown was judged when it was published. A publication may have died before it cleared up.
        publish.drop_outdated(company.home)
        yield dg.MaterializeResult(metadata={"unchanged": True}, check_results=[check([])])
        return
    try:
        published = publish.publish(company, dbt_parsed.ensure_manifest(company), datetime.now(UTC))
    except publish.AuditRefused as refusal:
        yield check(refusal.results, str(refusal))
        raise dg.Failure(str(refusal), allow_retries=False) from None
    except (publish.NothingToPublish, MissingKey) as missing:
        raise dg.Failure(str(missing), allow_retries=False) from None
    fingerprint.note_published(company.home, ingredients)
    yield dg.MaterializeResult(
        metadata={"snapshot": published.manifest["snapshot"], **published.counts},
        check_results=[check(published.results)],
    )


def asset(company: Company, marts: list[dg.AssetKey]) -> dg.AssetsDefinition:
    @dg.asset(
        key=KEY,
        deps=marts,
        group_name="serving",
        kinds={"duckdb", "parquet"},
        pool="warehouse",
        check_specs=[dg.AssetCheckSpec(CHECK, asset=dg.AssetKey(KEY), description="Fit to be shown.")],
        description="serving/current: marketing.duckdb, bi.duckdb and Parquet, swapped in one step.",
    )
    @guarded(company)
    def publication(context: dg.AssetExecutionContext) -> Iterator[Any]:
        instance.claim(company.home, context.run_id)
        yield from publish_new(company)

    return publication
