"""Accounts and sessions: what is kept of a password, who is let in how often, when a session ends."""

import io
import sqlite3
import stat

import pytest
from homes import make_company
from visiting import PASSWORD, Visitor, serving

from console import accounts, store
from console.app import create_app
from console.sessions import IDLE, LONGEST, Sessions
from pipelines import cli
from pipelines.config import ConfigError


@pytest.fixture
def home(tmp_path):
    return make_company(tmp_path).home


@pytest.fixture
def say(home, monkeypatch, capsys):
    """`firsthand serve users ...` with that on standard input: code, out, err."""

    def say(*words, typed=""):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = cli.main(["--home", str(home.root), "serve", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return say


class Clock:
    def __init__(self):
        self.now = 1_800_000_000.0

    def __call__(self):
        return self.now


def test_a_password_is_kept_as_a_hash_in_a_file_of_ours_alone(home):
    accounts.add(home, "ines", "reader", PASSWORD)
    file = store.path(home)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert PASSWORD.encode() not in file.read_bytes()
    with sqlite3.connect(file) as con:
        [(kept,)] = con.execute("select password_hash from accounts").fetchall()
    assert kept.startswith("$argon2id$")
    assert accounts.recognised(home, "ines", PASSWORD) == accounts.Account("ines", "reader")
    assert accounts.recognised(home, "ines", PASSWORD + "!") is None
    assert accounts.recognised(home, "nobody", PASSWORD) is None


def test_accounts_are_made_and_changed_at_the_command_line(say):
    assert say("users", "add", "ines", "--role", "steward", typed=f"{PASSWORD}\n")[0] == 0
    assert say("users", "list")[1].split() == ["ines", "steward"]
    assert say("users", "role", "ines", "admin")[0] == 0
    assert say("users", "list")[1].split() == ["ines", "admin"]
    code, _, err = say("users", "add", "ines", typed=f"{PASSWORD}\n")
    assert code == 2 and "already" in err
    assert say("users", "remove", "ines")[0] == 0
    assert say("users", "list")[1] == ""
    code, _, err = say("users", "remove", "ines")
    assert code == 2 and "no account ines" in err


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (("add", "ines"), "short\n", "12 to 200 characters"),
        (("add", "ines", "--role", "owner"), f"{PASSWORD}\n", "known: reader, marketer, steward, admin"),
        (("add", "Inès D"), f"{PASSWORD}\n", "no account name"),
        (("role", "ines", "admin"), "", "no account ines"),
    ],
)
def test_what_is_wrong_with_an_account_is_said(say, words, typed, said):
    code, _, err = say("users", *words, typed=typed)
    assert code == 2
    assert said in err
    assert "short\n" not in err


def test_every_change_of_an_account_is_in_the_audit_log(home, say):
    from pipelines import audit_log

    say("users", "add", "ines", "--role", "steward", typed=f"{PASSWORD}\n")
    say("users", "role", "ines", "admin")
    told = [(entry.what, dict(entry.facts)) for entry in audit_log.entries(home)]
    assert told == [
        ("account_add", {"account": "ines", "role": "steward"}),
        ("account_role", {"account": "ines", "role": "admin"}),
    ]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::"])  # noqa: S104
def test_it_is_not_served_to_a_network_without_tls(say, host):
    code, _, err = say("--host", host)
    assert code == 2
    assert "TLS" in err


def test_an_address_without_tls_is_refused(say):
    assert "https://" in say("--address", "http://console.maison.example")[2]


def test_a_session_ends_when_nobody_comes_or_after_half_a_day(home):
    clock = Clock()
    sessions = Sessions(home, clock)
    accounts.add(home, "ines", "reader", PASSWORD)
    account = accounts.Account("ines", "reader")
    left = sessions.begin(account)
    clock.now += IDLE - 1
    assert sessions.whose(left) == account
    # Seen just now: an hour begins anew.
    clock.now += IDLE - 1
    assert sessions.whose(left) == account
    clock.now += IDLE
    assert sessions.whose(left) is None
    used = sessions.begin(account)
    for _ in range(LONGEST // (IDLE // 2) - 1):
        clock.now += IDLE // 2
        assert sessions.whose(used) == account
    clock.now += IDLE // 2
    assert sessions.whose(used) is None
    # Those that ended are not kept for ever.
    sessions.begin(account)
    with store.opened(home) as con:
        assert con.execute("select count(*) from sessions").fetchone() == (1,)


def test_no_token_is_kept_as_it_is(home):
    accounts.add(home, "ines", "reader", PASSWORD)
    token = Sessions(home).begin(accounts.Account("ines", "reader"))
    assert token.encode() not in store.path(home).read_bytes()


@pytest.mark.parametrize(
    "change",
    [
        lambda home: accounts.change_role(home, "ines", "marketer"),
        lambda home: accounts.change_password(home, "ines", f"{PASSWORD} too"),
        lambda home: accounts.remove(home, "ines"),
    ],
)
def test_a_changed_account_has_no_session_left(home, change):
    accounts.add(home, "ines", "admin", PASSWORD)
    sessions = Sessions(home)
    token = sessions.begin(accounts.Account("ines", "admin"))
    change(home)
    assert sessions.whose(token) is None


def test_after_ten_tries_nobody_guesses_on(home):
    accounts.add(home, "ines", "reader", PASSWORD)
    with serving(create_app(home)) as base:
        visitor = Visitor(base)
        tries = [visitor.log_in("ines", "wrong " * 3).status_code for _ in range(11)]
        assert tries == [401] * 10 + [429]
        # Not even with the right one; and who has another account is not kept out.
        assert visitor.log_in("ines").status_code == 429
        assert Visitor(base).log_in("paul", "wrong " * 3).status_code == 401


def test_a_name_is_refused_as_its_password_is(home):
    accounts.add(home, "ines", "reader", PASSWORD)
    with serving(create_app(home)) as base:
        texts = {Visitor(base).log_in(name, "wrong " * 3).text.split("<main")[1] for name in ("ines", "nil")}
    assert len({text.split("form_token")[0] for text in texts}) == 1


def test_an_empty_password_file_is_an_error_that_helps(home):
    with pytest.raises(ConfigError, match="12 to 200"):
        accounts.add(home, "ines", "reader", "")
