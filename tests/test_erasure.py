"""Erasing at the level of tables and files: what goes, what stays, what comes back, and dying half way."""

import gzip
import json
import sqlite3
import zipfile
from contextlib import closing
from datetime import UTC, datetime

import duckdb
import pytest
from homes import make_company
from landings import DAY_ONE, drop

from connectors.landing import LandingWriter
from connectors.mailchimp.api import member_key
from connectors.stream import Page
from pipelines import chaos, raw
from pipelines.door import command, commands, erasures, tombstones
from pipelines.door.decisions import decided
from pipelines.door.fates import Desk
from pipelines.door.judgements import judgement
from pipelines.erasure import carrying_out, inside, leftovers
from pipelines.erasure.carrying_out import carry_out, keep_ledger, pending, replay_ledger
from pipelines.erasure.recogniser import Recogniser
from pipelines.exporting import files
from pipelines.keyed import Keyed, MissingKey
from pipelines.matching.file import throw_away
from pipelines.warehouse_file import warehouse

ASKED = datetime(2026, 10, 10, tzinfo=UTC)
BEFORE, AFTER = "2026-10-09T22:30:00Z", "2026-10-11T08:00:00Z"
WHO, PHONE = "jeanne.test@mail.example", "+33639981234"
NUMBER = "5e1b412e-ac47-817e-ae3d-aadd3dd80d18"
STREAMS = raw.known_streams()
SHOP = "maison-exemple"
RESPONSES = ("gravity_forms", STREAMS["gravity_forms", "responses"])


@pytest.fixture
def company(tmp_path):
    return make_company(tmp_path, countries=["FR", "CA"])


@pytest.fixture
def con(company):
    with warehouse(company.home) as con:
        raw.ensure(con)
        yield con


@pytest.fixture
def keyed(company):
    return Keyed.of(company.secrets)


def money(amount):
    return {"shopMoney": {"amount": amount, "currencyCode": "EUR"}}


def order(key="8001", at=BEFORE, **more):
    return {
        "id": f"gid://shopify/Order/{key}", "legacyResourceId": key, "name": f"#{key}", "email": WHO,
        "phone": None, "createdAt": at, "processedAt": at, "updatedAt": at, "test": False,
        "currencyCode": "EUR", "displayFinancialStatus": "PAID", "totalPriceSet": money("45.90"),
        "totalRefundedSet": money("0.00"), "totalShippingPriceSet": money("6.90"), "refunds": [],
        "customer": {"legacyResourceId": "71"},
        "billingAddress": {"firstName": "Jeanne", "lastName": "Test", "countryCodeV2": "FR", "city": "Lyon"},
        "customerJourneySummary": {"lastVisit": {"source": "meta", "referrerUrl": f"https://x.example/?e={WHO}"}},
        "lineItems": {"nodes": [{"sku": "VASE-01", "title": "Vase for Jeanne", "quantity": 1}]},
    } | more  # fmt: skip


def customer(key="71", at=BEFORE):
    return {
        "legacyResourceId": key, "createdAt": at, "updatedAt": at, "numberOfOrders": "1", "tags": [],
        "locale": "fr", "firstName": "Jeanne", "defaultEmailAddress": {"emailAddress": WHO},
    }  # fmt: skip


def land(con, company, platform, name, *rows, account=SHOP, via="api", fetched_at=None):
    writer = LandingWriter(
        company.home.landing, platform, STREAMS[platform, name], via, fetched_at or DAY_ONE
    )
    writer.take(account, Page(list(rows)), fetched_at or DAY_ONE)
    return raw.land(con, company.home, writer.commit(), DAY_ONE, STREAMS)


def erase(con, company, keyed, *stones):
    said = erasures.request(
        list(stones), "ines", ASKED, "letter", "document", erasures.Extent(records=1, orders=1)
    )
    commands.obey(con, command.send(company.home, said), DAY_ONE)
    return inside.remove(con, Desk.of(company.home), STREAMS, DAY_ONE)


def the_shop(con, company, keyed):
    """A customer with an order, erased."""
    land(con, company, "shopify", "customers", customer())
    land(con, company, "shopify", "orders", order())
    return erase(
        con,
        company,
        keyed,
        tombstones.email(keyed, WHO, ASKED),
        tombstones.record(keyed, "shopify", "customers", SHOP, "71", ASKED),
        tombstones.record(keyed, "shopify", "orders", SHOP, "8001", ASKED),
    )


def orders(con):
    return [json.loads(text) for (text,) in con.execute("select payload from raw_shopify.orders").fetchall()]


# -- what stays of an order ------------------------------------------------------------------------


def test_an_order_stays_as_sums_without_anybody(con, company, keyed):
    counts = the_shop(con, company, keyed)
    assert counts == {"raw_shopify.customers": 1, "raw_shopify.orders": 1}
    assert con.execute("select count(*) from raw_shopify.customers").fetchone() == (0,)
    [row] = orders(con)
    assert row["totalPriceSet"] == money("45.90")
    assert row["billingAddress"] == {"countryCodeV2": "FR"}
    # 22:30 in Greenwich is the next day in Paris, and stays that day.
    assert row["createdAt"] == "2026-10-10T10:00:00.000000Z"
    text = json.dumps(row)
    assert not [word for word in ("Jeanne", "Test", "mail.example", "8001", "71", "Lyon") if word in text]
    [(key, occurred)] = con.execute("select _key, _occurred_at from raw_shopify.orders").fetchall()
    assert (len(key), key, occurred.hour) == (19, row["legacyResourceId"], 10)


def test_pulled_again_it_is_the_same_row_and_a_later_refund_counts(con, company, keyed):
    the_shop(con, company, keyed)
    assert land(con, company, "shopify", "orders", order()).new == 0
    assert land(con, company, "shopify", "customers", customer()).dropped == 1
    refund = {"legacyResourceId": "5", "createdAt": AFTER, "totalRefundedSet": money("45.90")}
    refunded = order(updatedAt=AFTER, refunds=[refund], totalRefundedSet=money("45.90"))
    landed = land(con, company, "shopify", "orders", refunded)
    assert (landed.new, landed.refused) == (1, 0)
    assert con.execute("select count(distinct _key), count(*) from raw_shopify.orders").fetchone() == (1, 2)
    [last] = [row for row in orders(con) if row["refunds"]]
    assert last["refunds"][0]["totalRefundedSet"] == money("45.90")
    assert last["refunds"][0]["legacyResourceId"] != "5"


def test_even_an_export_without_the_address_meets_the_same_row(con, company, keyed):
    the_shop(con, company, keyed)
    told = {name: order()[name] for name in ("legacyResourceId", "name", "totalPriceSet", "createdAt")}
    land(con, company, "shopify", "orders", told | {"billingAddress": {"name": "Jeanne Test"}}, via="file")
    assert con.execute("select count(distinct _key) from raw_shopify.orders").fetchone() == (1,)
    assert "Jeanne" not in json.dumps(orders(con))


def test_a_new_order_is_a_new_person_without_the_old_account(con, company, keyed):
    the_shop(con, company, keyed)
    assert land(con, company, "shopify", "orders", order("9001", AFTER)).new == 1
    [new] = [row for row in orders(con) if row["legacyResourceId"] == "9001"]
    assert new["email"] == WHO
    assert new["customer"] is None, "it would lead to the number of the erased"


def test_versions_that_differed_in_the_person_only_become_one(con, company, keyed):
    moved = order(updatedAt="2026-10-09T23:00:00Z", email="new@mail.example")
    land(con, company, "shopify", "orders", order())
    land(con, company, "shopify", "orders", moved)
    erase(con, company, keyed, tombstones.record(keyed, "shopify", "orders", SHOP, "8001", ASKED))
    assert len(orders(con)) == 1


# -- everything else of them -----------------------------------------------------------------------


def test_a_recommendation_loses_only_the_erased(con, company, keyed):
    line = {
        "id": "R1", "created_at": BEFORE, "referrer_email": "ana@mail.example", "referee_email": WHO,
        "referee_name": "Jeanne Test", "code": "ANA-10", "other": {"note": "Jeanne's cousin"},
    }  # fmt: skip
    land(con, company, "files", "referrals", line, account="files", via="file")
    erase(con, company, keyed, tombstones.email(keyed, WHO, ASKED))
    left = {"id": "R1", "created_at": BEFORE, "referrer_email": "ana@mail.example", "code": "ANA-10"}
    query = "select payload from raw_files.referrals"
    assert [json.loads(p) for (p,) in con.execute(query).fetchall()] == [left]
    # The same line in next year's export is stripped at the door, and no news.
    landed = land(con, company, "files", "referrals", line, account="files", via="file")
    assert (landed.new, landed.dropped) == (0, 0)
    # Both gone, nothing is left to keep.
    erase(con, company, keyed, tombstones.email(keyed, "ana@mail.example", ASKED))
    assert con.execute(query).fetchall() == []


def test_a_ticket_stays_as_sums_that_belong_together(con, company, keyed):
    line = {"created_at": BEFORE, "receipt": "T17", "store": "Lyon", "product": "Soap", "amount": 4.5}
    named = [
        line | {"id": "1", "email": WHO},
        line | {"id": "2", "email": WHO, "other": {"note": "for Jeanne"}},
    ]
    land(con, company, "files", "sales", *named, account="files", via="file")
    erase(con, company, keyed, tombstones.email(keyed, WHO, ASKED))
    query = "select payload from raw_files.sales"
    kept = [json.loads(payload) for (payload,) in con.execute(query).fetchall()]
    assert [row["amount"] for row in kept] == [4.5, 4.5]
    assert len({row["receipt"] for row in kept}) == 1
    text = json.dumps(kept)
    assert not [word for word in (WHO, "T17", "Jeanne", "22:30") if word in text]
    # The same tickets in next year's export are no news.
    assert land(con, company, "files", "sales", *named, account="files", via="file").new == 0


def test_what_others_of_the_platform_tell_of_a_contact_goes_with_it(con, company, keyed):
    told = {"contact_id": 57, "event_name": "video", "event_date": BEFORE}
    land(con, company, "brevo", "events", told, told | {"contact_id": 58}, account="maison")
    erase(con, company, keyed, tombstones.record(keyed, "brevo", "contacts", "maison", "57", ASKED))
    assert con.execute("select payload ->> '$.contact_id' from raw_brevo.events").fetchall() == [("58",)]


def test_a_member_goes_with_all_that_was_kept_of_their_reading(con, company, keyed):
    """By their address alone; of another audience too, and what a webhook said of their deletion."""
    key, other = member_key(WHO), member_key("other@poste.example")
    member = {"status": "subscribed", "last_changed": BEFORE, "came_at": BEFORE, "ip_opt": "192.0.2.4"}
    theirs, others = (
        member | {"id": k, "email_address": a} for k, a in ((key, WHO), (other, "other@poste.example"))
    )
    click = {"campaign_id": "c1", "action": "click", "timestamp": BEFORE}
    for audience in ("a1", "b2"):
        land(con, company, "mailchimp", "members", theirs, others, account=audience)
    acts = [click | {"email_id": one, "email_address": "x@poste.example"} for one in (key, other)]
    land(con, company, "mailchimp", "activity", *acts, account="a1")
    marks = [tombstones.record(keyed, "mailchimp", "members", one, key, ASKED) for one in ("a1", "b2")]
    erase(con, company, keyed, tombstones.email(keyed, WHO, ASKED), *marks)
    for stream, field in (("members", "id"), ("activity", "email_id")):
        left = con.execute(f"select distinct payload ->> '$.{field}' from raw_mailchimp.{stream}").fetchall()
        assert left == [(other,)]
    # Nor do they come back, not even by signing up again: the address makes the key, theirs of then.
    assert land(con, company, "mailchimp", "members", theirs, account="a1").dropped == 1
    assert land(con, company, "mailchimp", "activity", acts[0], account="a1").dropped == 1
    again = theirs | {"last_changed": AFTER, "came_at": AFTER}
    assert land(con, company, "mailchimp", "members", again, account="a1").dropped == 1


@pytest.mark.parametrize(("confirmed", "dropped"), [("1", 0), ("2", 1), (None, 1)])
def test_a_contact_made_anew_is_an_act_only_if_they_confirmed(con, company, keyed, confirmed, dropped):
    tombstones.add(con, [tombstones.email(keyed, WHO, ASKED)])
    contact = {
        "id": 99, "email": WHO, "createdAt": AFTER, "modifiedAt": AFTER, "emailBlacklisted": False,
        "smsBlacklisted": False, "listIds": [], "attributes": {"DOUBLE_OPT-IN": confirmed},
    }  # fmt: skip
    assert land(con, company, "brevo", "contacts", contact, account="maison").dropped == dropped


@pytest.mark.parametrize("at", [BEFORE, AFTER], ids=["before", "after"])
@pytest.mark.parametrize(
    ("stream", "row"),
    [
        ("posts", {"id": "1_2", "created_time": "AT", "message": f"Merci à Jeanne, {WHO} !"}),
        ("media", {"id": "8", "timestamp": "AT", "caption": f"Jeanne {PHONE}"}),
        (
            "test_leads",
            {
                "id": "9",
                "created_time": "AT",
                "form_id": "77",
                "field_data": [{"name": "email", "values": [WHO]}],
            },
        ),
    ],
)
def test_what_we_published_or_tried_out_with_their_address_goes_and_stays_out(
    con, company, keyed, stream, row, at
):
    row = {name: at if value == "AT" else value for name, value in row.items()}
    land(con, company, "meta", stream, row, account="1")
    stones = [tombstones.email(keyed, WHO, ASKED), tombstones.phone(keyed, PHONE, "FR", ASKED)]
    assert erase(con, company, keyed, *stones)[f"raw_meta.{stream}"] == 1
    land(con, company, "meta", stream, row, account="1")
    assert con.execute(f"select count(*) from raw_meta.{stream}").fetchone() == (0,)


def test_quarantine_judgements_and_the_log_of_numbers(con, company, keyed):
    land(con, company, "shopify", "orders", order(createdAt="no time"))
    assert len(raw.held(con)) == 1
    [said] = decided("dismiss", [raw.held(con)[0].quarantine_id], "ines", DAY_ONE, "Jeanne's, and empty")
    commands.obey(con, command.send(company.home, said), DAY_ONE)
    for left in ("brevo:m:contact:57", "brevo:m:contact:58"):
        said = judgement(left, "meta:1:lead:9", "apart", "ines", ASKED, reason="Jeanne called")
        commands.obey(con, command.send(company.home, said), DAY_ONE)
    for entry, number in enumerate(("gone", "gone", "stays"), start=1):
        con.execute(
            "insert into door.identity_log"
            " values (?, ?, ?, 'born', ?, null, 'same_email', 'ines', 'gone', ?, ?)",
            [entry, ASKED, number, number, number, ASKED],
        )
    con.execute(
        "insert into door.holds values ('h', 'gone', false, 'Jeanne called', 'ines', $1, $1)", [ASKED]
    )
    counts = erase(
        con,
        company,
        keyed,
        tombstones.email(keyed, WHO, ASKED),
        tombstones.profile(keyed, "brevo:m:contact:57", ASKED),
        tombstones.number(keyed, "gone", ASKED),
    )
    once = ("door.quarantine", "door.judgements", "door.holds", "door.identity_log")
    assert counts == dict.fromkeys(once, 1)
    log = con.execute(
        "select customer_number, event, customer_id, one_number from door.identity_log order by entry"
    ).fetchall()
    assert log == [("stays", "born", "stays", None), ("gone", "ended", None, None)]
    # Again is nothing.
    assert inside.remove(con, Desk.of(company.home), STREAMS, DAY_ONE) == {}


def test_what_was_here_before_the_request_goes_whatever_its_date(con, company, keyed):
    lead = {"id": "7", "created_time": "2027-01-01T00:00:00+0000", "form_id": "1", "field_data": []}
    lead["field_data"] = [{"name": "email", "values": [WHO]}]
    land(con, company, "meta", "leads", lead, account="1")
    con.execute("update raw_meta.leads set _ingested_at = ?", [ASKED])
    assert erase(con, company, keyed, tombstones.email(keyed, WHO, ASKED)) == {"raw_meta.leads": 1}


def test_what_its_platform_had_deleted_before_is_not_counted_as_held_again(con, company, keyed):
    """Or the platform would count less than we do for good, and as many late answers be hidden."""
    times = {"date_created": "2026-10-01 08:00:00", "created_at_utc": "2026-10-01T08:00:00Z"}
    entries = [{"id": n, "form_id": "1", "fields": [], "2": f"{n}-{WHO}", **times} for n in ("7", "8")]
    for op, rows in (("upsert", entries), ("delete", [{"id": "7", "form_id": "1"}])):
        writer = LandingWriter(company.home.landing, *RESPONSES, "api", DAY_ONE)
        writer.write("maison", rows, op, datetime.now(UTC))
        raw.land(con, company.home, writer.commit(), DAY_ONE, STREAMS)
    known = ("gravity_forms", "responses", "maison")
    assert raw.hand_out(con, STREAMS)[known].landed == {"1": 1, "": 1}
    stones = [tombstones.record(keyed, *known, key, ASKED) for key in ("7", "8")]
    assert erase(con, company, keyed, *stones) == {"raw_gravity_forms.responses": 3}
    assert raw.hand_out(con, STREAMS)[known].landed == {"1": 1, "": 1}


def test_a_new_key_still_knows_who_was_erased_under_the_old_one(con, company, keyed):
    the_shop(con, company, keyed)
    env = company.home.env_file
    old = company.secrets["FIRSTHAND_KEY"]
    rest = "".join(line for line in env.read_text().splitlines(True) if not line.startswith("FIRSTHAND_KEY="))
    env.write_text(f"{rest}FIRSTHAND_KEY={'n' * 64}\nFIRSTHAND_KEY_VERSION=2\n")
    with pytest.raises(MissingKey, match="FIRSTHAND_KEY_V1"):
        land(con, company, "shopify", "customers", customer())
    env.write_text(f"{env.read_text()}FIRSTHAND_KEY_V1={old}\n")
    # The batch that waited, then the order: it keeps the number it was given then.
    [waiting] = raw.waiting(company.home)
    assert raw.land(con, company.home, waiting, DAY_ONE, STREAMS).dropped == 1
    assert land(con, company, "shopify", "orders", order()).new == 0


# -- files, and dying half way ---------------------------------------------------------------------


@pytest.fixture
def littered(con, company, keyed):
    """Every kind of file that may name somebody."""
    home = company.home
    the_shop(con, company, keyed)
    drop(home, [{"id": "1", "email": WHO}, {"id": "2", "email": "ana@mail.example"}], platform="nobodys")
    (home.logs / "a.log").write_text(f"could not read {WHO.upper()} of 06 39 98 12 34\nall is well\n")
    (home.refused / "list.csv").write_text(f"mail\n{WHO}\nana@mail.example\n", encoding="utf-16")
    (home.refused / "one.json").write_text(json.dumps({"email": WHO}))
    (home.refused / "garbled.jsonl.gz").write_bytes(b"\x1f\x8bno")
    (home.exports / "spring.csv").write_text(f"mail\nana@mail.example\n{WHO}\n")
    (home.exports / "letters.csv").write_text(f'who,where\nana,Lyon\n{NUMBER},"Jeanne\n1 rue du Test"\n')
    (home.exports / "all.parquet").write_bytes(files.as_parquet(["contact"], [{"contact": WHO}]))
    (home.exports / f"dsar-{NUMBER}-2026-10-01").mkdir()
    (home.exports / f"dsar-{NUMBER}-2026-10-01" / "summary.html").write_text(f"<p>Jeanne</p>\n<p>{WHO}</p>\n")
    with zipfile.ZipFile(home.files / "list.xlsx", "w") as packed:
        packed.writestr("xl/sharedStrings.xml", f"<si><t>{WHO}</t></si>")
    with closing(sqlite3.connect(home.dagster / "runs.db")) as db:
        db.execute("create table events (text varchar)")
        db.execute("insert into events values (?)", [json.dumps({"m": f"cast\n{WHO}", "n": 1})])
        db.commit()
    stones = [tombstones.phone(keyed, PHONE, "FR", ASKED), tombstones.number(keyed, NUMBER, ASKED)]
    tombstones.add(con, stones)
    return home


def test_every_other_store_is_swept(littered, con):
    desk = Desk.of(littered)
    counts = leftovers.sweep(littered, Recogniser.of(con, desk))
    once = dict.fromkeys(("landing", "inbox", "answers", "dagster", "logs"), 1)
    assert counts == once | {"refused": 3, "exports": 3}
    assert sorted(path.name for path in littered.exports.iterdir()) == ["letters.csv", "spring.csv"]
    assert (littered.exports / "letters.csv").read_text() == "who,where\nana,Lyon\n"
    assert (littered.logs / "a.log").read_text() == "***\nall is well\n"
    assert WHO not in (littered.refused / "list.csv").read_text()
    assert "ana@mail.example" in (littered.refused / "list.csv").read_text()
    assert (littered.exports / "spring.csv").read_text() == "mail\nana@mail.example\n"
    assert not list(littered.files.iterdir())
    [batch] = littered.landing.glob("*.jsonl.gz")
    assert json.loads(batch.with_name(batch.name.replace(".jsonl.gz", ".json")).read_text())["rows"] == 1
    assert WHO not in gzip.decompress(batch.read_bytes()).decode()
    assert WHO.encode() not in (littered.dagster / "runs.db").read_bytes()
    with closing(sqlite3.connect(littered.dagster / "runs.db")) as db:
        assert json.loads(db.execute("select text from events").fetchone()[0]) == {"m": "cast\n***", "n": 1}
    assert leftovers.sweep(littered, Recogniser.of(con, desk)) == {}


def test_a_log_loses_the_line_that_names_somebody_and_else_the_value(con, company, keyed):
    tombstones.add(con, [tombstones.email(keyed, "us@mail.example", ASKED, "Jeanne")])
    who = Recogniser.of(con, Desk.of(company.home))
    text = "no us@mail.example\nJeanne Test, us@mail.example\nJeanne\n"
    assert who.cleaned(text) == "no ***\n***\nJeanne\n"
    tombstones.add(con, [tombstones.phone(keyed, PHONE, "FR", ASKED)])
    who = Recogniser.of(con, Desk.of(company.home))
    assert who.cleaned("at 10 called 01 99 00 55 12 / 06 39 98 12 34") == "***"
    assert who.cleaned("GET /?e=us%40mail.example&x") == "GET ***"
    said = {"a": ["Jeanne <us@mail.example>", 7], "us@mail.example": True}
    assert json.loads(who.cleaned(json.dumps(said))) == {"a": ["***", 7], "***": True}


def test_what_a_killed_preview_left_goes_as_well(con, company, keyed):
    spare = company.home.root / "data" / "tmp"
    with throw_away("preview", None, spare) as copy:
        copy.warehouse.parent.mkdir(parents=True)
        copy.warehouse.write_text(WHO)
        tombstones.add(con, [tombstones.email(keyed, WHO, ASKED)])
        assert leftovers.sweep(company.home, Recogniser.of(con, Desk.of(company.home))) == {"spilled": 1}
        assert not copy.warehouse.exists()


class Died(BaseException):
    pass


@pytest.mark.parametrize("place", [*chaos.ERASING_POINTS, None])
def test_killed_anywhere_the_next_run_does_the_rest(company, keyed, monkeypatch, place):
    def die(name):
        if name == place:
            raise Died

    with warehouse(company.home) as con:
        raw.ensure(con)
        land(con, company, "shopify", "customers", customer())
        con.execute("create schema marts; create table marts.customers as select ? as email", [WHO])
        said = erasures.request(
            [tombstones.email(keyed, WHO, ASKED)], "ines", ASKED, "letter", "none", erasures.Extent()
        )
        commands.obey(con, command.send(company.home, said), DAY_ONE)
    for module in (carrying_out, carrying_out.rewriting):
        monkeypatch.setattr(module, "point", die)
    if place:
        with pytest.raises(Died), warehouse(company.home) as con:
            carry_out(con, company.home, STREAMS, DAY_ONE, print)
        with warehouse(company.home) as con:
            assert pending(con) == 1
    monkeypatch.undo()
    with warehouse(company.home) as con:
        assert carry_out(con, company.home, STREAMS, DAY_ONE, print).people == 1
    assert WHO.encode() not in company.home.warehouse.read_bytes()
    assert sorted(path.name for path in company.home.warehouse.parent.glob("warehouse*")) == [
        "warehouse.duckdb"
    ]
    with warehouse(company.home) as con:
        assert pending(con) == 0
        assert con.execute("select count(*) from duckdb_tables() where schema_name = 'marts'").fetchone() == (
            0,
        )
        assert carry_out(con, company.home, STREAMS, DAY_ONE, print).people == 0


def test_the_ledger_brings_erasures_into_an_older_warehouse(company, con, keyed, tmp_path):
    the_shop(con, company, keyed)
    keep_ledger(con, company.home)
    text = (company.home.state / "erasures.jsonl").read_text()
    assert "jeanne" not in text.lower()
    with duckdb.connect() as older:
        older.execute("set TimeZone = 'UTC'")
        raw.ensure(older)
        (tmp_path / "other").mkdir()
        other = make_company(tmp_path / "other")
        land(older, other, "shopify", "customers", customer())
        land(older, other, "shopify", "orders", order())
        assert [replay_ledger(older, text) for _ in range(2)] == [1, 0]
        assert inside.remove(older, Desk.of(other.home), STREAMS, DAY_ONE) == {
            "raw_shopify.customers": 1,
            "raw_shopify.orders": 1,
        }
        # The same stand-in as in the warehouse that was lost.
        keys = "select _key from raw_shopify.orders"
        assert older.execute(keys).fetchall() == con.execute(keys).fetchall()
