"""Pinterest by the client it generates from its own description: each field by type, words and pattern."""

import json
import sys
import time
from datetime import date, timedelta
from importlib.metadata import version
from types import SimpleNamespace
from typing import Any

from openapi_generated.pinterest_client import ApiClient, Configuration
from openapi_generated.pinterest_client.api.ad_accounts_api import AdAccountsApi
from openapi_generated.pinterest_client.api.ads_api import AdsApi
from openapi_generated.pinterest_client.api.lead_forms_api import LeadFormsApi
from openapi_generated.pinterest_client.api.leads_export_api import LeadsExportApi
from openapi_generated.pinterest_client.exceptions import ForbiddenException, NotFoundException
from openapi_generated.pinterest_client.model.ad_response import AdResponse
from openapi_generated.pinterest_client.model.granularity import Granularity
from openapi_generated.pinterest_client.model.lead_form_response import LeadFormResponse
from openapi_generated.pinterest_client.model.leads_export_create_request import LeadsExportCreateRequest

from connectors.pinterest.figures import COLUMNS
from fidelity.report import Report, must

ACCOUNT, TOKEN = "549755885175", "sim-pinterest-token"
TODAY = date(2026, 11, 20)


def main(base_url: str) -> int:
    judge = f"Pinterest-Generated-Client {version('Pinterest-Generated-Client')}"
    report = Report(base_url, "pinterest", judge)
    configuration = Configuration(host=f"{base_url}/pinterest/v5", access_token=TOKEN)
    client = ApiClient(configuration)
    with report.check("the ad account and its currency"):
        account = AdAccountsApi(client).ad_accounts_get(ACCOUNT)
        must((account.id, str(account.currency.value)) == (ACCOUNT, "EUR"), "another account")
    with report.check("lead forms with what they ask, in pages of 2") as notes:
        forms = _all(client, LeadFormsApi(client).lead_forms_list, LeadFormResponse, page_size=2)
        must(len({form.id for form in forms}) == len(forms) > 0, "none, or one twice")
        must(all(form.questions for form in forms), "a form that asks nothing")
        notes.append(f"{len(forms)} forms")
    ads: list[Any] = []
    with report.check("ads with their campaigns and forms, in pages of 25") as notes:
        ads += _all(client, AdsApi(client).ads_list, AdResponse, page_size=25)
        must(len({ad.id for ad in ads}) == len(ads) > 0, "none, or one twice")
        notes.append(f"{len(ads)} ads")
    with report.check("figures of each ad by day, every column known") as notes:
        wanted = [ad.id for ad in ads][:100]
        # It knows every column that may be asked for, and no list where a list is answered.
        answer = AdsApi(client).ads_analytics(
            ACCOUNT,
            TODAY - timedelta(days=20),
            TODAY,
            list(COLUMNS),
            Granularity("DAY"),
            ad_ids=wanted,
            _preload_content=False,
        )
        days = json.loads(answer.data)
        must(days and all(day["AD_ID"] in wanted for day in days), "none, or of another ad")
        notes.append(f"{len(days)} days")
    with report.check("an export of the leads of an ad, waited for until it is made") as notes:
        made = _export(LeadsExportApi(client), next(ad.id for ad in ads if ad.get("lead_form_id")))
        notes.append(made.download_url.rpartition("/")[2])
    with report.check("what is refused is an error of its client's"):
        for error, ask in (
            (ForbiddenException, lambda: AdAccountsApi(client).ad_accounts_get("1")),
            (NotFoundException, lambda: LeadsExportApi(client).leads_export_get(ACCOUNT, "1")),
        ):
            try:
                ask()
            except error:
                continue
            must(False, f"no {error.__name__}")
    return int(report.has_failed)


def _export(exports: LeadsExportApi, ad: str) -> Any:
    days = {"start_date": (TODAY - timedelta(days=29)).isoformat(), "end_date": TODAY.isoformat()}
    begun = exports.leads_export_create(ACCOUNT, LeadsExportCreateRequest(ad_id=ad, **days))
    for _ in range(20):
        told = exports.leads_export_get(ACCOUNT, begun.leads_export_id)
        if told.export_status.value == "FINISHED":
            return told
        time.sleep(0.01)
    raise AssertionError("never made")


def _all(client: ApiClient, ask: Any, kind: type, **asked: Any) -> list[Any]:
    """All rows of a list. The client takes any object for one: each is read again as what it should be."""
    found: list[Any] = []
    while True:
        page = ask(ACCOUNT, **asked)
        rows = (SimpleNamespace(data=json.dumps(row)) for row in page["items"])
        found += [client.deserialize(row, (kind,), True) for row in rows]
        if not page.get("bookmark"):
            return found
        asked["bookmark"] = page["bookmark"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
