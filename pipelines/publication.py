"""The publication as an asset: built from marts, audited, then shown in one step; or yesterday's stays."""

import dagster as dg

from pipelines import fingerprint, instance, publish
from pipelines.company import Company

KEY = ["serving", "publication"]
MART = ["marts", "customers"]


def asset(company: Company) -> dg.AssetsDefinition:
    @dg.asset(key=KEY, deps=[MART], group_name="serving", pool="warehouse")
    def publication(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        instance.claim(company.home, context.run_id)
        return dg.MaterializeResult()

    return publication
