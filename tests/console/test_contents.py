"""What pages say is what the published tables hold, in both languages; to a reader they name nobody."""

import re
from html import unescape

import pytest
from visiting import Visitor

from console.pages.ownership import PAGES
from console.words import WORDS
from pipelines import reading
from pipelines.home import Home
from pipelines.portrait_words import money

pytestmark = pytest.mark.slow

READERS = ["/", "/funnel", *(f"/ownership/{name}" for name, role, *_ in PAGES if role == "reader")]
MARKETERS = ["/people", *(f"/ownership/{name}" for name, role, *_ in PAGES if role == "marketer")]


def text(page: str) -> str:
    """What a page says, on one line."""
    main = page.split("<main", 1)[1].split("</main>")[0]
    return (
        re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", main.split(">", 1)[1])))
        .replace("\xa0", " ")
        .strip()
    )


@pytest.fixture(scope="module")
def ask(console_town):
    def ask(query, *values):
        with reading.opened(Home(console_town.root)) as con:
            return con.execute(query, list(values)).fetchall()

    return ask


@pytest.fixture
def marketer(visitor) -> Visitor:
    someone = visitor("marketer")
    someone.get("/")
    someone.post("/language", language="en", back="/")
    someone.get("/")
    return someone


def test_the_overview_counts_everybody_once(marketer, ask):
    said = text(marketer.get("/").text)
    [(known, reachable)] = ask(
        "select count(*), count(*) filter (where len(owned_channels) > 0) from customer_ownership"
    )
    assert f"people known {known:,}" in said
    assert f"{100 * reachable / known:.0f} % {reachable:,} of them" in said
    for stage, name in (("lead", "lead"), ("loyal_customer", "loyal customer")):
        [(count,)] = ask("select count(*) from customers where stage = ?", stage)
        assert re.search(rf"{name}( [\d,]+)+ {count:,} ", said)
    [(came,)] = ask("select came_count from funnel_flow where stage = 'lead' order by month desc limit 1")
    assert re.search(rf"new people in \d{{4}}-\d\d {came:,} ", said)


def test_the_overview_says_how_old_each_source_is(marketer, console_town):
    said = text(marketer.get("/").text)
    assert "meta/leads 20" in said
    file = console_town.root / "data" / "state" / "reads.json"
    good = file.read_text()
    file.write_text(re.sub(r'("meta/leads": ")\d{4}', r"\g<1>2020", good))
    try:
        assert re.search(r"meta/leads 2020-\S+ \S+ \d+ LATE", text(marketer.get("/").text))
    finally:
        file.write_text(good)


def test_somebody_is_found_by_number_address_and_phone(marketer, ask):
    [(number, email, phone)] = ask(
        "select customer_id, best_email, best_phone from customers"
        " where best_email is not null and best_phone is not null and not exists ("
        "   from customers as o where o.customer_id <> customers.customer_id"
        "   and (o.best_phone = customers.best_phone or o.best_email = customers.best_email))"
        " and (select count(distinct p.customer_id) from customer_permissions as p"
        "   where p.contact_value in (customers.best_email, customers.best_phone)) = 1"
        " order by customer_id limit 1"
    )
    for words in (number, number.upper(), f"  {email} ", phone, phone.replace("+33", "0033")):
        marketer.get("/people")
        assert marketer.post("/people", words=words).headers["location"] == f"/people/{number}", words


def test_an_old_number_leads_to_its_customer(marketer, ask):
    [(old, now)] = ask(
        "select customer_number, customer_id from customer_crosswalk where status = 'redirected' limit 1"
    )
    answer = marketer.get(f"/people/{old}", allow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/people/{now}")
    assert old in text(marketer.get(f"/people/{old}").text)
    marketer.get("/people")
    assert marketer.post("/people", words=old).headers["location"] == f"/people/{now}"


@pytest.mark.parametrize("number", ["00000000-0000-8000-a000-000000000000", "nobody", "%27%20or%201=1"])
def test_an_unknown_number_is_a_clear_404(marketer, number):
    answer = marketer.get(f"/people/{number}")
    assert answer.status_code == 404
    assert "There is no such page" in text(answer.text)


def test_people_are_found_by_name_whatever_the_accents_and_page_by_page(marketer, ask):
    # So many have one that there are pages of them; and some have it with an accent only.
    name = "e"
    wanted = {
        row[0]
        for row in ask(
            "select customer_id from customers where contains("
            "strip_accents(lower(concat_ws(' ', display_name, company))), ?)",
            name,
        )
    }
    plain = "select count(*) from customers where contains(lower(concat_ws(' ', display_name, company)), ?)"
    assert len(wanted) > max(25, ask(plain, name)[0][0])
    found, number = set(), 1
    while True:
        marketer.get("/people")
        page = marketer.post("/people", words=name.upper(), page=str(number)).text
        shown = set(re.findall(r'href="/people/([0-9a-f-]{36})"', page))
        assert shown and not shown & found
        found |= shown
        if "Next" not in page:
            break
        number += 1
    assert found == wanted
    assert number == -(-len(wanted) // 25)


@pytest.mark.parametrize(
    "words", ["' or 1=1 --", "%", "\\", "x\x00y", "é" * 300, "<script>alert(1)</script>"]
)
def test_no_word_is_anything_but_a_word(marketer, words):
    marketer.get("/people")
    answer = marketer.post("/people", words=words)
    assert answer.status_code == 200
    assert 'href="/people/' not in answer.text
    assert "<script>alert" not in answer.text


def test_a_person_page_tells_what_the_tables_hold(marketer, ask):
    [(number, name, net, currency)] = ask(
        "select customer_id, display_name, net_revenue_total, currency from customers"
        " order by merged_from_count desc, order_count desc, customer_id limit 1"
    )
    page = text(marketer.get(f"/people/{number}").text)
    assert page.startswith(name)
    assert f"{money(net, 'en')} {currency}" in page
    for (record,) in ask("select profile_id from customer_profiles where customer_id = ?", number):
        assert record in page
    for (order,) in ask(
        "select order_name from orders where customer_id = ? order by ordered_at desc, order_id limit 30",
        number,
    ):
        assert order in page
    for channel, value, allowed in ask(
        "select channel, contact_value, is_allowed from customer_permissions where customer_id = ?", number
    ):
        words = {"email": "e-mail", "sms": "SMS", "whatsapp": "WhatsApp"}.get(channel, channel)
        assert re.search(rf"{words} \w+ {'yes' if allowed else 'no'} [^|]*{re.escape(value)}", page)
    for act, why in ask("select act, reason_en from next_acts where customer_id = ?", number):
        assert why in page, act


def test_whose_page_was_seen_is_logged_by_number_and_nothing_else(marketer, ask, caplog):
    [(number, name, email)] = ask(
        "select customer_id, display_name, best_email from customers where best_email is not null limit 1"
    )
    caplog.set_level("INFO", logger="console")
    marketer.get("/people")
    marketer.post("/people", words=email)
    marketer.get(f"/people/{number}")
    assert f"person {number}: shown to marketer" in caplog.text
    assert email not in caplog.text and name not in caplog.text


@pytest.mark.parametrize("path", READERS)
def test_figures_name_nobody(visitor, ask, path):
    page = visitor("reader").get(path).text
    assert "@" not in page
    assert 'href="/people/' not in page
    said = text(page)
    names = [row[0] for row in ask("select display_name from customers where contains(display_name, ' ')")]
    assert not [name for name in names if name in said]


@pytest.mark.parametrize("path", [*READERS, *MARKETERS])
def test_every_page_speaks_both_languages(visitor, path):
    someone = visitor("marketer")
    someone.get("/")
    titles = {}
    for language in ("fr", "en"):
        someone.post("/language", language=language, back="/")
        page = someone.get(path)
        assert page.status_code == 200
        assert f'<html lang="{language}">' in page.text
        titles[language] = re.search(r"<h1>(.*?)</h1>", page.text)[1]
        other = WORDS["en" if language == "fr" else "fr"]["logout"]
        assert unescape(page.text).count(other) == 0
    if path != "/ownership/leads":
        assert titles["fr"] != titles["en"]


def test_every_sentence_exists_in_both_languages():
    assert WORDS["fr"].keys() == WORDS["en"].keys()


def test_a_drill_is_of_the_platforms_that_were_ticked(marketer, console_town):
    said = text(marketer.get("/ownership/drill?platform=meta&platform=google&closed=yes").text)
    assert said.startswith("Blackout drill: meta + google")
    assert "closes our account for good" in said
    ran = text(marketer.get("/ownership/drill?platform=meta&hours=12").text)
    assert "down for 12 hours" in ran


def test_an_outage_that_was_is_told_as_the_command_tells_it(visitor, console_town):
    reader = visitor("reader")
    reader.get("/")
    reader.post("/language", language="en", back="/")
    assert text(reader.get("/ownership/was_out").text).startswith("An outage that was")
    said = text(reader.get("/ownership/was_out?platform=meta&at=2026-10-04T15:39&hours=6").text)
    told = console_town.firsthand("drill", "meta", "--was-out", "2026-10-04 15:39", "--language", "en").out
    assert "2026-10-04 15:39" in said
    assert told.splitlines()[0].strip() in said


@pytest.mark.parametrize(
    "asked",
    [
        "drill?platform=evil",
        "drill?platform=meta&hours=0",
        "was_out?platform=evil&at=2026-10-04T15:39",
        "was_out?platform=meta&at=2026-10-04",
        "was_out?platform=meta&at=2026-13-04T15:39",
        "was_out?platform=meta&at=2026-10-04T15:39&hours=0",
        "drill?platform=meta&hours=1e9",
        "holdout?platform=meta&from=2026-10-05",
        "holdout?platform=meta&from=yesterday&to=today",
        "holdout?platform=meta&country=%27;drop",
        "letter?month=2026-13",
        "letter?month=2099-01",
        "attribution?days=0",
    ],
)
def test_what_cannot_be_meant_is_refused(marketer, asked):
    assert marketer.get(f"/ownership/{asked}").status_code == 400


def test_a_new_publication_is_seen_at_once(marketer, console_town, ask):
    """The link turned as a run turns it: figures that were remembered are those of the new one."""
    import shutil

    import duckdb

    before = text(marketer.get("/").text)
    [(known,)] = ask("select count(*) from customer_ownership")
    assert f"people known {known:,}" in before
    link = console_town.root / "serving" / "current"
    shown = link.resolve()
    changed = shown.with_name("999999-20270101T000000")
    shutil.copytree(shown, changed)
    with duckdb.connect(str(changed / "marketing.duckdb")) as con:
        con.execute(
            "delete from customer_ownership where customer_id in (select customer_id from customers limit 7)"
        )
    try:
        turning = link.with_name("turning")
        turning.symlink_to(changed.name)
        turning.replace(link)
        assert f"people known {known - 7:,}" in text(marketer.get("/").text)
    finally:
        turning.symlink_to(shown.name)
        turning.replace(link)
        shutil.rmtree(changed)
    assert f"people known {known:,}" in text(marketer.get("/").text)
