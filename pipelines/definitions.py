"""All that Dagster loads, on one screen: start reading here.

    platform/<p>  ->  landing/<p>/<stream>  ->  raw_<p>/<stream>  ->  dbt models  ->  serving/publication
    (outside)         extract: files            land: the door        build           -> serving/verdict

The environment is read here, once, and handed down.
"""

import dagster as dg

from connectors import PLATFORMS
from pipelines import (
    extract,
    freshness,
    handout,
    intake,
    land,
    publication,
    records,
    schedules,
    verdict,
    warehouse,
)
from pipelines.company import Company, sources
from pipelines.console import console
from pipelines.home import Home
from pipelines.mirror import asset as mirror
from pipelines.sending import asset as sending


def platforms() -> list[dg.AssetSpec]:
    """Where data comes from: shown so that lineage begins at the source; nothing here makes them."""
    pulled = {source.platform for source in sources() if source.is_pulled}
    outside = {name: f"{name}: somebody else's machine." for name in PLATFORMS if name in pulled}
    outside |= {"inbox": "Webhooks, dropped files and commands, on disk before they were answered."}
    return [
        dg.AssetSpec(["platform", name], group_name="platforms", description=text)
        for name, text in outside.items()
    ]


def definitions_of(company: Company) -> dg.Definitions:
    """One company's code location."""
    records.relax()
    build = warehouse.assets(company)
    marts = [spec.key for spec in build.specs if spec.group_name == "marts"]
    return dg.Definitions(
        assets=[
            *platforms(),
            handout.asset(company),
            extract.assets(company),
            intake.asset(company),
            land.assets(company),
            build,
            publication.asset(company, marts),
            *mirror.assets(company),
            sending.asset(company),
            verdict.asset(company),
        ],
        asset_checks=[check for check in [freshness.checks(company)] if check],
        jobs=schedules.jobs(),
        schedules=schedules.schedules(company),
        sensors=schedules.sensors(company),
        resources={"dbt": warehouse.dbt_resource(company)},
        # A process per step would import everything again for each; threads read side by side instead.
        executor=dg.in_process_executor,
        loggers={"console": console},
    )


@dg.definitions
def defs() -> dg.Definitions:
    return definitions_of(Company.at(Home.at()))
