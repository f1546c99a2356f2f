"""The newest rules as a table for people."""

from collections.abc import Sequence
from typing import Any

from pipelines.laws.files import UNKNOWN, Law, Recipient
from pipelines.laws.rows import rows

COLUMNS = {
    "E-mail": ("email", "promotional"),
    "SMS": ("sms", "promotional"),
    "Phone": ("phone", "promotional"),
    "Post": ("post", "promotional"),
    "Profiling": ("email", "profiling"),
    "Ad lists": ("ad_upload", "ad_user_data"),
}
REGIMES = {"opt_in": "a yes", "opt_out": "unless a no", "forbidden": "never"}


def table(laws: Sequence[Law], recipient: Recipient) -> str:
    """What the newest rules ask for, as a Markdown table: what stands in docs/consent.md."""
    newest: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in sorted(rows(laws), key=lambda row: row["valid_from"]):
        if row["recipient"] == recipient:
            newest[row["jurisdiction"], row["channel"], row["purpose_group"]] = row
    lines = [f"| | {' | '.join(COLUMNS)} |", f"|---|{'---|' * len(COLUMNS)}"]
    for jurisdiction in [*(law.jurisdiction for law in laws), UNKNOWN]:
        cells = [_cell(newest.get((jurisdiction, *column))) for column in COLUMNS.values()]
        lines.append(f"| {jurisdiction} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(row: dict[str, Any] | None) -> str:
    if row is None:
        return "no rule: no"
    asks = REGIMES[row["regime"]] + (", confirmed by mail" if row["double_opt_in"] else "")
    bases = {
        "soft_opt_in_months": "own customers {} months",
        "purchase_months": "{} months after a purchase",
        "inquiry_months": "{} after an inquiry",
    }
    or_else = [text.format(row[name]) for name, text in bases.items() if row[name]]
    if row["running_contract"]:
        or_else.append("a running contract")
    if row["b2b_relevance"] and row["recipient"] == "business":
        or_else.append("told, about their work")
    if row["generic_addresses"] and row["recipient"] == "generic":
        or_else.append("the company's own address")
    return "; or ".join([asks, *or_else])
