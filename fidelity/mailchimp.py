"""Mailchimp by its own client, which hands out what came as it is, and a 404 as if it were an answer."""

import hashlib
import sys
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from mailchimp_marketing import Client
from mailchimp_marketing.api_client import ApiClientError

from fidelity.report import Report, must

KEY = "sim-mailchimp-us1"
STATUSES = ("subscribed", "unsubscribed", "cleaned", "pending", "transactional", "archived")


def main(base_url: str) -> int:
    report = Report(base_url, "mailchimp", f"mailchimp-marketing {version('mailchimp-marketing')}")
    client = _client(base_url, KEY)
    with report.check("ping"):
        must(client.ping.get()["health_status"], "no answer")
    with report.check("audiences") as notes:
        audiences = client.lists.get_all_lists(count=1000)["lists"]
        must(len(audiences) == 2, "others")
        notes.append(", ".join(one["name"] for one in audiences))
    first = audiences[0]["id"]
    with report.check("groups of interests and their words"):
        [group] = client.lists.get_list_interest_categories(first)["categories"]
        found = client.lists.list_interest_category_interests(first, group["id"])["interests"]
        must(all(one["name"] and one["id"] for one in found) and found, "no words")
    seen: list[dict] = []
    with report.check("members in pages of 20; the plain list hides the archived") as notes:
        while True:
            page = client.lists.get_list_members_info(
                first, count=20, offset=len(seen), sort_field="timestamp_signup"
            )
            seen += page["members"]
            if len(page["members"]) < 20:
                break
        must(len(seen) == len({one["id"] for one in seen}) == page["total_items"], "lost or twice")
        must(all(one["status"] != "archived" for one in seen), "an archived one")
        notes.append(f"{len(seen)} members")
    with report.check("members by state") as notes:
        by_state = {
            state: client.lists.get_list_members_info(first, count=1000, status=state)["members"]
            for state in STATUSES
        }
        must(sum(map(len, by_state.values())) == len(seen) + len(by_state["archived"]), "others")
        notes.append(", ".join(f"{len(members)} {state}" for state, members in by_state.items()))
    _tags(report, client, first, by_state)
    with report.check("members changed after a moment, the moment itself left out"):
        times = sorted({one["last_changed"] for one in seen})
        after = client.lists.get_list_members_info(first, count=1000, since_last_changed=times[-5])["members"]
        must({one["last_changed"] for one in after} == set(times[-4:]), "others")
    with report.check("what was sent, with its figures"):
        letters = client.reports.get_all_campaign_reports(count=1000)["reports"]
        must(letters and all(one["emails_sent"] >= one["clicks"]["unique_clicks"] for one in letters), "none")
    with report.check("who clicked, left and complained") as notes:
        counts = [_acts(client, letter["id"]) for letter in letters]
        acts, left, complained = (sum(column) for column in zip(*counts, strict=True))
        must(acts and left, "nobody")
        notes.append(f"{acts} acts, {left} left, {complained} complained")
    _errors(report, client, base_url, first)
    # Last, for it changes what is asked.
    with report.check("a member erased, and not there any more"):
        key = seen[0]["id"]
        must(client.lists.get_list_member(first, key)["id"] == key, "another member")
        client.lists.delete_list_member_permanent(first, key)
        must(_status(lambda: client.lists.get_list_member(first, key)) == 404, "still there")
    return int(report.has_failed)


def _client(base_url: str, key: str) -> Client:
    client = Client({"api_key": key})
    client.api_client.host = f"{base_url}/mailchimp/3.0"
    return client


def _acts(client: Client, letter: str) -> tuple[int, int, int]:
    readers = client.reports.get_email_activity_for_campaign(letter, count=1000)["emails"]
    left = client.reports.get_unsubscribed_list_for_campaign(letter, count=1000)["unsubscribes"]
    complained = client.reports.get_campaign_abuse_reports(letter)["abuse_reports"]
    return sum(len(one["activity"]) for one in readers), len(left), len(complained)


def _errors(report: Report, client: Client, base_url: str, first: str) -> None:
    wrong = _client(base_url, "wrong-us1")
    cases = (
        ("a member that is not there", 404, lambda: client.lists.get_list_member(first, "0" * 32)),
        ("a moment that is none", 400,
         lambda: client.lists.get_list_members_info(first, since_last_changed="lately")),
        ("a wrong key", 401, lambda: wrong.ping.get()),
    )  # fmt: skip
    for what, status, call in cases:
        with report.check(f"the client understands {what}"):
            must(_status(call) == status, "another answer")


def _status(call: Callable[[], Any]) -> int:
    """Some refusals are raised, a 404 is handed out as it came."""
    try:
        answer = call()
    except ApiClientError as error:
        return error.status_code
    return getattr(answer, "status_code", 200)


def _tags(report: Report, client: Client, audience: str, by_state: dict[str, list[dict]]) -> None:
    one, two = (member["email_address"] for member in by_state["subscribed"][:2])
    gone = by_state["unsubscribed"][0]["email_address"]
    with report.check("a tag made, given, and taken away; members keep their status") as notes:
        made = client.lists.create_segment(audience, {"name": "Firsthand: x", "static_segment": []})["id"]
        told = client.lists.batch_segment_members(
            {"members_to_add": [one, two, gone, "nobody@poste.example"]}, audience, str(made)
        )
        must(told["total_added"] == 3 and told["error_count"] == 1, str(told))
        shown = client.lists.get_segment_members_list(audience, str(made), count=1000)["members"]
        must({member["email_address"] for member in shown} == {one, two}, "others, or the unsubscribed shown")
        whole = client.lists.get_segment_members_list(audience, str(made), include_unsubscribed=True)
        must(len(whole["members"]) == 3, "the unsubscribed not shown")
        must(client.lists.get_list_member(audience, _hash(gone))["status"] == "unsubscribed", "put back")
        client.lists.batch_segment_members({"members_to_remove": [one, two, gone]}, audience, str(made))
        found = client.lists.list_segments(audience, type="static", count=1000)["segments"]
        must([s["member_count"] for s in found if s["id"] == made] == [0], "not empty again")
        notes.append(f"tag {made}")


def _hash(address: str) -> str:
    return hashlib.md5(address.lower().encode(), usedforsecurity=False).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
