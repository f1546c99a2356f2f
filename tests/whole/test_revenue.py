"""Money is the same everywhere: in the truth, in the warehouse, in every published file, to the cent."""

import json
from decimal import Decimal

import duckdb
import pytest
from town import Town

from pipelines.serving import aggregates
from simulator.model import Company
from simulator.truth import revenue_by_month

pytestmark = pytest.mark.slow

MONTHS = """
    select order_month, sum(gross), sum(refunded), sum(net), count(*) filter (where gross > 0)
    from {} where gross > 0 group by all order by all
"""


def test_revenue_per_month_is_the_same_everywhere(company: Company, whole: Town) -> None:
    truth = revenue_by_month(company)
    assert sum(refunded for _, _, refunded, _, _ in truth) > 0
    assert whole.rows(MONTHS.format("marts.orders")) == truth
    assert whole.published(MONTHS.format("orders")) == truth
    assert whole.published(MONTHS.format("orders"), file="bi") == truth
    file = whole.root / "serving" / "current" / "orders.parquet"
    assert duckdb.connect().execute(MONTHS.format(f"'{file}'")).fetchall() == truth


def test_the_aggregates_hold_nobody_and_the_same_money(company: Company, whole: Town) -> None:
    folder = whole.root / "serving" / "current"
    said = json.loads((folder / "manifest.json").read_text())
    assert sorted(said["aggregates"]) == [f"aggregate_{name}" for name in aggregates.names()]
    assert all(rows > 0 for rows in said["aggregates"].values())
    net, least = duckdb.sql(
        f"select sum(net), min(people) from '{folder}/aggregate_sales.parquet'"
    ).fetchone()
    assert net == sum((net for _, _, _, net, _ in revenue_by_month(company)), Decimal(0))
    assert least >= said["smallest_group"] == 5


@pytest.mark.parametrize("file", ["marketing", "bi"])
def test_customers_and_the_unattributed_row_are_the_sum(company: Company, whole: Town, file: str) -> None:
    sums = "select sum(gross), sum(refunded), sum(net) from {}"
    [everything] = whole.published(sums.format("orders"), file=file)
    [shares] = whole.published(sums.format("revenue_by_customer"), file=file)
    assert shares == everything
    assert everything[2] == sum((net for _, _, _, net, _ in revenue_by_month(company)), Decimal(0))


def test_each_customers_worth_is_the_sum_of_their_orders(whole: Town) -> None:
    wrong = whole.published(
        """
        select customer_id, c.net_revenue_total, o.net
        from customers as c
        left join (select customer_id, sum(net) as net from orders group by all) as o using (customer_id)
        where coalesce(c.net_revenue_total, 0) <> coalesce(o.net, 0)
        """
    )
    assert wrong == []
