"""The console in a real Chromium: nothing shuts anybody out, nothing is blocked; it works without scripts."""

from datetime import UTC, datetime

import pytest
from browser import found_by_axe, needs_axe, needs_browser

from console.app import routes
from pipelines import reading
from pipelines.audiences import store
from pipelines.home import Home

pytestmark = [pytest.mark.slow, needs_browser]

PATHS = sorted(
    route.path
    for route in routes()
    if "GET" in route.methods and route.path not in ("/health", "/static/{name}")
)


@pytest.fixture(scope="module")
def numbers(console_town) -> tuple[str, str]:
    """An old number and the one it leads to, of a person with much to show."""
    with reading.opened(Home(console_town.root)) as con:
        return con.execute(
            "select x.customer_number, x.customer_id from customer_crosswalk as x"
            " inner join customers as c on x.customer_id = c.customer_id where x.status = 'redirected'"
            " order by c.merged_from_count desc, c.order_count desc, x.customer_number limit 1"
        ).fetchall()[0]


@pytest.fixture(scope="module")
def refused(console_town) -> str:
    """A record that the door holds."""
    with reading.opened(Home(console_town.root)) as con:
        return con.execute("select min(quarantine_id) from refused_records").fetchone()[0]


@pytest.fixture
def version(console_town) -> str:
    """The path of a saved version of an audience."""
    home, title = Home(console_town.root), {"fr": "Essai", "en": "Trial"}
    text = store.written(title, {"any": [{"field": "country", "is": "FR"}, {"never": "orders"}]})
    kept, _ = store.save(home, "trial", text, "ines", datetime(2026, 11, 20, tzinfo=UTC))
    return f"/audiences/trial/versions/{kept.version}"


@needs_axe
@pytest.mark.parametrize("language", ["fr", "en"])
def test_axe_finds_nothing_on_any_page(open_page, console, numbers, refused, version, language):
    page = open_page(language)
    found = {}
    for path in PATHS:
        shown = version if "{name}/versions" in path else path.replace("{number}", numbers[1])
        shown = shown.replace("{record}", refused)
        page.goto(console + shown.replace("{name}", "trial"))
        assert page.get_attribute("html", "lang") == language
        assert (page.locator("h1").count() == 1 and "trial" in page.url) or "{name}" not in path
        page.wait_for_load_state("networkidle")
        if wrong := found_by_axe(page):
            found[path] = wrong
    assert found == {}
    assert [said for said in page.complaints if "favicon" not in said and "404" not in said] == []


@needs_axe
def test_the_way_in_is_as_good(chromium, console):
    page = chromium.new_page()
    page.goto(f"{console}/login")
    assert found_by_axe(page) == []
    page.context.close()


def test_a_person_is_found_while_one_types(open_page, console, numbers):
    page = open_page("en")
    page.goto(f"{console}/people")
    page.locator("#words").press_sequentially(numbers[0])
    link = page.locator(f'#found a[href="/people/{numbers[1]}"]')
    link.wait_for()
    assert page.locator("#found a").count() == 1
    assert page.input_value("#words") == numbers[0]
    link.click()
    page.wait_for_url(f"{console}/people/{numbers[1]}")
    assert numbers[0] in page.inner_text("main")


def test_by_keyboard_alone_one_comes_past_the_navigation(open_page, console):
    page = open_page("en")
    page.goto(f"{console}/people")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "words"


def test_without_scripts_one_finds_reads_and_drills(open_page, console, numbers):
    page = open_page("fr", java_script_enabled=False)
    page.goto(f"{console}/people")
    page.fill("#words", numbers[0])
    page.click("main form button")
    page.wait_for_url(f"{console}/people/{numbers[1]}")
    page.goto(f"{console}/ownership/drill")
    page.check("input[value=google]")
    page.check("input[name=closed]")
    page.click("main form button")
    assert "google + meta" in page.inner_text("h1")
    page.click("text=Se déconnecter")
    page.goto(f"{console}/people/{numbers[1]}")
    assert page.url.startswith(f"{console}/login")
