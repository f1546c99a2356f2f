"""TikTok's file of leads, whoever downloaded it: a line per lead, a column per question in its own words."""

import re
from collections.abc import Mapping

from connectors.ads import DIGITS
from connectors.cells import truth, when
from connectors.form_tools import asked
from connectors.stream import Export, Reading, Row
from connectors.tiktok.api import TikTok, advertisers

# What TikTok calls its own columns, here and there.
ALIASES = {
    "create_time": "created_time",
    "created_at": "created_time",
    "creation_time": "created_time",
    "submit_time": "created_time",
    "form_id": "page_id",
    "instant_form_id": "page_id",
    "form_name": "page_name",
    "instant_form_name": "page_name",
    "ad_group_id": "adgroup_id",
    "ad_group_name": "adgroup_name",
}
TEXTS = (
    "page_id", "page_name", "ad_id", "ad_name", "adgroup_id", "adgroup_name", "campaign_id", "campaign_name",
    "lead_source",
)  # fmt: skip
OWN = frozenset({"lead_id", "created_time", "is_test", *TEXTS})
NOTHING = frozenset({"-", "--", "N/A"})
ZONE = re.compile(r"\s*\(UTC([+-]\d\d:\d\d)\)$")


def to_row(cells: Mapping[str, str], reading: Reading) -> Row:
    """A line in the shape a pushed lead has, too: what is no column of TikTok's is an answer."""
    told = {
        reading.columns.get(name, name) if reading.columns.get(name) in OWN else name: cell
        for name, cell in cells.items()
        if cell not in NOTHING
    }
    row: Row = {name: told[name] for name in ("lead_id", *TEXTS) if name in told}
    if "created_time" in told:
        row["created_time"] = _when(told["created_time"])
    if "is_test" in told:
        row["is_test"] = truth(told["is_test"])
    row["answers"] = [column.in_words for column in asked(told, reading, OWN)]
    return row


def _when(text: str) -> str:
    """In UTC, whether it says so or not."""
    return when(ZONE.sub(r"\1", text).strip(), Reading())


def advertiser_of(row: Row, tiktok: TikTok) -> str | None:
    """The advertiser a lead belongs to; the file names its form only."""
    if len(chosen := advertisers(tiktok)) == 1:
        return chosen[0]
    form = str(row.get("page_id") or "")
    return tiktok.form_advertisers().get(form) if re.match(DIGITS, form) else None


LEAD_EXPORT = Export(
    "leads",
    headers=frozenset({"lead_id", "created_time", "campaign_id"}),
    to_row=to_row,
    known=ALIASES,
    account=advertiser_of,
)
