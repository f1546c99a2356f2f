"""Holds: the newest of a number is in force, and nobody on hold is erased or purged."""

from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest
from homes import make_company

from connectors.landing import LandingWriter
from connectors.stream import Page
from pipelines import raw, retention
from pipelines.cli import main
from pipelines.commands.retention import WORDS
from pipelines.door import command, commands, holds
from pipelines.erasure import plan
from pipelines.erasure.carrying_out import carry_out
from pipelines.erasure.plan import OnHold
from pipelines.keyed import Keyed
from pipelines.warehouse_file import warehouse

NOW = datetime(2026, 11, 20, 5, tzinfo=UTC)
DAY = date(2026, 11, 20)


def number(letter):
    return f"{letter * 8}-0000-8000-a000-{letter * 12}"


@pytest.fixture
def company(tmp_path):
    """Four customers as published and as the warehouse has them; `d` was known as `e` before."""
    company = make_company(tmp_path, language="en")
    ends = {"a": -400, "b": 0, "c": 1, "d": 90, "f": 91}
    with warehouse(company.home) as con:
        raw.ensure(con)
        con.execute(
            """
            create schema identity; create schema marts; create schema contracts;
            create table identity.int_customer_profiles (
                profile_id varchar, platform varchar, account varchar, object varchar, created_at timestamptz,
                first_seen_at timestamptz, own_number varchar, customer_id varchar
            );
            create table identity.int_contact_points (
                profile_id varchar, identifier_type varchar, match_value varchar, is_placeholder boolean,
                is_role boolean
            );
            create table identity.int_profile_names (profile_id varchar, first_name varchar);
            create table contracts.consent_acts (profile_id varchar, channel varchar, match_value varchar);
            create view marts.customer_profiles as
                select * exclude (own_number) from identity.int_customer_profiles;
            create table marts.orders (customer_id varchar, currency varchar, net decimal(18, 2));
            create table marts.review_queue (
                queue_position bigint, left_profile_id varchar, right_profile_id varchar,
                left_customer_id varchar, right_customer_id varchar
            )
            """
        )
        for letter in ends:
            who = (
                f"brevo:m:contact:{letter}",
                "brevo",
                "m",
                "contact",
                NOW,
                NOW,
                number(letter),
                number(letter),
            )
            con.execute("insert into identity.int_customer_profiles values (?, ?, ?, ?, ?, ?, ?, ?)", who)
            con.execute(
                "insert into identity.int_contact_points values (?, 'email', ?, false, false)",
                [who[0], f"{letter}@mail.example"],
            )
    folder = company.home.serving / "1"
    folder.mkdir()
    (company.home.serving / "current").symlink_to("1")
    with duckdb.connect(str(folder / "marketing.duckdb")) as con:
        con.execute("create table customers (customer_id varchar, purge_on date)")
        con.execute("create table customer_crosswalk (customer_number varchar, customer_id varchar)")
        for letter, days in ends.items():
            con.execute("insert into customers values (?, ?)", [number(letter), DAY + timedelta(days=days)])
            con.execute("insert into customer_crosswalk values (?, ?)", [number(letter), number(letter)])
        con.execute("insert into customer_crosswalk values (?, ?)", [number("e"), number("d")])
    return company


def hold(company, letter, *, is_held=True, at=NOW):
    said = holds.hold(number(letter), "ines", at, "file 12/2026", is_held=is_held)
    with warehouse(company.home) as con:
        commands.obey(con, command.send(company.home, said), at)


def letters(found):
    return "".join(one.customer_id[0] for one in found)


def test_whose_time_is_over_and_who_is_to_be_asked(company):
    assert letters(retention.due(company, DAY)) == "ab"
    assert letters(retention.due(company, DAY - timedelta(days=1))) == "a"
    assert letters(retention.noticed(company, DAY, 90)) == "cd"


def test_a_hold_lasts_until_it_is_released(company):
    hold(company, "b")
    hold(company, "e")  # an old number means the customer it went to
    assert [one.is_held for one in retention.due(company, DAY)] == [False, True]
    assert [one.is_held for one in retention.noticed(company, DAY, 90)] == [False, True]
    with warehouse(company.home) as con, pytest.raises(OnHold):
        plan.of_customer(con, raw.known_streams(), number("b"))
    hold(company, "b", is_held=False, at=NOW + timedelta(days=1))
    with warehouse(company.home) as con:
        assert plan.of_customer(con, raw.known_streams(), number("b")).members


def test_a_purge_asks_for_each_but_those_on_hold_and_shuts_nobody_out(company):
    hold(company, "b")
    purge = retention.ask_to_purge(company, retention.due(company, DAY), DAY, "ines")
    [path] = command.waiting(company.home)
    assert purge == retention.Purge(DAY, [commands.read(path).id], [], [number("b")])
    said = commands.read(path)
    assert (said.channel, said.has_objected) == ("retention", False)
    kinds = {stone.kind for stone in said.stones}
    assert kinds == {"record", "profile", "number"}, "who comes back is welcome"
    assert Keyed.of(company.secrets).digest("email", "a@mail.example") not in path.read_text()


def contact(letter):
    return {
        "id": ord(letter), "email": f"{letter}@mail.example", "createdAt": "2020-01-01T00:00:00Z",
        "modifiedAt": "2020-01-01T00:00:00Z", "emailBlacklisted": False, "smsBlacklisted": False,
        "listIds": [], "attributes": {},
    }  # fmt: skip


def land(con, company, *rows):
    """Contacts of the mail tool through the door; what came of them."""
    streams = raw.known_streams()
    writer = LandingWriter(company.home.landing, "brevo", streams["brevo", "contacts"], "api", NOW)
    writer.take("m", Page(list(rows)), NOW)
    return raw.land(con, company.home, writer.commit(), NOW, streams)


def test_a_purge_to_its_end_and_whoever_comes_back_is_welcome(company):
    with warehouse(company.home) as con:
        land(con, company, contact("a"), contact("b"), contact("c"))
        # The hand-made warehouse calls its contacts by letters.
        con.execute("update raw_brevo.contacts set _key = chr(_key::integer)")
    hold(company, "b")
    purge = retention.ask_to_purge(company, retention.due(company, DAY), DAY, "ines")
    form = WORDS["en"]["form"]
    assert (
        "erased                    0, 0 records" in retention.report(company, purge, "ines", form).read_text()
    )
    with warehouse(company.home) as con:
        for path in command.waiting(company.home):
            commands.obey(con, path, NOW)
        carry_out(con, company.home, raw.known_streams(), NOW, print)
    with warehouse(company.home) as con:
        left = con.execute("select _key from raw_brevo.contacts order by _key").fetchall()
        assert left == [("b",), ("c",)]
        back = contact("a") | {"id": 7, "createdAt": "2026-12-01T00:00:00Z"}
        assert (land(con, company, back).new, land(con, company, contact("a") | {"id": 8}).dropped) == (1, 0)
    path = retention.report(company, purge, "ines", form)
    assert path.stat().st_mode & 0o077 == 0
    text = path.read_text()
    assert f"erased                    1, 1 records; 0 orders stay as sums; done {NOW:%Y-%m-%d %H:%M}" in text
    assert f"on hold, kept             {number('b')}" in text
    assert "@" not in text


def test_the_command_line(company, capsys, tmp_path):
    home = ["--home", str(company.home.root)]
    out = tmp_path / "stay.csv"
    assert main([*home, "retention", "notice", "--day", f"{DAY}", "--out", str(out)]) == 0
    assert out.read_text() == f"{number('c')}\n{number('d')}\n"
    assert main([*home, "retention", "hold", number("a"), "--reason", "file 12/2026"]) == 0
    assert len(command.waiting(company.home)) == 1
    assert main([*home, "retention", "purge", "--day", f"{DAY}", "--dry-run"]) == 0
    assert "2 customers were kept for long enough" in capsys.readouterr().out
    assert len(command.waiting(company.home)) == 1
    assert main([*home, "retention", "hold", "nobody"]) == 2
