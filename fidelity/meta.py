"""Meta by its own SDK: the calls our connector makes, and each value against the SDK's declared types."""

import hashlib
import hmac
import sys
from datetime import datetime
from typing import Any

from facebook_business import __version__ as sdk_version
from facebook_business.adobjects.adaccount import AdAccount
from facebook_business.adobjects.adreportrun import AdReportRun
from facebook_business.adobjects.adsinsights import AdsInsights
from facebook_business.adobjects.lead import Lead
from facebook_business.adobjects.leadgenform import LeadgenForm
from facebook_business.adobjects.page import Page
from facebook_business.adobjects.user import User
from facebook_business.api import FacebookAdsApi
from facebook_business.exceptions import FacebookRequestError
from facebook_business.session import FacebookSession

from fidelity.meta_ads import ads_of, leads_by_ad, levels, published
from fidelity.meta_feedback import feedback
from fidelity.meta_types import check_types
from fidelity.report import Report, must

SECRET = "sim-meta-secret"  # noqa: S105 - a fixed word of the simulator
LEAD_FIELDS = [
    name
    for name in Lead._field_types
    if name not in ("home_listing", "vehicle", "post", "post_submission_check_result")
]
FORM_FIELDS = ["id", "name", "status", "locale", "created_time", "leads_count", "expired_leads_count",
               "questions", "legal_content", "tracking_parameters"]  # fmt: skip
INSIGHT_FIELDS = ["account_id", "account_currency", "campaign_id", "campaign_name", "adset_id", "ad_id",
                  "ad_name", "spend", "impressions", "reach", "clicks", "actions"]  # fmt: skip


def main(base_url: str) -> int:
    FacebookSession.GRAPH = f"{base_url}/meta"
    report = Report(base_url, "meta", f"facebook-business {sdk_version}")
    act_as("sim-meta-token")
    pages: list[Any] = []
    with report.check("me/accounts: pages with their tokens") as notes:
        pages += User("me").get_accounts(fields=["id", "name", "access_token"])
        must(pages and all(page["access_token"] for page in pages), "no page tokens")
        notes.append(f"{len(pages)} pages")
    page_token = pages[0]["access_token"]
    act_as(page_token)
    forms = _forms(report, pages[0]["id"])
    _leads(report, forms)
    _one_lead(report, forms)
    published(report, pages[0]["id"])
    act_as("sim-meta-token")
    ads = ads_of(report)
    act_as(page_token)
    leads_by_ad(report, ads)
    act_as("sim-meta-token")
    _insights(report)
    levels(report)
    _errors(report, forms, page_token)
    feedback(report)
    return int(report.has_failed)


def act_as(token: str) -> None:
    FacebookAdsApi.init(
        access_token=token, app_id="1", app_secret=SECRET, api_version="v26.0", crash_log=False
    )


def _forms(report: Report, page_id: str) -> list[Any]:
    forms: list[Any] = []
    with report.check("leadgen_forms with counts, questions and wording") as notes:
        forms += Page(page_id).get_lead_gen_forms(fields=FORM_FIELDS, params={"limit": 2})
        must(forms, "no forms")
        check_types(LeadgenForm, forms, FORM_FIELDS)
        notes.append(f"{len(forms)} forms in pages of 2")
    return forms


def _leads(report: Report, forms: list[Any]) -> None:
    with report.check("leads paged by 5, counted against the form") as notes:
        total = 0
        for form in forms:
            leads = list(LeadgenForm(form["id"]).get_leads(fields=LEAD_FIELDS, params={"limit": 5}))
            check_types(Lead, leads, ["id", "created_time", "field_data", "is_organic", "form_id"])
            times = [lead["created_time"] for lead in leads]
            must(times == sorted(times, reverse=True), "not newest first")
            must(len({lead["id"] for lead in leads}) == len(leads) == form["leads_count"], "lost or twice")
            total += len(leads)
        notes.append(f"{total} leads")
    with report.check("leads filtered by time_created, strictly") as notes:
        form = max(forms, key=lambda one: one["leads_count"])
        everyone = list(LeadgenForm(form["id"]).get_leads(fields=LEAD_FIELDS, params={"limit": 100}))
        middle = everyone[len(everyone) // 2]
        at = int(datetime.fromisoformat(middle["created_time"]).timestamp())
        condition = [{"field": "time_created", "operator": "GREATER_THAN", "value": at}]
        later = list(LeadgenForm(form["id"]).get_leads(params={"filtering": condition, "limit": 2}))
        newer = [one["id"] for one in everyone if one["created_time"] > middle["created_time"]]
        must([lead["id"] for lead in later] == newer, "another window than asked for")
        notes.append(f"{len(newer)} of {len(everyone)}")


def _one_lead(report: Report, forms: list[Any]) -> None:
    with report.check("one lead, as after a webhook"):
        form = max(forms, key=lambda one: one["leads_count"])
        known = next(iter(LeadgenForm(form["id"]).get_leads(fields=LEAD_FIELDS)))
        alone = Lead(known["id"]).api_get(fields=LEAD_FIELDS)
        must(alone.export_all_data() == known.export_all_data(), "differs from the listed one")


def _insights(report: Report) -> None:
    params = {
        "level": "ad",
        "time_increment": 1,
        "limit": 50,
        "time_range": {"since": "2026-10-01", "until": "2026-11-20"},
    }
    account = AdAccount("act_500001")
    with report.check("insights per ad and day") as notes:
        rows = list(account.get_insights(fields=INSIGHT_FIELDS, params=params))
        must(rows, "no rows")
        check_types(AdsInsights, rows, ["spend", "impressions", "ad_id", "date_start"])
        must(len({(row["ad_id"], row["date_start"]) for row in rows}) == len(rows), "a row twice")
        notes.append(f"{len(rows)} rows")
    with report.check("the same by an asynchronous report"):
        begun = account.get_insights(fields=INSIGHT_FIELDS, params=params, is_async=True)
        for _ in range(5):
            run = AdReportRun(begun["report_run_id"]).api_get()
            check_types(AdReportRun, [run], ["async_status", "async_percent_completion"])
            if run["async_status"] == "Job Completed":
                break
        again = list(run.get_insights(params={"limit": 50}))
        must(again == rows, "another result than asked at once")


def _errors(report: Report, forms: list[Any], page_token: str) -> None:
    cases = (
        ("a broken token", "nonsense", (190, None)),
        ("an old page token", page_token[:-1] + "9", (190, 463)),
        ("a lead that is not there", page_token, (100, 33)),
    )
    for what, token, expected in cases:
        with report.check(f"the SDK understands {what}"):
            act_as(token)
            try:
                Lead("123").api_get()
            except FacebookRequestError as error:
                found = (error.api_error_code(), error.api_error_subcode())
                must(found == expected, f"{found} instead of {expected}")
                must(error.api_error_type() and error.api_error_message(), "no type or message")
            else:
                must(False, "no error")
    with report.check("the SDK's own appsecret_proof is the expected one"):
        api = FacebookAdsApi.init(
            access_token=page_token, app_id="1", app_secret=SECRET, api_version="v26.0", crash_log=False
        )
        ours = hmac.new(SECRET.encode(), page_token.encode(), hashlib.sha256).hexdigest()
        must(api._session.requests.params["appsecret_proof"] == ours, "differs")
        LeadgenForm(forms[0]["id"]).api_get()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
