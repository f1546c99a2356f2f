"""What waits in the inbox becomes landing files; what cannot is named, and nothing is lost."""

import gzip
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from tape import play

from connectors.inbox import Inbox, own_account
from connectors.stream import MissingCredential
from pipelines.config.files import FileMapping

NOW = datetime(2026, 11, 20, 5, tzinfo=UTC)
LEAD = {"id": "9001", "created_time": "2026-11-19T08:15:30+0000", "form_id": "77", "field_data": []}
PAGE = ("GET me/accounts", {"data": [{"id": "1", "access_token": "page-one"}]})
NO_TESTS = ("GET 77/test_leads", {"data": []})
NOT_YET = {"error": {"message": "no", "code": 100, "error_subcode": 33}}


@dataclass(frozen=True)
class Mapping:
    match: str
    stream: str = "leads"
    columns: dict = field(default_factory=dict)
    values: dict = field(default_factory=dict)
    sheet: str | None = None
    time_zone: str | None = None


def no_client(platform):
    raise MissingCredential(f"{platform} was asked for")


@pytest.fixture
def inbox(tmp_path) -> Inbox:
    return Inbox(
        folder=tmp_path / "inbox",
        landing=tmp_path / "landing",
        client=no_client,
        settings=lambda platform: {"account": "maison"} if platform == "typeform" else {},
        now=NOW,
        zone=ZoneInfo("Europe/Paris"),
        sleep=lambda seconds: None,
    )


def put(inbox, name: str, content: bytes | str) -> Path:
    path = inbox.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def landed(inbox, batch: str) -> tuple[list[dict], dict]:
    lines = gzip.decompress((inbox.landing / f"{batch}.jsonl.gz").read_bytes()).decode().splitlines()
    rows = [json.loads(line) for line in lines]
    return [row | {"payload": json.loads(row["payload"])} for row in rows], json.loads(
        (inbox.landing / f"{batch}.json").read_text()
    )


def hint(*leads: str, page: str = "1") -> str:
    changes = [{"field": "leadgen", "value": {"leadgen_id": int(one), "page_id": int(page)}} for one in leads]
    return json.dumps({"object": "page", "entry": [{"id": page, "changes": changes}]})


# -- webhooks -------------------------------------------------------------------------------------


def test_a_hint_is_followed_by_one_read(inbox):
    put(inbox, "webhooks/meta/20261119T081531000000-ab.json", hint("9001"))
    client = play("meta", PAGE, ("GET 9001", LEAD), NO_TESTS)
    taken = replace(inbox, client=lambda platform: client).take()
    rows, manifest = landed(inbox, taken.batches[0])
    assert (rows[0]["account"], rows[0]["key"], rows[0]["form"]) == ("1", "9001", "77")
    assert rows[0]["arrived_at"] == "2026-11-19T08:15:31.000000Z"
    assert list(manifest["inbox"]) == ["inbox/webhooks/meta/20261119T081531000000-ab.json"]
    assert manifest["via"] == "webhook"


def test_a_lead_not_there_yet_is_asked_for_again(inbox):
    put(inbox, "webhooks/meta/20261120T045900000000-ab.json", hint("9001"))
    client = play("meta", PAGE, *[("GET 9001", NOT_YET, 400)] * 2, ("GET 9001", LEAD), NO_TESTS)
    assert len(replace(inbox, client=lambda platform: client).take().batches) == 1


@pytest.mark.parametrize(("age", "is_refused"), [(timedelta(hours=1), False), (timedelta(days=4), True)])
def test_a_lead_that_stays_away_waits_for_days_and_then_for_a_person(inbox, age, is_refused):
    put(inbox, f"webhooks/meta/{NOW - age:%Y%m%dT%H%M%S%f}-ab.json", hint("9001", "9002"))
    # The first lead of the body is read, the second is not: the body waits whole.
    client = play("meta", PAGE, ("GET 9001", LEAD), NO_TESTS, *[("GET 9002", NOT_YET, 400)] * 4)
    taken = replace(inbox, client=lambda platform: client).take()
    assert (len(taken.refused), len(taken.left)) == ((1, 0) if is_refused else (0, 1))
    assert not taken.batches
    assert not list(inbox.landing.glob("*")) if inbox.landing.exists() else True


def test_one_unreadable_body_stops_no_other(inbox):
    put(inbox, "webhooks/typeform/20261119T080000000000-aa.json", "{not json")
    answer = {"form_id": "F1", "token": "t1", "submitted_at": "2026-11-19T08:00:00Z", "answers": []}
    body = {"event_id": "e", "event_type": "form_response", "form_response": answer}
    put(inbox, "webhooks/typeform/20261119T080001000000-bb.json", json.dumps(body))
    client = play("typeform")
    taken = replace(inbox, client=lambda platform: client).take()
    rows, _ = landed(inbox, taken.batches[0])
    assert [(row["account"], row["key"], row["form"]) for row in rows] == [("maison", "t1", "F1")]
    assert [path.name for path, _ in taken.refused] == ["20261119T080000000000-aa.json"]


def test_a_body_that_tells_nothing_is_used_up(inbox):
    put(inbox, "webhooks/meta/20261119T081531000000-ab.json", '{"entry": [{"id": "1", "changes": []}]}')
    client = play("meta")
    taken = replace(inbox, client=lambda platform: client).take()
    assert landed(inbox, taken.batches[0])[1]["rows"] == 0


def test_without_a_credential_webhooks_wait(inbox):
    put(inbox, "webhooks/meta/20261119T081531000000-ab.json", hint("9001"))
    taken = inbox.take()
    assert [reason for _, reason in taken.left] == ["meta was asked for"]


def test_what_is_still_being_received_is_left_alone(inbox):
    put(inbox, "webhooks/meta/20261119T081531000000-ab.json.1f.part", hint("9001"))
    assert inbox.take().left == []


# -- files ----------------------------------------------------------------------------------------


def taken_rows(inbox):
    taken = inbox.take()
    assert not taken.refused, taken.refused
    return landed(inbox, taken.batches[0])[0], taken


def test_a_french_list_reads_without_a_word_of_configuration(inbox):
    header = "Prénom;Nom;E-mail;Téléphone;Date;Newsletter;Magasin"
    line = "Zoé;Roy;zoe@poste.example;0639981234;02/10/2026;oui;Lille"
    put(inbox, "files/files/liste.csv", f"{header}\n{line}\n".encode("cp1252"))
    rows, taken = taken_rows(inbox)
    payload = rows[0]["payload"]
    assert payload.pop("id").startswith("row-")
    assert payload == {
        "first_name": "Zoé",
        "last_name": "Roy",
        "email": "zoe@poste.example",
        "phone": "0639981234",
        "created_at": "2026-10-01T22:00:00+00:00",
        "email_opt_in": True,
        "other": {"magasin": "Lille"},
    }
    assert rows[0]["account"] == "files"
    # What nobody documents is read, and said.
    assert taken.assumed == {"inbox/files/files/liste.csv": ("newsletter", "dates: day before month")}


def test_the_same_line_in_the_next_export_is_the_same_record(inbox):
    put(inbox, "files/files/a.csv", "email,date,form\na@poste.example,2026-10-02,Devis\n")
    put(inbox, "files/files/b.csv", "form;date;email\nDevis;2026-10-02;A@poste.example\n")
    taken = inbox.take()
    keys = {landed(inbox, batch)[0][0]["key"] for batch in taken.batches}
    assert len(keys) == 1


def test_a_wording_in_a_column_of_ticks_is_no_consent_and_no_defect(inbox):
    put(inbox, "files/files/a.csv", "email;newsletter\na@poste.example;J'accepte tout\n")
    rows, _ = taken_rows(inbox)
    assert "email_opt_in" not in rows[0]["payload"]
    assert rows[0]["payload"]["other"] == {"newsletter": "J'accepte tout"}


def test_configuration_names_what_nobody_can_guess(inbox):
    put(inbox, "files/files/salon-2026.csv", "Contact;Quand\na@poste.example;2026-10-02\n")
    assert "name them under `files:`" in inbox.take().refused[0][1]
    columns = {"Contact": "email", "Quand": "created_at"}
    mapped = replace(inbox, mappings=(Mapping("salon-*.csv", columns=columns),))
    rows, _ = taken_rows(mapped)
    assert rows[0]["payload"]["email"] == "a@poste.example"
    assert rows[0]["occurred_at"] == "2026-10-01T22:00:00.000000Z"


def test_what_a_file_does_not_say_configuration_may_say_for_every_line(inbox):
    put(inbox, "files/files/salon.csv", "email;formulaire\na@poste.example;\nb@poste.example;Devis\n")
    values = {"form": "Salon 2026", "source": "salon"}
    rows, taken = taken_rows(replace(inbox, mappings=(Mapping("salon*", values=values),)))
    told = [(row["payload"]["form"], row["payload"]["source"]) for row in rows]
    assert told == [("Salon 2026", "salon"), ("Devis", "salon")], "a line's own word goes before"
    assert all("other" not in row["payload"] for row in rows)
    assert not taken.refused


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"values": {"email_opt_in": "oui"}}, "each person's own"),
        ({"values": {"colour": "red"}}, "no column of leads"),
        ({"time_zone": "Mars/Olympus"}, "no time zone"),
    ],
)
def test_what_nobody_may_say_for_a_whole_file_is_refused(wrong, says):
    with pytest.raises(ValueError, match=says):
        FileMapping(match="x*", **wrong)


def test_a_sheet_and_a_zone_are_those_that_configuration_names(inbox):
    book = openpyxl.Workbook()
    book.active.append(["Lisez-moi"])
    sheet = book.create_sheet("Été 2026")
    sheet.append(["email", "date"])
    sheet.append(["a@poste.example", "2026-07-01 08:00:00"])
    path = put(inbox, "files/files/salon.xlsx", b"")
    book.save(path)
    there = Mapping("salon*", sheet="été 2026", time_zone="America/Toronto")
    rows, _ = taken_rows(replace(inbox, mappings=(there,)))
    assert rows[0]["occurred_at"] == "2026-07-01T12:00:00.000000Z"
    book.save(path)
    [[_, reason]] = replace(inbox, mappings=(replace(there, sheet="Hiver"),)).take().refused
    assert "no sheet called Hiver; it has: Sheet, Été 2026" in reason


@pytest.mark.parametrize(
    ("zone", "at", "assumed"),
    [
        (None, "2026-07-01T06:00:00.000000Z", ("entry_date",)),
        ("America/Toronto", "2026-07-01T12:00:00.000000Z", ()),
    ],
)
def test_a_platforms_own_zone_holds_for_its_files(inbox, zone, at, assumed):
    settings = {"account": "main", "time_zone": zone}
    there = replace(inbox, settings=lambda platform: settings if platform == "gravity_forms" else {})
    put(inbox, "files/gravity_forms/contact.csv", "Entry Id,Entry Date\n7,2026-07-01 08:00:00\n")
    rows, taken = taken_rows(there)
    assert rows[0]["occurred_at"] == at
    assert taken.assumed.get("inbox/files/gravity_forms/contact.csv", ()) == assumed


def test_a_zone_nobody_knows_is_named_and_the_file_waits(inbox):
    there = replace(inbox, settings=lambda platform: {"time_zone": "Mars/Olympus"})
    put(inbox, "files/gravity_forms/contact.csv", "Entry Id,Entry Date\n7,2026-07-01 08:00:00\n")
    [[_, reason]] = there.take().left
    assert "platforms.gravity_forms.time_zone" in reason


@pytest.mark.parametrize(
    ("text", "stream"),
    [
        ("email parrain;email filleul;date\na@poste.example;b@poste.example;2026-10-02\n", "referrals"),
        ("email;note;avis;date\na@poste.example;4,5;Bien;2026-10-02\n", "reviews"),
        ("email;nps;date\na@poste.example;9;2026-10-02\n", "nps"),
        ("telephone;date\n0639981234;2026-10-02\n", "leads"),
        ("email;date;lien;droits\na@poste.example;2026-10-02;https://x.test/1;oui\n", "content"),
        ("Date;Devise;Taux\n2026-10-02;CAD;0,6154\n", "rates"),
        ("Du;Support;Campagne;Montant TTC\n02/10/2026;podcast;Voix;100,00 €\n", "spend"),
        ("Date;Canal;Campagne;Montant;E-mail\n02/10/2026;salon;A1;5;a@poste.example\n", "leads"),
        ("Date;N° ticket;Montant TTC;E-mail\n2026-10-02;17;12,50 €;a@poste.example\n", "sales"),
    ],
)
def test_generic_files_are_told_apart_by_their_columns(inbox, text, stream):
    put(inbox, "files/files/x.csv", text)
    assert f"-files-{stream}-file-" in inbox.take().batches[0]


def test_the_lines_of_a_ticket_are_articles_and_the_same_again_in_the_next_export(inbox):
    ticket = "02/10/2026 17:05;17;Savon;4,50 €\n" * 2 + "02/10/2026 17:05;17;Bougie;- 1 234,00\n"
    put(inbox, "files/files/a.csv", "Date;Ticket;Article;Montant\n" + ticket)
    put(inbox, "files/files/b.csv", "Date;Ticket;Article;Montant\n31/12/2026;18;Savon;2\n" + ticket)
    one, other = (landed(inbox, batch)[0] for batch in inbox.take().batches)
    assert [row["payload"]["amount"] for row in one] == [4.5, 4.5, -1234]
    assert one[0]["payload"]["currency"] == "EUR"
    assert "currency" not in one[2]["payload"]
    keys = [row["key"] for row in one]
    assert len(set(keys)) == 3
    assert [row["key"] for row in other[1:]] == keys


def test_a_rate_that_comes_again_corrects_the_one_before(inbox):
    put(inbox, "files/files/a.csv", "jour;devise;taux\n02/10/2026;CAD;0,6154\n13/10/2026;USD;0,91\n")
    put(inbox, "files/files/b.csv", "currency,day,rate\nCAD,2026-10-02,0.6155\n")
    found = [row for batch in inbox.take().batches for row in landed(inbox, batch)[0]]
    assert [row["payload"]["rate"] for row in found] == [0.6154, 0.91, 0.6155]
    assert found[0]["key"] == found[2]["key"]
    assert found[0]["occurred_at"] == "2026-10-01T22:00:00.000000Z"


META_LEADS = (
    "id\tcreated_time\tform_id\tplatform\tis_organic\te-mail\tnuméro_de_téléphone\tbudget ?\tnewsletter\n"
    "l:9001\t2026-11-19T09:15:30+01:00\tf:77\tig\tfalse\ta@poste.example\tp:+33639981234\t10\ttrue\n"
)


def test_metas_lead_export_has_the_shape_of_its_api(inbox):
    put(inbox, "files/meta/1/leads.csv", META_LEADS.encode("utf-16"))
    rows, _ = taken_rows(inbox)
    assert (rows[0]["account"], rows[0]["key"], rows[0]["form"]) == ("1", "9001", "77")
    assert rows[0]["changed_at"] == "2026-11-19T08:15:30.000000Z"
    assert rows[0]["payload"]["field_data"] == [
        {"name": "email", "values": ["a@poste.example"]},
        {"name": "phone_number", "values": ["+33639981234"]},
        {"name": "budget", "values": ["10"]},
    ]
    box = {"checkbox_key": "newsletter", "is_checked": "1", "is_assumed": True}
    assert rows[0]["payload"]["custom_disclaimer_responses"] == [box]


def test_the_page_of_a_lead_export_is_found_through_its_form(inbox):
    put(inbox, "files/meta/leads.csv", META_LEADS + META_LEADS.splitlines()[1].replace("f:77", "f:78") + "\n")
    client = play("meta", PAGE, ("GET 1/leadgen_forms", {"data": [{"id": "77"}]}))
    rows, _ = taken_rows(replace(inbox, client=lambda platform: client))
    # Nobody knows form 78: the row goes on without an account, for the door to hold.
    assert [row["account"] for row in rows] == ["1", ""]


def test_a_file_whose_platform_is_down_waits(inbox):
    put(inbox, "files/meta/leads.csv", META_LEADS)
    assert inbox.take().left[0][1] == "meta was asked for"
    assert not list(inbox.landing.glob("*"))


def test_typeforms_export_names_its_form_in_the_file_name(inbox):
    text = "#,Votre e-mail,Submit Date (UTC)\ntok1,a@poste.example,2026-10-02 08:00:00\n"
    put(inbox, "files/typeform/responses-AbCd1234-01.csv", text)
    rows, _ = taken_rows(inbox)
    assert (rows[0]["key"], rows[0]["form"]) == ("tok1", "AbCd1234")
    assert rows[0]["occurred_at"] == "2026-10-02T08:00:00.000000Z"


def test_shopifys_further_lines_of_an_order_are_no_orders(inbox):
    text = (
        "Id,Name,Financial Status,Total,Currency,Created at,Lineitem name\n"
        "7001,#1,paid,20.00,EUR,2026-10-02 10:00:00 +0200,Cup\n,#1,,,,,Plate\n"
    )
    put(inbox, "files/shopify/orders_export.csv", text)
    rows, _ = taken_rows(inbox)
    assert [row["key"] for row in rows] == ["7001"]
    assert rows[0]["occurred_at"] == "2026-10-02T08:00:00.000000Z"


def test_brevos_export_keeps_its_attributes(inbox):
    put(
        inbox,
        "files/brevo/contacts.csv",
        "CONTACT ID;EMAIL;DOUBLE_OPT-IN;SMS\n12;a@poste.example;1;33639981234\n",
    )
    rows, _ = taken_rows(inbox)
    assert rows[0]["payload"] == {
        "id": 12,
        "email": "a@poste.example",
        "attributes": {"DOUBLE_OPT-IN": "1", "SMS": "33639981234"},
    }


def test_a_file_in_no_folder_is_recognised_by_its_columns(inbox):
    put(inbox, "files/leads.csv", "contact id;email\n12;a@poste.example\n")
    assert "-brevo-contacts-file-" in inbox.take().batches[0]


def test_a_workbook_of_reviews(inbox):
    path = inbox.folder / "files" / "files" / "avis.xlsx"
    path.parent.mkdir(parents=True)
    book = openpyxl.Workbook()
    for row in (["id_avis", "E-mail", "Étoiles", "Date"], [5, "a@poste.example", 4, datetime(2026, 10, 2)]):
        book.active.append(row)
    book.save(path)
    rows, _ = taken_rows(inbox)
    assert (rows[0]["key"], rows[0]["payload"]["stars"]) == ("5", 4)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"colour,size\nred,4\n", "no known export: colour, size"),
        (
            b"email,name\n" + b"a@poste.example,Ann\n" * 9000 + b'b@poste.example,"' + b"x\n" * 99_999,
            "quote left open",
        ),
    ],
)
def test_what_nobody_can_read_is_named_and_leaves_no_batch(inbox, content, says):
    path = put(inbox, "files/files/x.csv", content)
    taken = inbox.take()
    assert [found for found, _ in taken.refused] == [path]
    assert says in taken.refused[0][1]
    assert not taken.batches
    assert path.exists()  # moving it is the pipeline's business
    assert not inbox.landing.exists() or not list(inbox.landing.iterdir())


def test_an_unknown_folder_is_told_the_known_ones(inbox):
    put(inbox, "files/facebook/x.csv", "a,b\n1,2\n")
    assert "one of: meta, tiktok" in inbox.take().refused[0][1]


def test_a_file_that_still_grows_is_left_alone(inbox):
    path = put(inbox, "files/files/x.csv", "email\na@poste.example\n")
    put(inbox, "files/files/~$lock.xlsx", "x")
    put(inbox, "files/files/y.csv.crdownload", "email\n")
    grow = lambda seconds: path.write_text("email\na@poste.example\nb@poste.example\n")  # noqa: E731
    taken = replace(inbox, sleep=grow).take()
    assert [(found, reason) for found, reason in taken.left] == [(path, "it is still being written")]
    assert not taken.batches
    assert not taken.refused


@pytest.mark.parametrize(
    ("told", "account"),
    [
        ({"ad_accounts": ["5"]}, "5"),
        ({"organizations": ["9"]}, "organization-9"),
        ({"ad_accounts": ["5"], "organizations": ["9"]}, None),
        ({"ad_accounts": ["5"], "organizations": []}, "5"),
        ({}, None),
    ],
)
def test_a_file_is_of_the_only_account_if_all_kinds_together_name_one(told: dict, account: str | None):
    """Else a page's leads would be an ad account's: its form tells whose they are."""
    assert own_account("linkedin", told) == account
