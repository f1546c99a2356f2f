"""A marketer's morning in a real Chromium, in both languages, and axe looks at each step.

They log in, find a person by an old number, build an audience of three conditions, see who is left out and
why, take the list out, judge a pair, and run a drill.
"""

import csv
from collections.abc import Callable, Iterator

import pytest
from browser import found_by_axe, needs_axe, needs_browser
from playwright.sync_api import Download, Page
from town import MORNING, Town

from console.words import say
from pipelines import audit_log, clock, reading
from pipelines.audiences import asking, store
from pipelines.door import commands
from pipelines.home import Home
from pipelines.portrait_words import word

pytestmark = [pytest.mark.slow, needs_browser, needs_axe]


@pytest.fixture
def home(console_town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """The town's, on the town's day; what was decided and built in it is gone after the test."""
    monkeypatch.setenv(clock.VARIABLE, MORNING)
    home = Home(console_town.root)
    before = set(home.commands.glob("*.json"))
    yield home
    for path in {*home.commands.glob("*.json")} - before | {*(home.root / "audiences").rglob("*.yaml")}:
        path.unlink()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_marketers_morning(open_page: Callable[..., Page], console: str, home: Home, language: str) -> None:
    page = open_page(language, "steward")
    look(page)
    find_a_person(page, console, home)
    build_an_audience(page, console, language)
    see_why_some_are_left_out(page, home, language)
    take_it_out(page, home, language)
    judge_a_pair(page, console, home, language)
    run_a_drill(page, console)
    assert page.get_attribute("html", "lang") == language
    assert [said for said in page.complaints if "404" not in said] == []


def look(page: Page) -> None:
    """Nothing on it shuts anybody out, as it stands now."""
    page.wait_for_load_state("networkidle")
    assert found_by_axe(page) == []


def find_a_person(page: Page, console: str, home: Home) -> None:
    with reading.opened(home) as con:
        old, now = con.execute(
            "select customer_number, customer_id from customer_crosswalk where status = 'redirected'"
            " order by customer_number limit 1"
        ).fetchall()[0]
    page.click('nav a[href="/people"]')
    page.locator("#words").press_sequentially(old)
    page.click(f'#found a[href="/people/{now}"]')
    page.wait_for_url(f"{console}/people/{now}")
    assert old in page.inner_text("main")
    look(page)


def build_an_audience(page: Page, console: str, language: str) -> None:
    page.click('nav a[href="/audiences"]')
    look(page)
    page.click('a[href="/audiences/-/new"]')
    look(page)
    add(page, "r", "field:country", "r.0")
    tick(page, "t.r.0", "FR", "BE")
    add(page, "r", "count:orders", "r.1")
    # Something wrong is said beside its field, as one types.
    page.fill('[name="v.r.1.0"]', "one")
    page.locator("#p-r-1 .wrong").wait_for()
    look(page)
    page.fill('[name="v.r.1.0"]', "1")
    page.locator("#p-r-1 .wrong").wait_for(state="detached")
    add(page, "r", "never:orders", "r.2")
    page.locator('[id="r.2"] > .says summary').click()
    page.select_option('[name="w.r.2.0"]', "last_days")
    page.fill('[name="v.r.2.0"]', "90")
    page.locator("#live .big").wait_for()
    page.fill("#title-en", "Win them back")
    page.fill("#title-fr", "À reconquérir")
    page.fill("#name", "win-back")
    look(page)
    page.get_by_role("button", name=say(language, "builder.save"), exact=True).click()
    page.wait_for_url(f"{console}/audiences/win-back?saved=1")


def add(page: Page, path: str, what: str, made: str) -> None:
    page.select_option(f'[name="a.{path}"]', what)
    page.click(f'button[value="add:{path}"]')
    page.locator(f'[id="{made}"]').wait_for()
    # By keyboard one goes on where something is to be filled in.
    page.locator(f'[id="{made}"] :focus').wait_for()


def tick(page: Page, name: str, *values: str) -> None:
    for value in values:
        with page.expect_response("**/audiences/-/build"):
            page.check(f'input[name^="{name}."][value="{value}"]')


def see_why_some_are_left_out(page: Page, home: Home, language: str) -> None:
    with asking.opened(home) as asker:
        found = asker.figures(store.saved(home, "win-back").audience)
    out = found.reach["email"].excluded
    assert found.matching > sum(out.values()) > 0 and len(out) > 2
    page.locator("#shared").wait_for()
    look(page)
    said = page.inner_text("main")
    assert f"{say(language, 'audience.matching')}\n{found.matching}" in said
    for why, count in out.items():
        assert f"{word(language, 'email')}\t{word(language, why)}\t{count}" in said


def take_it_out(page: Page, home: Home, language: str) -> None:
    page.get_by_role("link", name=say(language, "audience.export"), exact=True).click()
    look(page)
    page.get_by_role("button", name=say(language, "export.look"), exact=True).click()
    page.locator("#reason").wait_for()
    look(page)
    page.fill("#reason", "spring letter")
    with page.expect_download() as downloading:
        page.get_by_role("button", name=say(language, "export.leave"), exact=True).click()
    people = read(downloading.value)
    with reading.opened(home) as con:
        may = dict(con.execute("select customer_id, best_email from customers where can_email").fetchall())
    assert people and all(may[one["customer_id"]] == one["contact"] for one in people)
    entry = [one for one in audit_log.entries(home) if one.what == "export"][-1]
    assert (entry.by, entry.facts["audience"], entry.facts["people"]) == ("steward", "win-back", len(people))
    page.click('nav a[href="/exports"]')
    assert entry.facts["sha256"][:16] in page.inner_text("main")
    look(page)


def read(download: Download) -> list[dict[str, str]]:
    with download.path().open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def judge_a_pair(page: Page, console: str, home: Home, language: str) -> None:
    before = set(home.commands.glob("*.json"))
    page.click('nav a[href="/review"]')
    first = page.locator(".pair").first
    title = first.locator("h2").inner_text()
    first.locator("input[name=reason]").fill("two cousins")
    first.get_by_role("button", name=say(language, "review.apart"), exact=True).click()
    page.wait_for_url(f"{console}/review?sent=yes")
    [sent] = {*home.commands.glob("*.json")} - before
    said = commands.read(sent)
    assert (said.command, said.verdict, said.reason, said.made_by) == (
        "judge", "apart", "two cousins", "steward",
    )  # fmt: skip
    assert title and said.left in page.inner_text("main")
    look(page)


def run_a_drill(page: Page, console: str) -> None:
    page.goto(f"{console}/ownership/drill")
    page.check("input[value=google]")
    page.check("input[name=closed]")
    page.click("main form button")
    assert "google + meta" in page.inner_text("h1")
    look(page)
