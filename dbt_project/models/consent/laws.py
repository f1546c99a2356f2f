"""One row per jurisdiction, channel, purpose group, recipient and first day: what the law files switch on.

The files, dbt_project/laws/, are checked on reading; `unknown` is the strictest of them all.
"""

from typing import Any

import duckdb


def model(dbt: Any, session: Any) -> duckdb.DuckDBPyRelation:
    dbt.config(materialized="table")
    import pandas as pd

    from pipelines import laws

    found = pd.DataFrame(laws.rows(laws.read()))
    for name in found.columns:
        if name.endswith("_months"):
            found[name] = found[name].astype("Int64")
    return session.from_df(found)
