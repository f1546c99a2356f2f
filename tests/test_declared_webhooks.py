"""Webhooks of tools without a connector: believed only as declared, landed as the lines of a file are."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from homes import make_company
from hypothesis import given
from hypothesis import strategies as st
from test_receiver import call

from connectors.files import client
from connectors.files.pushed import Pushed, receive, webhook
from connectors.inbox import Inbox
from connectors.stream import BadAnswer
from pipelines import raw
from pipelines.config import ConfigError
from pipelines.warehouse_file import warehouse
from receiver.app import LARGEST_BODY, create_app

SECRET = "made-up-desk-secret"
SECRETS = {"DESK_SECRET": SECRET}
NOW = datetime(2026, 11, 20, 5, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
DESK = {
    "name": "desk",
    "stream": "leads",
    "signature": {"kind": "hmac_hex", "header": "X-Desk-Signature", "prefix": "v1=", "secret": "DESK_SECRET"},
    "rows": "data.items",
    "only": {"event": "created"},
    "fields": {
        "id": "uid",
        "email": "who.mail",
        "first_name": "who.first",
        "created_at": "at",
        "form": "subject",
        "email_opt_in": "news",
    },
}
ITEM = {
    "uid": 7,
    "who": {"mail": "Ann@Courriel.example", "first": "Ann"},
    "at": "2026-11-19 10:00",
    "subject": "Visit",
    "news": True,
    "extra": {"more": [1]},
}
BODY = json.dumps({"event": "created", "data": {"items": [ITEM]}}).encode()
PUSHED = Pushed.model_validate(DESK)


def changed(**changes):
    return Pushed.model_validate(DESK | changes)


def signed(kind, **more):
    return changed(signature={"kind": kind, "secret": "DESK_SECRET"} | more)


def hex_of(body, secret=SECRET):
    return {"x-desk-signature": "v1=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


@pytest.fixture
def inbox(tmp_path):
    return tmp_path / "inbox" / "webhooks"


def app_of(inbox, pushed=PUSHED, secrets=SECRETS):
    return create_app(inbox, secrets, hooks={pushed.name: webhook(pushed)}, now=lambda: NOW, slowest_body=0.2)


def post(app, body=BODY, headers=None, path="/hooks/desk", **more):
    headers = hex_of(body) if headers is None else headers
    return call(app, "POST", path, headers, **({"pieces": (body,)} | more))[0]


def kept(inbox):
    return [path.read_bytes() for path in sorted(inbox.rglob("*.json"))]


def rows_of(body, pushed=PUSHED):
    return [row for hook in receive(body, pushed, PARIS) for row in hook.rows]


def test_what_is_signed_as_declared_is_kept_to_the_byte(inbox):
    assert post(app_of(inbox)) == 200
    assert kept(inbox) == [BODY]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        hex_of(BODY, "another"),
        hex_of(BODY + b" "),
        {"x-desk-signature": "v1="},
        {"x-desk-signature": "é"},
    ],
    ids=["none", "other secret", "other bytes", "empty", "not ascii"],
)
def test_what_is_not_leaves_nothing(inbox, headers):
    assert post(app_of(inbox), headers=headers) == 401
    assert post(app_of(inbox, secrets={}), headers=hex_of(BODY, "")) == 401
    assert not kept(inbox)


@pytest.mark.parametrize(
    ("kind", "header", "right"),
    [
        (
            "hmac_base64",
            "x-s",
            base64.b64encode(hmac.new(SECRET.encode(), BODY, hashlib.sha256).digest()).decode(),
        ),
        ("header", "x-s", SECRET),
    ],
)
def test_each_way_of_signing(inbox, kind, header, right):
    app = app_of(inbox, signed(kind, header=header))
    assert post(app, headers={header: right + "x"}) == post(app, headers={}) == 401
    assert post(app, headers={header: right}) == 200
    assert post(app_of(inbox, signed(kind, header=header), {}), headers={header: ""}) == 401
    assert kept(inbox) == [BODY]


def test_where_nothing_is_signed_the_address_is_the_secret(inbox):
    app = app_of(inbox, signed("address"))
    assert post(app) == post(app, path="/hooks/desk/wrong") == 404
    assert post(app_of(inbox, signed("address"), {}), path=f"/hooks/desk/{SECRET}") == 404
    assert post(app, path=f"/hooks/desk/{SECRET}") == 200
    assert kept(inbox) == [BODY]


def test_oversized_slow_empty_and_truncated_bodies_leave_nothing(inbox):
    app = app_of(inbox)
    assert post(app, b"x" * (LARGEST_BODY + 1)) == 413
    assert post(app, pieces=(BODY[:9], BODY[9:]), pause=0.3) == 408
    assert post(app, pieces=(BODY[:9], None)) == 400
    assert post(app, b"") == 400
    assert not kept(inbox)


def test_a_record_is_a_line_in_our_columns_with_the_rest_beside_it():
    (row,) = rows_of(BODY)
    assert json.loads(row.pop("other")["sent"]) == ITEM
    assert row == {
        "id": "7",
        "email": "Ann@Courriel.example",
        "first_name": "Ann",
        "created_at": "2026-11-19T09:00:00+00:00",
        "form": "Visit",
        "email_opt_in": True,
    }


def test_other_events_are_passed_over_and_one_record_is_enough():
    assert rows_of(b'{"event": "deleted", "data": {"items": []}}') == []
    one = changed(rows=None, only={}, fields={"email": "mail", "created_at": "at"})
    (row,) = rows_of(b'{"mail": "a@b.example", "at": 1763546400}', one)
    assert row["created_at"] == "2025-11-19T10:00:00+00:00"
    again = rows_of(b'{"mail": "A@b.example", "at": 1763546400, "new": 1}', one)
    assert row["id"] == again[0]["id"]
    assert row["id"].startswith("row-")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"null",
        b"[" * 100_000,
        b'{"event": "created"}',
        b'{"event": "created", "data": {"items": ["x"]}}',
        b'{"event": "created", "data": {"items": [{"a": 1}]}}',
    ],
)
def test_a_body_of_another_shape_is_named(body):
    if body == b"null":
        assert rows_of(body) == []
    else:
        with pytest.raises(BadAnswer, match="desk"):
            rows_of(body)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(item=st.fixed_dictionaries({"uid": JSON, "who": JSON, "at": JSON, "subject": JSON, "news": JSON}))
def test_whatever_a_tool_sends_is_read_or_named(item):
    try:
        rows = rows_of(json.dumps({"event": "created", "data": {"items": [item]}}).encode())
    except BadAnswer:
        return
    assert all(isinstance(row["id"], str) and row["id"] for row in rows)


def test_it_lands_as_a_file_does_and_twice_is_once(tmp_path):
    company = make_company(tmp_path, webhooks=[DESK])
    here = company.home
    assert company.config.webhooks == [PUSHED]
    folder = here.webhooks / "desk"
    folder.mkdir()
    for stamp in ("20261120T050000000000-aa.json", "20261120T060000000000-bb.json"):
        (folder / stamp).write_bytes(BODY)
    (folder / "20261120T070000000000-cc.json").write_bytes(b"{")
    declared = {"desk": webhook(PUSHED, PARIS)}
    where = (here.root / "inbox", here.landing)
    taken = Inbox(*where, lambda name: client(None), lambda name: {}, NOW, declared=declared).take()
    assert [(path.name, why) for path, why in taken.refused] == [
        ("20261120T070000000000-cc.json", "desk: the body is no JSON")
    ]
    with warehouse(here) as con:
        raw.ensure(con)
        for batch in taken.batches:
            assert raw.land(con, here, batch, NOW).refused == 0
        told = con.execute(
            "select _account, _key, _via, payload ->> '$.email' from raw_files.leads"
        ).fetchall()
    assert told == [("desk", "7", "webhook", "Ann@Courriel.example")]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": "meta"}, "platform of its own"),
        ({"fields": {"mail": "who.mail"}}, "no column of leads"),
        ({"signature": {"kind": "header", "secret": "DESK_SECRET"}}, "needs `header`"),
        ({"signature": {"kind": "address", "secret": "FIRSTHAND_KEY"}}, "nobody else"),
        ({"stream": "anything"}, "stream"),
    ],
)
def test_a_wrong_declaration_is_named(tmp_path, change, says):
    with pytest.raises(ConfigError, match=says):
        make_company(tmp_path, webhooks=[DESK | change])


def test_one_name_is_one_webhook(tmp_path):
    with pytest.raises(ConfigError, match="named twice: desk"):
        make_company(tmp_path, webhooks=[DESK, DESK])
