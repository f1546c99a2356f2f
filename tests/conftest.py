"""What whole runs share: one made-up company, and a home built from it in two runs, a month apart.

Everything here is made once, at the first test that asks; of the processes of `make test` one makes a
town and the others take a copy of it. Whoever changes a town copies it first.
"""

import fcntl
import gc
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import retold
import throwaway
from town import MORNING, Ran, Town

from pipelines.home import Home
from simulator import home, webhooks
from simulator.by_hand import drop_reviews
from simulator.clock import end_of
from simulator.company import make
from simulator.model import Company
from simulator.server import running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from shopped import Shops
    from visiting import Visitor

UNTIL = date(2026, 11, 20)
A_MONTH_BEFORE = datetime(2026, 10, 20, 12, tzinfo=UTC)
FIGURE = "figure"
# What is dear to make: whoever asks for one is in one process with the others who do.
SHARED = ("shops", "told", "console")
# The long ones begin, by what they take of a processor, so that no process waits for another at the end. Two
# that need no town come before those that do, for the first of all makes it meanwhile.
LONGEST = (
    "test_erased.py",
    "test_nasty.py",
    "test_lifecycle_proofs.py",
    "test_raw.py",
    "test_kill.py",
    "test_rebuild.py",
    "test_side_by_side.py",
    "test_readers.py",
    "test_judged.py",
    "test_recipe.py",
    "test_discretion.py",
    "test_no_foreign.py",
    "test_restore.py",
)
MEMORY = Path("/dev/shm")  # noqa: S108 - below it pytest makes a folder of its own, 0700
ROOM = 10 * 2**30  # a session's files take less than half of it, its processes the rest
WATCH = Path(__file__).resolve().parent / "whole" / "watch"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--chaos-moments", type=int, default=1, help="how many random moments to kill a run at (default 1)"
    )
    parser.addoption(
        "--examples",
        type=int,
        default=1,
        help="how many random companies to prove identity and histories on (default 1)",
    )
    parser.addoption(
        "--publications", type=int, default=4, help="how many publications readers live through (default 4)"
    )
    parser.addoption(
        "--page-languages", type=int, default=1, help="in how many languages to look at pages (default 1)"
    )
    parser.addoption("--erased", type=int, default=4, help="how many people to erase (default 4)")


def pytest_configure() -> None:
    """Warehouses in memory, where there is plenty: on a disk every table that is written waits for it.

    A process that is killed loses there what it loses on a disk; nothing here cuts the power.
    """
    if "PYTEST_DEBUG_TEMPROOT" not in os.environ and _memory_to_spare() > ROOM:
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(MEMORY)


def _memory_to_spare() -> int:
    """Bytes that files in memory may take; none where the system has no such folder."""
    try:
        told = re.search(r"MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text())
        return min(shutil.disk_usage(MEMORY).free, 1024 * int(told[1]) if told else 0)
    except OSError:
        return 0


def pytest_collection() -> None:
    gc.disable()  # what is imported stays: looking through it for garbage took a quarter of the collecting


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


@pytest.hookimpl(tryfirst=True)  # xdist reads the marks in its own
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.pluginmanager.hasplugin("xdist"):
        return
    groups = {item: _group(item) for item in items}
    for item, group in groups.items():
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: _turn(item, groups[item]))


def _group(item: pytest.Item) -> str:
    """Whose tests stay in one process: of a file, or of what is dear to make."""
    shared = [name for name in SHARED if name in getattr(item, "fixturenames", ())]
    return shared[0] if shared else item.path.name


def _turn(item: pytest.Item, group: str) -> int:
    if group in LONGEST:
        return LONGEST.index(group)
    return len(LONGEST) + (item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session", autouse=True)
def _throwaway(tmp_path_factory: pytest.TempPathFactory) -> None:
    throwaway.BELOW.append(tmp_path_factory.mktemp("throwaway"))


@pytest.fixture(scope="session")
def company() -> Company:
    """Large enough for every mess and every stage, small enough to be built in seconds."""
    return make(200, 7, UNTIL)


@pytest.fixture(scope="session")
def platforms(company: Company) -> Iterator[str]:
    """The simulator without faults, first a month ago; whoever troubles it starts one of their own."""
    with running(company, now=A_MONTH_BEFORE) as base_url:
        yield base_url


@pytest.fixture(scope="session")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Shops"]:
    """One shop kept with several vendors, read by every way and built once."""
    import shopped

    with shopped.shops(tmp_path_factory.mktemp("shops")) as found:
        yield found


@pytest.fixture(scope="session")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where towns are kept that every process of this session may copy."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "towns"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def watched(towns: Path) -> Path:
    """Where every process of the shared runs writes whom it called; see tests/whole/watch/."""
    return towns / "calls.txt"


@pytest.fixture(scope="session")
def a_month_before(
    company: Company, platforms: str, watched: Path, towns: Path, tmp_path_factory: pytest.TempPathFactory
) -> Town:
    """A town after its first run, with a month's news waiting: on the platforms and in the inbox."""

    def make_it(root: Path) -> None:
        # A month is more than a week: the second run is to be an increment all the same.
        town = Town.build(root, company, platforms, matching={"full_rebuild_on": "never"})
        _run(town, watched, A_MONTH_BEFORE.isoformat())
        home.drop_exports(town.root, company, "meta", "files")
        drop_reviews(town.root)
        for delivery in webhooks.deliveries(company, A_MONTH_BEFORE, end_of(UNTIL)):
            home.keep_webhook(town.root, delivery, end_of(UNTIL))

    kept = Town(_once(towns / "a_month_before", make_it), company, platforms)
    town = kept.copy(tmp_path_factory.mktemp("a_month_before") / "home")
    town.operate("clock", now=end_of(UNTIL).isoformat())
    return town


@pytest.fixture(scope="session")
def _second(
    a_month_before: Town, watched: Path, towns: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Town, Ran]:
    def make_it(root: Path) -> None:
        ran = _run(a_month_before.copy(root), watched, MORNING)
        root.with_suffix(".ran").write_text(json.dumps(asdict(ran)))

    kept = _once(towns / "whole", make_it)
    ran = Ran(**json.loads(kept.with_suffix(".ran").read_text()))
    return replace(a_month_before, root=kept).copy(tmp_path_factory.mktemp("whole") / "home"), ran


@pytest.fixture(scope="session")
def whole(_second: tuple[Town, Ran]) -> Town:
    """The same town after its second run: all there is has landed, is built and published."""
    return _second[0]


@pytest.fixture(scope="session")
def second_run(_second: tuple[Town, Ran]) -> Ran:
    """How that run went."""
    return _second[1]


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse of all stories; only looked at."""
    return retold.build(tmp_path_factory.mktemp("told"))


@pytest.fixture(scope="session")
def console_town(whole: Town, tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A copy with an account a role, for the console writes accounts and commands."""
    from visiting import with_accounts

    town = whole.copy(tmp_path_factory.mktemp("console") / "home")
    with_accounts(Home(town.root))
    return town


@pytest.fixture(scope="session")
def console(console_town: Town) -> Iterator[str]:
    """The console of that town, served: its address."""
    from visiting import serving

    from console.app import create_app

    with serving(create_app(Home(console_town.root))) as address:
        yield address


@pytest.fixture(scope="session")
def visitor(console: str) -> "Callable[[str], Visitor]":
    """Of a role, logged in; the same one each time."""
    from visiting import Visitor

    known: dict[str, Visitor] = {}

    def of(role: str) -> Visitor:
        if role not in known:
            known[role] = Visitor(console)
            assert known[role].log_in(role).status_code == 303
        return known[role]

    return of


@pytest.fixture
def steward(visitor: "Callable[[str], Visitor]") -> "Visitor":
    """Logged in, and told in English whatever a test before chose."""
    someone = visitor("steward")
    someone.get("/")
    someone.post("/language", language="en", back="/")
    return someone


@pytest.fixture(scope="module")
def chromium() -> "Iterator[Browser]":
    """Debian's own; none is downloaded. Of a module: while it runs, nothing else of the process can wait."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def open_page(chromium: "Browser", console: str) -> "Iterator[Callable[..., Page]]":
    """A page of somebody who has logged in; what the browser complains of is in `page.complaints`."""
    from visiting import PASSWORD

    opened = []

    def open_page(language: str, role: str = "admin", **wishes: Any) -> "Page":
        context = chromium.new_context(viewport={"width": 1280, "height": 900}, **wishes)
        opened.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        # Nothing but us is asked.
        page.on("request", lambda asked: asked.url.startswith(console) or page.complaints.append(asked.url))
        page.goto(f"{console}/login")
        page.fill("#name", role)
        page.fill("#password", PASSWORD)
        page.click("main button")
        if page.get_attribute("html", "lang") != language:
            page.click("button[name=language]")
        return page

    yield open_page
    for context in opened:
        context.close()


@pytest.fixture
def say(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """A line for the end of the report: figures that no test may depend on."""
    return lambda line: request.node.user_properties.append((FIGURE, line))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [
        one for outcome in ("passed", "failed", "skipped") for one in terminalreporter.stats.get(outcome, [])
    ]
    lines = [line for one in reports for name, line in one.user_properties if name == FIGURE]
    if lines:
        terminalreporter.section("figures")
        # A test that fails in its teardown is reported twice.
        for line in dict.fromkeys(lines):
            terminalreporter.write_line(line)


def _once(root: Path, make_it: Callable[[Path], None]) -> Path:
    """What is made at `root` by the process that asks first; the others wait for it."""
    with root.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done, failed = root.with_suffix(".done"), root.with_suffix(".failed")
        assert not failed.exists(), f"{root.name} could not be made: its maker's failure says why"
        if not done.exists():
            failed.touch()
            make_it(root)
            failed.rename(done)
    return root


def _run(town: Town, watched: Path, ingested_at: str) -> Ran:
    ran = town.firsthand(
        "run",
        FIRSTHAND_INGESTED_AT=ingested_at,
        FIRSTHAND_WATCH=str(watched),
        PYTHONPATH=os.pathsep.join(filter(None, (str(WATCH), os.environ.get("PYTHONPATH")))),
    )
    assert ran.code == 0, ran.text
    return ran
