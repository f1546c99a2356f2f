"""What stands for a text in joins must be no other text's, however alike they are."""

from pathlib import Path

import duckdb
import jinja2

MACROS = Path(__file__).parent.parent / "dbt_project" / "macros"
ALIKE = "'file:shop:record:rec-' || i || '-dup-' || k"


def test_ids_that_differ_in_a_few_digits_are_told_apart():
    """DuckDB's own hash loses one of thirteen of these."""
    template = (MACROS / "short_name.sql").read_text(encoding="utf-8") + "{{ digest(text) }}"
    digest = jinja2.Template(template).render(text=ALIKE)
    query = f"select count(distinct {digest}) from range(2000) as a (i) cross join range(500) as b (k)"
    assert duckdb.sql(query).fetchall() == [(1_000_000,)]
