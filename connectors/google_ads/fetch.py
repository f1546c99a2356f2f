"""What is read from Google Ads besides figures: forms, their leads, and in whose days an account reports.

Leads are read whole each time, for the 60 days that Google keeps them: there is no count to tell that one
showed up late. All of an account come in one answer, which is read as it comes.
"""

from collections.abc import Iterator
from typing import Any

from connectors.google_ads.api import GoogleAds
from connectors.google_ads.read import answered
from connectors.landing import at
from connectors.stream import Announced, Page, Row, Since

# Not what the form is delivered by: that holds the webhook's key.
FORMS = (
    "SELECT asset.id, asset.name, asset.lead_form_asset.headline, asset.lead_form_asset.business_name, "
    "asset.lead_form_asset.description, asset.lead_form_asset.privacy_policy_url, "
    "asset.lead_form_asset.custom_disclosure, asset.lead_form_asset.fields, "
    "asset.lead_form_asset.custom_question_fields FROM asset WHERE asset.type = 'LEAD_FORM'"
)
LEADS = (
    "SELECT lead_form_submission_data.id, lead_form_submission_data.asset, "
    "lead_form_submission_data.campaign, lead_form_submission_data.ad_group, "
    "lead_form_submission_data.ad_group_ad, lead_form_submission_data.gclid, "
    "lead_form_submission_data.submission_date_time, "
    "lead_form_submission_data.lead_form_submission_fields, "
    "lead_form_submission_data.custom_lead_form_submission_fields FROM lead_form_submission_data"
)
# https://support.google.com/google-ads/answer/12080108
RETENTION_DAYS = 60
CUSTOMER = "SELECT customer.id, customer.time_zone FROM customer"


def forms(google: GoogleAds, account: str, since: Since) -> Iterator[Page | Announced]:
    """Every lead form of an account, with what it asks."""
    yield Page([_form(row) for row in google.search(account, FORMS)])


def leads(google: GoogleAds, account: str, since: Since) -> Iterator[Page | Announced]:
    """Every lead Google still has, landed while the rest of the answer comes."""
    for rows in google.lots(account, LEADS):
        yield Page([_lead(row) for row in rows])


def time_zone(google: GoogleAds, account: str) -> Any:
    """The zone of an account, None where nobody tells."""
    rows = google.search(account, CUSTOMER)
    return at(rows[0], "customer.timeZone") if rows else None


# Rows of another shape go on as they are, to be held with a reason.


def _form(row: Any) -> Any:
    asset = row.get("asset") if isinstance(row, dict) else None
    if not isinstance(asset, dict):
        return row
    told = asset.get("leadFormAsset")
    headline = told.get("headline") if isinstance(told, dict) else None
    found: Row = {"form_id": asset.get("id"), "name": asset.get("name") or headline}
    return asset | {name: value for name, value in found.items() if value is not None}


def _lead(row: Any) -> Any:
    data = row.get("leadFormSubmissionData") if isinstance(row, dict) else None
    return answered(data) if isinstance(data, dict) else row
