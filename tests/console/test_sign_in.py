"""Signing in by a service of the company: who is let in, as what; whom it does not truly vouch for is not."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import sign_in_service
import yaml
from homes import make_company
from joserfc.jwk import RSAKey
from pydantic import ValidationError
from sign_in_service import CLIENT, SECRET, SOMEBODY
from visiting import PASSWORD, Visitor, serving

from console import accounts, sign_in
from console.app import create_app
from console.sessions import Sessions
from console.sign_in import NotVouched, UnderWay
from pipelines import config
from pipelines.config.console import Console

MARY = {"sub": "8", "email": "mary@maison.example", "email_verified": True}


@pytest.fixture(scope="module")
def service():
    with sign_in_service.serving() as service:
        yield service


@pytest.fixture(scope="module")
def home(service, tmp_path_factory):
    """Of a company whose people are known by e-mail; local accounts beside them."""
    home = make_company(tmp_path_factory.mktemp("signed")).home
    _set(home, {"oidc": _oidc(service, roles={"ines@maison.example": "steward"})})
    home.env_file.write_text(f"{home.env_file.read_text()}\nOIDC_CLIENT_SECRET={SECRET}\n")
    accounts.add(home, "local", "admin", PASSWORD)
    return home


@pytest.fixture(scope="module")
def address(home, service):
    with serving(create_app(home)) as address:
        service.comes_back = f"{address}/login/service/back"
        yield address


@pytest.fixture
def visitor(address, service):
    service.again()
    yield Visitor(address)


def _oidc(service, **more):
    return {"issuer": service.address, "client_id": CLIENT, **more}


def _set(home, console):
    said = yaml.safe_load(home.config.read_text())
    home.config.write_text(yaml.safe_dump(said | {"console": console}))


def sign_in_by(visitor, back="/funnel"):
    """Every redirect by itself, as a browser goes: there, and back."""
    there = visitor.get(f"/login/service?back={back}", allow_redirects=False)
    if there.status_code != 303:
        return there
    asked = visitor.session.get(there.headers["location"], allow_redirects=False, timeout=30)
    return visitor.session.get(asked.headers["location"], allow_redirects=False, timeout=30)


def role_of(visitor):
    [token] = [one.value for one in visitor.session.cookies if one.name == "firsthand"]
    return token


def test_whom_the_service_vouches_for_is_in_with_their_role(visitor, home, caplog):
    caplog.set_level("INFO", logger="console")
    answer = sign_in_by(visitor)
    assert (answer.status_code, answer.headers["location"]) == (303, "/funnel")
    account = Sessions(home).whose(role_of(visitor))
    assert (account.name, account.role) == ("ines@maison.example", "steward")
    assert "login: ines@maison.example" in caplog.text and SECRET not in caplog.text
    # The account is of the service's making: no password opens it, and none can be set.
    assert Visitor(visitor.base).log_in("ines@maison.example", "").status_code == 401
    with pytest.raises(config.ConfigError, match="no password here"):
        accounts.change_password(home, "ines@maison.example", PASSWORD)


def test_what_goes_there_is_a_challenge_a_state_and_a_nonce_and_no_secret(visitor, service):
    there = visitor.get("/login/service", allow_redirects=False).headers["location"]
    assert there.startswith(f"{service.address}/authorize?")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(there).query).items()}
    assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == service.comes_back and asked["client_id"] == CLIENT
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    assert SECRET not in there


def lies(**claims):
    return SOMEBODY | claims


HOUR = 3600
LIES = {
    "another issuer": lambda: lies(iss="http://127.0.0.1:1"),
    "another audience": lambda: lies(aud=["another"]),
    "for others as well": lambda: lies(aud=[CLIENT, "another"]),
    "made for another": lambda: lies(aud=[CLIENT], azp="another"),
    "another nonce": lambda: lies(nonce="another"),
    "no nonce": lambda: lies(nonce=None),
    "expired": lambda: lies(exp=int(time.time()) - HOUR, iat=int(time.time()) - 2 * HOUR),
    "no end": lambda: lies(exp=None),
    "of the future": lambda: lies(iat=int(time.time()) + HOUR),
    "nobody": lambda: lies(sub=None),
    "unknown": lambda: dict(MARY),
    "address not looked at": lambda: lies(email_verified=False),
    "address never looked at": lambda: {"sub": "7", "email": SOMEBODY["email"]},
    "address that is a word": lambda: lies(email_verified="false"),
    "no address": lambda: {"sub": "7", "email_verified": True},
}


@pytest.mark.parametrize("lie", LIES)
def test_what_is_not_true_or_not_for_us_lets_nobody_in(visitor, service, caplog, lie):
    service.says = LIES[lie]()
    service.user_info = {"sub": "7"}
    answer = sign_in_by(visitor)
    assert answer.status_code == 401
    assert "/keys" in service.asked, "it came to looking at the token"
    assert "firsthand" not in [one.name for one in visitor.session.cookies]
    assert "login by the service: refused" in caplog.text
    assert "maison.example" not in caplog.text


def test_a_key_that_is_not_the_services_signs_nothing(visitor, service):
    service.shown_key = RSAKey.generate_key(2048, {"kid": "k"})
    assert sign_in_by(visitor).status_code == 401
    assert "/keys" in service.asked


@pytest.mark.parametrize(
    "about",
    [
        {"issuer": "http://127.0.0.1:1"},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": None},
    ],
)
def test_a_configuration_that_is_anothers_or_leads_astray_is_not_followed(visitor, service, about):
    service.about = about
    answer = visitor.get("/login/service", allow_redirects=False)
    assert answer.status_code == 401 and service.asked == ["/.well-known/openid-configuration"]


def test_a_state_is_of_one_browser_and_used_once(visitor, service):
    there = visitor.get("/login/service", allow_redirects=False).headers["location"]
    back = visitor.session.get(there, allow_redirects=False, timeout=30).headers["location"]
    other = Visitor(visitor.base)
    other.get("/login")
    # Somebody else's browser is sent our way back: it is not let in as us, and the code is spent for nobody.
    assert other.session.get(back, allow_redirects=False, timeout=30).status_code == 401
    assert visitor.session.get(back, allow_redirects=False, timeout=30).status_code == 401
    assert "/token" not in service.asked


@pytest.mark.parametrize(
    "query", ["", "?code=x", "?state=x", "?code=x&state=x", "?error=access_denied&state=x"]
)
def test_nobody_comes_back_who_did_not_go(address, query):
    assert requests.get(f"{address}/login/service/back{query}", timeout=30).status_code == 401


def test_a_made_up_code_and_another_services_answer_are_refused(visitor, service):
    for change in ("code=made-up", "iss=http%3A%2F%2Fevil.example"):
        there = visitor.get("/login/service", allow_redirects=False).headers["location"]
        back = visitor.session.get(there, allow_redirects=False, timeout=30).headers["location"]
        changed = back.replace("code=", "old=") + "&" + change if "code=" in change else f"{back}&{change}"
        assert "code=" in back
        assert visitor.session.get(changed, allow_redirects=False, timeout=30).status_code == 401


def test_a_code_is_of_who_holds_its_other_half_and_the_secret(visitor, service, home):
    """Somebody who read the code on its way has neither: the service itself refuses them."""
    there = visitor.get("/login/service", allow_redirects=False).headers["location"]
    back = visitor.session.get(there, allow_redirects=False, timeout=30).headers["location"]
    stolen = parse_qs(urlsplit(back).query)["code"][0]
    said = Console(oidc=_oidc(service, role_claim="role")).oidc
    _, begun = UnderWay().begin("browser", "/")
    for secret in (SECRET, "guessed", None):
        with pytest.raises(NotVouched, match="the code was refused"):
            sign_in.Service(said, secret, service.comes_back).whom(stolen, begun)


def test_a_local_accounts_name_is_not_the_services_to_give(visitor, service, home):
    accounts.add(home, "paul@maison.example", "admin", PASSWORD)
    assert accounts.vouched(home, "paul@maison.example", "reader") is None
    assert {one.name: one.role for one in accounts.everybody(home)}["paul@maison.example"] == "admin"


def test_nobody_is_sent_elsewhere_afterwards(visitor):
    assert sign_in_by(visitor, back="//evil.example").headers["location"] == "/"


def test_the_page_shows_both_ways(visitor, service):
    page = visitor.get("/login").text
    assert 'href="/login/service?back=%2F"' in page and 'name="password"' in page


# -- roles, and ways that are closed -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "claims", "role"),
    [
        ({"role_claim": "role"}, {"role": "marketer"}, "marketer"),
        ({"role_claim": "role"}, {"role": "root"}, None),
        ({"role_claim": "role"}, {}, None),
        (
            {"role_claim": "groups", "roles": {"crm": "admin", "all": "reader"}},
            {"groups": ["all", "CRM"]},
            "admin",
        ),
        ({"role_claim": "groups", "roles": {"all": "reader"}}, {"groups": ["admin", "all"]}, "reader"),
        ({"role_claim": "groups", "roles": {"all": "reader"}}, {"groups": [{"admin": 1}, 7, None]}, None),
        ({"role_claim": "role", "roles": {"ines@maison.example": "admin"}}, {"role": "reader"}, None),
        ({"roles": {"INES@maison.example": "admin"}}, {}, "admin"),
        ({"roles": {"ines@maison.example": "reader"}}, {"role": "admin"}, "reader"),
    ],
)
def test_a_role_is_by_claim_or_by_address(service, said, claims, role):
    found = sign_in.Service(Console(oidc=_oidc(service, **said)).oidc, None, "")
    if role is None:
        with pytest.raises(NotVouched, match="no role"):
            found._admitted(SOMEBODY | claims)
    else:
        assert found._admitted(SOMEBODY | claims) == sign_in.Vouched("ines@maison.example", role)


def test_what_the_token_leaves_out_is_asked_for_of_the_same_person(visitor, service):
    service.says = {"sub": "7"}
    service.user_info = dict(SOMEBODY)
    assert sign_in_by(visitor).status_code == 303
    other = Visitor(visitor.base)
    service.user_info = SOMEBODY | {"sub": "8"}
    assert sign_in_by(other).status_code == 401


def test_another_role_next_time_ends_the_sessions_of_the_old_one(visitor, home):
    sign_in_by(visitor)
    token = role_of(visitor)
    assert accounts.vouched(home, "ines@maison.example", "steward").role == "steward"
    assert Sessions(home).whose(token)
    accounts.vouched(home, "ines@maison.example", "reader")
    assert Sessions(home).whose(token) is None


def test_a_way_that_is_closed_lets_nobody_in_and_ends_its_sessions(service, tmp_path):
    home = make_company(tmp_path).home
    accounts.add(home, "local", "admin", PASSWORD)
    accounts.vouched(home, "ines@maison.example", "reader")
    sessions = Sessions(home)
    local, vouched = (sessions.begin(accounts.Account(name, "")) for name in ("local", "ines@maison.example"))
    _set(home, {"local_accounts": False, "oidc": _oidc(service, role_claim="role")})
    with serving(create_app(home)) as address:
        assert sessions.whose(local) is None and sessions.whose(vouched)
        someone = Visitor(address)
        assert 'name="password"' not in someone.get("/login").text
        assert someone.log_in("local").status_code in (403, 404)
    _set(home, {})
    with serving(create_app(home)) as address:
        assert sessions.whose(vouched) is None
        assert requests.get(f"{address}/login/service", allow_redirects=False, timeout=30).status_code == 404
        assert "/login/service" not in Visitor(address).get("/login").text


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"local_accounts": False}, "nobody could log in"),
        ({"oidc": {"issuer": "http://id.maison.example", "client_id": "f", "role_claim": "r"}}, "https://"),
        ({"oidc": {"issuer": "https://id.maison.example", "client_id": "f"}}, "nobody's role"),
        (
            {"oidc": {"issuer": "https://id.maison.example", "client_id": "f", "roles": {"a": "root"}}},
            "roles",
        ),
        (
            {"oidc": {"issuer": "https://id.maison.example", "client_id": "f", "client_secret": "x"}},
            "client_secret",
        ),
    ],
)
def test_settings_that_let_the_wrong_in_are_refused(said, says):
    with pytest.raises(ValidationError, match=says):
        Console.model_validate(said)


def test_who_never_comes_back_is_forgotten():
    now = [0.0]
    under_way = UnderWay(lambda: now[0])
    old, _ = under_way.begin("browser", "/")
    now[0] = sign_in.UNDER_WAY + 1
    with pytest.raises(NotVouched, match="old"):
        under_way.end(old, "browser")
    first, _ = under_way.begin("browser", "/")
    for _ in range(sign_in.MOST):
        under_way.begin("browser", "/")
    with pytest.raises(NotVouched, match="unknown"):
        under_way.end(first, "browser")
