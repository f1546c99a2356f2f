"""Calendly by a client generated from its published API description: every answer parses, pages lead on.

That description is of 2023: what was added since is told in the notes, and a field missing from ours fails.
"""

import dataclasses
import sys
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import requests
from calendly import Calendly
from calendly.models import operations, shared

from fidelity.report import Report, must

TOKEN = "sim-calendly-token"  # noqa: S105 - of the simulator


def main(base_url: str) -> int:
    report = Report(base_url, "calendly", f"calendly-py {version('calendly-py')}")
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {TOKEN}"
    client = Calendly(
        server_url=f"{base_url}/calendly", client=session, security=shared.Security(oauth2=f"Bearer {TOKEN}")
    )
    organization = ""
    with report.check("whose token it is, and of which organisation"):
        organization = _told(client.users.me()).resource.current_organization
        must(organization.startswith("https://"), "no address")
    with report.check("event types with what they ask, in pages of 2") as notes:
        asked = operations.ListEventTypesRequest(organization=organization, count=2)
        types = list(_all(client.event_types.list, asked, notes))
        must(len({one.uri for one in types}) == len(types) > 0, "none, or one twice")
        must(
            all(question.name for one in types for question in one.custom_questions),
            "a question without words",
        )
        notes.append(f"{len(types)} types")
    events: list[Any] = []
    with report.check("scheduled events by when they start, in pages of 7") as notes:
        wanted = operations.ListScheduledEventsRequest(
            organization=organization, count=7, sort="start_time:asc"
        )
        events += _all(client.scheduled_events.list, wanted, notes)
        must(len({one.uri for one in events}) == len(events) > 0, "none, or one twice")
        must([one.start_time for one in events] == sorted(one.start_time for one in events), "not in order")
        notes.append(f"{len(events)} events")
    with report.check("only those that start at or after a moment"):
        begin = sorted(one.start_time for one in events)[len(events) // 2]
        wanted = operations.ListScheduledEventsRequest(
            organization=organization, count=100, min_start_time=begin.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        )
        found = list(_all(client.scheduled_events.list, wanted, []))
        must({one.uri for one in found} == {one.uri for one in events if one.start_time >= begin}, "others")
    invitees: list[Any] = []
    with report.check("the invitees of each event, as many as it counts") as notes:
        for one in events:
            wanted = operations.GetInviteesRequest(uuid=one.uri.rpartition("/")[2])
            found = list(_all(client.scheduled_events.get_invitees, wanted, notes))
            must(len(found) == one.invitees_counter.total, "another number than the event says")
            must(all(invitee.event == one.uri for invitee in found), "of another event")
            invitees += found
        must(invitees, "nobody")
        notes.append(f"{len(invitees)} invitees")
    with report.check("who moved an appointment is told from both sides") as notes:
        by_uri = {one.uri: one for one in invitees}
        moved = [one for one in invitees if one.rescheduled]
        must(moved, "nobody moved one")
        must(all(by_uri[one.new_invitee].old_invitee == one.uri for one in moved), "not from both")
        notes.append(f"{len(moved)} moved")
    with report.check("an erasure is taken note of"):
        body = operations.PostDataComplianceDeletionInviteesRequestBody([invitees[0].email])
        done = client.data_compliance.delete_invitee_data(body)
        must(done.status_code == 202, f"status {done.status_code}")
    with report.check("a list of nobody's organisation is refused as documented"):
        asked = operations.ListScheduledEventsRequest(
            organization="https://api.calendly.com/organizations/NONE"
        )
        told = client.scheduled_events.list(asked)
        must(told.status_code == 400 and told.raw_response.json()["title"] == "Invalid Argument", "taken")
    return int(report.has_failed)


def _told(answer: Any) -> Any:
    """What a good answer holds: its one field that is no envelope."""
    must(answer.status_code == 200, f"status {answer.status_code}")
    names = {field.name for field in dataclasses.fields(answer)}
    return next(
        found for name in names if name.endswith("_object") or name == "scheduled_events_response"
        if (found := getattr(answer, name)) is not None
    )  # fmt: skip


def _all(ask: Any, request: Any, notes: list[str]) -> Iterator[Any]:
    while True:
        answer = ask(request)
        told = _told(answer)
        for raw, one in zip(answer.raw_response.json()["collection"], told.collection, strict=True):
            newer = sorted(raw.keys() - {field.name for field in dataclasses.fields(one)})
            if newer and (text := f"not in it: {', '.join(newer)}") not in notes:
                notes.append(text)
            yield one
        if not told.pagination.next_page_token:
            return
        request = dataclasses.replace(request, page_token=told.pagination.next_page_token)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
