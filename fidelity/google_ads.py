"""Google Ads by the message types of its own client: every answer, read and written back, is the same.

The client itself speaks gRPC over TLS and cannot be pointed at an address of ours. Its types take no field
and no word they do not know; written back, numbers are text and whatever is zero must have been left out.
"""

import json
import re
import sys
from importlib.metadata import version
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from google.ads.googleads.v26.errors.types.errors import GoogleAdsFailure
from google.ads.googleads.v26.services.types.google_ads_service import (
    GoogleAdsRow,
    SearchGoogleAdsStreamResponse,
)
from google.protobuf.descriptor import Descriptor
from google.protobuf.json_format import MessageToDict, ParseDict

from connectors.google_ads import fetch, figures
from fidelity.report import Report, must

CUSTOMER, MANAGER = "1234567890", "9876543210"
APP = {
    "grant_type": "refresh_token",
    "refresh_token": "sim-google-refresh",
    "client_id": "sim-google-client",
    "client_secret": "sim-google-secret",
}
DAYS = "segments.date BETWEEN '2026-10-22' AND '2026-11-20'"
LEADS_WON = f"{DAYS} AND segments.conversion_action_category = 'SUBMIT_LEAD_FORM'"
QUERIES = {
    "the account and its days": fetch.CUSTOMER,
    "forms with what they ask": fetch.FORMS,
    "leads with their answers": fetch.LEADS,
    **{
        f"figures of {level} by day": f"SELECT {names}, {figures.COUNTED} FROM {level} WHERE {DAYS}"
        for level, names in figures.NAMES.items()
    },
    **{
        f"leads won by {level} and day": f"SELECT {names}, {figures.LEADS} FROM {level} WHERE {LEADS_WON}"
        for level, names in figures.NAMES.items()
    },
}


def main(base_url: str) -> int:
    report = Report(base_url, "google_ads", f"google-ads {version('google-ads')} (messages)")
    api = f"{base_url}/google_ads"
    token = _asked(f"{api}/token", urlencode(APP).encode(), {})["access_token"]
    headers = {
        "Authorization": f"Bearer {token}",
        "developer-token": "sim-google-developer",
        "login-customer-id": MANAGER,
        "Content-Type": "application/json",
    }
    path = f"{api}/v26/customers/{CUSTOMER}/googleAds:searchStream"
    for what, query in QUERIES.items():
        with report.check(what) as notes:
            _fields(query)
            chunks = _asked(path, json.dumps({"query": query}).encode(), headers)
            rows = sum(_same(SearchGoogleAdsStreamResponse, chunk) for chunk in chunks)
            must(rows, "nothing to judge")
            notes.append(f"{rows} rows in {len(chunks)} chunks")
    refusals = {
        "an unknown field": (path, "SELECT campaign.nothing FROM campaign", headers),
        "another's account": (path.replace(CUSTOMER, "1"), fetch.CUSTOMER, headers),
        "another's token": (path, fetch.CUSTOMER, headers | {"Authorization": "Bearer x"}),
        "a wrong developer token": (path, fetch.CUSTOMER, headers | {"developer-token": "x"}),
    }
    with report.check("refusals: " + ", ".join(refusals)):
        for address, query, told in refusals.values():
            _refused(address, json.dumps({"query": query}).encode(), told)
    return int(report.has_failed)


def _asked(address: str, body: bytes, headers: dict[str, str]) -> Any:
    with urlopen(Request(address, body, headers), timeout=30) as answer:  # noqa: S310
        return json.load(answer)


def _same(kind: Any, told: dict[str, Any]) -> int:
    """How many rows the message holds. Raises where it is another after reading and writing."""
    message = ParseDict(told, kind.pb(kind()))
    back = MessageToDict(message)
    must(back == told, f"another after reading: {_difference(told, back)}")
    return len(told.get("results", ()))


def _difference(told: Any, back: Any, where: str = "") -> str:
    if isinstance(told, dict) and isinstance(back, dict):
        for name in {*told, *back}:
            if told.get(name) != back.get(name):
                return _difference(told.get(name), back.get(name), f"{where}.{name}")
    if isinstance(told, list) and isinstance(back, list) and len(told) == len(back):
        for number, (ours, theirs) in enumerate(zip(told, back, strict=True)):
            if ours != theirs:
                return _difference(ours, theirs, f"{where}[{number}]")
    return f"{where}: {told!r} became {back!r}"[:200]


def _fields(query: str) -> None:
    """Every field asked for is one of a row's."""
    named = re.search(r"SELECT (.+) FROM", query)
    for field in named[1].split(", ") if named else ():
        kind: Descriptor | None = GoogleAdsRow.pb(GoogleAdsRow()).DESCRIPTOR
        for name in field.split("."):
            must(kind is not None and name in kind.fields_by_name, f"no field {field}")
            kind = kind.fields_by_name[name].message_type if kind else None


def _refused(address: str, body: bytes, headers: dict[str, str]) -> None:
    try:
        _asked(address, body, headers)
    except HTTPError as error:
        [told] = json.load(error)
        [detail] = told["error"]["details"]
        kind = detail.pop("@type")
        must(kind == "type.googleapis.com/google.ads.googleads.v26.errors.GoogleAdsFailure", kind)
        _same(GoogleAdsFailure, detail)
        must(told["error"]["code"] == error.code, "another status")
    else:
        must(False, "not refused")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
