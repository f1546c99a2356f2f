"""No field of any form is code: found on the pages of all routes, filled in turn with what would be."""

import re
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from visiting import Visitor, serving

from console.app import create_app, routes
from console.roles import ANYBODY
from pipelines import reading
from pipelines.home import Home

pytestmark = pytest.mark.slow
CODE = (
    "'; drop table customers; --",
    "\" or read_csv('/etc/passwd') or \"",
    "<script>alert(1)</script>{{ 7 * 1910617 }}../../../etc/passwd",
)
# They end the session that asks, or change its language, and nothing else.
OURS = {"/logout", "/language"}


class Forms(HTMLParser):
    """(method, action, {field: its value}) of each form on a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "form":
            self.found.append((said.get("method") or "get", said.get("action") or "", {}))
        elif tag in ("input", "select", "textarea", "button") and said.get("name") and self.found:
            self.found[-1][2].setdefault(str(said["name"]), said.get("value") or "")


@pytest.fixture(scope="module")
def admin(console_town, tmp_path_factory):
    """In a town of their own: what is sent here may take effect."""
    town = console_town.copy(tmp_path_factory.mktemp("fields") / "home")
    with serving(create_app(Home(town.root))) as address:
        someone = Visitor(address)
        someone.log_in("admin")
        yield someone, town


def ask(town, query: str) -> str:
    """One published value, through the connection that the console has to the file."""
    with reading.opened(Home(town.root)) as con:
        return con.execute(query).fetchone()[0]


def pages(town) -> list[str]:
    """An address for every page there is."""
    number = ask(town, "select left_customer_id from review_queue order by queue_position limit 1")
    record = ask(town, "select min(quarantine_id) from refused_records")
    named = {"number": number, "record": record}
    group = "/quarantine?platform=files&stream=reviews&refused=stars+is+not+a+number"
    return [group] + [
        re.sub(r"\{(\w+)\}", lambda found: named.get(found[1], "x"), route.path)
        for route in routes()
        if "GET" in route.methods and route.endpoint.least != ANYBODY
    ]


def test_no_field_of_any_form_is_code(admin):
    someone, town = admin
    before = ask(town, "select count(*) from customers")
    tried = {}
    for page in pages(town):
        answer = someone.get(page)
        for method, action, fields in Forms(answer.text).found if answer.status_code == 200 else ():
            if action not in OURS:
                for field in fields.keys() - {"form_token"}:
                    tried.setdefault((method, action or page, field), fields)
    assert {field for *_, field in tried} >= {
        "words",
        "reason",
        "platform",
        "days",
        "month",
        "refused",
        "verdict",
    }
    for (method, action, field), fields in tried.items():
        for code in CODE:
            filled = {name: value for name, value in fields.items() if name != "form_token"} | {field: code}
            if method == "post":
                answer = someone.post(action, **filled)
            else:
                answer = someone.get(f"{action}?{urlencode(filled)}", allow_redirects=False)
            assert answer.status_code < 500, (method, action, field, code)
            assert "<script>alert" not in answer.text and "root:" not in answer.text, (action, field)
            assert "13374319" not in answer.text, (action, field)
            someone.get("/")
    assert ask(town, "select count(*) from customers") == before
