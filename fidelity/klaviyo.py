"""Klaviyo by its own client of the very revision, whose models refuse answers of another shape."""

import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from typing import Any
from urllib.parse import parse_qs, urlsplit

from klaviyo_api import KlaviyoAPI

from fidelity.report import Report, must

KEY = "pk_sim"


def main(base_url: str) -> int:
    report = Report(base_url, "klaviyo", f"klaviyo-api {version('klaviyo-api')}")
    client = _client(base_url, KEY)
    with report.check("the account"):
        must(client.Accounts.get_accounts().data[0].attributes.preferred_currency == "EUR", "another")
    seen: list[Any] = []
    with report.check("profiles in pages of 20, oldest first") as notes:
        seen = list(_all(client.Profiles.get_profiles, sort="created", page_size=20))
        keys = [one.id for one in seen]
        must(len(keys) == len(set(keys)), "twice")
        made = [one.attributes.created for one in seen]
        must(made == sorted(made), "in another order")
        notes.append(f"{len(seen)} profiles")
    with report.check("how channels stand is told only where it is asked for") as notes:
        must(all(not getattr(one.attributes, "subscriptions", None) for one in seen), "told unasked")
        whole = list(
            _all(client.Profiles.get_profiles, additional_fields_profile=["subscriptions"], page_size=100)
        )
        mails = [one.attributes.subscriptions.email.marketing for one in whole]
        words = sorted({mail.consent for mail in mails})
        must(words == ["NEVER_SUBSCRIBED", "SUBSCRIBED", "UNSUBSCRIBED"], str(words))
        reasons = sorted({one.reason for mail in mails for one in mail.suppression or ()})
        must({"UNSUBSCRIBE", "HARD_BOUNCE"} <= set(reasons), str(reasons))
        notes.append(", ".join(reasons))
    with report.check("profiles changed after a moment, the moment itself left out"):
        times = sorted({one.attributes.updated for one in seen})
        asked = f"greater-than(updated,{times[-4].strftime('%Y-%m-%dT%H:%M:%SZ')})"
        found = list(_all(client.Profiles.get_profiles, filter=asked, sort="updated"))
        must({one.attributes.updated for one in found} == set(times[-3:]), "others")
    kinds: dict[str, str] = {}
    with report.check("kinds of events") as notes:
        kinds = {one.attributes.name: one.id for one in client.Metrics.get_metrics().data}
        notes.append(", ".join(sorted(kinds)))
    with report.check("events of one kind in pages of 50, by time") as notes:
        asked = f'equals(metric_id,"{kinds["Clicked Email"]}")'
        events = list(_all(client.Events.get_events, filter=asked, sort="datetime", page_size=50))
        must(len(events) == len({one.id for one in events}) > 50, "too few, or twice")
        must(all(one.relationships.profile.data.id for one in events), "nobody's")
        notes.append(f"{len(events)} clicks")
    with report.check("one event with its kind"):
        one = client.Events.get_event(events[0].id, include=["metric"])
        must(one.included[0]["attributes"]["name"] == "Clicked Email", "another kind")
    with report.check("campaigns by channel, those put away only where asked for") as notes:
        asked = "equals(messages.channel,'email'),equals(archived,{})"
        there, away = (
            client.Campaigns.get_campaigns(filter=asked.format(one)).data for one in ("false", "true")
        )
        must(there and away and all(one.attributes.archived for one in away), "none, or others")
        notes.append(f"{len(there)} and {len(away)} put away")
    with report.check("the report of their figures") as notes:
        told = client.Reporting.query_campaign_values(_report(kinds["Placed Order"]))
        results = told.data.attributes.results
        must(results and all(one.statistics["delivered"] >= 0 for one in results), "none")
        notes.append(f"{len(results)} lines")
    _errors(report, client, base_url)
    # Last, for it changes what is asked.
    with report.check("a profile's deletion noted, and then not there any more"):
        whom = {"type": "profile", "id": seen[0].id, "attributes": {}}
        body = {"type": "data-privacy-deletion-job", "attributes": {"profile": {"data": whom}}}
        client.Data_Privacy.request_profile_deletion({"data": body})
        must(_status(lambda: client.Profiles.get_profile(seen[0].id)) == 404, "still there")
    return int(report.has_failed)


def _client(base_url: str, key: str) -> KlaviyoAPI:
    return KlaviyoAPI(key, max_delay=1, max_retries=1, test_host=f"{base_url}/klaviyo")


def _all(call: Callable[..., Any], **asked: Any) -> Iterator[Any]:
    cursor = None
    while True:
        answer = call(**asked, **({"page_cursor": cursor} if cursor else {}))
        yield from answer.data
        if not answer.links.next:
            return
        cursor = parse_qs(urlsplit(answer.links.next).query)["page[cursor]"][0]


def _report(success: str) -> dict[str, Any]:
    attributes = {
        "statistics": ["delivered", "bounced", "clicks_unique", "unsubscribe_uniques", "spam_complaints"],
        "timeframe": {"key": "last_12_months"},
        "conversion_metric_id": success,
    }
    return {"data": {"type": "campaign-values-report", "attributes": attributes}}


def _errors(report: Report, client: KlaviyoAPI, base_url: str) -> None:
    wrong = _client(base_url, "pk_wrong")
    cases = (
        ("a profile that is not there", 404, lambda: client.Profiles.get_profile("01NOBODY")),
        ("a filter that is not offered", 400,
         lambda: client.Profiles.get_profiles(filter="greater-or-equal(updated,2026-01-01T00:00:00Z)")),
        ("campaigns of no channel", 400,
         lambda: client.Campaigns.get_campaigns(filter="equals(archived,false)")),
        ("a wrong key", 401, lambda: wrong.Accounts.get_accounts()),
    )  # fmt: skip
    for what, status, call in cases:
        with report.check(f"the client understands {what}"):
            must(_status(call) == status, "another answer")


def _status(call: Callable[[], Any]) -> int:
    try:
        call()
    except Exception as error:
        return int(getattr(error, "status", 0) or 0)
    return 200


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
