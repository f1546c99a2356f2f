"""Audiences in the console: built without SQL, kept by version, taken out only as `allowed` says."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from test_contents import text
from town import MORNING, Town
from visiting import Visitor

from console import audience_words
from console.builder import fields, trees, words
from pipelines import audit_log, clock, config, reading
from pipelines.audiences import asking, store
from pipelines.audiences.problems import WORDS as PROBLEMS
from pipelines.home import Home
from pipelines.keyed import Keyed
from pipelines.warehouse_file import warehouse

pytestmark = pytest.mark.slow

PAYLOADS = (
    "x'; drop table customers; --", '" is null or true --', "read_csv('/etc/passwd')",
    "<img src=x onerror=alert(1)>", "!!python/object/apply:os.system ['true']",
)  # fmt: skip
PATHS = ("../firsthand", "..%2ffirsthand", "a/b", "%2e%2e", "versions", ".hidden", "a.b", "A", "x" * 65)


@pytest.fixture(scope="module")
def home(console_town: Town) -> Home:
    return Home(console_town.root)


@pytest.fixture
def marketer(visitor: Callable[[str], Visitor]) -> Visitor:
    someone = visitor("marketer")
    someone.get("/")
    someone.post("/language", language="en", back="/")
    someone.get("/audiences")
    return someone


@pytest.fixture(autouse=True)
def _clean(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No audience stays for the next test; the company's day is the town's."""
    monkeypatch.setenv(clock.VARIABLE, MORNING)
    yield
    for path in sorted((home.root / "audiences").rglob("*.yaml")):
        path.unlink()


def posted(where: Any, **more: str) -> dict[str, str]:
    """The form of an audience, filled in."""
    named = {"name": "spring", "title_en": "Spring", "title_fr": "Printemps", "after": "0"}
    return fields.write(trees.of_tree(where, trees.no_choices)) | named | more


def opened(page: str) -> dict[str, str]:
    """What a browser would post of the form as it stands on the page."""
    form = page.split('<form id="builder"', 1)[1].split("</form>")[0]
    found = {}
    for tag in re.findall(r"<input [^>]*>", form):
        told = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if told.get("type") != "checkbox" or " checked" in tag:
            found[told["name"]] = unescape(told.get("value", ""))
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = unescape(chosen[1]) if chosen else ""
    found.pop("form_token")
    return found


THREE = {
    "all": [
        {"field": "country", "in": ["FR", "BE"]},
        {"count": "orders", "at_least": 1, "last_days": 365},
        {"not": {"field": "stage", "is": "ambassador"}},
    ]
}


def test_all_audiences_with_their_figures(marketer: Visitor, home: Home) -> None:
    said = text(marketer.get("/audiences").text)
    with asking.opened(home) as asker:
        for name in store.names(home):
            audience = store.read(home, name).audience
            found = asker.figures(audience)
            only = text(marketer.get(f"/audiences?only={name}").text)
            assert f"{audience.title['en']} comes with Firsthand {found.matching:,} " in only
            assert audience.title["en"] in said


def test_one_audience_tells_whom_it_means_and_why_others_are_left_out(marketer: Visitor, home: Home) -> None:
    said = text(marketer.get("/audiences/second-purchase").text)
    with asking.opened(home) as asker:
        audience = store.read(home, "second-purchase").audience
        found = asker.figures(audience, store.names(home))
        people = asker.sample(audience, 10)
    assert f"people {found.matching} " in said
    for channel, name in (("email", "e-mail"), ("sms", "SMS"), ("phone", "phone"), ("post", "post")):
        reach = found.reach[channel]
        assert f"{name} {reach.reachable} {sum(reach.excluded.values())} {reach.at_cap}" in said
    assert f"e-mail never asked {found.reach['email'].excluded['never_asked']}" in said
    assert all(one["customer_id"] in said for one in people)
    assert "Number of orders: exactly 1" in said and "Last NPS answer: at most 6" in said
    shared = text(marketer.get("/audiences/second-purchase/overlap").text)
    for name, count in found.overlap.items():
        title = store.read(home, name).audience.title["en"]
        assert (f"{title} {count} " in shared) is (count > 0)


def test_what_is_built_is_kept_as_a_version_and_comes_back(marketer: Visitor, home: Home) -> None:
    answer = marketer.post("/audiences/-/save", **posted(THREE))
    assert answer.headers["location"] == "/audiences/spring?saved=1"
    kept = store.saved(home, "spring")
    assert yaml.safe_load(kept.audience.text)["where"] == THREE
    assert (kept.version, kept.audience.title) == (1, {"en": "Spring", "fr": "Printemps"})
    assert [one.saved_by for one in store.history(home, "spring")] == ["marketer"]
    form = opened(marketer.get("/audiences/spring/change").text)
    # Opened and saved as it is: nothing new, whatever the page asked in between.
    answer = marketer.post("/audiences/-/save", **form)
    assert answer.headers["location"] == "/audiences/spring?saved=1&same=yes"
    form["title_en"] = "Late spring"
    assert marketer.post("/audiences/-/save", **form).headers["location"] == "/audiences/spring?saved=2"
    page = text(marketer.get("/audiences/spring").text)
    assert "Late spring" in page and "version 2, saved by marketer" in page
    assert "title: en: Spring" in text(marketer.get("/audiences/spring/versions/1").text)
    assert marketer.get("/audiences/spring/versions/9").status_code == 404


@pytest.mark.parametrize("name", sorted(path.stem for path in store.SHIPPED.glob("*.yaml")))
def test_a_shipped_one_opens_as_it_is(marketer: Visitor, home: Home, name: str) -> None:
    answer = marketer.post("/audiences/-/save", **opened(marketer.get(f"/audiences/{name}/change").text))
    assert answer.headers["location"] == f"/audiences/{name}?saved=0&same=yes"
    assert not (home.root / "audiences" / f"{name}.yaml").exists()


def test_two_at_once_lose_nothing(marketer: Visitor, visitor: Callable[[str], Visitor], home: Home) -> None:
    marketer.post("/audiences/-/save", **posted(THREE))
    mine = opened(marketer.get("/audiences/spring/change").text) | {"title_en": "Mine"}
    admin = visitor("admin")
    theirs = opened(admin.get("/audiences/spring/change").text) | {"title_en": "Theirs"}
    assert admin.post("/audiences/-/save", **theirs).status_code == 303
    page = marketer.post("/audiences/-/save", **mine)
    assert page.status_code == 200
    assert "Somebody saved it meanwhile (admin, " in text(page.text)
    assert store.read(home, "spring").audience.title["en"] == "Theirs"
    again = opened(page.text)
    assert again["title_en"] == "Mine"
    assert marketer.post("/audiences/-/save", **again).headers["location"] == "/audiences/spring?saved=3"
    told = [yaml.safe_load(one.text)["title"]["en"] for one in store.history(home, "spring")]
    assert told == ["Spring", "Theirs", "Mine"]


def test_a_file_edited_by_hand_meanwhile_is_not_lost(marketer: Visitor, home: Home) -> None:
    marketer.post("/audiences/-/save", **posted(THREE))
    mine = opened(marketer.get("/audiences/spring/change").text)
    path = home.root / "audiences" / "spring.yaml"
    path.write_text(path.read_text().replace("Spring", "By hand"))
    assert "Somebody saved it meanwhile" in text(marketer.post("/audiences/-/save", **mine).text)
    assert "By hand" in path.read_text()
    assert "edited by hand since it was saved" in text(marketer.get("/audiences/spring").text)
    page = marketer.post("/audiences/spring/export", channel="email", purpose="marketing", file="csv")
    assert "Save it first" in text(page.text)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"name": "../spring"}, "Small letters, digits"),
        ({"name": ""}, "Small letters, digits"),
        ({"name": "second-purchase"}, "There is an audience of that name already"),
        ({"title_fr": " "}, "a title in both languages"),
        ({"title_en": "for marie@maison.example"}, "title.en holds an e-mail address"),
        ({"v.r.1.0": "x"}, "at least: A number is needed."),
        ({"v.r.1.1": "0"}, "A whole number of days"),
        ({"w.r.1.1": "at_least"}, "at least: at_least stands here twice"),
        ({"k.r.1": "count:nothing"}, "no such thing"),
        ({"k.r.1": "field:nothing"}, "no such field"),
        ({"v.r.0.0": "marie@maison.example", "w.r.0.0": "is"}, "somebody's address or number"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    marketer: Visitor, home: Home, more: dict[str, str], said: str
) -> None:
    page = marketer.post("/audiences/-/save", **posted(THREE, **more))
    assert page.status_code == 200
    assert said in text(page.text)
    assert not list((home.root / "audiences").rglob("*.yaml"))
    # Nothing of it is lost.
    form = opened(page.text)
    assert all(form[name] == " ".join(value.split()) for name, value in more.items() if name != "name")


def test_every_step_works_by_a_plain_form(marketer: Visitor, home: Home) -> None:
    form = opened(marketer.get("/audiences/-/new").text)

    def step(do: str, **more: str) -> None:
        form.update(more)
        page = marketer.post("/audiences/-/build", do=do, **form)
        assert page.status_code == 200
        form.clear()
        form.update(opened(page.text))

    step("add:r", **{"a.r": "field:country"})
    step("", **{"t.r.0.0": "FR"})
    step("add:r", **{"a.r": "group:none"})
    step("add:r.1", **{"a.r.1": "happened:orders"})
    step("add:r.1.0", **{"a.r.1.0": "field:status"})
    step("add:r.1.0.w", **{"t.r.1.0.w.0.0": "refunded", "a.r.1.0.w": "field:channel"})
    step("remove:r.1.0.w.1")
    step("add:r", **{"a.r": "audience:second-purchase"})
    form |= {"name": "built", "title_en": "Built", "title_fr": "Construite"}
    assert marketer.post("/audiences/-/save", **form).status_code == 303
    status = yaml.safe_load(store.text(home, "built"))["where"]["all"][1]["not"]
    assert status == {"happened": "orders", "where": {"field": "status", "is": "refunded"}}
    where = yaml.safe_load(store.text(home, "built"))["where"]["all"]
    assert where[::2] == [{"field": "country", "is": "FR"}, {"audience": "second-purchase"}]


def test_live_figures_are_those_of_the_command(marketer: Visitor, home: Home) -> None:
    page = text(marketer.post("/audiences/-/build", **posted(THREE)).text)
    with asking.opened(home) as asker:
        found = asker.figures(asker.read("x", store.written({"fr": "x", "en": "x"}, THREE)))
    assert f"{found.matching} of {found.everybody} people" in page
    assert f"e-mail: {found.reach['email'].reachable} may be written to" in page
    for count in found.reach["email"].excluded.values():
        assert f"{count} may not: " in page


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize(
    "name",
    [
        "k.r.0", "w.r.0.0", "v.r.0.0", "g.r", "k.r.1", "v.r.1.0", "v.r.1.1", "v.r.2.0.0", "k.r.2.0", "name",
        "title_en", "title_fr", "note_en", "source", "after", "base", "do", "t.r.0.5", "a.r", "x",
    ],
)  # fmt: skip
def test_no_field_of_the_form_becomes_sql_or_markup(
    marketer: Visitor, home: Home, name: str, payload: str
) -> None:
    value = f"{(name[0] == 'k' and 'field:') or ''}{payload}"
    for path in ("/audiences/-/build", "/audiences/-/save"):
        answer = marketer.post(path, **posted(THREE, **{name: value}))
        assert answer.status_code in (200, 303)
        assert "<img" not in answer.text and "root:" not in answer.text
    for one in (home.root / "audiences").rglob("*"):
        assert one.is_dir() or one.name in ("spring.yaml", "000001.yaml")
    with reading.opened(home) as con:
        assert con.execute("select count(*) > 0 from customers").fetchone() == (True,)
    if (home.root / "audiences" / "spring.yaml").exists():
        shown = marketer.get("/audiences/spring")
        assert shown.status_code == 200 and "<img" not in shown.text


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("beyond", ["", "/change", "/export", "/overlap", "/versions/1"])
def test_a_name_is_no_path(marketer: Visitor, home: Home, path: str, beyond: str) -> None:
    answer = marketer.get(f"/audiences/{path}{beyond}", allow_redirects=False)
    assert answer.status_code == 404
    assert home.config.read_text()[:40] not in answer.text
    assert marketer.get("/audiences/second-purchase/versions/..%2f1").status_code == 404


def test_an_audience_nobody_can_ask_says_why(marketer: Visitor, home: Home) -> None:
    (home.root / "audiences").mkdir(exist_ok=True)
    for name, said in (("nonsense", "title: x\nwhere: {field: nonsense, is: 1}"), ("odd", "title: [")):
        (home.root / "audiences" / f"{name}.yaml").write_text(said)
    assert text(marketer.get("/audiences").text).count("cannot be asked") == 2
    assert "has no field 'nonsense'" in text(marketer.get("/audiences/nonsense").text)
    assert "cannot be read as YAML" in text(marketer.get("/audiences/odd").text)
    assert marketer.get("/audiences/odd/change", allow_redirects=False).status_code == 303
    assert "Whom it means" in text(marketer.get("/audiences/nonsense/change").text)


# -- exports ---------------------------------------------------------------------------------------------


def export(marketer: Visitor, name: str = "spring", **more: str) -> Any:
    form = {
        "channel": "email",
        "purpose": "marketing",
        "file": "csv",
        "do": "leave",
        "reason": "spring letter",
    }
    return marketer.post(f"/audiences/{name}/export", **form | more)


def recorded(home: Home) -> list[audit_log.Entry]:
    return [one for one in audit_log.entries(home) if one.what == "export"]


def test_first_one_sees_who_would_leave_and_nothing_is_written(marketer: Visitor, home: Home) -> None:
    marketer.post("/audiences/-/save", **posted(THREE))
    before = recorded(home)
    page = text(export(marketer, do="look", reason="").text)
    assert recorded(home) == before
    counts = re.search(r"asked for (\d+) would leave (\d+) stay here (\d+)", page)
    asked, leaves, stays = (int(count) for count in counts.groups())
    with asking.opened(home) as asker:
        assert asked == asker.count(store.read(home, "spring").audience)
    assert asked == leaves + stays and leaves and stays
    table = page.split("Who stays here, and why")[1].split("What is it for?")[0]
    assert sum(int(count) for count in re.findall(r" (\d+)(?= |$)", table)) == stays


def test_what_leaves_is_who_is_allowed_and_in_the_log_at_once(marketer: Visitor, home: Home) -> None:
    marketer.post("/audiences/-/save", **posted(THREE))
    before = len(recorded(home))
    files = {path for path in home.root.rglob("*") if path.is_file()}
    answer = export(marketer, **{"column.stage": "yes"})
    assert answer.headers["content-disposition"] == 'attachment; filename="spring-email-20261120.csv"'
    assert answer.headers["cache-control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    with reading.opened(home) as con:
        may = dict(con.execute("select customer_id, best_email from customers where can_email").fetchall())
    assert rows and all(may[row["customer_id"]] == row["contact"] for row in rows)
    assert {row["stage"] for row in rows} and "ambassador" not in {row["stage"] for row in rows}
    entry = recorded(home)[-1]
    assert len(recorded(home)) == before + 1
    assert (entry.by, entry.facts["audience"], entry.facts["version"]) == ("marketer", "spring", 1)
    assert entry.facts["sha256"] == hashlib.sha256(answer.content).hexdigest()
    assert (entry.facts["people"], entry.facts["reason"]) == (len(rows), "spring letter")
    # No copy of it stays with us.
    assert not any("export" in path.name or "spring-email" in path.name for path in _new(home, files))
    said = text(marketer.get("/exports").text)
    assert (
        f"marketer spring, version 1 e-mail marketing csv spring letter {entry.facts['sha256'][:16]}" in said
    )


def test_what_went_to_a_mail_tool_is_listed_too(marketer: Visitor, home: Home) -> None:
    facts = {"channel": "email", "purpose": "marketing", "people": 7, "format": "list", "recipient": "brevo"}
    audit_log.note(home, Keyed.of(config.secrets(home)), "export", "ines", "export to a list", facts)
    assert "marketing added to a list of brevo 7" in text(marketer.get("/exports").text)


def _new(home: Home, before: set[Path]) -> set[Path]:
    return {path for path in home.root.rglob("*") if path.is_file()} - before


def test_a_no_of_a_moment_ago_counts(marketer: Visitor, home: Home, console_town: Town) -> None:
    marketer.post("/audiences/-/save", **posted(THREE))
    first = list(csv.DictReader(io.StringIO(export(marketer).content.decode("utf-8-sig"))))
    ran = console_town.firsthand("consent", "withdraw", first[0]["contact"], "--by", "ines")
    assert ran.code == 0, ran.text
    try:
        rows = list(csv.DictReader(io.StringIO(export(marketer).content.decode("utf-8-sig"))))
    finally:
        for path in home.commands.glob("*.json"):
            path.unlink()
    assert {row["contact"] for row in first} - {row["contact"] for row in rows} == {first[0]["contact"]}


def test_a_workbook_and_hashes_for_ad_platforms(marketer: Visitor, home: Home) -> None:
    marketer.post("/audiences/-/save", **posted({"field": "stage", "known": True}))
    book = openpyxl.load_workbook(io.BytesIO(export(marketer, file="xlsx").content))
    assert book.active.max_row > 2 and book.active["A1"].value == "customer_id"
    for recipient, header in (("meta", "email,phone"), ("google", "Email,Phone")):
        answer = export(marketer, file=recipient)
        if answer.headers["content-type"].startswith("text/csv"):
            lines = answer.text.splitlines()
            assert lines[0] == header and "@" not in answer.text
            assert all(re.fullmatch(r"[0-9a-f]{64},|,[0-9a-f]{64}", line) for line in lines[1:])
            assert recorded(home)[-1].facts["recipient"] == recipient


@pytest.mark.parametrize(
    "reason", ["", "  ", "for marie@maison.example", "call +33 6 39 98 12 34", "x" * 501]
)
def test_a_reason_is_given_and_names_nobody(marketer: Visitor, home: Home, reason: str) -> None:
    before = recorded(home)
    page = export(marketer, "second-purchase", reason=reason)
    assert page.headers["content-type"].startswith("text/html")
    assert "Say in one line what it is for" in text(page.text)
    assert recorded(home) == before


@pytest.mark.parametrize(
    "more",
    [
        {"channel": "pigeon"}, {"channel": "ad_upload"}, {"purpose": "ads"}, {"purpose": "newsletter:' or 1"},
        {"file": "parquet"}, {"file": "../x"},
    ],
)  # fmt: skip
def test_only_what_the_form_offers_is_asked(marketer: Visitor, home: Home, more: dict[str, str]) -> None:
    before = recorded(home)
    assert export(marketer, "second-purchase", **more).status_code == 400
    assert recorded(home) == before


def test_without_a_key_or_with_a_broken_log_nothing_leaves(marketer: Visitor, home: Home) -> None:
    env, log = home.env_file, home.state.parent / "audit.jsonl"
    kept, entries = env.read_text(), log.read_bytes()
    try:
        env.write_text(re.sub(r"FIRSTHAND_KEY=.*", "", kept))
        assert "FIRSTHAND_KEY is not set" in text(export(marketer, "second-purchase").text)
        env.write_text(kept)
        for spoilt in (b"no entry\n", entries.replace(b'"by":"firsthand"', b'"by":"firsthanb"', 1)):
            log.write_bytes(spoilt)
            assert "not as it was written" in text(export(marketer, "second-purchase").text)
    finally:
        env.write_text(kept)
        log.write_bytes(entries)
    assert export(marketer, "second-purchase").status_code == 200


def test_while_a_run_writes_one_waits_and_is_told(
    marketer: Visitor, home: Home, console_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    import subprocess
    import sys

    from console.pages import audience_export

    monkeypatch.setattr(audience_export, "PATIENCE", 0.2)
    opened = f"c = duckdb.connect({str(home.warehouse)!r}); print('open', flush=True)"
    code = f"import duckdb, time; {opened}; time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as holder:
        try:
            assert holder.stdout and holder.stdout.readline() == "open\n"
            assert "A run is writing just now" in text(export(marketer, "second-purchase").text)
        finally:
            holder.kill()
    with warehouse(home, read_only=True) as con:
        assert con.execute("select count(*) from door.exports").fetchone()


def test_both_languages_say_the_same_things() -> None:
    for table in (audience_words.WORDS, words.WORDS, PROBLEMS):
        assert table["fr"].keys() == table["en"].keys()


def test_pages_are_french_when_asked_to_be(marketer: Visitor, home: Home) -> None:
    marketer.post("/language", language="fr", back="/")
    try:
        said = text(marketer.get("/audiences/second-purchase").text)
        assert "Nombre de commandes : exactement 1" in said
        assert "Qui est exclu, et pourquoi" in said
        assert "toutes ces conditions sont remplies" in text(marketer.get("/audiences/-/new").text)
        assert "Voir qui sortirait" in text(marketer.get("/audiences/second-purchase/export").text)
    finally:
        marketer.post("/language", language="en", back="/")


def test_the_log_names_the_audience_and_nobody_in_it(
    marketer: Visitor, home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="console")
    marketer.post("/audiences/-/save", **posted(THREE))
    answer = export(marketer)
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert "audience spring: version 1 saved by marketer" in caplog.text
    assert f"{len(rows)} people of spring to marketer" in caplog.text
    assert not any(row["contact"] in caplog.text for row in rows)
    assert json.dumps(recorded(home)[-1].facts, default=str).count("@") == 0
