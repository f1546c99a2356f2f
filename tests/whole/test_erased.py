"""The erased stay erased: gone from every store, back by no door, no revenue moved, relatives left alone.

The scanner must first find each of them in every store that holds people, so that finding none means
something. `make erasure` does it for 50 people and restores a backup besides.
"""

import csv
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from scanner import needles, scan
from test_pages import SUBJECTS, commands
from town import Town

from simulator import home
from simulator.model import Company, Person
from simulator.truth import profiles

pytestmark = pytest.mark.slow
KEY = {"FIRSTHAND_BACKUP_KEY": "a passphrase for tests"}
MONTHS = (
    "select order_month, sum(gross), sum(refunded), sum(net), count(*) from orders group by all order by all"
)
# Every folder where something may lie that names people.
HOLD_PEOPLE = {"data/warehouse.duckdb", "serving", "data/refused", "data/logs", "data/dagster", "exports"}


@dataclass
class Story:
    """What was erased, and what there was before."""

    town: Town
    numbers_of: dict[str, list[str]]
    people: dict[str, set[str]]
    shared: dict[str, str]
    found_before: dict[str, set[str]]
    months_before: list[tuple]
    customers_before: int
    owned_before: dict[str, object]
    listed_before: set[str]
    backup: Path
    answer: dict[str, dict]

    @property
    def numbers(self) -> list[str]:
        return [number for mine in self.numbers_of.values() for number in mine]


@pytest.fixture(scope="module")
def count(request: pytest.FixtureRequest) -> int:
    return request.config.getoption("--erased")


@pytest.fixture(scope="module")
def story(
    whole: Town, company: Company, count: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    town = whole.copy(tmp_path_factory.mktemp("erasure") / "town")
    numbers = choose(town, company, count)
    people, shared, lines = what_to_look_for(town, company, set(numbers))
    plant(town, lines)
    answer = answer_to(town, next(iter(numbers.values()))[0])
    owned, listed = owned_sums(town), to_win_over(town, tmp_path_factory.mktemp("before"))
    backup = town.root.with_name("before.backup")
    assert town.firsthand("backup", str(backup), **KEY).code == 0
    story = Story(
        town,
        numbers,
        people,
        shared,
        by_store(town, people),
        town.published(MONTHS),
        town.published("select count(*) from customers")[0][0],
        owned,
        listed,
        backup,
        answer,
    )
    ran = town.firsthand("forget", *story.numbers, "--channel", "letter", "--checked", "document")
    assert ran.code == 0, ran.text
    yield story


def owned_sums(town: Town) -> dict[str, object]:
    """What ownership says of orders and spend, whoever ordered."""

    def told(*words: str) -> list[dict]:
        ran = town.firsthand(*words, "--json")
        assert ran.code == 0, ran.text
        return [json.loads(line) for line in ran.out.splitlines()]

    sources = [row for row in told("attribution", "--position") if "source" in row]
    months = [row for row in told("letter") if "first_day" in row]
    [left, *_] = told("left")
    answers = ("first_touch", "last_touch", "said", "position")
    return {
        "by answer": [
            round(sum(float(row[f"{answer}_revenue"]) for row in sources), 2) for answer in answers
        ],
        "by month": [(row["net"], row["order_count"], row["media"]) for row in months],
        # A campaign's own part moves: an order of nobody known goes by what it names itself.
        "in all": told("useful")[0]["net"],
        "left": (left["rent"]["value"], left["rent"]["order_count"], left["year"]["media"]),
    }


def to_win_over(town: Town, folder: Path) -> set[str]:
    """The numbers in a drill's list, of nearly everybody."""
    path = folder / "list.csv"
    assert town.firsthand("drill", "brevo", "meta", "--closed", "--list", str(path)).code == 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["customer_id"] for row in csv.DictReader(file)}


def by_store(town: Town, people: dict[str, set[str]]) -> dict[str, set[str]]:
    """store -> who is in it; all publications are one store."""
    found: dict[str, set[str]] = defaultdict(set)
    for store, who in scan(town.root, people).items():
        place = store.partition("/")[0]
        found[store if place == "data" else place] |= set(who)
    return dict(found)


def choose(town: Town, company: Company, count: int) -> dict[str, list[str]]:
    """Person -> their customer numbers, which are nobody else's; who is merged or shares comes first."""
    truth = {profile: person for profile, person, _ in profiles(company)}
    members: dict[str, set[str | None]] = defaultdict(set)
    theirs: dict[str, set[str]] = defaultdict(set)
    records: dict[str, int] = defaultdict(int)
    for profile, number in town.published("select profile_id, customer_id from customer_profiles"):
        person = truth.get(profile)
        members[number].add(person)
        if person:
            theirs[person].add(number)
            records[person] += 1
    crowded = {
        n for (n,) in town.published("select left_customer_id from review_queue where kind = 'crowded'")
    }
    whole = {
        person: sorted(numbers)
        for person, numbers in theirs.items()
        if all(members[number] == {person} and number not in crowded for number in numbers)
    }
    shared = """
        select profile_id from identity.int_contact_points where match_value in (
            select points.match_value from identity.int_contact_points as points
            inner join identity.int_customer_profiles as owners using (profile_id)
            group by all having count(distinct owners.customer_id) > 1
        )
    """
    sharing = {truth.get(profile) for (profile,) in town.rows(shared)}
    merged = sorted(whole, key=lambda person: (-records[person], person))
    several = [person for person in merged if person in sharing]
    order = dict.fromkeys([p for pair in zip(several, merged, strict=False) for p in pair] + merged)
    # One of a household first, so that those who stay have something to keep.
    homes = {person.person_id: person.household_id for person in company.people}
    first = list({homes[person]: person for person in reversed(order)}.values())[::-1]
    chosen = list(dict.fromkeys([*first, *order]))[:count]
    return {person: whole[person] for person in chosen}


def what_to_look_for(
    town: Town, company: Company, chosen: set[str]
) -> tuple[dict[str, set[str]], dict[str, str], list[str]]:
    """Person -> needles, value -> somebody who keeps it (what others gave too is not looked for), and how an
    older version might have written each of them down."""
    truth = {profile: person for profile, person, _ in profiles(company)}
    given = town.rows(
        "select profile_id, match_value from identity.int_contact_points union"
        " select profile_id, match_value from contracts.consent_acts where channel <> 'post'"
    )
    # What people type to get past a field is nobody's, and stands in a list that comes with the product.
    listed = town.rows("select identifier_type, match_value from seeds.placeholder_values")
    nobodys = {needle for kind, value in listed if kind in ("email", "phone") for needle in _of_value(value)}
    kept: dict[str, str] = {}
    for profile, value in given:
        if value and truth.get(profile) not in chosen:
            kept[value] = profile
    full_names: dict[str, set[str]] = defaultdict(set)
    for person in company.people:
        full_names[f"{person.first_name} {person.last_name}".casefold()].add(person.person_id)
    people, shared, lines = {}, {}, []
    for person in (person for person in company.people if person.person_id in chosen):
        values = {value for profile, value in given if value and truth.get(profile) == person.person_id}
        shared |= {value: kept[value] for value in values if value in kept}
        own = {value for value in values - kept.keys() if not _of_value(value) <= nobodys}
        # Whoever has no value of their own is known by their name beside a shared one.
        lines.append(min(own) if own else f"{person.first_name} {person.last_name}, {min(values)}")
        people[person.person_id] = needles(
            [value for value in own if "@" in value],
            [value for value in own if value.startswith("+")],
            _names(person, full_names),
        ) | {profile for profile, who in truth.items() if who == person.person_id and len(profile) > 20}
    return people, shared, lines


def _of_value(value: str) -> set[str]:
    return needles([value] if "@" in value else [], [value] if value.startswith("+") else [], [])


def _names(person: Person, full_names: dict[str, set[str]]) -> list[str]:
    """Nobody else's; and not "Thomas Thomas", which a name beside its own normalised form reads like."""
    name = f"{person.first_name} {person.last_name}"
    is_own = len(full_names[name.casefold()]) == 1 and person.first_name != person.last_name
    return [name] if is_own else []


def answer_to(town: Town, number: str) -> dict[str, dict]:
    """What they were told who asked what is held about them."""
    ran = town.firsthand("dsar", number, "--received", "2026-10-31", "--language", "fr")
    assert ran.code == 0, ran.text
    assert "-> 2026-11-30" in ran.out
    [folder] = (town.root / "exports").glob("dsar-*")
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())
    assert "Vos commandes" in (folder / "summary.html").read_text()
    return json.loads((folder / "data.json").read_text())


def plant(town: Town, one_each: list[str]) -> None:
    """In logs, refused files, lists handed out and Dagster's own storage."""
    lines = [f"2026-11-01 could not cast '{told}'" for told in one_each]
    for place, text in (
        ("data/logs/old.log", [*lines, "all is well"]),
        ("data/refused/list.csv", ["mail", *one_each, "x@else.example"]),
        ("exports/spring.csv", ["mail", *one_each, "y@else.example"]),
    ):
        (town.root / place).parent.mkdir(mode=0o700, exist_ok=True)
        (town.root / place).write_text("\n".join(text))
    with closing(sqlite3.connect(town.root / "data" / "dagster" / "history" / "runs.db")) as con:
        con.execute("create table old_messages (message text)")
        con.executemany("insert into old_messages values (?)", [(line,) for line in lines])
        con.commit()


def test_the_scanner_finds_everybody_first(story: Story, count: int) -> None:
    assert len(story.people) == count
    assert story.found_before.keys() >= HOLD_PEOPLE
    for store in HOLD_PEOPLE:
        assert story.found_before[store] == set(story.people), store


def test_who_asks_is_told_everything_and_nothing_of_others(story: Story, company: Company) -> None:
    told = story.answer
    [person] = [one for one in company.people if one.person_id == next(iter(story.numbers_of))]
    theirs = {profile for profile, who, _ in profiles(company) if who == person.person_id}
    assert {row["record"] for row in told["records"]["rows"]} == theirs
    assert len(told["as_received"]["rows"]) >= len(theirs)
    assert {row["value"] for row in told["identity"]["rows"]} >= {person.last_name}
    assert told["orders"]["provided_by_the_person"]
    assert not told["stages"]["provided_by_the_person"]
    text = json.dumps(told, ensure_ascii=False)
    others = {
        mail for one in company.people if one.person_id != person.person_id for mail in one.emails
    } - set(person.emails)
    assert [mail for mail in sorted(others) if mail in text and mail not in story.shared] == []


def test_then_nobody_is_left_in_any_store(story: Story) -> None:
    assert scan(story.town.root, story.people) == {}
    # And nobody else was lost with them.
    assert "x@else.example" in (story.town.root / "data" / "refused" / "list.csv").read_text()
    assert "y@else.example" in (story.town.root / "exports" / "spring.csv").read_text()
    left = story.town.published("select count(*) from customers")[0][0]
    assert left == story.customers_before - len(story.numbers)


def test_no_months_revenue_moves_by_a_cent(story: Story) -> None:
    assert story.months_before
    for file in ("marketing", "bi"):
        assert story.town.published(MONTHS, file=file) == story.months_before
    sums = "select sum(gross), sum(refunded), sum(net) from "
    assert story.town.published(f"{sums} revenue_by_customer") == story.town.published(f"{sums} orders")


def test_no_sum_of_ownership_moves_by_a_cent(story: Story) -> None:
    assert owned_sums(story.town) == story.owned_before
    assert story.owned_before["by month"]


def test_no_page_and_no_list_of_ownership_names_them(story: Story, tmp_path: Path) -> None:
    assert story.listed_before & set(story.numbers), "nobody chosen was in a list: choose others"
    assert not to_win_over(story.town, tmp_path) & set(story.numbers)
    for command in commands():
        page = tmp_path / f"{command}.html"
        ran = story.town.firsthand(command, *SUBJECTS.get(command, ()), "--page", str(page))
        assert ran.code in (0, 1) and page.exists(), ran.text
        (tmp_path / f"{command}.txt").write_text(ran.text)
    assert scan(tmp_path, story.people) == {}
    shown = [path.read_text() for path in tmp_path.iterdir()]
    assert len(shown) > 2 * len(commands())
    assert not [number for number in story.numbers if any(number in text for text in shown)]


def test_relatives_keep_what_they_shared(story: Story) -> None:
    assert story.shared, "nobody chosen shares anything: choose others"
    for value, profile in story.shared.items():
        points = "select count(*) from identity.int_contact_points where match_value = ? and profile_id = ?"
        consents = "select count(*) from contracts.consent_acts where match_value = ? and profile_id = ?"
        assert story.town.rows(points, value, profile)[0][0] + story.town.rows(consents, value, profile)[0][0]


def test_a_number_answers_erased_and_nothing_else(story: Story) -> None:
    ran = story.town.firsthand("customer", story.numbers[0])
    assert (ran.code, ran.out.strip()) == (
        1,
        f"{story.numbers[0]} was erased: nothing is left to show",
    )


def test_receipts_name_nobody_and_the_ledger_adds_up(story: Story, count: int) -> None:
    receipts = sorted((story.town.root / "exports" / "erasures").iterdir())
    assert len(receipts) == 2 * len(story.numbers)
    assert all(path.stat().st_mode & 0o077 == 0 for path in receipts)
    assert story.town.published("select count(*) from lead_ledger where missing > 0") == [(0,)]


def test_they_come_back_by_no_door(story: Story, company: Company) -> None:
    """Everything pulled again, and every file again in other spellings."""
    for path in home.drop_exports(story.town.root, company, "meta", "typeform", "brevo", "shopify", "files"):
        if path.suffix == ".csv":
            respell(path)
    ran = story.town.firsthand("run", "--full")
    assert ran.code == 0, ran.text
    assert scan(story.town.root, story.people) == {}
    assert story.town.published(MONTHS) == story.months_before


def respell(path: Path) -> None:
    """Addresses in capitals, numbers with dots and a leading 00: what another tool would write."""
    content = path.read_bytes()
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        encoding = "cp1252"
        text = content.decode(encoding)
    between = max(",;\t", key=text.partition("\n")[0].count)
    rows = list(csv.reader(text.splitlines(), delimiter=between))
    for row in rows[1:]:
        for place, cell in enumerate(row):
            if "@" in cell:
                row[place] = cell.upper()
            elif cell.startswith("+33") and cell[3:].isdigit():
                row[place] = f"00 33 {cell[3]}." + ".".join(cell[i : i + 2] for i in range(4, 12, 2))
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=between).writerows(rows)


def test_nor_by_a_backup_made_before(story: Story, count: int, tmp_path: Path) -> None:
    if count < 50:
        pytest.skip("a whole build more: `make erasure`; tests/test_backup.py holds the restore itself to it")
    town = Town.build(tmp_path / "new", story.town.company, story.town.base_url)
    ledger = story.town.root / "data" / "state" / "erasures.jsonl"
    assert all(set(json.loads(line)) for line in ledger.read_text().splitlines())
    for words in (("restore", str(story.backup), "--erasures", str(ledger)), ("run",)):
        ran = town.firsthand(*words, **KEY)
        assert ran.code == 0, ran.text
    assert scan(town.root, story.people) == {}
    assert town.published(MONTHS) == story.months_before
