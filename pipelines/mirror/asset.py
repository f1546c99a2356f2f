"""The mirror as a step after publication. What goes wrong here leaves that alone, and the verdict is red."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from pipelines import instance
from pipelines.company import Company
from pipelines.discretion import guarded
from pipelines.publish import read_manifest
from pipelines.serving import folders

KEY = ["serving", "mirror"]
CHECK = "postgresql"


def copy(company: Company, **patience: float) -> bool:
    """Bring the mirror to what is shown now; False where it is. Raises MirrorFailed."""
    from pipelines.mirror import mirroring, server

    wanted = company.config.publication
    folder = folders.current(company.home.serving)
    if folder is None:
        raise server.MirrorFailed("nothing is published yet")
    try:
        manifest = read_manifest(folder)
    except (OSError, ValueError):
        raise server.MirrorFailed(f"{folder.name} has no manifest that can be read") from None
    target = mirroring.Target(
        company.config.company, wanted.mirror_schema, wanted.mirror, wanted.mirror_reader
    )
    connection = server.connect(company.secrets)
    try:
        return mirroring.mirror(connection, folder, manifest, target, **patience)
    finally:
        server.close(connection)


def trouble(company: Company) -> str | None:
    """Why the mirror, where there is one, still holds another publication; it is tried once more."""
    from pipelines.mirror.server import MirrorFailed

    if company.config.publication.mirror is None:
        return None
    try:
        copy(company, patience_seconds=0)
    except MirrorFailed as failed:
        return str(failed)
    return None


def mirrored(company: Company) -> Iterator[Any]:
    from pipelines.mirror.server import MirrorFailed

    try:
        new, why = copy(company), None
    except MirrorFailed as failed:
        new, why = False, str(failed)
    check = dg.AssetCheckResult(
        passed=why is None,
        check_name=CHECK,
        severity=dg.AssetCheckSeverity.ERROR,
        description=why or "as published",
    )
    yield dg.MaterializeResult(metadata={"swapped": new}, check_results=[check])


def assets(company: Company) -> list[dg.AssetsDefinition]:
    """None where it is off."""
    if company.config.publication.mirror is None:
        return []

    @dg.asset(
        key=KEY,
        deps=[["serving", "publication"]],
        group_name="serving",
        kinds={"postgres"},
        check_specs=[
            dg.AssetCheckSpec(CHECK, asset=dg.AssetKey(KEY), description="Is the mirror as published?")
        ],
        description="The published tables on a PostgreSQL server, swapped in one transaction.",
    )
    @guarded(company)
    def mirror(context: dg.AssetExecutionContext) -> Iterator[Any]:
        instance.claim(company.home, context.run_id)
        yield from mirrored(company)

    return [mirror]
