"""The mirror, on a real PostgreSQL server: as published to the last row, and no reader ever notices."""

import shutil
import socket
import subprocess
import tempfile
import threading
from datetime import timedelta
from pathlib import Path

import duckdb
import postgres
import pytest
from marts import BUILT_AT, company_with_marts
from pg8000.exceptions import DatabaseError

from pipelines import cli, config, rollback, running
from pipelines.company import Company
from pipelines.erasure import asking
from pipelines.mirror import asset, mirroring, server
from pipelines.mirror.server import MirrorFailed
from pipelines.places import ROOT
from pipelines.publish import publish
from pipelines.warehouse_file import warehouse

pytestmark = pytest.mark.skipif(postgres.why_not() is not None, reason=str(postgres.why_not()))
SWAPS = 20
TOLD = "(select min(turn) || '/' || max(turn) || '/' || count(*) from firsthand.{})"
ODD = r"""
    create table odd as select * from (values
        (1::tinyint, true, 1.5::double, 12.30::decimal(18,2),
         'a' || chr(9) || 'b' || chr(10) || '\.' || chr(13) || '\N',
         uuid '00000000-0000-4000-8000-000000000001', '\xAA\x00'::blob, date '2026-02-28',
         time '23:59:59.000001', timestamp '2026-11-20 05:00:00.123456', timestamptz '2026-11-20 05:00:00+00',
         interval '1 month 2 days 3 seconds', ['a', null, '"{,}\', '', 'NULL', 'é'], [1.5, null]::double[],
         []::varchar[], 18446744073709551615::ubigint),
        (null, null, 'nan'::double, null, '', null, ''::blob, null, null, null, null, null, null, null, null,
         null),
        (-128, false, '-inf'::double, -0.01, '\N', null, null, '0001-01-01', '00:00:00', null,
         '1999-12-31 23:59:59.999999+00', '-1 hour', [], [], ['x'], 0)
    ) as t (tiny, flag, real8, money, words, id, bytes, day, clock, moment, instant, span, list, numbers,
        none, big)
"""  # fmt: skip


@pytest.fixture(scope="session")
def dsn():
    # A socket's path has 107 letters at most; and another user must reach it.
    with tempfile.TemporaryDirectory(prefix="pg") as folder, postgres.server(Path(folder)) as address:
        yield address


@pytest.fixture
def pg(dsn):
    con = server.connect({server.VARIABLE: dsn})
    con.run("drop schema if exists firsthand cascade")
    yield con
    con.close()


@pytest.fixture
def company(tmp_path, dsn, pg):
    made, _ = company_with_marts(tmp_path, 30)
    if not pg.run("select 1 from pg_roles where rolname = 'bi_reader'"):
        pg.run("create role bi_reader login")
    settings = config.Publication(mirror="marketing", mirror_reader="bi_reader")
    secrets = {**made.secrets, server.VARIABLE: dsn}
    return Company(made.home, config.Config(company="x", publication=settings), secrets)


def published(company, days=0):
    return publish(company, company.home.root / "manifest.json", BUILT_AT + timedelta(days=days)).folder


def as_reader(dsn):
    return server.connect({server.VARIABLE: dsn.replace("postgres@", "bi_reader@")})


def text_rows(con, table):
    """Every row as text, in an order: what both sides must say alike."""
    names = [name for (name,) in con.execute(f"select column_name from (describe {table})").fetchall()]
    return names, sorted(map(str, con.execute(f"select {', '.join(names)} from {table}").fetchall()))


def test_row_for_row_as_published_with_comments_and_rights(company, dsn, pg):
    folder = published(company)
    assert asset.copy(company) is True
    assert asset.copy(company) is False
    with duckdb.connect(str(folder / "marketing.duckdb"), read_only=True) as con, as_reader(dsn) as reader:
        for (table,) in con.execute("select table_name from duckdb_tables()").fetchall():
            names, rows = text_rows(con, table)
            listed = ", ".join(names)
            there = sorted(str(tuple(row)) for row in reader.run(f"select {listed} from firsthand.{table}"))
            assert there == rows, table
        kinds = (
            "select format_type(atttypid, atttypmod) from pg_attribute where attname = :name and attrelid = "
        )
        kinds += "'firsthand.customers'::regclass"
        assert pg.run(kinds, name="net_revenue_total") == [["numeric(18,2)"]]
        assert pg.run(kinds, name="customer_id") == [["uuid"]]
        said = "select col_description(attrelid, attnum) from pg_attribute where attname = 'stage'"
        said += " and attrelid = 'firsthand.customers'::regclass"
        assert pg.run(said) == [["stage (fr) / stage: What stage is; it's text."]]
        assert reader.run("select snapshot, tables from firsthand.publication") == [
            [folder.name, "marketing"]
        ]
        for forbidden in ("delete from firsthand.orders", f"select from firsthand_{folder.name[:6]}.orders"):
            with pytest.raises(DatabaseError):
                reader.run(forbidden)


@pytest.mark.skipif(not shutil.which("psql"), reason="no psql is installed")
def test_psql_asks_as_the_page_says(company, dsn):
    """The recipe of docs/bi.md, with PostgreSQL's own client."""
    folder = published(company)
    asset.copy(company)
    recipe = (ROOT / "docs" / "bi.md").read_text().split("### psql")[1].split("```sql\n")[1].split("```")[0]
    found = subprocess.run(
        ["psql", dsn.replace("postgres@", "bi_reader@"), "--no-psqlrc", "--csv", "--set=ON_ERROR_STOP=1"],
        input=recipe,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert f"{folder.name},marketing" in found
    assert "first_time_customer,30" in found
    assert "stage (fr) / stage: What stage is; it's text." in found


def test_each_type_arrives_as_it_was(pg, tmp_path):
    with duckdb.connect(str(tmp_path / "bi.duckdb")) as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute(ODD)
        expected = con.execute(
            "select tiny, flag, real8::varchar, money, words, id, bytes, day, clock, moment, instant,"
            " list, numbers, none, big from odd order by tiny"
        ).fetchall()
    manifest = {"snapshot": "000001-x", "built_at": "2026-11-20", "data_until": "", "configuration": "c"}
    mirroring.mirror(pg, tmp_path, manifest, mirroring.Target("x", "firsthand", "bi"))
    pg.run("set time zone 'UTC'")
    pg.run("set intervalstyle = 'postgres'")
    found = pg.run(
        "select tiny, flag, real8::text, money, words, id, bytes, day, clock, moment, instant,"
        " list, numbers, none, big from firsthand.odd order by tiny"
    )
    assert [[str(v) for v in row] for row in found] == [
        [str(v).replace("inf", "Infinity").replace("nan", "NaN") if i == 2 else str(v)
         for i, v in enumerate(row)]
        for row in expected
    ]  # fmt: skip
    spans = pg.run("select span::text from firsthand.odd order by tiny")
    assert spans == [["-01:00:00"], ["1 mon 2 days 00:00:03"], [None]]


def test_a_reader_in_a_loop_sees_twenty_swaps_and_no_error(company, dsn):
    """One statement over two tables, and a transaction of two: each tells of one publication only."""
    with warehouse(company.home) as con:
        con.execute("alter table marts.customers add column turn integer default 0")
        con.execute("alter table marts.orders add column turn integer default 0")
    published(company)
    asset.copy(company)
    wrong, seen, over = [], set(), threading.Event()

    def read(level):
        try:
            with as_reader(dsn) as reader:
                while not over.is_set():
                    both = reader.run(f"select {TOLD.format('customers')}, {TOLD.format('orders')}")[0]
                    reader.run(f"begin isolation level {level}")
                    one, two = (
                        reader.run(f"select min(turn), max(turn), count(*) from firsthand.{table}")[0]
                        for table in ("customers", "orders")
                    )
                    reader.run("commit")
                    seen.add(one[0])
                    if both[0] != both[1] or one != two or one[0] != one[1] or one[2] != 30:
                        wrong.append((both, one, two))
        except Exception as error:
            wrong.append(repr(error))

    readers = [threading.Thread(target=read, args=[level]) for level in ("read committed", "repeatable read")]
    for reader in readers:
        reader.start()
    folder = company.home.serving.resolve() / "current"
    manifest = asset.read_manifest(folder)
    source = duckdb.connect(str(company.home.root / "turned.duckdb"))
    source.execute(f"attach '{folder.resolve()}/marketing.duckdb' as published (read_only)")
    source.execute("create table customers as from published.customers")
    source.execute("create table orders as from published.orders")
    source.close()
    writer = server.connect(company.secrets)
    target = mirroring.Target("x", "firsthand", "turned", "bi_reader")
    for turn in range(1, SWAPS + 1):
        with duckdb.connect(str(company.home.root / "turned.duckdb")) as con:
            con.execute("update customers set turn = ?", [turn])
            con.execute("update orders set turn = ?", [turn])
        again = manifest | {"snapshot": f"{turn + 1:06d}-x"}
        assert mirroring.mirror(writer, company.home.root, again, target)
    over.set()
    for reader in readers:
        reader.join(20)
    assert wrong == []
    assert len(seen) >= SWAPS // 4
    left = writer.run("select count(*) from pg_namespace where nspname like 'firsthand%'")
    writer.close()
    assert left == [[2]]


def test_a_transaction_that_began_before_the_turn_finds_the_rows_after_it(company, dsn):
    published(company)
    asset.copy(company)
    with as_reader(dsn) as reader:
        reader.run("begin isolation level repeatable read")
        reader.run("select 1 from pg_class limit 1")
        published(company, days=1)
        assert asset.copy(company)
        assert reader.run("select count(*) from firsthand.customers") == [[30]]


def test_a_column_that_goes_and_another_that_comes(company, pg):
    published(company)
    asset.copy(company)
    pg.run("create view public.mine as select customer_id, stage from firsthand.customers")
    with warehouse(company.home) as con:
        con.execute("alter table marts.customers add column grown integer default 1")
        con.execute("alter table marts.orders rename column net to paid")
        con.execute("alter table marts.revenue_by_customer rename column net to paid")
    published(company, days=1)
    assert asset.copy(company)
    assert pg.run("select count(grown) from firsthand.customers") == [[30]]
    assert pg.run("select count(paid) from firsthand.orders") == [[30]]
    # A view of somebody's own follows.
    assert pg.run("select count(*) from public.mine") == [[30]]
    pg.run("drop view public.mine")


def test_who_reads_without_end_is_named_and_the_old_stays(company, dsn):
    first = published(company)
    asset.copy(company)
    folder = published(company, days=1)
    manifest = asset.read_manifest(folder)
    with as_reader(dsn) as reader:
        reader.run("begin")
        reader.run("select count(*) from firsthand.orders")
        named = pytest.raises(MirrorFailed, match=r"somebody reads without end: bi_reader \(firsthand mirror")
        with server.connect(company.secrets) as writer, named:
            target = mirroring.Target("x", "firsthand", "marketing")
            mirroring.mirror(writer, folder, manifest, target, patience_seconds=0)
        assert reader.run("select snapshot from firsthand.publication") == [[first.name]]
        reader.run("rollback")
    assert asset.copy(company)


def test_a_mirror_that_fails_leaves_the_publication_and_is_a_red_check(company, pg):
    pg.run("create schema firsthand")
    pg.run("create table firsthand.theirs (a int)")
    shown = published(company)
    result = next(asset.mirrored(company)).check_results[0]
    assert (result.passed, result.severity.value) == (False, "ERROR")
    assert result.description == "the schema firsthand holds other things: name another one, or empty it"
    assert pg.run("select count(*) from firsthand.theirs") == [[0]]
    assert (company.home.serving / "current").resolve() == shown.resolve()
    absent = Company(company.home, company.config, {**company.secrets, server.VARIABLE: ""})
    assert "FIRSTHAND_MIRROR_DSN is not set" in next(asset.mirrored(absent)).check_results[0].description
    unknown = "postgresql://nobody:hidden@/postgres?host=/nowhere"
    wrong = Company(company.home, company.config, {**company.secrets, server.VARIABLE: unknown})
    said = next(asset.mirrored(wrong)).check_results[0].description
    assert "does not let us in" in said
    assert "hidden" not in said


def under(company, dsn, **more):
    """The same home, as another company or with other settings."""
    settings = {"mirror": "marketing", **more}
    name = settings.pop("named", "x")
    wanted = config.Config(company=name, publication=config.Publication(**settings))
    return Company(company.home, wanted, {**company.secrets, server.VARIABLE: dsn})


def test_no_mirror_takes_the_schema_of_another(company, dsn, pg):
    published(company)
    asset.copy(company)
    # Its name begins as theirs does, and it is cleared of what died before.
    long = under(company, dsn, mirror_schema="firsthand_two")
    try:
        assert asset.copy(long)
        published(company, days=1)
        assert asset.copy(company)
        assert pg.run("select count(*) from firsthand_two.customers") == [[30]]
        with pytest.raises(MirrorFailed, match="the schema firsthand is another company's mirror"):
            asset.copy(under(company, dsn, named="y"))
        assert pg.run("select count(*) from firsthand.customers") == [[30]]
    finally:
        pg.run("drop schema firsthand_two cascade")


def test_what_a_mirror_that_died_left_is_cleared(company, pg):
    published(company)
    asset.copy(company)
    mark = pg.run("select obj_description('firsthand'::regnamespace, 'pg_namespace')")[0][0]
    pg.run("create schema firsthand_dead")
    pg.run(f"comment on schema firsthand_dead is {mirroring.literal(mark)}")
    published(company, days=1)
    asset.copy(company)
    assert pg.run("select to_regnamespace('firsthand_dead')") == [[None]]


def test_another_run_that_copies_is_not_waited_for_without_end(company, pg):
    published(company)
    pg.run("select pg_advisory_lock(hashtext('firsthand firsthand'))")
    with pytest.raises(MirrorFailed, match="another run is writing into firsthand"):
        asset.copy(company, patience_seconds=0)
    pg.run("select pg_advisory_unlock_all()")
    assert asset.copy(company)


def test_who_may_not_see_what_others_do_is_told_no_none(company, dsn, pg):
    published(company)
    asset.copy(company)
    pg.run("create role looker login")
    try:
        pg.run("begin")
        pg.run("select count(*) from firsthand.orders")
        with server.connect({server.VARIABLE: dsn.replace("postgres@", "looker@")}) as looker:
            said = mirroring._holders(looker, "firsthand")
        assert said.startswith("postgres (firsthand mirror, process ")
        assert "None" not in said
    finally:
        pg.run("rollback")
        pg.run("drop role looker")


def test_a_damaged_file_and_a_connection_that_breaks_are_told(company, pg, monkeypatch):
    folder = published(company)
    whole = (folder / "marketing.duckdb").read_bytes()
    (folder / "marketing.duckdb").write_bytes(b"nothing" * 1000)
    with pytest.raises(MirrorFailed, match=r"marketing\.duckdb cannot be read: IOException"):
        asset.copy(company)
    (folder / "marketing.duckdb").write_bytes(whole)

    def cut(con, *_, **__):
        con._usock.shutdown(socket.SHUT_RDWR)
        con.run("select 1")

    with monkeypatch.context() as patch:
        patch.setattr(mirroring, "_load", cut)
        with pytest.raises(MirrorFailed, match="PostgreSQL says"):
            asset.copy(company)
    (folder / "manifest.json").unlink()
    with pytest.raises(MirrorFailed, match="no manifest that can be read"):
        asset.copy(company)


def test_a_rollback_takes_the_mirror_along(company, pg, monkeypatch, capsys):
    older, newer = published(company), published(company, days=1)
    asset.copy(company)
    assert rollback.roll_back(company, None).folder == older
    assert pg.run("select snapshot from firsthand.publication") == [[older.name]]
    unreachable = under(company, "postgresql://nobody@/postgres?host=/nowhere")
    with pytest.raises(MirrorFailed, match="does not let us in"):
        rollback.roll_back(unreachable, newer.name)
    assert (company.home.serving / "current").resolve() == newer.resolve()
    monkeypatch.setattr(Company, "at", lambda _: unreachable)
    assert cli.main(["--home", str(company.home.root), "rollback"]) == 1
    out, err = capsys.readouterr()
    assert f"{older.name} is shown now" in out
    assert "the mirror is as it was: the PostgreSQL server does not let us in" in err


def test_an_erasure_waits_for_the_mirror_too(company, dsn, monkeypatch):
    """The run and the publication went well: only the mirror is asked, and it is what says no."""
    published(company)
    monkeypatch.setattr(running, "run", lambda *_, **__: running.Outcome("1", True, {}, [], {}, {}))

    def forget(at):
        how = {"channel": "letter", "identity_check": "document", "is_telling": False, "language": "en"}
        return asking.carry_out(at, asking.Asked(), made_by="ines", **how)

    done = forget(under(company, "postgresql://nobody@/postgres?host=/nowhere"))
    assert not done.is_done
    [said] = done.lines
    assert said.startswith("The request is kept and waits: serving/mirror: the PostgreSQL server does not")
    assert forget(company).is_done
    assert forget(Company(company.home, config.Config(company="x"), company.secrets)).is_done


def test_rights_by_default_outlive_a_view_made_anew(company, dsn, pg):
    by_hand = under(company, dsn)
    pg.run("create schema firsthand")
    pg.run("grant usage on schema firsthand to bi_reader")
    pg.run('alter default privileges in schema "firsthand" grant select on tables to bi_reader')
    for day, column in enumerate(("paid", "settled")):
        with warehouse(company.home) as con:
            for table in ("orders", "revenue_by_customer"):
                was = "net" if day == 0 else "paid"
                con.execute(f"alter table marts.{table} rename column {was} to {column}")
        published(company, days=day)
        assert asset.copy(by_hand)
        with as_reader(dsn) as reader:
            assert reader.run(f"select count({column}) from firsthand.orders") == [[30]]
