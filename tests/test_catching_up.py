"""News first, and everything only where they do not make up what the platform counts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
import requests
import simulated
from landings import latest
from simulated import NOON, ago
from tape import stream
from ways import client_of

from connectors.catching_up import Newcomers, catch_up
from connectors.landing import LandingWriter
from connectors.stream import Page, Since
from pipelines import raw
from pipelines.extract import Pull, starting_point
from pipelines.home import Home
from simulator.model import Company, Form, ShopCustomer
from simulator.server import running

MOMENT = datetime(2026, 11, 19, tzinfo=UTC)
BEFORE, AFTER = "2026-11-01T00:00:00Z", "2026-11-19T00:00:00Z"


def row(key: int, made: str | None = AFTER, form: str = "F") -> dict:
    return {"id": key, "made": made, "form": form}


def read(count, *news: dict, landed: int = 2, recent: frozenset = frozenset(), op: str = "upsert"):
    """Whether everything was read, and what was said to be lacking."""
    since, everything, told = Since(MOMENT, {"": landed}, recent), [], []

    def all_of_it():
        everything.append(1)
        yield Page([])

    def run():
        told.append(
            (yield from catch_up(since, count, lambda b: [Page([*news], op)], all_of_it, created="made"))
        )

    first, *_ = run()
    assert first.rows == [*news]
    return bool(everything), told[0]


@pytest.mark.parametrize(
    ("count", "news", "is_whole", "lacking"),
    [
        pytest.param(2, [], False, 0, id="as many as we hold"),
        pytest.param(3, [], True, 1, id="one of an old date"),
        pytest.param(3, [row(7)], False, 0, id="a newcomer"),
        pytest.param(3, [row(7), row(7)], False, 0, id="told twice"),
        pytest.param(4, [row(7), row(7)], True, 1, id="told twice, and one of an old date"),
        pytest.param(3, [row(7, BEFORE)], True, 1, id="an old one that was changed"),
        pytest.param(3, [row(7, None), "no object"], True, 1, id="none says when"),
        pytest.param(1, [], False, -1, id="one is gone"),
        pytest.param(2, [row(7)], False, -1, id="one is gone and one came"),
        pytest.param(None, [], False, 0, id="not counted"),
        *(pytest.param(odd, [], False, 0, id=f"no count: {odd!r}") for odd in (True, "9", [])),
    ],
)
def test_everything_is_read_only_where_news_do_not_make_up_the_count(count, news, is_whole, lacking):
    assert read(count, *news) == (is_whole, lacking)


@pytest.mark.parametrize("count", [None, True, "1", []])
def test_a_form_without_a_count_is_read_whole(count):
    pages = catch_up(
        Since(MOMENT, {"F": 9}), count, lambda begin: [], lambda: [Page([row(1)])], created="made", form="F"
    )
    assert [page.rows for page in pages] == [[row(1)]]


def test_who_came_by_webhook_meanwhile_is_held_and_no_newcomer():
    assert read(3, row(7), landed=3, recent=frozenset({"7"})) == (False, 0)
    assert read(4, row(7), landed=3, recent=frozenset({"7"})) == (True, 1)


def test_who_is_gone_is_no_newcomer():
    assert read(3, row(7), op="delete") == (True, 1)


def test_the_first_time_everything_is_read_and_no_news_are_asked_for():
    assert list(catch_up(Since(None), 9, pytest.fail, lambda: [Page([row(1)])], created="made")) == [
        Page([row(1)])
    ]


def test_newcomers_of_several_forms_are_told_apart():
    newcomers = Newcomers(Since(MOMENT, {"F": 1, "G": 1}), "id", "made", form="form")
    list(newcomers.met([Page([row(7), row(8), row(9, form="G")])]))
    assert (newcomers.lacking(3, "F"), newcomers.lacking(3, "G"), newcomers.lacking(1, "H")) == (0, 1, 1)


def test_a_stream_that_does_not_say_that_it_is_counted_cannot_be():
    """Its recent keys are not handed out: who came by webhook would hide one of an old date."""
    with pytest.raises(ValueError, match="counted"):
        Newcomers(Since(MOMENT, {}, None), "id", "made").lacking(1)


# -- what was deleted is held no more ---------------------------------------------------------------

TOOLS = {"gravity_forms": "3", "jotform": "231111111111111"}
FIVE = range(1, 6)
LATE = {"visible_at": NOON + timedelta(minutes=30)}  # shown an hour after the first pull, dated long before


def company() -> Company:
    """Five records of each kind, made a day after the other, and one that shows up late."""
    boxes = simulated.company().forms[0].boxes
    made = Company(seed=1, until=simulated.UNTIL)
    for tool, number in TOOLS.items():
        about = ("maison", "Devis", "fr_FR", ("full_name", "email"), boxes, ago(days=400))
        made.forms.append(Form(tool, number, *about))
        made.leads += [simulated.lead(n, ago(days=n), number, tool) for n in FIVE]
        made.leads.append(simulated.lead(6, ago(days=9), number, tool, **LATE))
    for n in (*FIVE, 6):
        who = ("Ana", "Roux", f"ana{n}@courriel.example", None, "2 rue Exemple", "Lyon", "69001", "FR", "fr")
        seen = LATE["visible_at"] if n == 6 else ago(days=n)
        made.shop_customers.append(ShopCustomer(f"70{n}", f"p{n}", ago(days=n), seen, *who, (), ()))
    return made


class Hours:
    """One stream of a platform, pulled again and again through the door."""

    def __init__(
        self, base_url: str, folder: Path, platform: str, name: str, now: datetime = NOON - timedelta(hours=2)
    ) -> None:
        self.base_url, self.platform, self.stream = base_url, platform, stream(platform, name)
        self.home, self.now = Home.at(folder), now
        self.con = duckdb.connect()
        self.con.execute("set TimeZone = 'UTC'")
        self.streams = {(platform, name): self.stream}
        raw.ensure(self.con, self.streams)
        self.client = client_of(platform, base_url)

    def tell(self, what: str, **wish: object) -> dict:
        return requests.post(f"{self.base_url}/_sim/{what}", json=wish, timeout=5).json()

    def pull(self, *, hourly: bool = True) -> tuple[int, int]:
        """An hour later: how many calls that took, and how many rows came."""
        self.now += timedelta(hours=1)
        self.tell("clock", now=self.now.isoformat())
        before = self.tell("stats")["requests"].get(self.platform, 0)
        [account] = self.stream.accounts(self.client)
        known = raw.hand_out(self.con, self.streams).get(
            (self.platform, self.stream.name, account), Since(None)
        )
        since = starting_point(Pull(hourly=hourly), known, self.stream)
        writer = LandingWriter(self.home.landing, self.platform, self.stream, "api", self.now)
        for step, item in enumerate(self.stream.fetch(self.client, account, since)):
            writer.take(account, item, self.now + timedelta(seconds=step))
        writer.drained(account)
        landed = raw.land(self.con, self.home, writer.commit(), self.now, self.streams)
        assert landed.failed_reason is None
        return self.tell("stats")["requests"][self.platform] - before, landed.read

    def there(self) -> set[str]:
        """The keys we believe the platform has, as staging would see them."""
        sql = f"select _key from {latest(f'raw_{self.platform}.{self.stream.name}')}"
        return {key for (key,) in self.con.execute(sql).fetchall()}


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    with running(company(), now=NOON) as url:
        yield url


@pytest.mark.parametrize(
    ("platform", "name", "wish", "gone", "late"),
    [
        ("gravity_forms", "responses", {"bin": "90002"}, "90002", "90006"),
        ("jotform", "responses", {"bin": "90002"}, "90002", "90006"),
        ("prestashop", "customers", {"delete_customer": 5}, "5", "2"),
    ],
)
def test_of_one_deleted_and_one_late_in_an_hour_both_are_noticed_and_then_it_is_quiet(
    base_url, tmp_path, platform, name, wish, gone, late
):
    """In the count the one makes up for the other."""
    hours = Hours(base_url, tmp_path, platform, name)
    hours.pull()
    quiet = hours.pull()
    assert gone in hours.there()
    assert late not in hours.there()
    hours.tell("settings", platform=platform, **wish)
    for is_hourly in (True, True, False, True):
        hours.pull(hourly=is_hourly)
    assert late in hours.there()
    assert gone not in hours.there()
    assert [hours.pull() for _ in range(2)] == [quiet] * 2


@pytest.mark.parametrize("platform", TOOLS)
def test_what_is_put_back_from_the_bin_is_there_again_and_then_it_is_quiet(base_url, tmp_path, platform):
    """Nor does that move a date; without it, the count would call for everything hour by hour."""
    hours = Hours(base_url, tmp_path, platform, "responses", NOON + timedelta(hours=1))
    hours.pull()
    quiet = hours.pull()
    hours.tell("settings", platform=platform, bin="90003")
    hours.pull()
    assert "90003" not in hours.there()
    hours.tell("settings", platform=platform, restore="90003")
    hours.pull()
    assert "90003" in hours.there()
    assert [hours.pull() for _ in range(2)] == [quiet] * 2
