"""Our own form over the wire's own shapes: what a browser, a machine, a stranger's page and a mail filter do.

Asked through the ASGI interface; tests/test_own_form_whole.py listens on a port and lands what it took.
"""

import asyncio
import json
import logging
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_receiver import call

from connectors import own_form
from connectors.own_form import definition
from connectors.own_form.client import OwnForms
from connectors.stream import BadAnswer
from receiver import form_tokens
from receiver.app import create_app
from receiver.form_limits import Limit
from receiver.form_pages import SAID
from receiver.form_tokens import Token
from receiver.forms import LARGEST_BODY, Desk
from simulator.own_form import SETTINGS

SECRET = "made-up-form-secret"
SITE = {"origin": "https://www.maison-exemple.example", "content-type": "application/x-www-form-urlencoded"}
ABOUT = definition.read(SETTINGS)
LETTER = ABOUT.forms["lettre"]
BOX = LETTER.boxes[0]
ANN = {"email": "ann@courriel.example", "first_name": "Ann", "_once": "0123456789abcdef"}
TICKED = ANN | {"box_letter": BOX.shown("fr"), "_lang": "fr"}


class Clock:
    def __init__(self):
        self.at = datetime(2026, 11, 20, 5, tzinfo=UTC)

    def __call__(self):
        return self.at

    def seconds(self):
        return self.at.timestamp()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def desk(tmp_path, clock):
    (tmp_path / "outbox").mkdir()
    limits = {
        "per_sender": Limit(20, 60, clock.seconds),
        "per_form": Limit(600, 60, clock.seconds),
        "per_mailbox": Limit(3, 86400, clock.seconds),
    }
    where = (tmp_path / "inbox" / "own_form", tmp_path / "outbox")
    return Desk(ABOUT, SECRET, *where, clock, slowest_body=0.2, **limits)


@pytest.fixture
def app(desk, tmp_path):
    return create_app(tmp_path / "inbox", {}, forms=desk.routes())


def send(app, values, headers=SITE, form="lettre", **more):
    body = values if isinstance(values, bytes) else urlencode(values).encode()
    return call(app, "POST", f"/forms/{form}", headers, **({"pieces": (body,)} | more))


def rows(desk, stream="responses"):
    told = [json.loads(path.read_bytes()) for path in sorted(desk.inbox.glob("*.json"))]
    return [one["row"] for one in told if one["stream"] == stream]


def mails(desk):
    return [json.loads(path.read_bytes()) for path in sorted(desk.outbox.glob("*.json"))]


def path_of(link):
    return link.removeprefix(ABOUT.address)


def test_what_was_ticked_is_kept_in_the_words_it_stood_beside(app, desk):
    status, page = send(
        app, TICKED | {"utm_source": "meta", "fbclid": "IwAR1", "li_fat_id": "l1", "other": "x"}
    )
    assert status == 200
    assert LETTER.thanks["fr"].replace("'", "&#x27;") in page
    (row,) = rows(desk)
    assert (row["form"], row["submitted_at"]) == ("lettre", "2026-11-20T05:00:00+00:00")
    assert {one["name"]: one["value"] for one in row["answers"]} == {
        "email": ANN["email"],
        "first_name": "Ann",
    }
    letter, sms = row["boxes"]
    assert (letter["text"], letter["is_ticked"]) == (BOX.text["fr"], True)
    assert letter["version"].startswith(f"{BOX.version}.")
    assert (letter["channels"], letter["purposes"]) == (["email"], ["marketing", "newsletter:maison"])
    assert sms["is_ticked"] is False
    assert row["hidden"] == {"utm_source": "meta", "fbclid": "IwAR1", "li_fat_id": "l1"}
    assert (row["needs_confirmation"], row["is_test"], row["language"]) == (True, False, "fr")
    (path,) = desk.inbox.glob("*.json")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_mail_is_promised_only_where_one_is_written(app, desk):
    promise = SAID["fr"]["mailed"]
    sms = LETTER.boxes[1]
    assert "email" not in sms.channels
    texts = ANN | {"_lang": "fr", f"box_{sms.name}": sms.shown("fr"), "mobile": "06 39 98 12 34"}
    for sent in (texts, TICKED | {"_test": "1", "_once": "aaaaaaaaaaaaaaaa"}):
        status, page = send(app, sent)
        assert (status, promise in page, mails(desk)) == (200, False, [])
    assert promise in send(app, TICKED | {"_once": "bbbbbbbbbbbbbbbb"})[1]
    assert len(mails(desk)) == 1


def test_each_language_has_its_own_words_and_version(app, desk):
    assert BOX.shown("fr") != BOX.shown("en")
    assert send(app, TICKED | {"_lang": "en"})[0] == 409
    assert send(app, TICKED | {"_lang": "en", "box_letter": BOX.shown("en")})[0] == 200
    assert rows(desk)[0]["boxes"][0]["text"] == BOX.text["en"]


def test_a_box_shown_in_other_words_is_asked_again_and_kept_by_nobody(app, desk):
    old = f"{BOX.version}.{'0' * 16}"
    status, page = send(app, TICKED | {"box_letter": old})
    assert status == 409
    assert BOX.text["fr"] in page
    assert "checked" not in page
    assert "ann@courriel.example" in page
    # Left alone it was no yes to anything, whatever it said.
    assert not rows(desk)
    assert send(app, ANN)[0] == 200


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({}, {"email", "first_name"}),
        ({"first_name": "Ann"}, {"email"}),
        (ANN | {"email": "not an address"}, {"email"}),
        (ANN | {"email": "a@b.example, c@d.example"}, {"email"}),
        (ANN | {"email": "a@b.example\r\nBcc: c@d.example"}, {"email"}),
        (ANN | {"first_name": "x" * 401}, {"first_name"}),
        (ANN | {"need": "something else"}, {"need"}),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(app, desk, values, wrong):
    values = values | {"_lang": "en"}
    status, text = send(app, values, SITE | {"accept": "application/json"})
    assert status == 422
    assert set(json.loads(text)["wrong"]) <= {"email", "first_name", "need"}
    assert wrong & set(json.loads(text)["wrong"])
    assert "courriel" not in text
    assert send(app, values)[0] == 422
    assert not rows(desk)


def test_what_somebody_typed_is_text_wherever_it_is_shown_again(app):
    nasty = '"><script>alert(1)</script>'
    _, page = send(app, {"first_name": nasty, "utm_source": nasty, "_lang": "fr"})
    assert "<script>" not in page
    _, page = call(
        app, "GET", "/forms/lettre", query=urlencode({"utm_source": nasty, "lang": nasty}).encode()
    )
    assert "<script>" not in page


def test_the_page_carries_where_people_came_from_and_asks_for_nothing_else(app, desk):
    query = urlencode({"utm_campaign": "noel", "gclid": "G1", "email": "x@y.example", "lang": "en"}).encode()
    status, page = call(app, "GET", "/forms/lettre", query=query)
    assert status == 200
    assert 'name="gclid" value="G1"' in page
    assert "x@y.example" not in page
    assert LETTER.boxes[0].text["en"] in page
    assert "checked" not in page
    # What the page holds is what a browser without scripts sends back.
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    boxes = dict(re.findall(r'type="checkbox" name="(\w+)" value="([^"]*)"', page))
    own = SITE | {"origin": ABOUT.address}
    assert send(app, hidden | boxes | {"email": "ann@courriel.example"}, own)[0] == 200
    (row,) = rows(desk)
    assert row["hidden"] == {"utm_campaign": "noel", "gclid": "G1"}
    assert [box["is_ticked"] for box in row["boxes"]] == [True, True]
    assert row["page"] == f"{ABOUT.address}/forms/lettre"


def test_the_script_holds_the_same_form(app):
    status, script = call(app, "GET", "/forms/lettre.js")
    assert status == 200
    told = json.loads(re.search(r"var told = (\{.*\}), script", script)[1])
    assert set(told["forms"]) == {"fr", "en"}
    assert BOX.shown("fr") in told["forms"]["fr"]
    assert all(word in told["carried"] for word in ("fbclid", "gclid", "ttclid", "li_fat_id", "utm_source"))


@pytest.mark.parametrize(
    "origin",
    ["", "null", "https://elsewhere.example", "https://www.maison-exemple.example.elsewhere.example"],
)
def test_pages_of_others_are_refused(app, desk, origin):
    headers = {name: value for name, value in (SITE | {"origin": origin}).items() if value}
    assert send(app, TICKED, headers)[0] == 403
    assert call(app, "OPTIONS", "/forms/lettre", headers)[0] == 403
    assert not rows(desk)


def test_a_page_of_ours_may_read_the_answer(app):
    assert call(app, "OPTIONS", "/forms/lettre", SITE)[0] == 204
    sent = []

    async def out(message):
        sent.append(message)

    body = [urlencode(TICKED).encode()]

    async def receive():
        return {"type": "http.request", "body": body.pop(), "more_body": False}

    headers = [(k.encode(), v.encode()) for k, v in SITE.items()]
    scope = {
        "type": "http", "http_version": "1.1", "method": "POST", "path": "/forms/lettre", "headers": headers,
        "raw_path": b"/forms/lettre", "root_path": "", "query_string": b"",
    }  # fmt: skip
    asyncio.run(app(scope, receive, out))
    found = dict(sent[0]["headers"])
    assert found[b"access-control-allow-origin"] == SITE["origin"].encode()
    assert found[b"vary"] == b"Origin"
    assert b"default-src 'none'" in found[b"content-security-policy"]


def test_whoever_fills_in_the_trap_is_thanked_and_forgotten(app, desk):
    status, page = send(app, TICKED | {"_website": "https://spam.example"})
    assert (status, rows(desk), mails(desk)) == (200, [], [])
    assert page == send(app, TICKED | {"email": "b@courriel.example"})[1]


def test_too_often_is_turned_away_for_a_minute(app, desk, clock):
    answers = Counter(send(app, ANN | {"_once": f"page-number-{n}"})[0] for n in range(25))
    assert answers == {200: 20, 429: 5}
    clock.at += timedelta(seconds=61)
    assert send(app, ANN | {"_once": "page-number-99"})[0] == 200
    assert len(rows(desk)) == 21


def test_a_limit_forgets_the_oldest_before_it_grows():
    limit = Limit(1, 60, clock=lambda: 0.0, keys=3)
    assert [limit.allows(key) for key in "aab"] == [True, False, True]
    assert all(limit.allows(key) for key in "cde")
    assert len(limit._windows) == 3


def test_the_same_again_is_the_same_record(app, desk, clock):
    send(app, TICKED)
    clock.at += timedelta(hours=30)
    send(app, TICKED)
    first, again = rows(desk)
    assert first["id"] == again["id"]
    assert {name for name in first if first[name] != again[name]} == {"submitted_at"}
    assert len(mails(desk)) == 1
    clock.at += timedelta(hours=1)
    send(app, TICKED | {"email": "bea@courriel.example"})
    assert rows(desk)[-1]["id"] != first["id"]


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"", SITE, 400),
        (b"x" * (LARGEST_BODY + 1), SITE, 413),
        (b"email=%ff&first_name=x", SITE, 400),
        (b"email", SITE, 400),
        ("email=é".encode(), SITE, 400),
        (b"&".join(b"f%d=1" % n for n in range(500)), SITE, 400),
        (b'{"email": "a@b.example"}', SITE | {"content-type": "application/json"}, 415),
        (b"--x", SITE | {"content-type": "multipart/form-data; boundary=x"}, 415),
    ],
)
def test_bodies_that_are_no_form_are_refused(app, desk, body, headers, status):
    assert send(app, body, headers)[0] == status
    assert not rows(desk)


def test_slow_and_truncated_bodies_leave_nothing(app, desk):
    whole = urlencode(TICKED).encode()
    assert send(app, b"", pieces=(whole[:20], whole[20:]), pause=0.3)[0] == 408
    assert send(app, b"", pieces=(whole[:20], None))[0] == 400
    assert not rows(desk)


def test_no_thanks_for_what_is_not_on_disk(app, monkeypatch):
    def full(path, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("receiver.bodies.write_durably", full)
    assert send(app, TICKED)[0] == 503


def test_the_mail_asks_and_only_the_button_confirms(app, desk, clock):
    send(app, TICKED)
    (mail,) = mails(desk)
    assert (mail["to"], mail["language"]) == (ANN["email"], "fr")
    assert mail["link"] in mail["text"]
    assert "ann" not in mail["link"].lower().split("/confirm/")[0]
    path = path_of(mail["link"])
    # A mail filter opens the link: nothing is confirmed by that.
    status, page = call(app, "GET", path)
    assert (status, rows(desk, "confirmations")) == (200, [])
    assert '<form method="post">' in page
    clock.at += timedelta(days=1)
    for _ in range(6):
        assert call(app, "POST", path)[0] == 200
        clock.at += timedelta(minutes=1)
    confirmed = rows(desk, "confirmations")
    assert {one["id"] for one in confirmed} == {rows(desk)[0]["id"]}
    assert len(confirmed) == 3
    assert confirmed[0]["confirmed_at"] == "2026-11-21T05:00:00+00:00"
    assert confirmed[0]["sent_at"] == "2026-11-20T05:00:00+00:00"


def test_a_link_not_ours_cut_short_of_another_form_or_too_old_confirms_nothing(app, desk, clock):
    send(app, TICKED)
    path = path_of(mails(desk)[0]["link"])
    head, token = path.rsplit("/", 1)
    other = form_tokens.written(Token("r", "lettre", "fr", int(clock.seconds())), "another secret")
    forged = "x" + token[1:]
    for wrong in (other, forged, token[:-1], token.partition(".")[0], "." + token.partition(".")[2], "é" * 9):
        assert call(app, "POST", f"{head}/{wrong}")[0] == 404
        assert call(app, "GET", f"{head}/{wrong}")[0] == 404
    assert call(app, "POST", path.replace("/lettre/", "/devis/"))[0] == 404
    clock.at += timedelta(days=LETTER.confirm_within_days, seconds=1)
    assert call(app, "POST", path)[0] == 410
    assert call(app, "GET", path)[0] == 410
    assert not rows(desk, "confirmations")


def test_only_a_yes_to_mails_is_to_be_confirmed(app, desk, clock):
    sms = LETTER.boxes[1]
    send(app, ANN)
    clock.at += timedelta(seconds=1)
    send(app, ANN | {"phone": "06 39 98 00 01", "box_sms": sms.shown("fr"), "_lang": "fr"})
    clock.at += timedelta(seconds=1)
    send(app, TICKED | {"_test": "1"})
    assert [row["needs_confirmation"] for row in rows(desk)] == [False, False, True]
    assert [row["is_test"] for row in rows(desk)] == [False, False, True]
    assert mails(desk) == []


def test_nobodys_mailbox_is_flooded_by_our_form(app, desk, clock):
    for number in range(8):
        clock.at += timedelta(minutes=5)
        assert (
            send(app, TICKED | {"_once": f"page-number-{number}", "email": "A.nn@courriel.example"})[0] == 200
        )
    assert (len(rows(desk)), len(mails(desk))) == (8, 3)


def test_a_mail_nobody_sent_goes_when_its_link_is_dead(app, desk, clock):
    send(app, TICKED)
    clock.at = datetime.now(UTC) + timedelta(days=91)
    desk.announce()
    assert mails(desk) == []


def test_logs_hold_no_person_no_link_and_no_secret(app, desk, caplog):
    with caplog.at_level(logging.DEBUG):
        send(app, TICKED)
        send(app, TICKED | {"email": "wrong"})
        send(app, TICKED | {"_website": "x"})
        path = path_of(mails(desk)[0]["link"])
        call(app, "POST", path)
        call(app, "POST", path + "x")
        send(app, TICKED, SITE | {"origin": "https://elsewhere.example"})
    assert "form lettre: kept" in caplog.text
    for word in ("ann", SECRET, path.rsplit("/", 1)[1], "elsewhere"):
        assert word not in caplog.text.lower()


def test_nothing_comes_in_by_the_hook_of_platforms(app, desk):
    assert not own_form.WEBHOOK.verify({}, b"{}", {"OWN_FORM_SECRET": SECRET})
    assert call(app, "POST", "/hooks/own_form", SITE, (b'{"stream":"forms","row":{}}',))[0] == 401
    assert not rows(desk)


def test_forms_that_are_not_there_do_not_exist(app):
    for path in ("/forms/nobody", "/forms/nobody.js", "/forms/", "/forms/lettre/confirm/", "/forms/..%2f"):
        assert call(app, "GET", path)[0] == 404


VALUES = st.dictionaries(
    st.sampled_from(
        [
            "email",
            "first_name",
            "phone",
            "need",
            "box_letter",
            "_once",
            "_lang",
            "_page",
            "_test",
            "gclid",
            "x",
        ]
    ),
    st.one_of(st.text(max_size=60), st.sampled_from(["http://[", "a@b.example", BOX.shown("fr"), "fr", "1"])),
    max_size=9,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=VALUES)
def test_whatever_is_sent_is_kept_whole_or_refused(app, desk, clock, values):
    clock.at += timedelta(minutes=5)
    before = len(rows(desk))
    status, _ = send(app, urlencode(values, errors="replace").encode() or b"x=")
    assert status in (200, 409, 422)
    assert len(rows(desk)) == before + (status == 200)
    for path in desk.inbox.glob("*.json"):
        hooks = list(own_form.WEBHOOK.receive(path.read_bytes(), _ours()))
        assert [one.account for one in hooks] == ["maison"]


def _ours():
    return OwnForms("maison")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b"null",
        b'{"stream":"x","row":{}}',
        b'{"stream":[],"row":{}}',
        b'{"stream":"forms","row":1}',
    ],
)
def test_a_body_the_receiver_did_not_write_is_named(body):
    with pytest.raises(BadAnswer, match="receiver"):
        list(own_form.WEBHOOK.receive(body, _ours()))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"origins": ["https://www.maison.example/"]}, "origin"),
        ({"origins": ["http://www.maison.example"]}, "https"),
        ({"address": "maison"}, "https"),
        ({"forms": {}}, "at least 1"),
        ({"forms": {"A b": SETTINGS["forms"]["lettre"]}}, "pattern"),
    ],
)
def test_a_wrong_definition_is_named(change, says):
    with pytest.raises(ValueError, match=says):
        definition.read(SETTINGS | change)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"boxes": [{**SETTINGS["forms"]["lettre"]["boxes"][0], "purposes": ["anything"]}]}, "no purpose"),
        ({"boxes": [{**SETTINGS["forms"]["lettre"]["boxes"][0], "text": {"fr": "Oui"}}]}, "en and fr"),
        ({"boxes": [{**SETTINGS["forms"]["lettre"]["boxes"][0], "required": True}]}, "not permitted"),
        ({"fields": [{"name": "who", "label": {"fr": "Nom", "en": "Name"}}]}, "kind: email"),
        ({"fields": [{"name": "a", "kind": "choice", "label": {"fr": "A", "en": "A"}}]}, "options"),
        ({"mail": {"subject": {"fr": "a", "en": "a"}, "text": {"fr": "a", "en": "a"}}}, "link"),
    ],
)
def test_a_wrong_form_is_named(change, says):
    with pytest.raises(ValueError, match=says):
        definition.Form.model_validate(SETTINGS["forms"]["lettre"] | change)
