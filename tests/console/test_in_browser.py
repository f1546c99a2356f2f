"""The console in a real Chromium: nothing shuts anybody out, nothing is blocked; it works without scripts."""

import json
from collections.abc import Callable, Iterator

import pytest
from browser import TAGS, needs_axe, needs_browser
from playwright.sync_api import Browser, Page, sync_playwright
from visiting import PASSWORD

from console.app import routes
from fidelity.axe import SCRIPT
from pipelines import reading
from pipelines.home import Home

pytestmark = [pytest.mark.slow, needs_browser]

PATHS = sorted(
    route.path
    for route in routes()
    if "GET" in route.methods and route.path not in ("/health", "/static/{name}")
)
AXE = f"""async () => {{
    const found = await axe.run({{runOnly: {json.dumps(TAGS)}}});
    return found.violations.map(
        one => one.id + ": " + one.help + ": " + one.nodes.slice(0, 3).map(node => node.html).join(" "));
}}"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def open_page(chromium: Browser, console: str) -> Iterator[Callable[..., Page]]:
    """A page of an admin who has logged in; what the browser complains of is in `page.complaints`."""
    opened = []

    def open_page(language: str, **wishes) -> Page:
        context = chromium.new_context(viewport={"width": 1280, "height": 900}, **wishes)
        opened.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        # Nothing but us is asked.
        page.on("request", lambda asked: asked.url.startswith(console) or page.complaints.append(asked.url))
        page.goto(f"{console}/login")
        page.fill("#name", "admin")
        page.fill("#password", PASSWORD)
        page.click("main button")
        if page.get_attribute("html", "lang") != language:
            page.click("button[name=language]")
        return page

    yield open_page
    for context in opened:
        context.close()


@pytest.fixture(scope="module")
def numbers(console_town) -> tuple[str, str]:
    """An old number and the one it leads to, of a person with much to show."""
    with reading.opened(Home(console_town.root)) as con:
        return con.execute(
            "select x.customer_number, x.customer_id from customer_crosswalk as x"
            " inner join customers as c on x.customer_id = c.customer_id where x.status = 'redirected'"
            " order by c.merged_from_count desc, c.order_count desc, x.customer_number limit 1"
        ).fetchall()[0]


@needs_axe
@pytest.mark.parametrize("language", ["fr", "en"])
def test_axe_finds_nothing_on_any_page(open_page, console, numbers, language):
    page = open_page(language)
    found = {}
    for path in PATHS:
        page.goto(console + path.replace("{number}", numbers[1]))
        assert page.get_attribute("html", "lang") == language
        page.evaluate(SCRIPT.read_text(encoding="utf-8"))
        if wrong := page.evaluate(AXE):
            found[path] = wrong
    assert found == {}
    assert [said for said in page.complaints if "favicon" not in said and "404" not in said] == []


@needs_axe
def test_the_way_in_is_as_good(chromium, console):
    page = chromium.new_page()
    page.goto(f"{console}/login")
    page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    assert page.evaluate(AXE) == []
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
