"""How patient the client is, what it follows, and what it never says: against a server of its own."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from connectors.client import Answer, Client, Retry, judge_status
from connectors.credentials import Env, Token, TokenStore
from connectors.redaction import redact
from connectors.stream import (
    BadAnswer,
    BrokenToken,
    ConnectorError,
    MissingCredential,
    MissingPermission,
    PlatformDown,
)
from connectors.times import told_wait

GOOD = (200, {}, b'{"ok": true}')
SECRET = "made-up-secret-word"


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self):
        self.now, self.slept = 1000.0, []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def server():
    """Answers (status, headers, body) in order, the last one for ever; a body of None hangs up."""

    class Handler(BaseHTTPRequestHandler):
        answers: list = []  # noqa: RUF012
        seen: list = []  # noqa: RUF012

        def log_message(self, *args):
            pass

        def do_GET(self):
            self.seen.append((self.command, self.path, dict(self.headers)))
            status, headers, body = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            if body is None:
                self.close_connection = True
                return
            self.send_response(status)
            promised = headers.get("Content-Length", str(len(body)))
            for name, value in {**headers, "Content-Length": promised}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = True

        do_POST = do_GET

    Handler.answers, Handler.seen = [GOOD], []
    found = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=found.serve_forever, daemon=True).start()
    found.handler = Handler
    found.url = f"http://127.0.0.1:{found.server_port}/v1"
    yield found
    found.shutdown()
    found.server_close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make(server, clock) -> Callable[..., Client]:
    def make(*answers, **more) -> Client:
        server.handler.answers[:] = answers or [GOOD]
        settings = {"name": "till", "per_second": 1000, "sleep": clock.sleep, "clock": clock} | more
        return Client(server.url, secrets=(SECRET,), **settings)

    return make


def test_good_answer_is_parsed(make):
    assert make().get("things").data == {"ok": True}


@pytest.mark.parametrize(
    "trouble",
    [
        (500, {}, b"oops"),
        (503, {}, b"{}"),
        (429, {}, b"{}"),
        (200, {}, None),
        (200, {"Content-Length": "500"}, b'{"ok": tr'),
        (200, {}, b'{"ok": tr'),
        (200, {"Content-Encoding": "gzip"}, b"not gzip"),
    ],
    ids=["500", "503", "429", "hung up", "cut short", "half a body", "bad compression"],
)
def test_passing_trouble_is_sat_out(make, server, trouble):
    assert make(trouble, trouble, GOOD).get("things").data == {"ok": True}
    assert len(server.handler.seen) == 3


def test_waits_double_and_are_spread(make, clock):
    make((500, {}, b""), (500, {}, b""), (500, {}, b""), GOOD).get("things")
    first, second, third = (seconds for seconds in clock.slept if seconds > 0.1)
    assert 0.5 <= first <= 1 <= second <= 2 <= third <= 4


def test_trouble_that_stays_is_a_platform_down(make, server):
    with pytest.raises(PlatformDown, match=r"till GET /v1/things: no usable answer after 7 attempts"):
        make((500, {}, b"")).get("things")
    assert len(server.handler.seen) == 7


def test_whoever_asks_has_the_patience_they_say(server, clock):
    server.handler.answers[:] = [(500, {}, b"")]
    env = Env({}, {}, sleep=clock.sleep, attempts=2)
    with pytest.raises(PlatformDown, match="after 2 attempts"):
        Client.of(env, "till", server.url, per_second=1000).get("things")
    assert len(server.handler.seen) == 2


def test_the_platforms_word_on_waiting_counts_for_all_calls(make, clock):
    make((429, {"Retry-After": "20"}, b"{}"), GOOD).get("things")
    assert 20 <= sum(clock.slept) < 21


def test_a_wait_too_long_says_when_to_come_back(make, clock):
    with pytest.raises(PlatformDown, match=r"too many.*come back after \d{4}-\d\d-\d\d \d\d:\d\d UTC"):
        make((429, {}, b"{}"), judge=lambda answer: Retry("too many", 3600.0)).get("things")
    assert sum(clock.slept) < 1


@pytest.mark.parametrize(
    ("status", "expected"), [(401, BrokenToken), (403, MissingPermission), (404, BadAnswer)]
)
def test_what_will_not_get_better_is_not_tried_again(make, server, status, expected):
    with pytest.raises(expected):
        make((status, {}, b"{}")).get("things")
    assert len(server.handler.seen) == 1


def test_a_200_may_be_an_error_if_the_platform_says_so(make):
    def judge(answer: Answer):
        return BadAnswer("code 7") if "code" in answer.data else judge_status(answer)

    with pytest.raises(BadAnswer, match="code 7"):
        make((200, {}, b'{"code": 7}'), judge=judge).get("things")


def test_calls_keep_their_pace(make, clock):
    client = make(per_second=2)
    for _ in range(5):
        client.get("things")
    assert sum(clock.slept) == pytest.approx(2.0)


def test_calls_of_a_kind_have_a_pace_of_their_own_and_a_pause_holds_all(make, clock):
    client = make(per_second=1000, apart={"/search": 2})
    for _ in range(5):
        client.get("things/search")
        client.get("things")
    assert sum(clock.slept) == pytest.approx(2.0, abs=0.02)
    clock.slept.clear()
    client._hold(9)
    client.get("things/search")
    client.get("things")
    assert sum(clock.slept) == pytest.approx(9.0, abs=0.02)


def test_threads_share_one_pace(server):
    client = Client(server.url, name="till", per_second=1000)
    threads = [threading.Thread(target=client.get, args=("things",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(server.handler.seen) == 8


def test_no_more_connections_are_used_than_the_platform_allows(server):
    at_work, go_on = threading.Semaphore(0), threading.Event()

    def judge(answer: Answer):
        at_work.release()
        go_on.wait(10)
        return judge_status(answer)

    client = Client(server.url, name="till", per_second=1000, connections=2, judge=judge)
    threads = [threading.Thread(target=client.get, args=("things",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    assert at_work.acquire(timeout=10) and at_work.acquire(timeout=10)
    assert not at_work.acquire(timeout=0.3), "the third waits for one of the two"
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert len(server.handler.seen) == 8


def test_no_redirect_is_followed(make, server):
    elsewhere = (302, {"Location": "https://elsewhere.example/"}, b"")
    with pytest.raises(BadAnswer, match="redirected"):
        make(elsewhere).get("things")
    assert len(server.handler.seen) == 1


def test_no_other_host_is_called(make, server):
    with pytest.raises(BadAnswer, match=r"elsewhere\.example is not the configured host"):
        make().get("https://elsewhere.example/v1/things")
    other_port = f"http://127.0.0.1:{server.server_port + 1}/v1/things"
    with pytest.raises(BadAnswer, match="not the configured host"):
        make().get(other_port)
    assert not server.handler.seen


def test_a_token_never_travels_in_clear():
    with pytest.raises(ConnectorError, match="must be https"):
        Client("http://till.example/v1", name="till")


def test_errors_name_no_secret_no_person_and_no_query(make):
    body = f'{{"message": "Bearer {SECRET} of jeanne@courriel.example, +33 6 39 98 12 34"}}'.encode()

    def judge(answer: Answer):
        return BadAnswer(answer.data["message"])

    with pytest.raises(BadAnswer) as caught:
        make((400, {}, body), judge=judge).get("things", {"email": "jeanne@courriel.example"})
    said = str(caught.value)
    assert not any(word in said for word in (SECRET, "jeanne", "39 98", "email="))


def test_an_unreachable_platform_names_no_address(make, server):
    client = make()
    server.shutdown()
    server.server_close()
    with pytest.raises(PlatformDown) as caught:
        client.get("things", {"token": SECRET})
    assert SECRET not in str(caught.value)


def test_a_secret_with_a_line_break_is_not_quoted(make):
    with pytest.raises(BadAnswer) as caught:
        make(headers={"Authorization": f"Bearer {SECRET}\nX-Evil: 1"}).get("things")
    assert SECRET not in str(caught.value)


def test_numbers_that_are_no_json_are_kept_as_text(make):
    assert make((200, {}, b'{"n": NaN}')).get("things").data == {"n": "NaN"}


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("access_token=abc123 rest", "abc123"),
        ("key xkeysib-0011-aa", "xkeysib-0011"),
        ("shpat_00ff", "shpat_00ff"),
        ("call 0033639981234", "639981234"),
        ("to a.b+c@poste.example now", "poste.example"),
    ],
)
def test_redaction_knows_the_shapes(text, gone):
    assert gone not in redact(text)


def test_redaction_leaves_ids_and_times_readable():
    text = "page 104857600123456 at 2026-11-20 09:15"
    assert redact(text) == text


def test_told_wait_reads_seconds_and_dates():
    assert told_wait({"Retry-After": "12"}) == 12
    assert told_wait({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0
    assert told_wait({"Retry-After": "soon"}) is None
    assert told_wait({}) is None


def test_a_missing_credential_names_its_variable():
    with pytest.raises(MissingCredential, match="TILL_TOKEN is not set"):
        Env({}, {"TILL_TOKEN": "  "}).secret("TILL_TOKEN")


def test_tokens_are_kept_private_and_belong_to_their_seed(tmp_path):
    path = tmp_path / "state" / "tokens.json"
    store = TokenStore(path)
    with store.exclusive():
        store.put("till", "seed", Token("value", 2000.0))
    assert path.stat().st_mode & 0o777 == 0o600
    assert "seed" not in path.read_text().replace('"seed"', "")
    again = TokenStore(path)
    assert again.get("till", "seed") == Token("value", 2000.0)
    assert again.get("till", "new seed") is None
    assert again.get("till", "seed").is_good(1900.0)
    assert not again.get("till", "seed").is_good(1950.0)
