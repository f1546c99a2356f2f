"""Where the code itself lies: the checkout, or the folder an archive of it was unpacked to."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DBT_PROJECT = ROOT / "dbt_project"
