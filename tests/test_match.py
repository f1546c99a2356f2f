"""`firsthand match`: what a file's columns mean, how its cells are read, whose its records turn out to be."""

import csv
import os
import random
import stat
import subprocess
import sys
from pathlib import Path

import duckdb
import openpyxl
import pytest

from pipelines import cli
from pipelines.config import Config
from pipelines.matching import MatchError, columns, engine, profiles, reading

ROOT = Path(__file__).parent.parent


@pytest.fixture
def con(tmp_path):
    with duckdb.connect(str(tmp_path / "own.duckdb")) as con:
        con.execute("set TimeZone = 'UTC'")
        yield con


def given(con, path: Path, aside: Path, **mapped: str) -> list[dict]:
    """The file's records as read, empty cells left out."""
    reading.read(con, path, mapped, aside)
    found = con.execute("from given order by row_number")
    names = [column[0] for column in found.description]
    return [
        {name: cell for name, cell in zip(names, row, strict=True) if cell is not None}
        for row in found.fetchall()
    ]


def drop(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "list.csv"
    path.write_bytes(text.encode(encoding))
    return path


# What a header means


def test_headers_are_read_in_both_languages_and_the_rest_is_named():
    french = ["Réf", "Provenance", "Prénom", "Nom", "Courriel", "Portable", "Adresse", "Ville", "Code postal"]
    french += [
        "Pays",
        "Date de naissance",
        "Société",
        "Numéro de sécurité sociale",
        "Date de création",
        "Taille",
    ]
    english = ["record_id", "source", "First name", "surname", "E-mail", "Mobile", "address1", "Town", "zip"]
    english += ["country", "DOB", "Company", "SSN", "created", "Size"]
    for headers in (french, english):
        found = columns.recognise(headers, [columns.normalise(h) for h in headers], {})
        assert list(found.places) and set(columns.WORDS) - set(found.places) == {"full_name"}
        assert [headers[place] for place in sorted(found.places.values())] == headers[:-1]
        assert found.ignored == headers[-1:]


def test_what_was_asked_for_comes_before_what_a_header_says():
    headers = ["email", "Work mail", "id"]
    names = [columns.normalise(h) for h in headers]
    assert columns.recognise(headers, names, {}).places == {"email": 0, "record_id": 2}
    asked = columns.recognise(headers, names, columns.parse_maps(["Work mail=email"]))
    assert asked.places == {"email": 1, "record_id": 2}
    assert asked.ignored == ["email"]


def test_our_own_word_comes_before_a_word_that_only_means_it():
    assert (
        columns.recognise(["id", "record_id", "mail"], ["id", "record_id", "mail"], {}).places["record_id"]
        == 1
    )


@pytest.mark.parametrize(
    ("word", "says"),
    [("Courriel", "write"), ("Courriel=mail", "one of record_id"), ("=email", "write")],
)
def test_a_map_that_cannot_be_meant_is_refused(word, says):
    with pytest.raises(MatchError, match=says):
        columns.parse_maps([word])


def test_a_map_may_hold_an_equals_sign_and_the_engines_own_word():
    assert columns.parse_maps(["a=b=email", "Born=birth_date"]) == {"a=b": "email", "Born": "dob"}
    with pytest.raises(MatchError, match="two columns"):
        columns.parse_maps(["a=email", "b=email"])


def test_a_file_without_headers_says_so_and_names_nobody():
    with pytest.raises(MatchError, match="headers on the first line") as refused:
        columns.recognise(["zoe@poste.example", "0639981234"], ["zoe_poste_example", "c"], {})
    assert "zoe@" not in str(refused.value)
    with pytest.raises(MatchError, match="a column the file has not: Mel; it has email"):
        columns.recognise(["email"], ["email"], {"Mel": "email"})


# How cells are read

TRAPS = (
    "id;Prénom;E-mail;Adresse;Téléphone\r\n"
    '1;Zoé;zoe@poste.example;"1 rue ""A""";="0639981234"\r\n'
    ";;;;\r\n"
    "2;\u00a0Léo ;leo@poste.example;'t Hof;'+33639981235\r\n"
    "3;Ann;ann@poste.example\r\n"
)
READ = [
    {"row_number": 1, "record_id": "1", "first_name": "Zoé", "email": "zoe@poste.example"}
    | {"address": '1 rue "A"', "phone": "0639981234"},
    {"row_number": 2, "record_id": "2", "first_name": "Léo", "email": "leo@poste.example"}
    | {"address": "'t Hof", "phone": "+33639981235"},
    {"row_number": 3, "record_id": "3", "first_name": "Ann", "email": "ann@poste.example"},
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_encoding_reads_alike(con, tmp_path, encoding):
    assert given(con, drop(tmp_path, TRAPS, encoding), tmp_path) == READ


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "sep=;\r\n" + text,
        lambda text: text.replace(";", "\t"),
        lambda text: "\r\n" + text,
        # Lines longer than the headers, which the quick reader refuses.
        lambda text: text + "\r\n",
        lambda text: text.replace("ann@poste.example", "ann@poste.example;;;beyond;more"),
        lambda text: text.replace("\r\n", "\n").replace("Ann;", "Ann;", 1),
        # Quotes it refuses as well.
        lambda text: text.replace("3;Ann", '3;"An"n'),
    ],
)
def test_what_the_quick_reader_cannot_read_the_patient_one_does(con, tmp_path, change):
    assert given(con, drop(tmp_path, change(TRAPS)), tmp_path) == READ


def test_line_ends_inside_quotes_stay(con, tmp_path):
    text = 'email,address\na@poste.example,"1 rue A\n2e étage"\nb@poste.example,x\n'
    assert [row["address"] for row in given(con, drop(tmp_path, text), tmp_path)] == [
        "1 rue A\n2e étage",
        "x",
    ]


def test_workbooks_and_parquet_read_as_text(con, tmp_path):
    book = openpyxl.Workbook()
    for row in (["id", "E-mail", "Téléphone"], [1.0, "zoe@poste.example", 33639981234.0]):
        book.active.append(row)
    book.save(tmp_path / "list.xlsx")
    expected = [{"row_number": 1, "record_id": "1", "email": "zoe@poste.example", "phone": "33639981234"}]
    assert given(con, tmp_path / "list.xlsx", tmp_path) == expected
    con.execute(
        f"""
        copy (select 1::double as id, ' zoe@poste.example' as "E-mail", 33639981234::double as "Téléphone",
            date '1959-10-09' as dob) to '{tmp_path}/list.parquet' (format parquet)
        """
    )
    assert given(con, tmp_path / "list.parquet", tmp_path) == [expected[0] | {"dob": "1959-10-09"}]


def test_rows_are_numbered_as_they_stand_in_a_long_file(con, tmp_path):
    lines = "".join(f"person{n}@poste.example,{n}\n" for n in range(1, 300_001))
    given_rows = drop(tmp_path, "email,id\n" + lines)
    reading.read(con, given_rows, {}, tmp_path)
    assert con.execute("select count(*) from given where row_number <> record_id::int").fetchall() == [(0,)]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"email,phone\n", "no record"),
        (b"email,phone\n , \n", "no record"),
        (b"PAR1 not really", "damaged Parquet"),
        (b"PK\x03\x04 not really", "damaged"),
        (b"a,b\n1,2\n", "no column tells who"),
        (b'email,b\n1,"' + b"x\n" * 200_000, "quote left open"),
    ],
)
def test_what_cannot_be_read_says_why(con, tmp_path, content, says):
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(MatchError, match=says):
        reading.read(con, path, {}, tmp_path)


# What the engine is given


def made(con, tmp_path, text: str, **settings: object) -> list[tuple]:
    reading.read(con, drop(tmp_path, text), {}, tmp_path)
    profiles.make(con, Config(company="x", **settings))
    return con.execute(
        "select profile_id, created_at::varchar, first_seen_at::varchar, phone_region"
        " from contracts.profiles order by profile_id"
    ).fetchall()


def test_numbers_are_read_in_the_country_of_the_row_first(con, tmp_path):
    rows = made(
        con,
        tmp_path,
        "record_id,source,email,country\n1,shop,a@x.example,Québec\n2,,b@x.example,\n3,shop,c@x.example,de\n",
        default_phone_region="BE",
        countries=["BE", "FR"],
    )
    assert [(row[0], row[3]) for row in rows] == [
        ("file:file:record:2", "BE BE FR"),
        ("file:shop:record:1", "CA BE BE FR"),
        ("file:shop:record:3", "DE BE BE FR"),
    ]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-10-02T08:15:30+02:00", "2026-10-02 06:15:30+00"),
        ("2026-10-02 08:15:30 +0200", "2026-10-02 06:15:30+00"),
        ("2026-10-02", "2026-10-02 00:00:00+00"),
        ("20261002", "2026-10-02 00:00:00+00"),
        ("02/10/2026 08:15", "2026-10-02 08:15:00+00"),
        ("02.10.2026", "2026-10-02 00:00:00+00"),
        ("1760000000", "2025-10-09 08:53:20+00"),
        ("1760000000000", "2025-10-09 08:53:20+00"),
        ("soon", None),
        ("infinity", None),
        ("31/02/2026", None),
    ],
)
def test_times_of_creation(con, tmp_path, text, meant):
    assert made(con, tmp_path, f"email,created_at\na@x.example,{text}\n")[0][1] == meant
    assert profiles.undated(con) == (meant is None)


def test_american_dates_where_the_file_shows_them(con, tmp_path):
    rows = made(con, tmp_path, "email,created_at\na@x.example,10/02/2026\nb@x.example,10/30/2026\n")
    assert [row[1][:10] for row in rows] == ["2026-10-02", "2026-10-30"]


def test_a_record_of_unknown_age_is_younger_than_the_dated(con, tmp_path):
    rows = made(
        con, tmp_path, "id,email,created_at\n1,a@x.example,\n2,b@x.example,2026-10-02\n3,c@x.example,2024\n"
    )
    assert [row[2][:10] for row in rows] == ["2026-10-02"] * 3
    assert [row[1] is None for row in rows] == [True, False, True]


def test_a_record_id_twice_is_refused_by_name(con, tmp_path):
    with pytest.raises(MatchError, match=r"2 record_ids .* A on rows 1, 3; B on rows 2, 4"):
        made(con, tmp_path, "id,email\n" + "".join(f"{i},x@x.example\n" for i in "ABABC"))


def test_what_the_engine_says_of_a_failure_names_nobody():
    said = "Could not convert string 'Roux' to INT32; duplicate key \"id: Lo\", ann@poste.example"
    assert engine.unnamed(said) == "Could not convert string *** to INT32; duplicate key ***, ***"


# The whole command

PEOPLE = [
    # (person, first name, last name, e-mail, phone, created); every line a record
    *(("dots", "Ann", "Lo", mail, "", "") for mail in ("an.n.lo@gmail.example", "annlo+shop@gmail.example")),
    *(
        ("phones", "Zoé", "Gall", "", phone, "")
        for phone in ("06 39 98 12 34", "+33639981234", "0033 639.981.234")
    ),
    # Four relatives on one landline.
    *(
        (f"relative {name}", name, "Martin", "", "01 99 00 12 34", "")
        for name in ("Paul", "Anne", "Luc", "Eve")
    ),
    # Strangers with a placeholder.
    *(
        (f"nobody {n}", f"{name}", f"Q{name}", "", "0000000000", "")
        for n, name in enumerate(("Ida", "Bo", "Tim"))
    ),
    # A chain of eight, each link another value.
    *(
        (
            "chain",
            "Max",
            "Roux",
            f"max{(n + 1) // 2}@poste.example",
            f"06 39 98 20 {n // 2:02}",
            f"2026-01-{n + 1:02}",
        )
        for n in range(8)
    ),
    ("alone", "Uma", "Sol", "uma@poste.example", "", ""),
]
ENGLISH = ["record_id", "First name", "Last name", "E-mail", "Phone", "created_at", "Shoe size"]
FRENCH = ["Identifiant", "Prénom", "Nom", "Courriel", "Téléphone", "Date de création", "Pointure"]


def records() -> list[list[str]]:
    return [[f"r{n:02}", *person[1:], "42"] for n, person in enumerate(PEOPLE)]


def firsthand(*words: object, code: int = 0, cwd: Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "pipelines.cli", "--home", str(cwd), "match", *map(str, words)],
        env=os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(cwd)},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done


def groups(path: Path) -> dict[str, dict[str, str]]:
    if path.suffix == ".parquet":
        found = duckdb.sql(f"from '{path}'")
        rows = [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
    else:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["record_id", "customer_id", "confidence", "reason"]
    assert len({row["record_id"] for row in rows}) == len(rows)
    return {row["record_id"]: row for row in rows}


@pytest.mark.slow
def test_the_same_people_whatever_the_file_its_language_and_order(tmp_path):
    lines = records()
    with (tmp_path / "english.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([ENGLISH, *lines])
    done = firsthand("english.csv", "--out", "english.groups.csv", cwd=tmp_path)
    found = groups(tmp_path / "english.groups.csv")

    assert list(found) == [line[0] for line in lines]
    by_person: dict[str, set[str]] = {}
    for line, person in zip(lines, PEOPLE, strict=True):
        by_person.setdefault(person[0], set()).add(found[line[0]]["customer_id"])
    assert {person for person, numbers in by_person.items() if len(numbers) > 1} == set()
    assert len(set.union(*by_person.values())) == len(by_person)
    # Who is alone is sure of it; who is not says with whom, and how sure that is.
    assert (found[lines[-1][0]]["confidence"], found[lines[-1][0]]["reason"]) == ("1.0", "alone")
    chain = [found[line[0]] for line, person in zip(lines, PEOPLE, strict=True) if person[0] == "chain"]
    assert all(0.9 < float(row["confidence"]) < 1 and row["reason"].startswith("with r") for row in chain)

    assert stat.S_IMODE((tmp_path / "english.groups.csv").stat().st_mode) == 0o600
    assert f"{len(lines)} records are {len(by_person)} customers" in done.stdout
    assert "columns not used: Shoe size" in done.stderr
    assert not any(word in done.stdout + done.stderr for word in ("@", "Roux", "0639", "06 39"))
    # Nothing else is left, neither in the company's folder nor in the temporary one.
    assert {p.name for p in tmp_path.iterdir()} == {"english.csv", "english.groups.csv"}

    shuffled = random.Random(7).sample(lines, len(lines))
    book = openpyxl.Workbook()
    for line in ([*FRENCH[:4], "Numéro bureau", *FRENCH[5:]], *shuffled):
        book.active.append(line)
    book.save(tmp_path / "french.xlsx")
    firsthand(
        "french.xlsx",
        "--out",
        "french.parquet",
        "--map",
        "Numéro bureau=phone",
        "--keep",
        "kept",
        cwd=tmp_path,
    )
    french = groups(tmp_path / "french.parquet")
    assert list(french) == [line[0] for line in shuffled]
    assert {r: row["customer_id"] for r, row in french.items()} == {
        r: row["customer_id"] for r, row in found.items()
    }
    assert isinstance(french["r00"]["confidence"], float)
    assert (tmp_path / "kept" / "data" / "warehouse.duckdb").exists()
    assert stat.S_IMODE((tmp_path / "kept").stat().st_mode) == 0o700

    duckdb.sql(f"from '{tmp_path}/english.csv'").write_parquet(str(tmp_path / "list.parquet"))
    piped = firsthand("list.parquet", "--out", "-", cwd=tmp_path)
    assert piped.stdout.replace("\r\n", "\n") == (tmp_path / "english.groups.csv").read_text()
    assert "customers" in piped.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nowhere.csv", "--out", "g.csv"], "is no file"),
        (["list.csv", "--out", "g.xlsx"], ".csv or .parquet"),
        (["list.csv", "--out", "list.csv"], "a file of its own"),
        (["list.csv", "--out", "none/g.csv"], "no folder"),
        (["list.csv", "--out", "g.csv", "--map", "Mel=email"], "has not: Mel"),
        (["list.csv", "--out", "g.csv", "--country", "France"], "two letters"),
        (["list.csv", "--out", "g.csv", "--keep", "."], "empty folder"),
        (["list.csv", "--out", "g.csv"], "several rows"),
    ],
)
def test_wrong_use_ends_at_once_with_2_and_writes_nothing(tmp_path, monkeypatch, capsys, words, says):
    monkeypatch.chdir(tmp_path)
    drop(tmp_path, "id,email\n1,a@poste.example\n1,b@poste.example\n")
    assert cli.main(["--home", str(tmp_path), "match", *words]) == 2
    said = capsys.readouterr()
    assert says in said.err
    assert "@" not in said.err
    assert [p.name for p in tmp_path.iterdir()] == ["list.csv"]
