"""What our models may call besides SQL: a plugin of dbt-duckdb, named in dbt_project/profiles.yml."""

from typing import Any

# What takes a while to read is read here, before the first model: DuckDB asks for pandas when a function of
# ours is first called.
import pandas as pd  # noqa: F401
import phonenumbers
from dbt.adapters.duckdb.plugins import BasePlugin

from pipelines.normalise import phone_number


class Plugin(BasePlugin):
    def configure_connection(self, conn: Any) -> None:
        conn.create_function("read_phone", read_phone, ["VARCHAR", "VARCHAR"], "VARCHAR")


# North America does not tell them apart, and ranges kept for fiction have no kind at all.
KINDS = {phonenumbers.PhoneNumberType.FIXED_LINE: "landline", phonenumbers.PhoneNumberType.MOBILE: "mobile"}


def read_phone(raw_value: str, regions: str) -> str:
    """E.164 and kind, parted by a bar; empty where no such number can exist in any of the regions."""
    number = next(filter(None, (phone_number(raw_value, region) for region in regions.split())), None)
    if number is None:
        return ""
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    # Of the number as it is written to: what somebody typed may carry a zero that its kind does not know.
    return f"{e164}|{KINDS.get(phonenumbers.number_type(phonenumbers.parse(e164)), 'unknown')}"
