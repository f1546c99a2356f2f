"""HubSpot by its own client, which speaks the numbered paths and checks signatures."""

import json
import sys
import time
import urllib.request
from importlib.metadata import version
from typing import Any

from hubspot import HubSpot
from hubspot.crm.contacts import (
    BatchReadInputSimplePublicObjectId,
    PublicGdprDeleteInput,
    PublicObjectSearchRequest,
)
from hubspot.crm.contacts.models import BatchInputSimplePublicObjectBatchInputUpsert
from hubspot.crm.lists import ListCreateRequest
from hubspot.utils.signature import Signature

from fidelity.report import Report, must
from simulator.platforms.hubspot import push

KEY = "sim-hubspot-token"
NAMES = ["email", "firstname", "hs_email_optout", "lifecyclestage", "hs_merged_object_ids"]


def main(base_url: str) -> int:
    report = Report(base_url, "hubspot", f"hubspot-api-client {version('hubspot-api-client')}")
    client = _client(base_url, KEY)
    listed: list[Any] = []
    with report.check("contacts by list, in pages of 20") as notes:
        after = None
        while True:
            page = client.crm.contacts.basic_api.get_page(limit=20, after=after, properties=NAMES)
            listed += page.results
            if page.paging is None:
                break
            after = page.paging.next.after
        ids = [one.id for one in listed]
        must(len(ids) == len(set(ids)) > 50, "lost or twice")
        must(all(one.properties["hs_object_id"] == one.id for one in listed), "another's properties")
        notes.append(f"{len(ids)} contacts")
    with report.check("a search by change, in the order of numbers from the last one on") as notes:
        found = _changed_since(client, 0)
        must(sorted(found, key=int) == found and set(found) <= set(ids), "another order, or others")
        notes.append(f"{len(found)} found")
    with report.check("a search for what changed at a moment or after, the moment itself included"):
        moments = sorted({one.updated_at for one in listed})
        since = moments[-5]
        late = {one.id for one in listed if one.updated_at >= since}
        must(set(_changed_since(client, round(since.timestamp() * 1000))) == late, "others")
    with report.check("a search ends at 10,000 results"):
        must(_status(lambda: _search(client, 0, 0, after="9999", limit=200)) == 400, "it went on")
    with report.check("a batch, and what is missing in it"):
        inputs = [{"id": ids[0]}, {"id": "1"}]
        wanted = BatchReadInputSimplePublicObjectId(
            inputs=inputs, properties=NAMES, properties_with_history=[]
        )
        batch = client.crm.contacts.batch_api.read(wanted)
        must([one.id for one in batch.results] == ids[:1] and batch.num_errors == 1, "other results")
    with report.check("who survived names whom it took over, and is found under their number"):
        survivor = next(one for one in listed if one.properties["hs_merged_object_ids"])
        loser = survivor.properties["hs_merged_object_ids"].split(";")[0]
        must(client.crm.contacts.basic_api.get_by_id(loser).id == survivor.id, "another contact")
    with report.check("forms, their fields and words of consent") as notes:
        forms = client.marketing.forms.forms_api.get_page(limit=20).results
        notes.append(f"{len(forms)} forms")
        must(forms and all(form.field_groups for form in forms), "none, or no fields")
        told = _plain(client, base_url, "/marketing/v3/forms/")["results"]
        legal = [form["legalConsentOptions"] for form in told]
        must(all(one["type"] == "explicit_consent_to_process" for one in legal), "another kind of consent")
        must(any(one["communicationsCheckboxes"] for one in legal), "no boxes")
    with report.check("what was answered, newest first"):
        path = f"/form-integrations/v1/submissions/forms/{told[0]['id']}?limit=50"
        rows = _plain(client, base_url, path)["results"]
        times = [row["submittedAt"] for row in rows]
        must(rows and times == sorted(times, reverse=True), "none, or another order")
    with report.check("kinds of mail, and how an address stands"):
        kinds = client.communication_preferences.definition_api.get_page().subscription_definitions
        must({one.purpose for one in kinds} == {"Marketing", "Sales"}, "others")
        address = next(one.properties["email"] for one in listed if one.properties["email"])
        status = client.communication_preferences.status_api.get_email_status(address)
        must(status.recipient == address and len(status.subscription_statuses) == 3, "others")
    with report.check("its signature is one"):
        now = round(time.time() * 1000)
        headers, body = push.delivery([push.event("creation", ids[0], now)], now)
        given = (headers["X-HubSpot-Signature-v3"], push.SECRET, body.decode(), push.ADDRESS)
        told_at = headers["X-HubSpot-Request-Timestamp"]
        must(Signature.is_valid(*given, signature_version="v3", timestamp=told_at), "refused")
        older = (headers["X-HubSpot-Signature"], push.SECRET, body.decode())
        must(Signature.is_valid(*older, signature_version="v1"), "the older one is refused")
    for what, status, call in (
        ("a contact that is not there", 404, lambda: client.crm.contacts.basic_api.get_by_id("1")),
        ("a wrong token", 401, lambda: _client(base_url, "wrong").crm.contacts.basic_api.get_page(limit=1)),
    ):
        with report.check(f"the client understands {what}"):
            must(_status(call) == status, "another answer")
    # Last, for they change what is asked.
    _lists(report, client, ids[2], ids[3])
    with report.check("a deleted contact is listed apart, with when"):
        _delete(base_url, ids[1])
        gone = client.crm.contacts.basic_api.get_page(limit=100, archived=True).results
        must(all(one.archived and one.archived_at for one in gone), "no times")
        must(ids[1] in {one.id for one in gone}, "not there")
        must(_status(lambda: client.crm.contacts.basic_api.get_by_id(ids[1])) == 404, "listed twice")
    with report.check("a contact erased, and not there any more"):
        client.crm.contacts.basic_api.purge(PublicGdprDeleteInput(object_id=ids[0]))
        must(_status(lambda: client.crm.contacts.basic_api.get_by_id(ids[0])) == 404, "still there")
    return int(report.has_failed)


def _lists(report: Report, client: HubSpot, one: str, two: str) -> None:
    lists, members = client.crm.lists.lists_api, client.crm.lists.memberships_api
    with report.check("a list made, found by its name, filled and emptied") as notes:
        asked = ListCreateRequest(name="Firsthand: x", object_type_id="0-1", processing_type="MANUAL")
        made = lists.create(asked).list.list_id
        must(lists.get_by_name("Firsthand: x", "0-1").list.list_id == made, "another")
        must(_status(lambda: lists.create(asked)) == 400, "two of one name")
        must(_status(lambda: lists.get_by_name("none", "0-1")) == 404, "not 404")
        told = members.add(made, [one, two, "999999999"])
        must(sorted(told.records_ids_added) == sorted([one, two]), str(told))
        must(told.record_ids_missing == ["999999999"], str(told))
        page = members.get_page(made, limit=250)
        must({row.record_id for row in page.results} == {one, two} and page.total == 2, "others")
        members.remove(made, [one, two])
        must(not members.get_page(made).results, "not empty again")
        notes.append(f"list {made}")
    with report.check("contacts by address, and made where they are not there"):
        inputs = BatchInputSimplePublicObjectBatchInputUpsert(
            inputs=[
                {"id": "nouvelle@poste.example", "idProperty": "email",
                 "properties": {"email": "nouvelle@poste.example"}}
            ]
        )  # fmt: skip
        first = client.crm.contacts.batch_api.upsert(inputs).results
        again = client.crm.contacts.batch_api.upsert(inputs).results
        must((first[0].new, again[0].new, first[0].id) == (True, False, again[0].id), "made twice")
        asked = BatchReadInputSimplePublicObjectId(
            id_property="email", properties=["email"], properties_with_history=[],
            inputs=[{"id": "nouvelle@poste.example"}, {"id": "nobody@poste.example"}],
        )  # fmt: skip
        found = client.crm.contacts.batch_api.read(asked)
        must([row.id for row in found.results] == [first[0].id] and found.num_errors == 1, "others")


def _delete(base_url: str, key: str) -> None:
    """Somebody deletes a contact in HubSpot."""
    wish = json.dumps({"platform": "hubspot", "delete": key}).encode()
    urllib.request.urlopen(f"{base_url}/_sim/settings", wish, timeout=10).close()  # noqa: S310


def _client(base_url: str, token: str) -> HubSpot:
    return HubSpot(access_token=token, host=f"{base_url}/hubspot")


def _plain(client: HubSpot, base_url: str, path: str) -> Any:
    """What its classes leave out, by the client's own plain request."""
    return client.api_request({"base_url": f"{base_url}/hubspot", "path": path}).json()


def _changed_since(client: HubSpot, since: int) -> list[str]:
    """The numbers of all that changed, by pages of 20, each from the last number of the one before."""
    found: list[str] = []
    while True:
        page = _search(client, since, int(found[-1]) if found else 0, limit=20)
        found += [one.id for one in page.results]
        if page.total <= len(page.results):
            return found


def _search(client: HubSpot, since: int, last: int, *, limit: int, after: str | None = None) -> Any:
    filters = [
        {"propertyName": "lastmodifieddate", "operator": "GTE", "value": str(since)},
        {"propertyName": "hs_object_id", "operator": "GT", "value": str(last)},
    ]
    wanted = PublicObjectSearchRequest(
        filter_groups=[{"filters": filters}],
        sorts=[{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
        properties=NAMES,
        limit=limit,
        after=after,
    )
    return client.crm.contacts.search_api.do_search(wanted)


def _status(call: Any) -> int:
    """Each part of the client raises an error of its own."""
    try:
        call()
    except Exception as error:
        status = getattr(error, "status", None)
        if not isinstance(status, int):
            raise
        return status
    return 200


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
