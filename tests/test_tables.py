"""Files as people save them: encodings, separators, armour, damage."""

import zipfile
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from connectors.cells import PERSON_COLUMNS, day_comes_first, money, number, truth, when
from connectors.stream import Reading
from connectors.tables import TableError, normalise, open_table, tidy

PARIS = Reading(zone=ZoneInfo("Europe/Paris"))
TEXT = 'Prénom;E-mail;Ville\r\nZoé;zoe@poste.example;"L\'Haÿ-les-Roses\r\n(94)"\r\n'
ROW = {"prenom": "Zoé", "e_mail": "zoe@poste.example", "ville": "L'Haÿ-les-Roses\r\n(94)"}


def read(path):
    with open_table(path) as table:
        return list(table.records())


@pytest.fixture
def drop(tmp_path):
    def drop(content, name="list.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return drop


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"]
)
def test_encodings_are_told_apart(drop, encoding):
    assert read(drop(TEXT.encode(encoding))) == [ROW]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_are_told_apart(drop, separator):
    assert read(drop(TEXT.replace(";", separator).encode())) == [ROW]


def test_an_accent_after_a_million_plain_bytes_is_still_read(drop):
    plain = b"email,name\n" + b"a@poste.example,Ann\n" * 60_000
    rows = read(drop(plain + "b@poste.example,Zoé\n".encode("cp1252")))
    assert rows[-1] == {"email": "b@poste.example", "name": "Zoé"}


def test_a_comma_inside_quotes_is_no_separator(drop):
    assert read(drop(b'"Name, full";email\nAnn;a@poste.example\n'))[0]["name_full"] == "Ann"


def test_excels_own_hint_on_the_separator(drop):
    assert read(drop(b"sep=;\r\na;b\r\n1,5;2\r\n")) == [{"a": "1,5", "b": "2"}]


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ('="0639981234"', "0639981234"),
        ("'+33639981234", "+33639981234"),
        ("'0639981234", "0639981234"),
        ("=HYPERLINK(A1)", "=HYPERLINK(A1)"),
        ("  Ann ", "Ann"),
        ("'t Hart", "'t Hart"),
        ("=", "="),
    ],
)
def test_armour_of_spreadsheets_is_taken_off(cell, meant):
    assert tidy(cell) == meant


def test_headers_are_made_alike_and_unique(drop):
    path = drop("  Date de Création ,E-MAIL,e-mail,,N°\nx,a,b,c,d\n".encode())
    assert list(read(path)[0]) == ["date_de_creation", "e_mail", "e_mail_2", "column_4", "n"]
    assert normalise("#") == "number"


def test_lines_longer_and_shorter_than_the_header_lose_nothing(drop):
    rows = read(drop(b"a,b\n1\n1,2,3,4\n\n,\n"))
    assert rows == [{"a": "1"}, {"a": "1", "b": "2", "_extra": "3 | 4"}]


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("1\u202f234,50 €", (1234.5, "EUR")),
        ("$1,234.50", (1234.5, None)),
        ("1.234", (1234, None)),
        ("12.5 CAD", (12.5, "CAD")),
        ("(12.00)", (-12, None)),
        ("12,00-", (-12, None)),
        ("- 3,5 €", (-3.5, "EUR")),
        ("0", (0, None)),
        ("offert", ("offert", None)),
        ("1-2", ("1-2", None)),
    ],
)
def test_amounts_read_as_people_write_them(cell, meant):
    assert money(cell) == meant


def workbook(path, rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_workbooks_read_like_text(tmp_path):
    rows = [
        ["E-mail", "Téléphone", "Date", "Note", "Somme", "Client"],
        ["zoe@poste.example", 33639981234.0, datetime(2026, 10, 2, 8, 15), 4.5, "=1+1", True],
        [None, None, None, None, None, None],
        ["léo@poste.example", "0639981235", None, None, None, None],
    ]
    found = read(workbook(tmp_path / "list.xlsx", rows))
    assert found == [
        {
            "e_mail": "zoe@poste.example",
            "telephone": "33639981234",
            "date": "2026-10-02T08:15:00",
            "note": "4.5",
            "somme": "=1+1",
            "client": "TRUE",
        },
        {"e_mail": "léo@poste.example", "telephone": "0639981235"},
    ]


def test_a_workbook_is_known_by_content_not_by_name(tmp_path):
    path = workbook(tmp_path / "list.xlsx", [["a"], ["1"]])
    assert read(path.rename(tmp_path / "list.csv")) == [{"a": "1"}]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\n\n  \n", "no lines|empty"),
        (b"PK\x03\x04 not really", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old .xls"),
        (b"\x89PNG\r\n\x1a\n\x00\x00abc" + b"x" * 500, "neither text nor a workbook"),
        (b'a,b\n1,"' + b"x\n" * 200_000, "quote left open"),
        (("a," * 3000).encode() + b"\n1\n", "is this a table"),
    ],
)
def test_what_cannot_be_read_says_why(drop, content, says):
    with pytest.raises(TableError, match=says):
        read(drop(content))


def test_a_zip_bomb_is_not_unpacked(tmp_path, monkeypatch):
    path = workbook(tmp_path / "list.xlsx", [["a"], ["1"]])
    monkeypatch.setattr("connectors.tables.LARGEST_WORKBOOK", 100)
    with pytest.raises(TableError, match="save it as CSV"):
        read(path)


def test_a_zip_that_is_no_workbook_is_refused(tmp_path):
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(TableError, match="damaged"):
        read(path)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-10-02T08:15:30+02:00", "2026-10-02T06:15:30+00:00"),
        ("2026-10-02 08:15:30", "2026-10-02T06:15:30+00:00"),
        ("2026-12-02 08:15", "2026-12-02T07:15:00+00:00"),
        ("2026-05-01 08:00:00 +0200", "2026-05-01T06:00:00+00:00"),
        ("2026-05-01 08:00:00 UTC", "2026-05-01T08:00:00+00:00"),
        ("02/10/2026 08:15", "2026-10-02T06:15:00+00:00"),
        ("02.10.2026", "2026-10-01T22:00:00+00:00"),
        ("2/10/2026 à 8h15", "2026-10-02T06:15:00+00:00"),
        ("1760000000", "2025-10-09T08:53:20+00:00"),
        ("31/02/2026", "31/02/2026"),
        ("soon", "soon"),
    ],
)
def test_times_in_files(text, meant):
    assert when(text, PARIS) == meant


def test_american_dates_where_the_file_shows_them():
    american = Reading(zone=UTC, day_first=False)
    assert when("10/02/2026 1:05 PM", american) == "2026-10-02T13:05:00+00:00"


@pytest.mark.parametrize(
    ("dates", "is_day_first"),
    [(["13/02/2026"], True), (["02/13/2026"], False), (["02/03/2026"], None), (["2026-02-03"], True)],
)
def test_day_or_month_first_is_taken_from_the_whole_file(dates, is_day_first):
    assert day_comes_first(dates) is is_day_first


def test_ticks_and_numbers_are_read_or_left_alone():
    assert [truth(cell) for cell in ("Oui", "1", "non", "", "peut-être")] == [
        True,
        True,
        False,
        "",
        "peut-être",
    ]
    assert [number(cell) for cell in ("4,5", "10", "1 234,50", "dix")] == [4.5, 10, 1234.5, "dix"]


@pytest.mark.parametrize(
    ("header", "ours"),
    [
        ("Adresse e-mail", "email"),
        ("Prénom", "first_name"),
        ("N° de téléphone", "phone"),
        ("Téléphone", "phone"),
    ],
)
def test_common_headers_are_known(header, ours):
    assert PERSON_COLUMNS.get(normalise(header)) == ours


def zipped(path, **parts):
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            archive.writestr(f"{name}.csv", text)
    return path


def test_a_zip_of_csv_files_is_one_table_that_tells_the_part(tmp_path):
    parts = {"in_": "Mail,Nom\na@x.example,Ana\n", "out": "Nom;Parti\nBo;oui\n", "none": ""}
    path = zipped(tmp_path / "export.zip", **parts)
    with open_table(path) as table:
        assert table.names == ["mail", "nom", "parti", "archive_member"]
        assert list(table.records()) == [
            {"mail": "a@x.example", "nom": "Ana", "archive_member": "in_.csv"},
            {"nom": "Bo", "parti": "oui", "archive_member": "out.csv"},
        ]


def test_a_zip_of_many_or_damaged_parts_is_named(tmp_path):
    many = zipped(tmp_path / "many.zip", **{f"part{n}": "a\n1\n" for n in range(201)})
    with pytest.raises(TableError, match="one by one"), open_table(many):
        pass
    path = zipped(tmp_path / "cut.zip", one="a\n" + "1\n" * 500)
    path.write_bytes(path.read_bytes().replace(b"1\n1\n", b"1\n2\n", 1))
    with pytest.raises(TableError, match="damaged"), open_table(path) as table:
        list(table.records())
