"""LinkedIn by its own client, which writes queries in LinkedIn's grammar by itself, and knows no shapes.

It has no setting for the address, so the constant is replaced.
"""

import sys
from decimal import Decimal
from importlib.metadata import version
from typing import Any

from linkedin_api.clients.restli.client import RestliClient
from linkedin_api.clients.restli.utils.decoder import decode
from linkedin_api.common import constants

from connectors.linkedin.fetch import FIELDS
from connectors.linkedin.reports import FIELDS as FIGURES
from connectors.linkedin.restli import encoded
from fidelity.report import Report, must

TOKEN, ACCOUNT = "sim-linkedin-token", "512345678"
OWNER = {"sponsoredAccount": f"urn:li:sponsoredAccount:{ACCOUNT}"}
SERVED, ENDED = "202607", "202506"
FORM = "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:31,1)"
LEADS = {"owner": OWNER, "leadType": {"leadType": "SPONSORED"}, "limitedToTestLeads": False}
DAYS = {"start": {"year": 2026, "month": 10, "day": 22}, "end": {"year": 2026, "month": 11, "day": 20}}


def main(base_url: str) -> int:
    constants.VERSIONED_BASE_URL = f"{base_url}/linkedin/rest"
    report = Report(base_url, "linkedin", f"linkedin-api-client {version('linkedin-api-client')}")
    client = RestliClient()
    with report.check("the client reads our queries back, sign for sign"):
        for asked in (
            OWNER,
            LEADS["leadType"],
            DAYS,
            [*OWNER.values(), FORM],
            FORM,
            {"in": {"list": [FORM]}},
        ):
            must(decode(encoded(asked)) == _as_text(asked), f"{asked} becomes {decode(encoded(asked))}")
    with report.check("forms of an ad account, found by owner") as notes:
        forms = _find(client, "/leadForms", "owner", {"owner": OWNER, "count": 100, "start": 0}).elements
        must(forms and all(form["content"]["questions"] for form in forms), "no questions")
        notes.append(f"{len(forms)} forms")
    leads = _leads(client, report)
    with report.check("a window of time, its end left out"):
        times = sorted(lead["submittedAt"] for lead in leads)
        window = {"submittedAtTimeRange": {"start": times[3], "end": times[7]}}
        found = _find(client, "/leadFormResponses", "owner", LEADS | window | {"count": 100}).elements
        must(sorted(one["submittedAt"] for one in found) == times[3:7], "another window")
    with report.check("one lead with our fields, as after a hint"):
        path, key = "/leadFormResponses/{id}", {"id": leads[0]["id"]}
        told = client.get(
            resource_path=path,
            path_keys=key,
            access_token=TOKEN,
            query_params={"fields": str(FIELDS)},
            version_string=SERVED,
        )
        must(told.entity == leads[0], "differs from the listed one")
    with report.check("figures of ads and campaigns by day, with our fields") as notes:
        sums = {level: _sum(client, level, notes) for level in ("CREATIVE", "CAMPAIGN")}
        must(len(set(sums.values())) == 1 and min(sums.values()) > 0, f"{sums}")
    with report.check("a version that ended is refused with 426, another token with 401"):
        for token, served, status in ((TOKEN, ENDED, 426), ("another", SERVED, 401)):
            told = client.get(resource_path="/leadForms/1", access_token=token, version_string=served)
            must(told.status_code == told.entity["status"] == status, f"status {told.status_code}")
    return int(report.has_failed)


def _as_text(value: Any) -> Any:
    """As the client decodes: everything in a query is text."""
    if isinstance(value, dict):
        return {name: _as_text(part) for name, part in value.items()}
    return [_as_text(part) for part in value] if isinstance(value, list) else str(value)


def _leads(client: RestliClient, report: Report) -> list[Any]:
    leads: list[Any] = []
    with report.check("leads with the version of their form, in pages of 10") as notes:
        while True:
            asked = LEADS | {"count": 10, "start": len(leads), "fields": str(FIELDS)}
            page = _find(client, "/leadFormResponses", "owner", asked)
            leads += page.elements
            if len(page.elements) < 10:
                break
        must(len({lead["id"] for lead in leads}) == len(leads) == page.paging.total > 10, "lost or twice")
        must(all(lead["form"]["content"]["questions"] for lead in leads), "no questions")
        notes.append(f"{len(leads)} leads")
    return leads


def _sum(client: RestliClient, level: str, notes: list[str]) -> Decimal:
    asked = {
        "pivot": level,
        "timeGranularity": "DAILY",
        "dateRange": DAYS,
        "accounts": list(OWNER.values()),
        "fields": str(FIGURES),
    }
    rows = _find(client, "/adAnalytics", "analytics", asked).elements
    must(all(isinstance(row["costInLocalCurrency"], str) for row in rows), "money that is a number")
    notes.append(f"{len(rows)} {level.lower()} rows")
    return sum((Decimal(row["costInLocalCurrency"]) for row in rows), Decimal(0)).quantize(Decimal("0.01"))


def _find(client: RestliClient, path: str, finder: str, asked: dict[str, Any]) -> Any:
    told = client.finder(
        resource_path=path,
        finder_name=finder,
        access_token=TOKEN,
        query_params=asked,
        version_string=SERVED,
    )
    must(told.status_code == 200, f"status {told.status_code}: {told.response.text[:200]}")
    return told


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
