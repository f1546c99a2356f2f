"""A published file is shared by its readers, seen anew when it changes, and lets nobody out of it."""

import threading

import duckdb
import pytest
from homes import make_company

from pipelines import reading, shared_file
from pipelines.config import ConfigError

OUTSIDE = [
    "from read_csv('/etc/passwd')",
    "from read_text('/etc/passwd')",
    "from '/etc/passwd'",
    "from glob('/etc/*')",
    "attach '{folder}/other.duckdb'",
    "copy (select 1) to '{folder}/out.csv'",
    "export database '{folder}/out'",
    "install httpfs",
    "load httpfs",
    "set enable_external_access = true",
    "set global enable_external_access = true",
    "reset enable_external_access",
    "set lock_configuration = false",
    "create table mine as select 1",
    "delete from numbers",
]


@pytest.fixture
def home(tmp_path):
    home = make_company(tmp_path).home
    show(home, "000001", 1)
    return home


def show(home, name, number):
    folder = home.serving / name
    folder.mkdir()
    with duckdb.connect(str(folder / "marketing.duckdb")) as con:
        con.execute("create table numbers as select ? as number", [number])
    link = home.serving / "linking"
    link.symlink_to(name)
    link.replace(home.serving / "current")


def number(home):
    with reading.opened(home) as con:
        return con.execute("from numbers").fetchall()[0][0]


@pytest.mark.parametrize("query", OUTSIDE)
def test_no_query_leaves_the_file(home, tmp_path, query):
    with reading.opened(home) as con, pytest.raises(duckdb.Error):
        con.execute(query.format(folder=tmp_path)).fetchall()
    assert not list(tmp_path.glob("*out*")) and not list(tmp_path.glob("other*"))


def test_many_read_at_once_each_with_tables_of_their_own(home):
    together, found, wrong = threading.Barrier(8), [], []

    def read(mine):
        try:
            with reading.opened(home) as con:
                together.wait(10)
                con.execute("create temp table mine as select ? as number", [mine])
                found.append(
                    con.execute("select number, current_setting('TimeZone') from mine").fetchall()[0]
                )
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=read, args=(mine,)) for mine in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert sorted(found) == [(mine, "UTC") for mine in range(8)]


def test_a_new_publication_is_seen_at_once_and_the_old_one_by_who_reads_it(home):
    with reading.opened(home) as con:
        show(home, "000002", 2)
        assert number(home) == 2
        assert con.execute("from numbers").fetchall() == [(1,)]


def test_what_is_kept_stays_open_until_something_else_is(home):
    first = reading.shown(home)
    shared_file.keep(first)
    try:
        assert number(home) == 1
        assert first in shared_file._files
        show(home, "000002", 2)
        shared_file.keep(reading.shown(home))
        assert first not in shared_file._files
        assert number(home) == 2
        assert list(shared_file._files) == [reading.shown(home)]
    finally:
        shared_file.keep()
    assert not shared_file._files


def test_before_the_first_publication_it_says_what_to_do(tmp_path):
    with pytest.raises(ConfigError, match="firsthand run"), reading.opened(make_company(tmp_path).home):
        pass


def test_a_server_answers_in_the_thread_that_asks(home):
    shared_file.one_thread_each()
    try:
        with reading.opened(home) as con:
            assert con.execute("select current_setting('threads')").fetchall() == [(1,)]
    finally:
        shared_file._config.clear()
