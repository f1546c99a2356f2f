"""TikTok by its own client, which knows accounts and reports but no leads: figures add up at every level."""

import sys
from datetime import date, timedelta
from decimal import Decimal
from importlib.metadata import version

from business_api_client import AccountManagementApi, ApiClient, Configuration, ReportingApi
from business_api_client.tiktok_business.tiktok_exceptions import TiktokSDKError

from fidelity.report import Report, must

TOKEN, ADVERTISER = "sim-tiktok-token", "7012345678901234567"
LAST = date(2026, 11, 20)
METRICS = ["spend", "impressions", "reach", "clicks", "likes", "comments", "shares", "onsite_form"]
LEVELS = {
    "ad": ["campaign_id", "campaign_name", "adgroup_id", "adgroup_name", "ad_name"],
    "campaign": ["campaign_name"],
}


def main(base_url: str) -> int:
    report = Report(
        base_url, "tiktok", f"tiktok-business-api-sdk {version('tiktok-business-api-sdk-official')}"
    )
    settings = Configuration()
    settings.host = f"{base_url}/tiktok"
    client = ApiClient(settings)
    reporting, accounts = ReportingApi(client), AccountManagementApi(client)
    with report.check("the advertiser, its money and its days"):
        fields = ["advertiser_id", "name", "currency", "timezone", "display_timezone", "status"]
        [one] = accounts.advertiser_info([ADVERTISER], TOKEN, fields=fields)["data"]["list"]
        must(set(one) == set(fields), f"fields {sorted(one)}")
        must(one["currency"] == "EUR", "no currency")
    with report.check("figures of ads and campaigns by day, in pages of 100") as notes:
        _figures(reporting, notes)
    with report.check("31 days at once are refused, as is an unknown level"):
        for more in ({"days": 31}, {"data_level": "AUCTION_NOTHING"}):
            try:
                _page(reporting, "ad", 1, **more)
            except TiktokSDKError as error:
                must("40002" in str(error), f"refused with {str(error)[:80]}")
            else:
                must(False, f"{more} is not refused")
    with report.check("a wrong token is refused with status 200"):
        try:
            accounts.advertiser_info([ADVERTISER], "another token")
        except TiktokSDKError as error:
            must("40105" in str(error), f"refused with {str(error)[:80]}")
        else:
            must(False, "not refused")
    return int(report.has_failed)


def _figures(reporting: ReportingApi, notes: list[str]) -> None:
    sums = {}
    for level, names in LEVELS.items():
        rows, page = [], 1
        while True:
            data = _page(reporting, level, page, names=names)
            rows += data["list"]
            if page >= data["page_info"]["total_page"]:
                break
            page += 1
        must(len(rows) == data["page_info"]["total_number"], "lost or twice")
        must(
            all(isinstance(v, str) for row in rows for v in row["metrics"].values()), "a number that is none"
        )
        sums[level] = sum(Decimal(row["metrics"]["spend"]) for row in rows)
        notes.append(f"{len(rows)} {level} rows")
    must(len(set(sums.values())) == 1, f"{sums}")


def _page(
    reporting: ReportingApi,
    level: str,
    page: int,
    *,
    names: list[str] | None = None,
    days: int = 30,
    data_level: str | None = None,
) -> dict:
    told = reporting.report_integrated_get(
        "BASIC",
        TOKEN,
        advertiser_id=ADVERTISER,
        data_level=data_level or f"AUCTION_{level.upper()}",
        dimensions=[f"{level}_id", "stat_time_day"],
        metrics=[*METRICS, *(names or ())],
        start_date=(LAST - timedelta(days=days - 1)).isoformat(),
        end_date=LAST.isoformat(),
        page=page,
        page_size=100,
    )
    return told["data"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
