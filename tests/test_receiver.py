"""The receiver: believes only signed bytes, keeps them as they came, answers after that."""

import asyncio
import base64
import hashlib
import hmac
import json
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

from connectors.meta.receive import verify as verify_meta
from connectors.signatures import is_signed_in_base64, is_signed_in_hex
from receiver.app import LARGEST_BODY, create_app
from simulator import home
from simulator.storm import KEYS, Storm

SECRETS = {
    "META_APP_SECRET": "made-up-app-secret",
    "META_VERIFY_TOKEN": "made-up-word",
    "TYPEFORM_WEBHOOK_SECRET": "made-up-form-secret",
    "JOTFORM_WEBHOOK_SECRET": "made-up-address",
    "LINKEDIN_CLIENT_SECRET": "made-up-client-secret",
}
NOW = datetime(2026, 11, 20, 5, tzinfo=UTC)
# \u escapes, as Meta writes them: the bytes are signed, not their meaning.
BODY = rb'{"object":"page","entry":[{"id":"1","note":"No\u00e9mie","changes":[]}]}'


def meta_signature(body: bytes, secret: str = SECRETS["META_APP_SECRET"]) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"x-hub-signature-256": f"sha256={digest}"}


def typeform_signature(body: bytes) -> dict[str, str]:
    secret = SECRETS["TYPEFORM_WEBHOOK_SECRET"].encode()
    digest = base64.b64encode(hmac.new(secret, body, hashlib.sha256).digest()).decode()
    return {"typeform-signature": f"sha256={digest}"}


def call(app, method, path, headers=None, pieces=(b"",), query=b"", pause=0.0):
    """One request through the ASGI interface: status and text."""
    sent = []
    waiting = list(pieces)

    async def receive():
        await asyncio.sleep(pause)
        if not waiting:
            return {"type": "http.disconnect"}
        piece = waiting.pop(0)
        if piece is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece, "more_body": bool(waiting)}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query,
        "headers": [(k.lower().encode(), v.encode("latin-1")) for k, v in (headers or {}).items()],
    }
    asyncio.run(app(scope, receive, send))
    text = b"".join(message.get("body", b"") for message in sent).decode()
    return sent[0]["status"], text


@pytest.fixture
def inbox(tmp_path):
    return tmp_path / "inbox" / "webhooks"


@pytest.fixture
def app(inbox):
    return create_app(inbox, SECRETS, now=lambda: NOW, slowest_body=0.2)


def kept(inbox):
    return sorted(path for path in inbox.rglob("*") if path.is_file())


def post(app, platform, body, headers, **more):
    return call(app, "POST", f"/hooks/{platform}", headers, **({"pieces": (body,)} | more))


def test_a_signed_body_is_kept_to_the_byte(app, inbox):
    assert post(app, "meta", BODY, meta_signature(BODY)) == (200, "ok")
    (path,) = kept(inbox)
    assert path.parent.name == "meta"
    assert path.name.startswith("20261120T050000000000-")
    assert path.read_bytes() == BODY
    assert path.stat().st_mode & 0o777 == 0o600


def test_typeform_is_signed_in_base64(app, inbox):
    body = json.dumps({"event_type": "form_response"}).encode()
    assert post(app, "typeform", body, typeform_signature(body))[0] == 200
    assert len(kept(inbox)) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-hub-signature-256": ""},
        {"x-hub-signature-256": "sha256=00"},
        {"x-hub-signature-256": "sha256=é"},
        meta_signature(BODY, "another secret"),
        meta_signature(BODY + b" "),
        {"x-hub-signature": "sha1=" + hmac.new(b"made-up-app-secret", BODY, hashlib.sha1).hexdigest()},
    ],
    ids=["none", "empty", "short", "not ascii", "other secret", "other bytes", "only sha1"],
)
def test_a_wrong_signature_leaves_nothing(app, inbox, headers):
    assert post(app, "meta", BODY, headers)[0] == 401
    assert not kept(inbox)


def test_meaning_is_not_bytes(app):
    """The same JSON written otherwise is another body."""
    again = json.dumps(json.loads(BODY), ensure_ascii=False).encode()
    assert post(app, "meta", again, meta_signature(BODY))[0] == 401


def test_without_a_secret_nobody_is_believed(inbox):
    app = create_app(inbox, {})
    empty_secret = meta_signature(BODY, "")
    assert post(app, "meta", BODY, empty_secret)[0] == 401
    assert not verify_meta(empty_secret, BODY, {})


def test_a_signed_body_nobody_can_read_is_kept_for_a_person(app, inbox):
    assert post(app, "meta", b"{not json", meta_signature(b"{not json"))[0] == 200
    assert len(kept(inbox)) == 1


def test_unknown_platforms_and_other_paths_do_not_exist(app, inbox):
    for path in ("/hooks/nobody", "/hooks/..%2f..", "/hooks/brevo", "/", "/hooks/"):
        assert call(app, "POST", path, meta_signature(BODY), (BODY,))[0] in (404, 405)
    assert not kept(inbox)


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_too_large_is_turned_away(app, inbox, announced):
    large = b"x" * (LARGEST_BODY + 1)
    headers = meta_signature(large) | ({"content-length": str(len(large))} if announced else {})
    assert post(app, "meta", large, headers)[0] == 413
    assert not kept(inbox)


def test_a_slow_body_is_not_waited_for(app, inbox):
    assert post(app, "meta", BODY, meta_signature(BODY), pieces=(b"{", b"}"), pause=0.3)[0] == 408
    assert not kept(inbox)


@pytest.mark.parametrize("pieces", [(b"",), (b"{", None)], ids=["empty", "cut short"])
def test_a_body_that_is_not_whole_is_malformed(app, inbox, pieces):
    assert post(app, "meta", b"", meta_signature(b""), pieces=pieces)[0] == 400
    assert not kept(inbox)


def test_no_thanks_for_what_is_not_on_disk(app, monkeypatch):
    def full(path, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("receiver.bodies.write_durably", full)
    assert post(app, "meta", BODY, meta_signature(BODY))[0] == 503


def test_it_is_on_disk_before_the_answer(app, monkeypatch):
    steps = []
    monkeypatch.setattr("connectors.landing.os.fsync", lambda handle: steps.append("fsync"))
    assert post(app, "meta", BODY, meta_signature(BODY))[0] == 200
    assert len(steps) == 2  # the file and its folder


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (b"hub.mode=subscribe&hub.verify_token=made-up-word&hub.challenge=42", (200, "42")),
        (b"hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=42", (403, "refused")),
        (b"hub.mode=other&hub.verify_token=made-up-word&hub.challenge=42", (403, "refused")),
        (b"", (403, "refused")),
    ],
)
def test_handshake_wants_the_agreed_word(app, query, expected):
    assert call(app, "GET", "/hooks/meta", query=query) == expected


def test_linkedin_is_answered_its_challenge_and_nothing_that_could_be_a_body(app):
    code = "0f8fad5b-d9cb-469f-a165-70867728950e"
    status, told = call(app, "GET", "/hooks/linkedin", query=f"challengeCode={code}&applicationId=7".encode())
    signed = hmac.new(SECRETS["LINKEDIN_CLIENT_SECRET"].encode(), code.encode(), hashlib.sha256).hexdigest()
    assert (status, json.loads(told)) == (200, {"challengeCode": code, "challengeResponse": signed})
    # Else whoever asks were answered the signature of a body of their own.
    for asked in ('hmacsha256={"type":"LEAD_ACTION"}', "hmacsha256=12345678", "", "short", "a" * 65):
        query = urlencode({"challengeCode": asked}).encode()
        assert call(app, "GET", "/hooks/linkedin", query=query) == (403, "refused"), asked


def test_typeform_shakes_no_hands(app):
    assert call(app, "GET", "/hooks/typeform")[0] == 404


def test_where_nothing_is_signed_the_address_is_the_secret(app, inbox, caplog):
    body, headers = b'name="submissionID" 42', {"content-type": "multipart/form-data; boundary=x"}
    with caplog.at_level(logging.DEBUG):
        for path in ("/hooks/jotform", "/hooks/jotform/wrong", "/hooks/jotform/made-up-address/more"):
            assert call(app, "POST", path, headers, (body,))[0] in (404, 405)
        # A word behind the address of a platform that signs opens nothing.
        signed = typeform_signature(body)
        assert call(app, "POST", "/hooks/typeform/made-up-address", signed, (body,))[0] == 404
        assert not inbox.exists() or not list(inbox.rglob("*.json"))
        assert call(app, "POST", "/hooks/jotform/made-up-address", headers, (body,))[0] == 200
        # Some look first whether the address answers.
        assert call(app, "GET", "/hooks/jotform/made-up-address") == (200, "ok")
        assert {call(app, "GET", f"/hooks/{path}")[0] for path in ("jotform/wrong", "meta/x", "no/x")} == {
            404
        }
    assert [path.read_bytes() for path in inbox.rglob("*.json")] == [body]
    assert "made-up-address" not in caplog.text


def test_logs_hold_no_person_and_no_secret(app, caplog):
    body = b'{"email": "jeanne@courriel.example"}'
    with caplog.at_level(logging.DEBUG):
        post(app, "meta", body, meta_signature(body))
        post(app, "meta", body, {})
    said = caplog.text
    assert "meta" in said
    assert not any(word in said for word in ("jeanne", *SECRETS.values()))


def test_signatures_compare_raw_bytes_in_both_encodings():
    body, secret = b"\xff\xfe not text", "made-up"
    digest = hmac.new(secret.encode(), body, hashlib.sha256)
    assert is_signed_in_hex(body, secret, f"sha256={digest.hexdigest()}")
    assert is_signed_in_base64(body, secret, base64.b64encode(digest.digest()).decode(), prefix="")
    assert not is_signed_in_hex(body, secret, digest.hexdigest())


STORM = Storm()


@pytest.mark.parametrize("platform", STORM.platforms)
def test_every_platform_right_wrong_replayed_cut_oversized_and_slow(platform, tmp_path):
    """Each on the same receiver in turn; only the right one is kept, as it was sent."""
    times = iter(NOW + timedelta(seconds=n) for n in range(99))
    inbox = tmp_path / "webhooks"
    here = create_app(inbox, home.SECRETS, now=lambda: next(times), slowest_body=0.1)

    def knock(one, **how):
        headers = dict(one.headers) | how.pop("headers", {})
        return call(here, "POST", f"/hooks/{one.path}", headers, **({"pieces": (one.body,)} | how))[0]

    right, half = STORM.right(platform, 1), STORM.right(platform, 1).body[:20]
    assert knock(STORM.forged(platform, 2)) in (401, 404)
    assert knock(STORM.altered(platform, 3)) == 401
    assert knock(right, pieces=(half, None)) == 400, "cut short"
    assert knock(right, pieces=(half,)) == 401, "a part of it as if it were all"
    assert knock(right, pieces=(right.body, b" " * LARGEST_BODY)) == 413
    assert knock(right, headers={"content-length": str(LARGEST_BODY + 1)}) == 413
    assert knock(right, pieces=(half, right.body[20:]), pause=0.15) == 408
    # Whose key is in the body says nothing in its headers.
    assert platform in KEYS or knock(replace(right, headers={})) == 401
    assert not inbox.exists() or not kept(inbox)
    assert knock(right) == 200
    # A platform that did not hear the thanks sends it again: taken again, and one record when it is read.
    assert knock(right) == 200
    assert [path.read_bytes() for path in kept(inbox)] == [right.body] * 2
