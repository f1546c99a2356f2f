"""Great Expectations on the customer table, once, before it is published: its contract in numbers.

The columns are those of dbt_project/models/marts/customers.yml; a test holds both lists together.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipelines import expectations
from pipelines.expectations import Check, Result
from pipelines.serving.build import Connection, column_types

if TYPE_CHECKING:
    import pandas as pd

STAGES = ["lead", "prospect", "first_time_customer", "repeat_customer", "loyal_customer", "ambassador"]
COMMERCIAL_STAGES = STAGES[:-1]
UUID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
E164 = r"^\+[1-9][0-9]{6,14}$"
PERMISSIONS = ("can_email", "can_sms", "can_call", "can_post")
NEVER_NEGATIVE = ("order_count", "net_revenue_total", "net_revenue_12m", "refunds_total", "average_basket")
# More given back than was paid is rare and true now and then: it is shown, and refuses nothing.
ONLY_REPORTED = frozenset({"net_revenue_total", "net_revenue_12m"})


def checks() -> tuple[Check, ...]:
    """One per promise about a row."""
    return (
        _check("not_be_null", "customer_id", "is missing"),
        _check("match_regex", "customer_id", "is no UUID", regex=UUID),
        _check("not_be_null", "stage", "is missing"),
        _check("be_in_set", "stage", "is none of the six stages", value_set=STAGES),
        _check("be_in_set", "commercial_stage", "is none of the five", value_set=COMMERCIAL_STAGES),
        *(_check("not_be_null", name, "is neither yes nor no") for name in PERMISSIONS),
        *(
            _check("be_in_set", name, "is neither yes nor no", value_set=[True, False])
            for name in PERMISSIONS
        ),
        _check("match_regex", "best_email", "is no e-mail address", regex=EMAIL),
        _check("match_regex", "best_phone", "is no number in international form", regex=E164),
        *(_check("be_between", name, "is negative", min_value=0) for name in NEVER_NEGATIVE),
    )


def judge(con: Connection, last_count: int, smallest_share_of_last: float) -> list[Result]:
    """Judge warehouse.marts.customers; `last_count` is that of the last publication, 0 for none."""
    there = column_types(con, "warehouse", "marts", "customers")
    chosen = tuple(check for check in checks() if check.column in there)
    results = expectations.judge_rows(_frames(con, {c.column for c in chosen}), chosen).results
    count, distinct = con.execute(
        "select count(*), count(distinct customer_id) from warehouse.marts.customers"
    ).fetchone()
    whole = [
        Check("be_between", "repeated", "customer_id", "a number is there twice", {"max_value": 0}),
        Check("be_between", "count", "number of rows", "no customers", {"min_value": 0}),
    ]
    if last_count:
        least = last_count * smallest_share_of_last
        says = f"{count} customers, {last_count} at the last publication"
        whole[1] = Check("be_between", "count", "number of rows", says, {"min_value": least})
    nameless = "select count(*) from warehouse.marts.customers where customer_id is null"
    empty = con.execute(nameless).fetchone()[0]
    profile = {"repeated": count - empty - distinct, "count": count}
    return results + expectations.judge_profile(profile, tuple(whole))[0]


def _check(expectation: str, column: str, says: str, **arguments: object) -> Check:
    return Check(expectation, column, column, f"{column} {says}", arguments)


def _frames(con: Connection, columns: set[str]) -> Iterator["pd.DataFrame"]:
    """The judged columns only, in chunks."""
    listed = ", ".join(f'"{name}"' for name in sorted(columns))
    found = con.execute(f"select {listed} from warehouse.marts.customers")
    vectors = expectations.CHUNK // 2048
    while not (frame := found.fetch_df_chunk(vectors)).empty:
        yield frame
