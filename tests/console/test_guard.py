"""Nobody sees a page that is not for them: every test goes over the table of all routes."""

import re

import pytest
import requests
from visiting import TOKEN, Visitor

from console.app import routes
from console.headers import HEADERS
from console.roles import ANYBODY, ROLES
from console.way_in import FILES

pytestmark = pytest.mark.slow

SAFE = [(route.path, route.endpoint.least) for route in routes() if "GET" in route.methods]
UNSAFE = [(route.path, route.endpoint.least) for route in routes() if "POST" in route.methods]
GUARDED = [(path, role) for path, role in SAFE + UNSAFE if role != ANYBODY]
STRANGE = (
    "/static/..%2f..%2fapp.py",
    "/static/../app.py",
    "/static/%2e%2e/%2e%2e/data/console.sqlite",
    "/static//etc/passwd",
    "/people/..%2f..%2fetc%2fpasswd",
    "/data/console.sqlite",
    "/serving/current/marketing.duckdb",
    "/.env",
    "/openapi.json",
    "/docs",
)


def filled(path: str) -> str:
    """A path with something in place of what it names."""
    return re.sub(r"\{\w+\}", "00000000-0000-8000-a000-000000000000", path)


def test_only_the_way_in_is_open():
    assert {path for path, role in SAFE + UNSAFE if role == ANYBODY} == {
        "/login",
        "/login/service",
        "/login/service/back",
        "/language",
        "/health",
        "/static/{name}",
    }


@pytest.mark.parametrize(("path", "role"), [case for case in SAFE if case[1] != ANYBODY])
def test_no_page_without_a_session(console, path, role):
    answer = requests.get(console + filled(path), allow_redirects=False, timeout=30)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login?back=/")
    assert answer.text == ""


@pytest.mark.parametrize(("path", "role"), [case for case in SAFE if case[1] != ANYBODY])
def test_a_made_up_session_is_none(console, path, role):
    for cookie in ("", "x" * 43, "' or 1=1 --"):
        answer = requests.get(
            console + filled(path),
            headers={"Cookie": f"firsthand={cookie}"},
            allow_redirects=False,
            timeout=30,
        )
        assert answer.status_code == 303


@pytest.mark.parametrize(("path", "role"), UNSAFE)
def test_no_form_is_taken_without_a_session(console, path, role):
    answer = requests.post(console + filled(path), data={"form_token": ""}, allow_redirects=False, timeout=30)
    assert answer.status_code == (403 if role == ANYBODY else 401)


@pytest.mark.parametrize(("path", "least"), [case for case in SAFE if case[1] != ANYBODY])
def test_a_page_opens_to_its_role_and_those_above(visitor, path, least):
    for role in ROLES:
        status = visitor(role).get(filled(path), allow_redirects=False).status_code
        if ROLES.index(role) < ROLES.index(least):
            assert status == 403, role
        else:
            assert status in (200, 404), role


@pytest.mark.parametrize(("path", "least"), [case for case in UNSAFE if case[1] not in (ANYBODY, "reader")])
def test_a_form_is_taken_from_its_role_and_those_above(visitor, path, least):
    for role in ROLES:
        someone = visitor(role)
        someone.get("/")
        status = someone.post(filled(path)).status_code
        if ROLES.index(role) < ROLES.index(least):
            assert status == 403, role
        else:
            # There was nothing in it.
            assert status in (200, 303, 400, 404), role


@pytest.mark.parametrize(("path", "least"), UNSAFE)
def test_a_form_of_another_site_is_refused(console, visitor, path, least):
    someone = visitor("admin")
    stranger = Visitor(console)
    stranger.get("/login")
    for token in ("", "0" * 64, "é", stranger.form_token):
        assert someone.post(filled(path), token=token).status_code == 403
    assert someone.get("/").status_code == 200


def test_logging_out_ends_the_session_and_not_just_the_cookie(console):
    someone = Visitor(console)
    someone.log_in("reader")
    kept = dict(someone.session.cookies)
    assert someone.post("/logout").status_code == 303
    answer = requests.get(f"{console}/", cookies=kept, allow_redirects=False, timeout=30)
    assert answer.status_code == 303


def test_a_session_is_new_after_logging_in(console):
    someone = Visitor(console)
    someone.session.cookies.set("firsthand", "chosen-by-somebody-else", domain="127.0.0.1", path="/")
    someone.log_in("reader")
    found = [one for one in someone.session.cookies if one.name == "firsthand"]
    assert [one.value for one in found] != ["chosen-by-somebody-else"]
    assert all(one.has_nonstandard_attr("HttpOnly") for one in found)
    assert {one.get_nonstandard_attr("SameSite") for one in found} == {"lax"}


@pytest.mark.parametrize(
    "back", ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "/\nx"]
)
def test_nobody_is_sent_elsewhere_after_logging_in(console, back):
    assert Visitor(console).log_in("reader", back=back).headers["location"] == "/"


@pytest.mark.parametrize("path", STRANGE)
@pytest.mark.parametrize("role", [None, "admin"])
def test_no_file_is_reached_by_a_path(console, visitor, path, role):
    session = visitor(role).session if role else requests.Session()
    # As it stands: a client would tidy it up first.
    request = requests.Request("GET", console).prepare()
    request.url = console + path
    request.headers["Cookie"] = "; ".join(f"{one.name}={one.value}" for one in session.cookies)
    answer = requests.Session().send(request, allow_redirects=False, timeout=30)
    assert answer.status_code in (303, 404)
    assert "root:" not in answer.text and "SQLite" not in answer.text and "def " not in answer.text


def test_every_answer_has_the_headers(console, visitor):
    answers = [requests.get(console + path, timeout=30) for path in ("/login", "/nope", "/health")]
    answers += [requests.get(f"{console}/static/{name}", timeout=30) for name in FILES]
    answers += [visitor("admin").get("/"), visitor("reader").post("/logout", token="wrong")]
    for answer in answers:
        for name, value in HEADERS.items():
            assert answer.headers[name] == value, answer.url
        is_file = "/static/" in answer.url
        assert (answer.headers["Cache-Control"] == "no-store") is not is_file
    assert "unsafe" not in HEADERS["Content-Security-Policy"]


def test_a_page_has_nothing_inline_and_nothing_foreign(console, visitor):
    for answer in (requests.get(f"{console}/login", timeout=30), visitor("admin").get("/")):
        assert not re.findall(r"<style|\sstyle=|\son\w+=|<script(?! src=\"/static/)", answer.text)
        assert not re.findall(r"(?:src|href|action)=\"(?!/|#)", answer.text)


def test_another_name_for_our_address_is_not_ours(console):
    answer = requests.get(f"{console}/login", headers={"Host": "evil.example"}, timeout=30)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "body", [b"x" * 70_000, b"&".join([b"a=b"] * 300), b"\xff\xfe=1"], ids=["long", "many", "no text"]
)
def test_a_form_that_is_none_is_refused(visitor, body):
    someone = visitor("admin")
    answer = someone.session.post(f"{someone.base}/language", data=body, timeout=30)
    assert answer.status_code in (400, 413)


def test_an_error_says_nothing_of_what_it_stumbled_over(console, visitor, console_town, caplog):
    """A manifest that is none: what is wrong with it is not the visitor's to read, nor the log's."""
    manifest = console_town.root / "serving" / "current" / "manifest.json"
    good = manifest.read_text()
    manifest.write_text('{"marie@maison.example"')
    try:
        answer = visitor("admin").get("/audit")
    finally:
        manifest.write_text(good)
    assert answer.status_code == 500
    assert "marie" not in answer.text + caplog.text
    assert "JSONDecodeError" in caplog.text
    assert TOKEN.search(answer.text)
    assert visitor("admin").get("/audit").status_code == 200


def test_the_log_of_logging_in_holds_nothing_secret(console, caplog):
    caplog.set_level("INFO", logger="console")
    Visitor(console).log_in("secret-in-the-wrong-field", "wrong " * 3)
    someone = Visitor(console)
    someone.log_in("steward")
    assert "login: steward" in caplog.text and "login: refused" in caplog.text
    assert "wrong-field" not in caplog.text
    assert someone.session.cookies["firsthand"] not in caplog.text
