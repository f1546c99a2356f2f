"""Yotpo by what others published of its records, asked as their clients ask: the vendor has none for this."""

import sys
from typing import Any

import requests

from fidelity.report import Report, must

KEY, SHARED = "SIMYOTPOKEY", "sim-yotpo-secret"
# Names and types of a sandbox's record and of a published schema (airbyte-source-yotpo 0.1.14).
SEEN = {
    "id": int, "title": str, "content": str, "score": int, "votes_up": int, "votes_down": int,
    "created_at": str, "updated_at": str, "sentiment": float, "sku": str, "name": str, "email": str,
    "reviewer_type": str,
    "deleted": bool, "archived": bool, "escalated": bool, "is_incentivized": bool,
}  # fmt: skip


def main(base_url: str) -> int:
    report = Report(base_url, "yotpo", "airbyte-source-yotpo 0.1.14; a sandbox")
    asked = {"client_id": KEY, "client_secret": SHARED, "grant_type": "client_credentials"}
    token = ""
    with report.check("a token, asked for by a form as other clients do, and by JSON as ours does"):
        for how in ("data", "json"):
            told = requests.post(f"{base_url}/yotpo/oauth/token", **{how: asked}, timeout=10)
            token = told.json()["access_token"]
            must(token, "none")
    with report.check("reviews paged by 2 up to an empty page, named and typed as seen") as notes:
        rows = _pages(f"{base_url}/yotpo/v1/apps/{KEY}/reviews", token, deleted="true")
        must(rows and len({row["id"] for row in rows}) == len(rows), "nothing, or twice")
        for row in rows:
            must(set(row) == set(SEEN), "other names")
            must(all(isinstance(row[name], kind) for name, kind in SEEN.items()), "another type")
        notes.append(f"{len(rows)} reviews")
    with report.check("only what changed since a day"):
        middle = sorted(row["updated_at"] for row in rows)[len(rows) // 2][:10]
        since = {"deleted": "true", "since_updated_at": middle}
        found = _pages(f"{base_url}/yotpo/v1/apps/{KEY}/reviews", token, **since)
        must(
            {row["id"] for row in found} == {row["id"] for row in rows if row["updated_at"] >= middle},
            "others",
        )
    with report.check("who left, in a list a level deeper"):
        params = {"utoken": token, "count": 5000, "page": 1}
        told = requests.get(f"{base_url}/yotpo/apps/{KEY}/unsubscribers", params=params, timeout=10).json()
        found = told["response"]["unsubscribers"]
        named = [isinstance(row["id"], int) and bool(row["user_email"]) for row in found]
        must(found and all(named), "other names")
    with report.check("a wrong token and a wrong secret are refused"):
        params = {"utoken": "another", "count": 1, "page": 1}
        wrong = requests.get(f"{base_url}/yotpo/v1/apps/{KEY}/reviews", params=params, timeout=10)
        must(wrong.status_code == 401, "taken")
        told = asked | {"client_secret": "another"}
        must(
            requests.post(f"{base_url}/yotpo/oauth/token", json=told, timeout=10).status_code == 401, "taken"
        )
    return int(report.has_failed)


def _pages(address: str, token: str, **params: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    page = 1
    while True:
        asked = {"utoken": token, "count": 2, "page": page, **params}
        found = requests.get(address, params=asked, timeout=10).json()["reviews"]
        if not found:
            return rows
        rows += found
        page += 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
