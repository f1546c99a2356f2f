"""A day later, with news on every platform, they alone are read: a pull must not cost what is held."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests
from conftest import UNTIL

from pipelines import land, raw
from pipelines.company import Company, Source
from pipelines.extract import Pull, read_all
from pipelines.handout import keep
from pipelines.home import Home
from pipelines.warehouse_file import warehouse
from simulator import home
from simulator.clock import end_of
from simulator.company import make, with_everything
from simulator.server import running

pytestmark = pytest.mark.slow

PEOPLE, SEED = 400, 11
MORNING = end_of(UNTIL) - timedelta(days=3)
FEW = 20  # of fewer records a day's news may well be half


@pytest.fixture(scope="module")
def pulls(tmp_path_factory) -> Iterator[tuple[Company, list[Counter[str]]]]:
    """The company after two pulls, a day between them, and how many records each read of each stream."""
    with running(with_everything(make(PEOPLE, SEED, UNTIL)), now=MORNING) as base_url:
        platforms = home.settings(base_url, **home.ALL)["platforms"]
        root = home.write(tmp_path_factory.mktemp("home"), base_url=base_url, platforms=platforms)
        company = Company.at(Home(root))
        done = []
        for day in range(2):
            moment = MORNING + timedelta(days=day)
            requests.post(f"{base_url}/_sim/clock", json={"now": moment.isoformat()}, timeout=60)
            done.append(_pull(company))
        yield company, done


def _counted(company: Company) -> list[Source]:
    return [source for source in company.chosen(None) if source.stream.counted]


def _pull(company: Company) -> Counter[str]:
    read: Counter[str] = Counter()
    with warehouse(company.home) as con:
        raw.ensure(con)
        keep(company.home, raw.hand_out(con))
    for pulled in read_all(_counted(company), Pull(), company, lambda text: None):
        assert not pulled.errors, pulled.errors
        read[pulled.source.word] += pulled.rows
    list(land.land_waiting(company, lambda text: None))
    return read


def test_only_news_are_read(pulls):
    company, (first, later) = pulls
    assert later.total() > 0, "there was news"
    again = {word: (first[word], later[word]) for word in first if first[word] >= FEW}
    assert len(again) > len(_counted(company)) / 2
    assert {word: told for word, told in again.items() if told[1] > told[0] / 2} == {}


def test_and_nothing_that_a_platform_counts_is_lacking(pulls):
    company, _ = pulls
    with warehouse(company.home) as con:
        lacking = con.execute(
            """
            select platform, stream, form, told.total - coalesce(landed + coalesce(gap, 0), 0) as lacking
            from (
                select platform, stream, account, form, arg_max(count + expired, announced_at) as total
                from door.announcements
                group by all
            ) as told
            left join door.form_counts using (platform, stream, account, form)
            where lacking > 0
            """
        ).fetchall()
    assert lacking == []
