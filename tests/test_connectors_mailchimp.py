"""Mailchimp: two walks of one list, errors that may name people, a webhook that is only a hint."""

from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tape import asked, env, fetched, play, stream

from connectors import mailchimp
from connectors.client import Answer, Retry
from connectors.inbox import own_account
from connectors.mailchimp.api import judge, member_key
from connectors.mailchimp.read import to_row
from connectors.stream import BadAnswer, BrokenToken, MissingPermission, NotThere, Reading, Since
from simulator.home import SECRETS
from simulator.platforms.mailchimp.push import WORD

ALL = Since(None)
LATELY = Since(datetime(2026, 11, 19, tzinfo=UTC), {"": 2})
KEY = member_key("Ana@Poste.example")
MEMBERS = "GET lists/a1/members"


def members(*ids: str, total: int) -> tuple:
    return MEMBERS, {"members": [{"id": one} for one in ids], "total_items": total}


def body(**fields: str) -> bytes:
    told = {"type": "profile", "fired_at": "2026-11-20 05:00:00", "data[list_id]": "a1"}
    return urlencode(
        told | {name.replace("__", "[") + "]" * ("__" in name): v for name, v in fields.items()}
    ).encode()


def test_a_member_is_named_after_their_address_whatever_its_case():
    assert member_key(" ana@poste.example ") == KEY


def test_the_archived_are_asked_for_apart_and_last():
    client = play(
        "mailchimp",
        members("x", total=1),
        members("y", total=1),
        members("x", total=1),
        members("y", total=1),
    )
    rows, announced = fetched(stream("mailchimp", "members"), client, "a1", ALL)
    assert [row["id"] for row in rows] == ["x", "y"]
    assert announced == {"": 2}
    assert (asked(client, -2).get("status"), asked(client)["status"]) == (None, "archived")
    assert "since_last_changed" not in asked(client)


def test_changes_alone_are_asked_for_when_nothing_is_missing():
    pages = [members(total=1), members(total=1), members(total=0), members(total=0)]
    client = play("mailchimp", *pages)
    fetched(stream("mailchimp", "members"), client, "a1", LATELY)
    assert asked(client)["since_last_changed"] == "2026-11-19T00:00:00+00:00"
    there = [members(*"abc", total=3), members(total=0)]
    more = play("mailchimp", members(total=2), members(total=1), *there, *there)
    fetched(stream("mailchimp", "members"), more, "a1", LATELY)
    assert "since_last_changed" not in asked(more)


def test_what_was_sent_to_another_audience_is_not_ours():
    sent = [{"id": "1", "list_id": "a1"}, {"id": "2", "list_id": "b2"}]
    client = play("mailchimp", ("GET reports", {"reports": sent, "total_items": 2}))
    rows, _ = fetched(stream("mailchimp", "reports"), client, "a1", ALL)
    assert [row["id"] for row in rows] == ["1"]


@pytest.mark.parametrize(
    ("status", "data", "verdict"),
    [
        (429, {"title": "Too Many Requests", "status": 429}, Retry),
        (403, None, Retry),
        (503, None, Retry),
        (401, {"title": "API Key Invalid"}, BrokenToken),
        (403, {"title": "WrongDatacenter"}, BrokenToken),
        (403, {"title": "User action not permitted"}, MissingPermission),
        (404, {"title": "Resource Not Found"}, NotThere),
        (400, {"title": "Member Exists", "detail": "ana@poste.example is already a list member"}, BadAnswer),
    ],
)
def test_what_an_error_means_and_that_it_names_nobody(status, data, verdict):
    found = judge(Answer(status, {}, data))
    assert isinstance(found, verdict)
    assert "ana@" not in str(found) and (verdict is not BrokenToken or "MAILCHIMP_API_KEY" in str(found))


def test_a_key_without_its_data_centre_is_named():
    for key in ("0123456789abcdef", "0123-evil.example/", "0123-us21.evil.example"):
        secrets = {"MAILCHIMP_API_KEY": key}
        with pytest.raises(BrokenToken, match="us21"):
            mailchimp.client(_env(secrets))


def _env(secrets):
    made = env({}, secrets)
    made.settings.pop("base_url")
    return made


def test_the_data_centre_of_the_key_is_the_host():
    client = mailchimp.client(_env({"MAILCHIMP_API_KEY": "0123456789abcdef-us21"}))
    assert client.http.base_url == "https://us21.api.mailchimp.com/3.0/"


def test_a_webhook_is_read_anew_and_a_missing_member_is_a_deletion():
    client = play(
        "mailchimp",
        (
            f"GET lists/a1/members/{KEY}",
            {"id": KEY, "status": "unsubscribed", "last_changed": "2026-11-20T05:00:00Z"},
        ),
    )
    # The body says another state than the platform: the platform is believed.
    (hook,) = mailchimp.WEBHOOK.receive(body(type="subscribe", data__email="ana@poste.example"), client)
    assert (hook.op, hook.account, hook.rows[0]["status"]) == ("upsert", "a1", "unsubscribed")
    client = play("mailchimp", (f"GET lists/a1/members/{KEY}", {"title": "Resource Not Found"}, 404))
    (hook,) = mailchimp.WEBHOOK.receive(body(type="unsubscribe", data__email="ana@poste.example"), client)
    assert (hook.op, hook.rows) == ("delete", [{"id": KEY, "list_id": "a1"}])


def test_a_changed_address_is_a_new_member_and_the_end_of_the_old_one():
    new = member_key("new@poste.example")
    client = play(
        "mailchimp",
        (f"GET lists/a1/members/{new}", {"id": new}),
        (f"GET lists/a1/members/{KEY}", {"title": "Resource Not Found"}, 404),
    )
    told = body(type="upemail", data__new_email="new@poste.example", data__old_email="ana@poste.example")
    assert [(hook.op, hook.rows[0]["id"]) for hook in mailchimp.WEBHOOK.receive(told, client)] == [
        ("upsert", new),
        ("delete", KEY),
    ]


def test_what_is_about_no_member_asks_nothing():
    assert not list(mailchimp.WEBHOOK.receive(body(type="campaign", data__id="c1"), play("mailchimp")))
    other = play("mailchimp", settings={"audiences": ["b2"]})
    assert not list(mailchimp.WEBHOOK.receive(body(data__email="ana@poste.example"), other))


FIELDS = st.sampled_from(["type", "fired_at", "data[list_id]", "data[email]", "data[new_email]"])
VALUES = st.text(max_size=20) | st.sampled_from(["profile", "a1", "../x", "a@b"])
FORMS = st.dictionaries(FIELDS, VALUES).map(lambda told: urlencode(told, errors="replace").encode())


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=200) | FORMS)
def test_a_body_of_any_shape_is_read_or_named_and_leads_nowhere_else(told):
    paths = []

    class Answering:
        chosen = ()

        def get(self, path, **params):
            paths.append(path)
            return {"id": path.rpartition("/")[2]}

    with suppress(BadAnswer):
        list(mailchimp.WEBHOOK.receive(told, Answering()))
    assert all(path.isascii() and path.count("/") == 3 and ".." not in path for path in paths)
    assert not mailchimp.WEBHOOK.knows_address(told.decode("latin-1"), SECRETS)
    assert not mailchimp.WEBHOOK.knows_address("", {})


def test_only_the_right_word_and_their_kind_of_form_is_taken():
    form = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
    assert mailchimp.WEBHOOK.knows_address(WORD, SECRETS)
    assert mailchimp.WEBHOOK.verify(form, body(), SECRETS)
    assert not mailchimp.WEBHOOK.verify({"content-type": "application/json"}, body(), SECRETS)
    assert not mailchimp.WEBHOOK.verify(form, body()[:8], SECRETS)


def test_an_export_tells_its_state_by_name_or_by_its_columns():
    cells = {"email_address": "Ana@poste.example", "last_changed": "2026-11-19 05:00:00"}
    names = {
        "subscribed_email_audience_export_1.csv": "subscribed",
        "Unsubscribed_members_export.csv": "unsubscribed",
        "nonsubscribed_email_audience_export_1.csv": "transactional",
        "cleaned_1.csv": "cleaned",
        "list.csv": "unknown",
    }
    for name, state in names.items():
        assert to_row(cells, Reading(file=name))["status"] == state
    gone = to_row(cells | {"unsub_time": "2026-11-20 05:00:00"}, Reading(file="list.csv"))
    assert (gone["status"], gone["last_changed"]) == ("unsubscribed", "2026-11-20T05:00:00+00:00")
    assert gone["id"] == KEY
    # The state is promised, and "unknown" is none: such a line is held at the door.
    promise = next(one for one in stream("mailchimp", "members").promises if one.path == "status")
    assert "unknown" not in promise.values


def test_a_file_belongs_to_the_audience_of_its_folder_or_to_the_only_one():
    assert own_account("mailchimp", {"audiences": ["a1"]}) == "a1"
    assert own_account("mailchimp", {}) is None
    whose = mailchimp.EXPORTS[0].account
    one = play("mailchimp", ("GET lists", {"lists": [{"id": "a1"}], "total_items": 1}))
    two = play("mailchimp", ("GET lists", {"lists": [{"id": "a1"}, {"id": "b2"}], "total_items": 2}))
    assert (whose({}, one), whose({}, two)) == ("a1", None)
