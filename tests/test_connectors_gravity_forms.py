"""Gravity Forms: entries that know their fields by number, a bin that moves no time, codes behind a 500, an
export in the language and the zone of the site."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tape import asked, fetched, module, play, stream

from connectors.stream import (
    BadAnswer,
    BrokenToken,
    MissingPermission,
    Page,
    PlatformDown,
    Reading,
    RetiredVersion,
    Since,
)
from connectors.tables import normalise, open_table

ALL = Since(None)
NAME = "gravity_forms"
MAIL = {"id": 2, "type": "email", "label": "Mail", "cssClass": "wide", "isRequired": False}
FORM = (
    "GET forms/1",
    {"id": 1, "fields": [MAIL, "text"], "notifications": {"x": {"to": "us@maison.example"}}},
)


def lately(landed: int) -> Since:
    return Since(datetime(2026, 11, 19, tzinfo=UTC), {"1": landed})


def forms(count: str | None = "3") -> tuple:
    item = {"id": "1", "title": "Contact"} | ({} if count is None else {"entries": count})
    return "GET forms", {"1": item}


def entry(number: int, **more) -> dict:
    told = {"id": str(number), "form_id": "1", "date_created": "2026-11-19 08:00:00", "status": "active"}
    return told | {"date_updated": "2026-11-19 09:00:00", "2": "ann@poste.example"} | more


def listed(*rows: dict, path: str = "entries", total: int | None = None) -> tuple:
    return f"GET {path}", {"total_count": len(rows) if total is None else total, "entries": list(rows)}


def read(*answers: tuple, since: Since = ALL, name: str = "responses", settings=None):
    client = play(NAME, *answers, settings=settings)
    return client, *fetched(stream(NAME, name), client, "maison", since)


def search(client, place: int = -1) -> dict:
    return json.loads(asked(client, place)["search"])


# -- the API --------------------------------------------------------------------------------------


def test_an_entry_has_its_times_in_utc_and_what_its_fields_ask():
    _, [row], announced = read(forms(), listed(entry(7)), FORM)
    assert row["created_at_utc"] == "2026-11-19T08:00:00.000000Z"
    assert row["changed_at_utc"] == "2026-11-19T09:00:00.000000Z"
    assert row["date_created"] == "2026-11-19 08:00:00", "its own time stays as told"
    assert row["fields"] == [{"id": 2, "type": "email", "label": "Mail"}]
    assert announced == {"1": 3}


def test_a_form_is_read_once_however_many_entries_it_has():
    client, rows, _ = read(forms(), listed(entry(7), entry(8), entry(9)), FORM)
    assert len(rows) == 3
    assert [what for what, _ in client.http.tape.asked] == ["GET forms", "GET entries", "GET forms/1"]


def test_what_is_new_or_edited_is_asked_for_in_utc_whatever_the_sites_zone():
    client, _, _ = read(forms(), listed(), since=lately(3))
    filters = [{"key": "date_updated", "operator": ">=", "value": "2026-11-19 00:00:00"}]
    assert search(client) == {"status": "active", "field_filters": filters}
    assert (asked(client)["sorting[key]"], asked(client)["sorting[direction]"]) == ("id", "ASC")


@pytest.mark.parametrize("count", ["4", None])
def test_a_form_that_holds_more_than_we_do_is_read_whole(count):
    whole = listed(entry(1), path="forms/1/entries")
    client, rows, _ = read(forms(count), listed(), whole, FORM, since=lately(3))
    assert [row["id"] for row in rows] == ["1"]
    assert search(client, -2) == {"status": "active"}


def test_where_a_form_holds_less_its_bin_tells_what_is_gone():
    """Binning moves no time of change, so nothing else would tell."""
    bins = [
        listed(entry(n, status=status), path="forms/1/entries") for n, status in ((1, "trash"), (2, "spam"))
    ]
    client = play(NAME, forms("1"), listed(), *bins, listed(entry(3), path="forms/1/entries"), FORM)
    pages = [
        page
        for page in stream(NAME, "responses").fetch(client, "maison", lately(3))
        if isinstance(page, Page)
    ]
    told = [(page.op, page.form, page.rows) for page in pages if page.rows]
    # Dated by the entry's own last change: put back, it will have the same.
    changed = {"changed_at_utc": "2026-11-19T09:00:00.000000Z"}
    assert told[:2] == [("delete", "1", [{"id": n, "form_id": "1"} | changed]) for n in ("1", "2")]
    assert [search(client, place)["status"] for place in (2, 3)] == ["trash", "spam"]
    # Taken for spam, and then not: no time of change tells that either, and the bin hides it from the count.
    assert [(op, row["id"]) for op, _, rows in told[2:] for row in rows] == [("upsert", "3")]
    filters = [{"key": "date_created", "operator": ">=", "value": "2026-10-20 00:00:00"}]
    assert search(client, 4) == {"status": "active", "field_filters": filters}


def test_all_but_hourly_runs_look_into_the_bin_for_what_one_that_came_late_hides_in_the_count():
    bins = [listed(path="forms/1/entries"), listed(path="forms/1/entries")]
    client, _, _ = read(forms(), listed(), *bins, since=replace(lately(3), looks_closely=True))
    filters = [{"key": "date_created", "operator": ">=", "value": "2026-10-20 00:00:00"}]
    assert [search(client, place) for place in (2, 3)] == [
        {"status": status, "field_filters": filters} for status in ("trash", "spam")
    ]


def test_pages_go_on_by_what_the_site_says_it_has(monkeypatch):
    monkeypatch.setattr("connectors.gravity_forms.fetch.LARGEST", 2)
    monkeypatch.setattr("connectors.gravity_forms.fetch.SLACK", 1)
    pages = [listed(entry(n), entry(n + 1), total=3) for n in (1, 2)]
    client, rows, _ = read(forms(), pages[0], FORM, pages[1], listed(entry(3), total=3))
    assert {row["id"] for row in rows} == {"1", "2", "3"}
    # One page overlaps the next by an entry, for what is deleted meanwhile.
    assert [asked(client, n)["paging[offset]"] for n in (1, 3, 4)] == [0, 1, 2]


def test_a_site_without_forms_says_so_with_an_empty_list():
    assert read(("GET forms", []), name="forms")[1] == []


def test_a_form_that_is_gone_meanwhile_is_passed_over():
    gone = ("GET forms/1", {"code": "gf_not_found", "message": "Form not found"}, 500)
    assert read(forms(), gone, name="forms")[1] == []
    _, [row], _ = read(forms(), listed(entry(7)), gone)
    assert "fields" not in row


def test_whom_staff_tell_of_an_answer_is_kept_out():
    _, [form], _ = read(forms(), FORM, name="forms")
    assert form == {"id": 1, "fields": [MAIL, "text"]}


def test_a_key_may_travel_in_the_address():
    client, _, _ = read(("GET forms", []), name="forms", settings={"key_in": "address"})
    assert asked(client) == {
        "consumer_key": "made-up-gravity_forms_key",
        "consumer_secret": "made-up-gravity_forms_secret",
    }
    assert "Authorization" not in client.http.headers


@pytest.mark.parametrize(
    ("status", "body", "error", "says"),
    [
        (401, {"code": "rest_forbidden"}, BrokenToken, "GRAVITY_FORMS_KEY"),
        (401, {"code": "gform_rest_authentication_error"}, BrokenToken, "GRAVITY_FORMS_SECRET"),
        (403, {"code": "rest_forbidden"}, MissingPermission, "editing forms"),
        (403, None, MissingPermission, "firewall"),
        (404, {"code": "rest_no_route"}, RetiredVersion, "switch it on"),
        (404, None, BadAnswer, "platforms.gravity_forms.site"),
        (500, {"code": "internal_server_error"}, PlatformDown, "no usable answer"),
        (200, {"message": "no forms"}, BadAnswer, "without an id"),
    ],
)
def test_errors_say_what_to_do(status, body, error, says):
    with pytest.raises(error, match=says):
        read(*[("GET forms", body, status)] * 7, name="forms")


def test_a_failed_search_answers_an_empty_list_and_is_no_empty_window():
    with pytest.raises(BadAnswer, match="no entries"):
        read(forms(), ("GET entries", []))


def test_erasing_passes_the_bin():
    ask = stream(NAME, "responses").erasing.ask
    gone = {"code": "gf_entry_invalid_id"}, 404
    client = play(NAME, ("DELETE entries/7", {"deleted": True}), ("DELETE entries/7", *gone))
    assert [ask(client, "7", {}), ask(client, "7", {})] == ["erased", "not_there"]
    assert asked(client) == {"force": "1"}


# -- the webhook ----------------------------------------------------------------------------------


def hooked(body: bytes, *answers: tuple) -> list[dict]:
    return [row for hook in module(NAME).WEBHOOK.receive(body, play(NAME, *answers)) for row in hook.rows]


@pytest.mark.parametrize("body", [b'{"id": 42, "2": "x"}', b'{"id": "42"}', b"id=42&form_id=1&2=x"])
def test_a_webhook_is_a_hint_that_an_entry_is_to_be_read(body):
    [row] = hooked(body, ("GET entries/42", entry(42)), FORM)
    assert (row["2"], row["fields"][0]["type"]) == ("ann@poste.example", "email")


@pytest.mark.parametrize(
    "answer",
    [(entry(42, status="spam"),), (entry(42, status="trash"),), ({"code": "gf_entry_invalid_id"}, 404)],
)
def test_what_is_nobodys_answer_by_now_is_not_taken(answer):
    assert hooked(b"id=42", ("GET entries/42", *answer)) == []


def test_another_entry_than_the_one_asked_for_is_refused():
    with pytest.raises(BadAnswer, match="another"):
        hooked(b"id=42", ("GET entries/42", entry(43)))


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"id": "../forms"}', b"id=", b"\xff\xfe", b'{"id": null}', b"[" * 99_999]
)
def test_a_webhook_of_another_shape_is_named(body):
    with pytest.raises(BadAnswer, match="gravity_forms webhook"):
        hooked(body)


def test_a_webhook_is_taken_at_the_address_we_gave_and_nowhere_else():
    secrets, hook = {"GRAVITY_FORMS_WEBHOOK_SECRET": "unguessable"}, module(NAME).WEBHOOK
    assert hook.knows_address("unguessable", secrets)
    assert not any(
        hook.knows_address(word, known) for word, known in (("", secrets), ("guess", secrets), ("", {}))
    )
    assert hook.verify({"content-type": "application/json"}, b'{"id": 1, "form_id": 2}', secrets)
    assert hook.verify(
        {"content-type": "application/x-www-form-urlencoded; charset=UTF-8"}, b"id=1&form_id=2", secrets
    )
    assert not hook.verify({"content-type": "text/plain"}, b'{"id": 1, "form_id": 2}', secrets)
    assert not hook.verify({"content-type": "application/json"}, b'{"id": 1', secrets)


# -- the file -------------------------------------------------------------------------------------


def exported(folder: Path, text: str) -> dict:
    """The first line of an export, as the door would read it in Montréal."""
    path = folder / "export.csv"
    path.write_text(text, "utf-8-sig")
    [export] = module(NAME).EXPORTS
    with open_table(path) as table:
        names = {export.known.get(name, name) for name in table.names}
        assert export.headers <= names, "not known as an export of theirs"
        headers = dict(zip(table.names, table.headers, strict=True))
        reading = Reading(export.known, ZoneInfo("America/Toronto"), headers=headers)
        return export.to_row(next(table.records()), reading)


@pytest.mark.parametrize(
    ("number", "day", "box", "ticked"),
    [
        ("Entry Id", "Entry Date", "Consent", "Checked"),
        ("ID de l’entrée", "Date de l’entrée", "RGPD", "Coché"),
        ("ID de l'entrée", "Date de l'entrée", "Consent", "Checked"),
    ],
)
def test_an_export_is_read_in_the_language_of_the_site(tmp_path, number, day, box, ticked):
    row = exported(
        tmp_path,
        '"Nom (Prénom)","Nom (2ème prénom)","Nom (Nom)",'
        f'"Rester ({box})","Rester (Texte)","Rester (Description)",'
        f'"Par SMS","utm_source","Projet ?","{number}","{day}","Date Updated","URL source"\n'
        f'"Ann","Zoé","Roux","{ticked}","Écrivez-moi","Par e-mail","Par SMS","meta","Un abri","7",'
        '"2026-07-01 08:00:00","2026-07-02 09:00:00","https://www.example/?gf_page=preview&id=1"\n',
    )
    assert row["id"] == "7"
    # The one in the site's zone, the other in UTC.
    assert row["created_at_utc"] == "2026-07-01T12:00:00+00:00"
    assert row["changed_at_utc"] == "2026-07-02T09:00:00+00:00"
    assert row["source_url"].endswith("gf_page=preview&id=1")
    assert row["columns"] == [
        {"type": "first_name", "text": "Nom (Prénom)", "answer": "Ann"},
        {"type": "last_name", "text": "Nom (Nom)", "answer": "Roux"},
        {"type": "checkbox", "text": "Par SMS"},
        {"type": "hidden", "text": "utm_source", "answer": "meta"},
        {"text": "Projet ?", "answer": "Un abri"},
        {"type": "consent", "label": "Rester", "text": "Écrivez-moi", "description": "Par e-mail"},
    ]


def test_two_consents_of_one_label_are_two_and_one_left_alone_is_none(tmp_path):
    row = exported(
        tmp_path,
        '"Consent (Consent)","Consent (Text)","Consent (Description)",'
        '"Consent (Consent)","Consent (Text)","Consent (Description)",'
        '"Consent (Consent)","Entry Id","Entry Date"\n'
        '"Not Checked","","","Checked","By mail","","Checked","7","2026-07-01 08:00:00"\n',
    )
    assert [(one["text"], one["description"]) for one in row["columns"]] == [("By mail", ""), ("Consent", "")]


def test_the_lines_of_an_address_are_one_street(tmp_path):
    row = exported(
        tmp_path,
        '"Home (Street Address)","Home (Address Line 2)","Home (City)","Home (State / Province)",'
        '"Home (ZIP / Postal Code)","Home (Country)","Entry Id","Entry Date"\n'
        '"1 rue X","bât. B","Lyon","Rhône","69001","France","7","2026-07-01 08:00:00"\n',
    )
    assert {one["type"]: one["answer"] for one in row["columns"]} == {
        "street": "1 rue X bât. B",
        "city": "Lyon",
        "postcode": "69001",
        "country": "France",
    }


def test_our_names_for_its_own_columns_are_normalised_headers():
    assert all(normalise(name) == name for name in module(NAME).EXPORTS[0].known)
