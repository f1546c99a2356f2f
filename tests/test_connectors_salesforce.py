"""Salesforce: queries over REST, fields that may be hidden, a bin, sessions that end, ids of two lengths."""

from datetime import UTC, date, datetime

import pytest
from tape import asked, env, fetched, how_asked, play, stream

from connectors import salesforce
from connectors.client import Answer, Retry
from connectors.salesforce.api import judge
from connectors.salesforce.read import whole_id
from connectors.salesforce.versions import api_version
from connectors.stream import (
    Announced,
    BadAnswer,
    BrokenToken,
    MissingCredential,
    MissingPermission,
    NotThere,
    Page,
    PlatformDown,
    Reading,
    RetiredVersion,
    Since,
)

ALL = Since(None)
LATELY = Since(datetime(2026, 11, 19, tzinfo=UTC), {"": 2})
DATA = "services/data/v66.0"
TOKEN = ("POST services/oauth2/token", {"access_token": "t1", "instance_url": "https://platform.example"})
COUNT = (f"GET {DATA}/query", {"totalSize": 2, "done": True, "records": []})
QUERY = f"GET {DATA}/queryAll"
ENDED = ([{"errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid"}], 401)


def fields(*more: str) -> tuple:
    names = ("Id", "CreatedDate", "SystemModstamp", "IsDeleted", *more)
    return f"GET {DATA}/sobjects/Lead/describe", {"fields": [{"name": one} for one in names]}


def found(*rows: str | dict, following: str | None = None) -> dict:
    told = [{"Id": row} if isinstance(row, str) else row for row in rows]
    page = {"totalSize": len(told), "done": following is None, "records": told}
    return page | ({"nextRecordsUrl": following} if following else {})


def test_all_leads_are_asked_for_by_id_with_the_fields_that_are_seen():
    client = play("salesforce", TOKEN, COUNT, fields("Email", "Secret__c"), (QUERY, found("A1", "A2")))
    rows, announced = fetched(stream("salesforce", "lead_records"), client, "maison", ALL)
    assert [row["Id"] for row in rows] == ["A1", "A2"] and announced == {"": 2}
    soql = "SELECT Id, CreatedDate, SystemModstamp, IsDeleted, Email FROM Lead ORDER BY Id LIMIT 2000"
    assert asked(client)["q"] == soql
    assert how_asked(client)["headers"]["Authorization"] == "Bearer t1"


def test_changes_alone_are_asked_for_when_nothing_is_missing():
    client = play("salesforce", TOKEN, COUNT, fields(), (QUERY, found("A1")))
    fetched(stream("salesforce", "lead_records"), client, "maison", LATELY)
    assert asked(client)["q"].endswith(
        "FROM Lead WHERE SystemModstamp >= 2026-11-19T00:00:00Z ORDER BY SystemModstamp, Id"
    )
    more = play("salesforce", TOKEN, (COUNT[0], {"totalSize": 3}), fields(), *[(QUERY, found("A1"))] * 2)
    fetched(stream("salesforce", "lead_records"), more, "maison", LATELY)
    assert "WHERE" not in asked(more)["q"], "somebody came late, with an old date"


def test_the_next_page_is_found_by_its_locator_wherever_the_org_is():
    following = "/services/data/v66.0/query/01g5e0000000001AAA-2000"
    client = play(
        "salesforce", TOKEN, COUNT, fields(), (QUERY, found("A1", following=following)),
        (f"GET {DATA}/query/01g5e0000000001AAA-2000", found("A2")),
    )  # fmt: skip
    rows, _ = fetched(stream("salesforce", "lead_records"), client, "maison", ALL)
    assert [row["Id"] for row in rows] == ["A1", "A2"]
    for odd in ("", "/services/data/v66.0/query/", "/x/../../secret?"):
        broken = play(
            "salesforce",
            TOKEN,
            COUNT,
            fields(),
            (QUERY, found("A1") | {"done": False, "nextRecordsUrl": odd}),
        )
        with pytest.raises(BadAnswer, match="nothing leads to it"):
            fetched(stream("salesforce", "lead_records"), broken, "maison", ALL)


def test_more_than_a_page_of_all_goes_on_after_the_last_id():
    full = [f"A{number:04}" for number in range(2000)]
    client = play("salesforce", TOKEN, COUNT, fields(), (QUERY, found(*full)), (QUERY, found("B1")))
    rows, _ = fetched(stream("salesforce", "lead_records"), client, "maison", ALL)
    assert len(rows) == 2001 and " WHERE Id > 'A1999' ORDER BY Id" in asked(client)["q"]
    stuck = play("salesforce", TOKEN, COUNT, fields(), (QUERY, found(*full)), (QUERY, found(*full)))
    with pytest.raises(BadAnswer, match="nothing leads to it"):
        fetched(stream("salesforce", "lead_records"), stuck, "maison", ALL)


def test_what_is_in_the_bin_is_a_deletion_and_what_was_merged_says_into_what():
    gone = {
        "Id": "A2",
        "IsDeleted": True,
        "SystemModstamp": "2026-11-19T10:00:00.000+0000",
        "Email": "ana@poste.example",
    }
    merged = {"Id": "A3", "IsDeleted": True, "MasterRecordId": "A1", "Email": "bo@poste.example"}
    client = play(
        "salesforce", TOKEN, COUNT, fields("Email", "MasterRecordId"), (QUERY, found("A1", gone, merged))
    )
    told = [
        one
        for one in stream("salesforce", "lead_records").fetch(client, "maison", LATELY)
        if isinstance(one, Page)
    ]
    assert [(one.op, [row["Id"] for row in one.rows]) for one in told] == [
        ("upsert", ["A1", "A3"]), ("delete", ["A2"]),
    ]  # fmt: skip
    assert "ana@" not in str(told[1].rows), "of who was deleted nothing is kept but that"


def test_a_field_that_must_be_seen_and_is_not_is_named():
    hidden = (fields()[0], {"fields": [{"name": "Id"}, {"name": "CreatedDate"}, {"name": "IsDeleted"}]})
    client = play("salesforce", TOKEN, COUNT, hidden)
    with pytest.raises(MissingPermission, match="SystemModstamp"):
        fetched(stream("salesforce", "lead_records"), client, "maison", ALL)


def test_a_session_that_ended_is_begun_anew_once():
    again = (TOKEN[0], {"access_token": "t2"})
    client = play("salesforce", TOKEN, (COUNT[0], *ENDED), again, COUNT, fields(), (QUERY, found("A1")))
    items = list(stream("salesforce", "lead_records").fetch(client, "maison", ALL))
    assert isinstance(items[0], Announced)
    assert how_asked(client)["headers"]["Authorization"] == "Bearer t2"
    refused = play("salesforce", TOKEN, (COUNT[0], *ENDED), again, (COUNT[0], *ENDED))
    with pytest.raises(BrokenToken, match="SALESFORCE_CLIENT_SECRET"):
        fetched(stream("salesforce", "lead_records"), refused, "maison", ALL)


@pytest.mark.parametrize(
    ("status", "data", "verdict"),
    [
        (403, "REQUEST_LIMIT_EXCEEDED: TotalRequests Limit exceeded.", PlatformDown),
        (403, "REQUEST_LIMIT_EXCEEDED: ConcurrentPerOrgLongTxn Limit exceeded.", Retry),
        (503, "SERVER_UNAVAILABLE: ", Retry),
        (500, None, Retry),
        (401, "INVALID_SESSION_ID: ", BrokenToken),
        (403, "API_DISABLED_FOR_ORG: ", MissingPermission),
        (400, "INSUFFICIENT_ACCESS_OR_READONLY: ", MissingPermission),
        (404, "NOT_FOUND: ", NotThere),
        (404, "ENTITY_IS_DELETED: ", NotThere),
        (410, "UNSUPPORTED_API_VERSION: ", RetiredVersion),
        (400, "MALFORMED_QUERY: ana@poste.example is no field", BadAnswer),
    ],
)
def test_what_an_error_means_and_that_it_names_nobody(status, data, verdict):
    code, _, message = (data or "").partition(": ")
    found = judge(Answer(status, {}, [{"errorCode": code, "message": message}] if data else None))
    assert isinstance(found, verdict) and "ana@" not in str(found)
    assert verdict is not RetiredVersion or "platforms.salesforce.version" in str(found)


def test_an_app_that_is_refused_names_its_variables():
    client = play("salesforce", (TOKEN[0], {"error": "invalid_client"}, 400))
    with pytest.raises(BrokenToken, match="SALESFORCE_CLIENT_ID and SALESFORCE_CLIENT_SECRET"):
        fetched(stream("salesforce", "lead_records"), client, "maison", ALL)


def test_the_org_has_an_address_of_its_own():
    made = env()
    del made.settings["base_url"]
    with pytest.raises(MissingCredential, match=r"platforms\.salesforce\.instance"):
        salesforce.client(made)
    made.settings["instance"] = "https://maison.my.salesforce.com"
    assert salesforce.client(made).http.base_url == "https://maison.my.salesforce.com/"


def test_erasing_puts_into_the_bin():
    ask = stream("salesforce", "contacts").erasing.ask
    path = f"DELETE {DATA}/sobjects/Contact/003"
    assert ask(play("salesforce", TOKEN, (path, None, 204)), "003", {}) == "requested"
    gone = [{"errorCode": "ENTITY_IS_DELETED"}]
    assert ask(play("salesforce", TOKEN, (path, gone, 404)), "003", {}) == "not_there"


def test_versions_are_counted_and_none_ends_before_three_years():
    assert api_version({}).ends == date(2029, 2, 1)
    assert api_version({"version": "67.0"}).ends == date(2029, 6, 1)
    assert api_version({"version": "0.0"}) is not None and api_version({"version": "latest"}) is None


def test_fifteen_characters_and_eighteen_are_one_id():
    # From Salesforce's own description of the check.
    assert whole_id("001A0000006Vm9r") == "001A0000006Vm9rIAC"
    assert whole_id("001A0000006Vm9rIAC") == "001A0000006Vm9rIAC"
    assert whole_id("no id at all") == "no id at all"


def test_a_line_of_the_weekly_export_has_the_shape_of_the_api():
    leads, contacts = salesforce.EXPORTS
    cells = {
        "id": "00Q5e000000000A",
        "isdeleted": "0",
        "lastname": "Roux",
        "email": "ana@poste.example",
        "hasoptedoutofemail": "1",
        "createddate": "2026-01-02 10:00:00",
        "systemmodstamp": "2026-01-03 10:00:00",
        "convertedcontactid": "",
    }
    row = leads.to_row(cells, Reading())
    assert (row["Id"], row["HasOptedOutOfEmail"], row["IsDeleted"]) == (
        whole_id("00Q5e000000000A"),
        True,
        False,
    )
    assert row["CreatedDate"] == "2026-01-02T10:00:00+00:00" and "ConvertedContactId" not in row
    assert leads.to_row(cells | {"isdeleted": "1"}, Reading()) is None, "that the API tells, and when"
    assert not leads.headers <= contacts.headers and not contacts.headers <= leads.headers
