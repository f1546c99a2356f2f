"""Who asked to be forgotten does not come back by any door, and nobody else is lost with them."""

from datetime import UTC, datetime, timedelta

import duckdb
import pytest
from homes import make_company
from landings import DAY_ONE, STREAMS, drop

from pipelines import raw
from pipelines.door import tombstones
from pipelines.keyed import Keyed, MissingKey

ASKED = datetime(2026, 10, 10, tzinfo=UTC)
BEFORE, AFTER = "2026-10-09T00:00:00Z", "2026-10-11T00:00:00Z"


@pytest.fixture
def company(tmp_path):
    return make_company(tmp_path, countries=["FR", "CA"])


@pytest.fixture
def con():
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        raw.ensure(con, STREAMS)
        yield con


@pytest.fixture
def keyed(company):
    return Keyed.of(company.secrets)


def land(con, company, *rows, **more):
    return raw.land(con, company.home, drop(company.home, rows, **more), DAY_ONE, STREAMS)


def lead(key, created=BEFORE, **more):
    return {"id": key, "created": created, **more}


@pytest.mark.parametrize(
    "row",
    [
        {"email": "Jeanne.Test+Shop@Mail.EXAMPLE"},
        {"extra": {"deep": [{"text": "write to jeanne.test@mail.example."}]}},
        {"note": "two lines\njeanne.test@mail.example"},
        {"note": "from 'jeanne.test@mail.example', or to=jeanne.test@mail.example]"},
        {"phone": "06 39 98 12 34"},
        {"phone": "+33639981234"},
        {"phone": "p:0033 6 39 98 12 34"},
        {"phone": "(514) 555-0123"},
        {"phone": "01 99 00 55 12 / 06 39 98 12 34"},
        {"phone": "0199005512 +33639981234 2"},
        {"link": "https://shop.example/?to=jeanne.test%40mail.example&x=1"},
    ],
    ids=str,
)
@pytest.mark.parametrize("via", ["api", "webhook", "file"])
def test_the_erased_are_dropped_in_every_spelling_by_every_way(con, company, keyed, row, via):
    tombstones.add(
        con,
        [
            tombstones.email(keyed, "jeanne.test@mail.example", ASKED),
            tombstones.phone(keyed, "+33 6 39 98 12 34", "FR", ASKED),
            tombstones.phone(keyed, "514-555-0123", "CA", ASKED),
        ],
    )
    landed = land(con, company, lead("a", **row), lead("b", email="other@mail.example"), via=via)
    assert (landed.read, landed.dropped, landed.new) == (2, 1, 1)
    assert con.execute("select _key from raw_tillpoint.members").fetchall() == [("b",)]


def test_quarantine_does_not_keep_them_either(con, company, keyed):
    land(con, company, lead("a", email="jeanne.test@mail.example", vip="x"))
    assert len(raw.held(con)) == 1
    tombstones.add(con, [tombstones.email(keyed, "jeanne.test@mail.example", ASKED)])
    refused_again = land(con, company, lead("b", email="jeanne.test@mail.example", vip="x"))
    assert (refused_again.refused, refused_again.dropped) == (0, 1)
    assert [one.dropped for one in raw.replay(con, company.home, DAY_ONE, accept=True, streams=STREAMS)] == [
        1
    ]
    assert con.execute("select count(*) from door.quarantine").fetchone() == (0,)
    assert con.execute("select count(*) from raw_tillpoint.members").fetchone() == (0,)


def test_a_new_act_after_the_request_is_welcome(con, company, keyed):
    tombstones.add(con, [tombstones.email(keyed, "jeanne.test@mail.example", ASKED)])
    row = lead("a", AFTER, email="jeanne.test@mail.example")
    assert land(con, company, row).new == 1
    # A change of an old record is none: it happened before, whenever the platform touched it.
    row = lead("b", email="jeanne.test@mail.example", updated="2026-11-01T00:00:00Z")
    assert land(con, company, row).dropped == 1
    # Nor is a day still to come.
    assert (
        land(con, company, lead("d", "2030-01-01T00:00:00Z", email="jeanne.test@mail.example")).dropped == 1
    )
    # Nor is a record without a date.
    assert land(con, company, {"id": "c", "email": "jeanne.test@mail.example"}).dropped == 1


def test_a_platforms_own_key_is_enough(con, company, keyed):
    stone = tombstones.record(keyed, "tillpoint", "members", "till", "17", ASKED)
    tombstones.add(con, [stone])
    assert land(con, company, lead("17"), lead("18")).dropped == 1
    # Another shop's 17 is somebody else.
    assert land(con, company, lead("17"), account="other").new == 1


def test_a_household_keeps_its_phone(con, company, keyed):
    stone = tombstones.phone(keyed, "01 99 00 12 34", "FR", ASKED, first_name="Jean-Fran\u00e7ois")
    tombstones.add(con, [stone])
    landed = land(
        con,
        company,
        lead("a", phone="0199001234", first_name="JEAN FRANCOIS"),
        lead("b", phone="0199001234", name="Marie Test"),
    )
    assert (landed.dropped, landed.new) == (1, 1)
    assert con.execute("select _key from raw_tillpoint.members").fetchall() == [("b",)]


def test_dropped_leads_count_as_accounted_for(con, company, keyed):
    tombstones.add(con, [tombstones.email(keyed, "jeanne.test@mail.example", ASKED)])
    rows = [lead("a", email="jeanne.test@mail.example", form="f"), lead("b", form="f")]
    land(con, company, *rows)
    land(con, company, *rows)
    assert raw.hand_out(con, STREAMS)["tillpoint", "members", "till"].landed == {"f": 2, "": 2}


def test_tombstones_hold_no_value_and_one_is_one(con, company, keyed):
    for _ in range(2):
        tombstones.add(con, [tombstones.email(keyed, "jeanne.test@mail.example", ASKED)])
    rows = con.execute("from door.tombstones").fetchall()
    assert len(rows) == 1
    assert "jeanne" not in str(rows)
    assert "key=..." in repr(keyed)
    other = Keyed(b"another key of another company")
    assert tombstones.email(other, "jeanne.test@mail.example", ASKED).digest != rows[0][0]


def test_without_the_key_nothing_lands_past_a_tombstone(con, company, keyed):
    tombstones.add(con, [tombstones.email(keyed, "jeanne.test@mail.example", ASKED)])
    company.home.env_file.write_text("")
    with pytest.raises(MissingKey, match="FIRSTHAND_KEY"):
        land(con, company, lead("a"))
    # The batch waits; with the key back it lands.
    assert len(raw.waiting(company.home)) == 1


def test_what_is_no_address_makes_no_tombstone(keyed):
    with pytest.raises(ValueError, match="no e-mail"):
        tombstones.email(keyed, "nobody", ASKED)
    with pytest.raises(ValueError, match="no phone"):
        tombstones.phone(keyed, "12", "FR", ASKED + timedelta(days=1))
