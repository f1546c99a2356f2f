"""A small built warehouse and the dbt manifest that goes with it, for tests of publication."""

import json
from datetime import UTC, datetime
from pathlib import Path

from homes import make_company

from pipelines import raw
from pipelines.company import Company
from pipelines.warehouse_file import warehouse

BUILT_AT = datetime(2026, 11, 20, 5, tzinfo=UTC)
LANDED_AT = datetime(2026, 11, 20, 4, tzinfo=UTC)
MARTS = {
    "customers": {
        "key": ["customer_id"],
        "columns": {
            "customer_id": "uuid",
            "display_name": "varchar pii",
            "best_email": "varchar pii",
            "stage": "varchar",
            "commercial_stage": "varchar",
            "can_email": "boolean",
            "can_sms": "boolean",
            "can_call": "boolean",
            "can_post": "boolean",
            "first_seen_on": "date",
            "net_revenue_total": "decimal(18,2)",
            "refunds_total": "decimal(18,2)",
            "traits": "json",
        },
    },
    "orders": {
        "key": ["order_id"],
        "columns": {"order_id": "varchar", "customer_id": "uuid", "net": "decimal(18,2)"},
    },
    "revenue_by_customer": {
        "key": ["customer_id"],
        "columns": {"customer_id": "varchar", "net": "decimal(18,2)"},
    },
}
NUMBER = "cast(md5('c' || i::varchar) as uuid)"
FILL = {
    "customers": f"""
        select {NUMBER}, 'Person ' || i, 'p' || i || '@mail.example', 'first_time_customer',
            'first_time_customer', i % 2 = 0, false, false, true, date '2026-01-01' + cast(i % 300 as int),
            cast(i % 50 as decimal(18,2)), 0, '{{"a": 1}}'
        from range(?) as r (i)
    """,
    "orders": f"""
        select 'o' || i, case when i % 10 > 0 then {NUMBER} end, cast(i % 50 as decimal(18,2))
        from range(?) as r (i)
    """,
    "revenue_by_customer": f"""
        select case when i % 10 > 0 then {NUMBER}::varchar else 'unattributed or erased' end, sum(i % 50)
        from range(?) as r (i) group by all
    """,
}


def build_marts(company: Company, customers: int = 40) -> None:
    """What dbt would have left in the warehouse."""
    with warehouse(company.home) as con:
        raw.ensure(con, {})
        con.execute("create schema if not exists marts")
        for name, mart in MARTS.items():
            columns = ", ".join(f"{c} {kind.removesuffix(' pii')}" for c, kind in mart["columns"].items())
            con.execute(f"create or replace table marts.{name} ({columns})")
            con.execute(f"insert into marts.{name} {FILL[name]}", [customers])
        con.execute(
            "insert into door.batches values ('b', 'p', 's', 'api', ?, 1, 1, 0, 0, true, null)"
            " on conflict do nothing",
            [LANDED_AT],
        )


def write_manifest(path: Path, marts: dict = MARTS) -> Path:
    """As dbt writes it, as far as publication reads it."""
    nodes = {}
    for name, mart in marts.items():
        columns = {
            column: {
                "name": column,
                "description": f"What {column} is; it's text.",
                "config": {
                    "meta": {"pii": kind.endswith("pii"), "label": {"fr": f"{column} (fr)", "en": column}}
                },
                "constraints": [],
            }
            for column, kind in mart["columns"].items()
        }
        nodes[f"model.firsthand.{name}"] = {
            "resource_type": "model",
            "fqn": ["firsthand", "marts", name],
            "alias": name,
            "description": f"One row per {name}.",
            "columns": columns,
            "constraints": [{"type": "primary_key", "columns": mart["key"]}],
            "config": {"meta": mart.get("meta", {})},
        }
    path.write_text(json.dumps({"nodes": nodes}))
    return path


def company_with_marts(root: Path, customers: int = 40) -> tuple[Company, Path]:
    company = make_company(root)
    build_marts(company, customers)
    return company, write_manifest(root / "manifest.json")
