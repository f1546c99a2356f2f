"""Files of no particular platform, as CSV or XLSX: leads, referrals, reviews, NPS answers, what customers
made of us, sales at a till, exchange rates, what was paid for being seen where there is no API.

Rows are flat, in our own columns (columns.py); what we have no column for is kept under `other`. Common
French and English headers are recognised, `files:` in firsthand.yaml maps the rest.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from connectors.client import Env
from connectors.erasing import Erasing, never
from connectors.files.columns import (
    CONTENT_COLUMNS,
    LEAD_COLUMNS,
    NPS_COLUMNS,
    RATE_COLUMNS,
    REFERRAL_COLUMNS,
    REVIEW_COLUMNS,
    SALE_COLUMNS,
    SPEND_COLUMNS,
)
from connectors.files.rows import ASSUMED, row_of
from connectors.files.sales import ledger_row, sale_row
from connectors.stream import Export, Promise, Reading, Row, Stream, nothing_to_pull

NAME = "files"
SECRETS = ()


def columns_of(stream: str) -> frozenset[str]:
    """Our columns of one stream, whatever people call them."""
    return frozenset(ours for one in EXPORTS if one.stream == stream for ours in one.known.values())


@dataclass(frozen=True)
class Drop:
    account: str = NAME


def client(env: Env) -> Drop:
    """There is nobody to call: files come to us."""
    return Drop()


COMMON = (
    Promise("id", type="text"),
    Promise("created_at", required=False, type="time"),
    Promise("email", required=False, type="text"),
)


def filled_in_a_form(line: Row) -> bool:
    """Any list may hold anybody; only a line that names its form tells of an act."""
    return bool(line.get("form"))


REFERRAL_SIDES = {
    "referrer": ("referrer_email", "referrer_phone", "referrer_name", "code"),
    "referral": ("referee_email", "referee_phone", "referee_name"),
}
STREAMS = (
    Stream(
        "leads",
        nothing_to_pull,
        occurred_at="created_at",
        form="form",
        erasing=Erasing(profiles=("lead",), is_new_act=filled_in_a_form),
        promises=(
            *COMMON,
            Promise("email_opt_in", required=False, type="boolean"),
            Promise("sms_opt_in", required=False, type="boolean"),
            Promise("phone_opt_in", required=False, type="boolean"),
            Promise("post_opt_in", required=False, type="boolean"),
            Promise("unsubscribed", required=False, type="boolean"),
            Promise("consent_at", required=False, type="time"),
        ),
    ),
    Stream(
        "referrals",
        nothing_to_pull,
        occurred_at="created_at",
        # Who is recommended did nothing yet, and who recommends is not told apart from them by a date.
        erasing=Erasing(profiles=("referral", "referrer"), sides=REFERRAL_SIDES, is_new_act=never),
        promises=(
            Promise("id", type="text"),
            Promise("created_at", type="time"),
            Promise("converted_at", required=False, type="time"),
        ),
    ),
    Stream(
        "reviews",
        nothing_to_pull,
        occurred_at="created_at",
        erasing=Erasing(profiles=("review",)),
        promises=(*COMMON, Promise("stars", type="number")),
    ),
    Stream(
        "nps",
        nothing_to_pull,
        occurred_at="created_at",
        erasing=Erasing(profiles=("nps",)),
        promises=(*COMMON, Promise("score", type="number")),
    ),
    Stream(
        "content",
        nothing_to_pull,
        occurred_at="created_at",
        erasing=Erasing(profiles=("content",)),
        promises=(*COMMON, Promise("rights_granted", required=False, type="boolean")),
    ),
    Stream(
        "sales",
        nothing_to_pull,
        occurred_at="created_at",
        erasing=Erasing(profiles=("sale",), keep=ledger_row),
        promises=(
            Promise("id", type="text"),
            Promise("created_at", type="time"),
            Promise("amount", type="number"),
            Promise("tax", required=False, type="number"),
            Promise("quantity", required=False, type="number"),
            Promise("currency", required=False, type="text", pattern="^[A-Z]{3}$"),
            Promise("email", required=False, type="text"),
        ),
    ),
    Stream(
        "rates",
        nothing_to_pull,
        occurred_at="created_at",
        promises=(
            Promise("id", type="text"),
            Promise("created_at", type="time"),
            Promise("currency", type="text", pattern="^[A-Z]{3}$"),
            Promise("rate", type="number"),
        ),
    ),
    Stream(
        "spend",
        nothing_to_pull,
        occurred_at="created_at",
        promises=(
            Promise("id", type="text"),
            Promise("created_at", type="time"),
            Promise("ended_at", required=False, type="time"),
            Promise("campaign", type="text"),
            Promise("cost", type="number"),
            Promise("currency", required=False, type="text", pattern="^[A-Z]{3}$"),
            Promise("impressions", required=False, type="number"),
            Promise("reach", required=False, type="number"),
            Promise("clicks", required=False, type="number"),
        ),
    ),
)


def _export(
    stream: str,
    headers: str,
    columns: Mapping[str, str],
    to_row: Callable[[Mapping[str, str], Reading], Row | None],
) -> Export:
    return Export(
        stream=stream,
        headers=frozenset(headers.split()),
        to_row=to_row,
        assumed=frozenset(theirs for theirs, ours in columns.items() if ours in ASSUMED),
        known=columns,
    )


# `headers` are our own columns here: a file fits where its recognised columns hold them all. The order
# decides when several fit: a file with referrer and referee is never a list of leads.
EXPORTS = (
    _export("rates", "currency rate created_at", RATE_COLUMNS, row_of("currency created_at")),
    _export("content", "rights_granted", CONTENT_COLUMNS, row_of("email phone full_name url created_at")),
    _export(
        "referrals",
        "referrer_email referee_email",
        REFERRAL_COLUMNS,
        row_of("code referrer_email referee_email created_at"),
    ),
    # Without a ticket's number a list with amounts may be anything: `files:` has to say that it is sales.
    _export("sales", "receipt amount created_at", SALE_COLUMNS, sale_row),
    _export("nps", "score", NPS_COLUMNS, row_of("email phone created_at")),
    _export("reviews", "stars", REVIEW_COLUMNS, row_of("email phone full_name order_name created_at")),
    _export("leads", "email", LEAD_COLUMNS, row_of("email phone created_at form campaign")),
    _export("leads", "phone", LEAD_COLUMNS, row_of("email phone created_at form campaign")),
    # Last: a list that names people is none of costs.
    _export(
        "spend",
        "channel campaign cost created_at",
        SPEND_COLUMNS,
        row_of("channel campaign placement created_at"),
    ),
)
