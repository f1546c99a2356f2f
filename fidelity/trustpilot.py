"""Trustpilot by its own client, which renews its token by itself, and by a schema that others published."""

import sys
from importlib.metadata import version
from typing import Any

from trustpilot.client import TrustpilotSession

from fidelity.report import Report, must

KEY, SHARED = "sim-trustpilot-key", "sim-trustpilot-secret"
UNIT = "46a1b2c3d4e5f60718293a4b"
# Names of a published schema (airbyte-source-trustpilot 0.2.13), and the types of those that hold something.
SEEN = {
    "id": str, "consumer": dict, "businessUnit": dict, "stars": int, "title": str, "text": str,
    "language": str, "location": dict, "createdAt": str, "updatedAt": str, "experiencedAt": str,
    "referralEmail": str, "referenceId": str, "source": str, "companyReply": dict, "tags": list,
    "findReviewer": dict, "isVerified": bool, "numberOfLikes": int, "status": str, "reportData": dict,
    "complianceLabels": list, "countsTowardsTrustScore": bool, "countsTowardsLocationTrustScore": bool,
    "invitation": dict, "businessUnitHistory": list, "reviewVerificationLevel": str,
}  # fmt: skip
PATH = f"/v1/private/business-units/{UNIT}/reviews"


def main(base_url: str) -> int:
    report = Report(base_url, "trustpilot", f"trustpilot {version('trustpilot')}; a published schema")
    client = _client(base_url)
    rows: list[dict[str, Any]] = []
    with report.check("reviews by links from page to page, a token fetched on the way") as notes:
        rows += _pages(client)
        must(rows and len({row["id"] for row in rows}) == len(rows), "nothing, or twice")
        notes.append(f"{len(rows)} reviews")
    with report.check("named and typed as the schema says"):
        for row in rows:
            must(set(row) == set(SEEN), "other names")
            wrong = [name for name, kind in SEEN.items() if not isinstance(row[name], kind | None)]
            must(not wrong, f"another type: {wrong}")
    with report.check("who was invited has an address, who came by themselves none"):
        must({bool(row["referralEmail"]) for row in rows} == {True, False}, "all alike")
        must(all(row["isVerified"] == bool(row["referralEmail"]) for row in rows), "unverified invitations")
    with report.check("only what was written since, the oldest first"):
        middle = sorted(row["createdAt"] for row in rows)[len(rows) // 2]
        found = _pages(client, startDateTime=middle)
        later = sorted(row["createdAt"] for row in rows if row["createdAt"] >= middle)
        must([row["createdAt"] for row in found] == later, "others")
    with report.check("a page too large and a wrong secret are refused"):
        must(client.get(f"{PATH}?perPage=101").status_code == 400, "taken")
        must(_client(base_url, "another").get(PATH).status_code == 401, "taken")
    return int(report.has_failed)


def _client(base_url: str, shared: str = SHARED) -> TrustpilotSession:
    return TrustpilotSession(api_host=f"{base_url}/trustpilot", api_key=KEY, api_secret=shared)


def _pages(client: TrustpilotSession, **params: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    page = 1
    while True:
        asked = {"perPage": 2, "page": page, "orderBy": "createdat.asc", **params}
        told = client.get(PATH, params=asked).json()
        rows += told["reviews"]
        if not any(link["rel"] == "next-page" for link in told["links"]):
            return rows
        page += 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
