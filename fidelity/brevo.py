"""Brevo by its own SDK, whose models we make strict: it would pass over a missing field by itself."""

import sys
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import httpx
from brevo import Brevo
from brevo.contacts import AddContactToListRequestBodyIds, RemoveContactFromListRequestBodyIds
from brevo.core.api_error import ApiError
from pydantic import BaseModel

from fidelity.report import Report, must

KEY = "xkeysib-sim"


class Recorder:
    """Keeps the last body as it came, for a strict reading of it."""

    def __init__(self) -> None:
        self.http = httpx.Client(event_hooks={"response": [self._keep]}, timeout=20)
        self.last: Any = None

    def _keep(self, response: httpx.Response) -> None:
        response.read()
        self.last = response.json() if response.is_success and response.content else None


def main(base_url: str) -> int:
    report = Report(base_url, "brevo", f"brevo-python {version('brevo-python')}")
    recorder = Recorder()
    client = Brevo(api_key=KEY, base_url=f"{base_url}/brevo/v3", httpx_client=recorder.http, max_retries=0)

    def read(call: Callable[..., BaseModel], **params: Any) -> Any:
        """The SDK's object, after the same body has passed its model with every check on."""
        found = call(**params)
        type(found).model_validate(recorder.last)
        return found

    _contacts(report, client, read)
    _campaigns(report, client, read)
    _events(report, client, read)
    with report.check("account"):
        must(read(client.account.get_account).company_name, "no name")
    with report.check("blocked contacts with their reasons") as notes:
        blocked = read(client.transactional_emails.get_transac_blocked_contacts, limit=100)
        notes.append(
            f"{blocked.count} blocked: {', '.join(sorted({b.reason.code for b in blocked.contacts}))}"
        )
        must(blocked.count >= len(blocked.contacts) > 0, "none")
    _errors(report, client, base_url)
    _lists(report, client, read)
    # Last, for it changes what is asked.
    with report.check("a contact erased, and not there any more"):
        [first] = read(client.contacts.get_contacts, limit=1, sort="asc").contacts
        client.contacts.delete_contact(identifier=first.id, identifier_type="contact_id")
        must(
            read(client.contacts.get_contacts, limit=1, sort="asc").contacts[0].id != first.id, "still there"
        )
    return int(report.has_failed)


def _contacts(report: Report, client: Brevo, read: Callable[..., Any]) -> None:
    seen: list[Any] = []
    with report.check("contacts paged by 50 in the order of creation") as notes:
        while True:
            page = read(client.contacts.get_contacts, limit=50, offset=len(seen), sort="asc")
            seen += page.contacts
            if len(page.contacts) < 50:
                break
        must(len({contact.id for contact in seen}) == len(seen) == page.count, "lost or twice")
        must(any(contact.email is None for contact in seen), "nobody without an address")
        notes.append(f"{len(seen)} contacts")
    with report.check("contacts modified since, the moment included"):
        newest = max(contact.modified_at for contact in seen)
        found = read(client.contacts.get_contacts, modified_since=newest)
        must(newest in [contact.modified_at for contact in found.contacts], "the moment itself is left out")
    with report.check("one contact"):
        alone = read(client.contacts.get_contact_info, identifier=seen[0].id, identifier_type="contact_id")
        must(alone.id == seen[0].id and alone.statistics is not None, "another contact, or no statistics")
    with report.check("lists and attributes"):
        read(client.contacts.get_lists)
        names = {one.name for one in read(client.contacts.get_attributes).attributes}
        used = {name for contact in seen for name in contact.attributes.model_dump()}
        must(used <= names, f"attributes nobody declared: {used - names}")


def _campaigns(report: Report, client: Brevo, read: Callable[..., Any]) -> None:
    with report.check("campaigns with statistics, and without where not asked") as notes:
        told = read(client.email_campaigns.get_email_campaigns, statistics="globalStats", limit=50)
        silent = read(client.email_campaigns.get_email_campaigns, limit=50, status="sent")
        must(any(one.statistics.global_stats.sent for one in told.campaigns), "no figures")
        must(
            not any(one.statistics.global_stats.sent for one in silent.campaigns), "figures nobody asked for"
        )
        notes.append(f"{told.count} campaigns")


def _events(report: Report, client: Brevo, read: Callable[..., Any]) -> None:
    with report.check("custom events, newest first") as notes:
        found = read(client.event.get_events, limit=1000)
        dates = [event.event_date for event in found.events]
        must(dates and dates == sorted(dates, reverse=True), "none, or in another order")
        notes.append(f"{found.count} events")


def _lists(report: Report, client: Brevo, read: Callable[..., Any]) -> None:
    [one, two] = read(client.contacts.get_contacts, limit=2, sort="asc").contacts
    with report.check("a list in a folder of its own, filled by number and by address, and emptied") as notes:
        folder = client.contacts.create_folder(name="Firsthand").id
        must(folder in {f.id for f in read(client.contacts.get_folders, limit=50).folders}, "no such folder")
        made = client.contacts.create_list(folder_id=folder, name="Firsthand: x").id
        must(read(client.contacts.get_contacts_from_list, list_id=made).count == 0, "not empty")
        added = client.contacts.add_contact_to_list(
            list_id=made, request=AddContactToListRequestBodyIds(ids=[one.id, two.id, 999_999_999])
        )
        must(len(added.contacts.success) == 2 and len(added.contacts.failure) == 1, str(added.contacts))
        client.contacts.create_contact(email="nouvelle@poste.example", list_ids=[made])
        found = read(client.contacts.get_contacts_from_list, list_id=made, limit=500, sort="asc").contacts
        must({one.id, two.id} < {c.id for c in found} and len(found) == 3, "others")
        must(all(made in c.list_ids for c in found), "contacts do not say so")
        client.contacts.remove_contact_from_list(
            list_id=made, request=RemoveContactFromListRequestBodyIds(ids=[c.id for c in found])
        )
        must(read(client.contacts.get_contacts_from_list, list_id=made).count == 0, "not empty again")
        notes.append(f"list {made}")
    with report.check("somebody who is on the list, and somebody who is a contact already") as notes:
        for call in (
            lambda: client.contacts.remove_contact_from_list(
                list_id=made, request=RemoveContactFromListRequestBodyIds(ids=[one.id])
            ),
            lambda: client.contacts.create_contact(email="nouvelle@poste.example"),
        ):
            try:
                call()
            except ApiError as error:
                must(error.status_code == 400, str(error.status_code))
                notes.append(error.body["code"] if isinstance(error.body, dict) else error.body.code)
            else:
                must(False, "no error")


def _errors(report: Report, client: Brevo, base_url: str) -> None:
    wrong = Brevo(api_key="wrong", base_url=f"{base_url}/brevo/v3", max_retries=0)
    cases = (
        ("a contact that is not there", 404, "document_not_found",
         lambda: client.contacts.get_contact_info(identifier=999_999_999, identifier_type="contact_id")),
        ("a limit out of range", 400, "out_of_range", lambda: client.contacts.get_contacts(limit=5000)),
        ("a wrong key", 401, "unauthorized", lambda: wrong.contacts.get_contacts()),
    )  # fmt: skip
    for what, status, code, call in cases:
        with report.check(f"the SDK understands {what}"):
            try:
                call()
            except ApiError as error:
                body = error.body if isinstance(error.body, dict) else vars(error.body)
                must((error.status_code, body["code"]) == (status, code), f"{error.status_code} {body}")
            else:
                must(False, "no error")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
