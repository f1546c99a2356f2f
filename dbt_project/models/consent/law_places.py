"""One row per country, and beginning of a postcode there, and the jurisdiction it means; `*` is any other.

`stop_scope`: the channels over which a STOP on one number holds for every number of that person.
"""

from typing import Any

import duckdb


def model(dbt: Any, session: Any) -> duckdb.DuckDBPyRelation:
    dbt.config(materialized="table")
    import pandas as pd

    from pipelines import laws

    return session.from_df(pd.DataFrame(laws.places(laws.read())))
