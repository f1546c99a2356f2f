"""docs/images/console: every page of the console in both languages, over the company of `make demo`.

`make pictures`, after `make demo`. The console serves a copy, for looking leaves accounts and entries in the
audit log.
"""

import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright
from visiting import PASSWORD, serving, with_accounts

from console.app import create_app
from console.words import say
from pipelines import clock, demo_company, reading
from pipelines.audiences import store
from pipelines.home import Home
from pipelines.places import ROOT

IMAGES = ROOT / "docs" / "images" / "console"
LANGUAGES = ("en", "fr")
WIDTH, TALLEST = 1280, 1800  # pixels; what is below says nothing that the rest does not
COLOURS = 64
AUDIENCE = "win-back"
TITLE = {"en": "Good customers of France who fell silent", "fr": "Bons clients de France devenus silencieux"}
WHERE = {
    "all": [
        {"field": "country", "is": "FR"},
        {"count": "orders", "at_least": 3},
        {"never": "orders", "last_days": 60},
    ]
}
# By file name; without what must be looked up or clicked first.
PLAIN = {
    "overview": "/",
    "funnel": "/funnel",
    "audiences": "/audiences",
    "audience": f"/audiences/{AUDIENCE}",
    "builder": f"/audiences/{AUDIENCE}/change",
    "review": "/review",
    "quarantine": "/quarantine",
    **{
        name: f"/ownership/{name}"
        for name in (
            "dependence", "drill", "was_out", "useful", "left", "attribution", "holdout", "leads", "letter",
        )
    },
}  # fmt: skip
ASKED = {"drill": "?platform=meta&closed=yes", "was_out": "?platform=meta&at=2026-11-02T00:00&hours=120"}


def main() -> int:
    home = Home.at(ROOT / ".demo")
    if not demo_company.is_demo(home):
        print("no made-up company here: `make demo` first", file=sys.stderr)
        return 1
    os.environ[clock.VARIABLE] = demo_company.INGESTED_AT
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "demo"
        shutil.copytree(home.root, copy, symlinks=True)
        for path in draw(Home(copy)):
            print(path.relative_to(ROOT), f"{path.stat().st_size / 1000:.0f} kB", flush=True)
    return 0


def draw(home: Home) -> Iterator[Path]:
    with_accounts(home)
    store.save(home, AUDIENCE, store.written(TITLE, WHERE), "ines", datetime(2026, 11, 20, 9, tzinfo=UTC))
    with serving(create_app(home)) as console, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for language in LANGUAGES:
            page = chromium.new_context(viewport={"width": WIDTH, "height": 900}).new_page()
            yield from _in(language, page, console, home)
        chromium.close()


def _in(language: str, page: Page, console: str, home: Home) -> Iterator[Path]:
    old, number, doubtful, refused = _examples(home)
    page.goto(f"{console}/login")
    if page.get_attribute("html", "lang") != language:
        page.click("button[name=language]")
    yield taken(page, "sign_in", language)
    page.fill("#name", "admin")
    page.fill("#password", PASSWORD)
    page.click("main button")
    for name, path in PLAIN.items():
        page.goto(console + path + ASKED.get(name, ""))
        yield taken(page, name, language)
    page.goto(f"{console}/people")
    page.locator("#words").press_sequentially(old)
    page.locator(f'#found a[href="/people/{number}"]').wait_for()
    yield taken(page, "people", language)
    shown = {
        "person": f"/people/{number}",
        "group": f"/review/group/{doubtful}",
        "refused": f"/quarantine/{refused}",
    }
    for name, path in shown.items():
        page.goto(console + path)
        yield taken(page, name, language)
    page.goto(f"{console}/audiences/{AUDIENCE}/export")
    page.get_by_role("button", name=say(language, "export.look"), exact=True).click()
    page.fill("#reason", "spring letter" if language == "en" else "lettre de printemps")
    yield taken(page, "export", language)
    with page.expect_download():
        page.get_by_role("button", name=say(language, "export.leave"), exact=True).click()
    for name in ("exports", "audit"):
        page.goto(f"{console}/{name}")
        yield taken(page, name, language)


def _examples(home: Home) -> tuple[str, str, str, str]:
    """An old number and whom it leads to, somebody in doubt with two others, a refused record."""
    with reading.opened(home) as con:
        return con.execute(
            """
            select
                old.customer_number, old.customer_id,
                (
                    select customer_id
                    from (
                        select left_customer_id as customer_id from review_queue
                        union all
                        select right_customer_id from review_queue
                    )
                    group by customer_id order by count(*) desc, customer_id limit 1
                ),
                (select min(quarantine_id) from refused_records)
            from customer_crosswalk as old
            inner join customers using (customer_id)
            where old.status = 'redirected'
            order by customers.merged_from_count desc, customers.order_count desc, old.customer_number
            limit 1
            """
        ).fetchall()[0]


def taken(page: Page, name: str, language: str) -> Path:
    """The whole page, down to TALLEST."""
    page.wait_for_load_state("networkidle")
    height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
    shot = page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": WIDTH, "height": height})
    path = IMAGES / f"{name}_{language}.webp"
    # Pages have few colours: an eighth of what the browser writes.
    few = Image.open(io.BytesIO(shot)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.convert("RGB").save(path, lossless=True)
    return path


if __name__ == "__main__":
    sys.exit(main())
