"""Salesforce by simple-salesforce, the client that most Python programs ask it with."""

import json
import sys
from collections.abc import Callable
from importlib.metadata import version
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceError

from fidelity.report import Report, must

APP = {"client_id": "3MVG9sim.consumer.key", "client_secret": "sim-salesforce-secret"}


def main(base_url: str) -> int:
    report = Report(base_url, "salesforce", f"simple-salesforce {version('simple-salesforce')}")
    client = _client(base_url, _token(base_url))
    with report.check("the fields of a lead") as notes:
        names = {field["name"] for field in client.Lead.describe()["fields"]}
        must({"Id", "SystemModstamp", "MasterRecordId", "ConvertedContactId"} <= names, "some are missing")
        notes.append(f"{len(names)} fields")
    told: dict[str, list[dict[str, Any]]] = {}
    for of in ("Lead", "Contact", "Opportunity", "OpportunityContactRole"):
        with report.check(f"{of}: all of them, as many as are counted") as notes:
            fields = "Id, CreatedDate, SystemModstamp, IsDeleted"
            found = client.query_all(f"SELECT {fields} FROM {of} ORDER BY Id")
            told[of] = found["records"]
            keys = [row["Id"] for row in told[of]]
            must(found["done"] and len(keys) == len(set(keys)) == found["totalSize"] > 0, "lost, or twice")
            must(keys == sorted(keys) and all(len(key) == 18 for key in keys), "in another order, or no id")
            counted = client.query(f"SELECT COUNT() FROM {of}")["totalSize"]
            must(counted == len(keys), f"{counted} are counted")
            notes.append(f"{len(keys)}")
    with report.check("changed at or after a moment, the moment itself with it"):
        times = sorted({row["SystemModstamp"] for row in told["Lead"]})
        since = times[-4].replace(".000+0000", "Z")
        found = client.query(f"SELECT Id, SystemModstamp FROM Lead WHERE SystemModstamp >= {since}")[
            "records"
        ]
        must({row["SystemModstamp"] for row in found} == set(times[-4:]), "others")
    with report.check("after an id, so many of them"):
        middle = told["Lead"][3]["Id"]
        found = client.query(f"SELECT Id FROM Lead WHERE Id > '{middle}' ORDER BY Id LIMIT 5")["records"]
        must([row["Id"] for row in found] == [row["Id"] for row in told["Lead"][4:9]], "others")
    with report.check("those in the bin are told where they are asked for, and nowhere else") as notes:
        loser, survivor = told["Lead"][1]["Id"], told["Lead"][2]["Id"]
        _operate(base_url, {"platform": "salesforce", "merge": [loser, survivor]})
        soql = "SELECT Id, IsDeleted, MasterRecordId FROM Lead"
        gone = [row for row in client.query_all(soql, include_deleted=True)["records"] if row["IsDeleted"]]
        must([(row["Id"], row["MasterRecordId"]) for row in gone] == [(loser, survivor)], "others")
        must(not any(row["IsDeleted"] for row in client.query_all(soql)["records"]), "a deleted one")
        notes.append("one merged into another")
    with report.check("a converted lead names the contact it became"):
        soql = "SELECT Id, ConvertedContactId FROM Lead WHERE IsConverted = true"
        became = {row["ConvertedContactId"] for row in client.query_all(soql)["records"]}
        must(became and any(client.Contact.get(key)["Id"] == key for key in list(became)[:1]), "none")
    with report.check("how many calls of the day are used up is heard"):
        must(client.api_usage.get("api-usage"), "nothing is told")
    _errors(report, client, base_url)
    # Last, for it changes what is asked.
    with report.check("a lead deleted, and not there any more"):
        key = told["Lead"][0]["Id"]
        must(client.Lead.delete(key) == 204, "not done")
        must(_status(lambda: client.Lead.get(key)) == 404, "still there")
        must(_status(lambda: client.Lead.delete(key)) == 404, "not told that it was before")
    return int(report.has_failed)


def _token(base_url: str) -> str:
    """By the app's own credentials; the client would ask no other host for it than Salesforce's own."""
    form = urlencode({"grant_type": "client_credentials", **APP}).encode()
    asked = Request(f"{base_url}/salesforce/services/oauth2/token", form)  # noqa: S310 - loopback
    with urlopen(asked, timeout=10) as answer:  # noqa: S310
        return json.load(answer)["access_token"]


def _operate(base_url: str, wish: dict[str, Any]) -> None:
    body, kind = json.dumps(wish).encode(), {"Content-Type": "application/json"}
    urlopen(Request(f"{base_url}/_sim/settings", body, kind), timeout=10).close()  # noqa: S310 - loopback


def _client(base_url: str, session: str) -> Salesforce:
    client = Salesforce(session_id=session, instance_url=base_url, version="66.0")
    # https is built into it.
    client.base_url = f"{base_url}/salesforce/services/data/v66.0/"
    for of in ("Lead", "Contact"):
        made = getattr(client, of)
        made.base_url = f"{client.base_url}sobjects/{of}/"
        setattr(client, of, made)
    return client


def _errors(report: Report, client: Salesforce, base_url: str) -> None:
    ended = _client(base_url, "00D5e!ended")
    cases = (
        ("a field that is hidden", 400, lambda: client.query("SELECT Id, ContactId FROM Opportunity")),
        ("a query that is none", 400, lambda: client.query("SELECT FROM Lead")),
        ("a lead that is not there", 404, lambda: client.Lead.get("00Q5e00000ZZZZZEAA")),
        ("a session that has ended", 401, lambda: ended.query("SELECT Id FROM Lead")),
    )
    for what, status, call in cases:
        with report.check(f"the client understands {what}"):
            must(_status(call) == status, "another answer")


def _status(call: Callable[[], Any]) -> int:
    try:
        call()
    except SalesforceError as error:
        return int(error.status)
    return 200


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
