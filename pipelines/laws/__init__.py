"""The law as data, one file a jurisdiction in dbt_project/laws/: files (read and checked), rows (spread for
the models), sending (when and how often), table (for people)."""

from pipelines.laws.files import FOLDER, STRICTER, UNKNOWN, Law, LawError, digest, read
from pipelines.laws.rows import places, rows
from pipelines.laws.sending import cap, hours
from pipelines.laws.table import table

__all__ = [
    "FOLDER",
    "STRICTER",
    "UNKNOWN",
    "Law",
    "LawError",
    "cap",
    "digest",
    "hours",
    "places",
    "read",
    "rows",
    "table",
]
