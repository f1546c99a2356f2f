"""`firsthand why`: two records of the stories, and what it says of them."""

import multiprocessing
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
import stories
from homes import make_company

from pipelines import cli
from pipelines.home import Home
from pipelines.resemblance import weights
from pipelines.resemblance.recipe import COMPARISONS
from pipelines.warehouse_file import WarehouseBusy
from pipelines.why import case, pairs, shown, whom, words
from pipelines.why.chain import chain

Explain = Callable[..., case.Case]
LANGUAGES = ("en", "fr")


# -- how records hang together -----------------------------------------------------------------------


def test_a_direct_link_is_told_before_any_stronger_way_round() -> None:
    assert chain([(1, 2, 15), (1, 3, 30), (3, 2, 30)], [1], [2]) == [1, 2]


def test_of_several_chains_the_one_whose_weakest_link_is_strongest() -> None:
    weak, strong = [(1, 5, 30), (5, 9, 15)], [(1, 2, 20), (2, 3, 25), (3, 9, 22)]
    assert chain([*weak, *strong], [1], [9]) == [1, 2, 3, 9]
    assert chain([*weak, *strong], [9], [1]) == [9, 3, 2, 1]


def test_of_chains_as_strong_the_shortest() -> None:
    links = [(1, 2, 30), (2, 3, 30), (3, 4, 30), (1, 8, 20), (8, 4, 20), (2, 4, 30)]
    assert chain(links, [1], [4]) == [1, 2, 4]


def test_a_chain_of_thousands_is_followed_to_its_end() -> None:
    assert chain([(n, n + 1, 20) for n in range(5000)], [0], [5000]) == list(range(5001))


def test_no_chain_is_none_and_the_best_of_several_records_is_taken() -> None:
    assert chain([(1, 2, 20)], [1], [3]) is None
    assert chain([], [1], [3]) is None
    assert chain([(1, 7, 16), (2, 8, 29)], [1, 2], [7, 8]) == [2, 8]


def test_two_records_that_both_words_mean_are_linked_to_each_other() -> None:
    assert set(chain([(1, 2, 20)], [1, 2], [1, 2]) or []) == {1, 2}
    assert chain([(1, 2, 20)], [1, 2], [2]) == [1, 2]


# -- words -------------------------------------------------------------------------------------------


def test_every_level_that_weighs_anything_has_words_in_every_language() -> None:
    shipped = weights.read()
    for comparison in COMPARISONS:
        for level in comparison.levels:
            if shipped.bits[comparison.name][level.name]:
                assert all(words.LEVELS[comparison.name, level.name].values()), (comparison.name, level.name)


def test_both_languages_say_the_same_things() -> None:
    assert words.WORDS["en"].keys() == words.WORDS["fr"].keys()
    assert {c.name for c in COMPARISONS} <= words.WORDS["en"].keys()


def test_what_was_compared_is_shown_as_it_was_compared() -> None:
    features = {"birth_date": "19800102", "phone": "+331", "other_phone": None, "street": "1 rue a"}
    features |= {"postcode": "75001", "city": "paris", "email": None}
    assert pairs.value("birth_date", features) == "1980-01-02"
    assert pairs.value("phone", features) == "+331"
    assert pairs.value("place", features) == "1 rue a, 75001 paris"
    assert pairs.value("email", features) is None


# -- the stories -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def con(told: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as own:
        whom.beside(own, told)
        yield own


@pytest.fixture(scope="module")
def explain(con: duckdb.DuckDBPyConnection) -> Explain:
    return lambda story, one, other: case.explain(
        con,
        *(stories.profile(story, r) if r[-1].isdigit() and "@" not in r else r for r in (one, other)),
        ["FR"],
    )


def said(found: case.Case, language: str = "en") -> str:
    return "\n".join(shown.lines(found, language))


@pytest.mark.slow
def test_a_chain_of_eight_is_told_link_by_link(explain: Explain) -> None:
    found = explain("chain_of_eight", "meta lead 1", "shop customer 8")
    assert found.is_one
    assert len(found.chain) == 7
    # Each record but the last is where a link begins, and every link holds for itself.
    told = [pair.left for pair in found.chain] + [found.chain[-1].right]
    assert told == [stories.profile("chain_of_eight", f"meta lead {n}") for n in range(1, 8)] + [
        stories.profile("chain_of_eight", "shop customer 8")
    ]
    assert all(pair.weight >= found.threshold for pair in found.chain)
    text = said(found)
    assert "7 links" in text
    # Plain pairs are scored afresh: what they agree in is there, with what it is worth.
    assert "same e-mail address" in text
    assert "+20.0   un@chaine.example" in text
    assert "same phone number" in text
    assert "7 liens" in said(found, "fr")
    assert "même adresse e-mail" in said(found, "fr")


@pytest.mark.slow
def test_the_parts_add_up_to_what_matching_reckoned_with(con: duckdb.DuckDBPyConnection) -> None:
    kept = con.execute(
        "select left_n, right_n, weight from int_identity__weighed where bits_email is not null"
    ).fetchall()
    assert len(kept) > 3
    scored = pairs.score(con, [(left, right) for left, right, _ in kept], weights.read())
    assert [pair.weight for pair in scored] == pytest.approx([weight for *_, weight in kept])
    assert [pair.kept for pair in scored] == [weight for *_, weight in kept]


@pytest.mark.slow
def test_two_people_on_one_landline(explain: Explain) -> None:
    found = explain("household_on_one_landline", "meta lead 1", "typeform response 3")
    assert not found.is_one
    assert found.best is not None
    assert found.best.weight < found.threshold
    assert [(one.kind, one.standing, one.is_landline) for one in found.shared] == [("phone", "shared", True)]
    for language, household, level in (
        ("en", "one household", "same landline"),
        ("fr", "même foyer", "même ligne fixe"),
    ):
        text = said(found, language)
        assert level in text
        assert household in text
        assert "+33199004141" in text
    assert "Against it: two first names (-30.0)." in said(found)


@pytest.mark.slow
def test_enough_for_one_person_but_cut_says_what_contradicts(explain: Explain) -> None:
    found = explain("couple_on_one_mailbox", "mail contact 6", "shop customer 2")
    assert found.best is not None
    assert found.best.reckoned >= found.threshold
    assert found.contradiction is not None
    assert {step.level for step in found.contradiction.steps if step.bits < -6} == {"two_names"}
    text = said(found)
    assert "cannot be the same person" in text
    assert "marie" in text
    assert "paul" in text


@pytest.mark.slow
def test_judged_apart_and_judged_together(explain: Explain) -> None:
    apart = explain("judged_by_hand", "file lead 3", "meta lead 4")
    assert not apart.is_one
    assert apart.judged_apart
    assert "ines judged them two people on 2025-02-01" in said(apart)
    assert "a person said that they are two" in said(apart)
    assert "ines a jugé le 2025-02-01 que ce sont deux personnes" in said(apart, "fr")
    # By way of a third record: the pair that would join them is shown as well as the one judged.
    across = explain("judged_by_hand", "file lead 11", "file lead 13")
    assert across.asked is not None
    assert across.best is not None
    assert across.best.reckoned >= across.threshold
    together = explain("judged_by_hand", "file lead 1", "shop customer 2")
    assert together.is_one
    assert "ines judged them one person on 2025-02-01." in said(together)


@pytest.mark.slow
def test_an_office_address_is_named_as_the_guard(explain: Explain) -> None:
    text = said(explain("office_addresses", "meta lead 1", "meta lead 2"))
    assert "info@bureau.example is an office address" in text


@pytest.mark.slow
def test_by_number_address_and_phone(con: duckdb.DuckDBPyConnection, explain: Explain) -> None:
    own = dict(con.execute("select profile_id, own_number from int_customer_profiles").fetchall())
    first, last = (stories.profile("chain_of_eight", r) for r in ("meta lead 1", "shop customer 8"))
    # An old number means the record it came with, so this is the merge of the two.
    found = case.explain(con, own[first], own[last].upper(), ["FR"])
    assert found.chain[0].left == first
    assert found.chain[-1].right == last
    by_value = case.explain(con, "un@chaine.example", "06 39 98 91 03", ["FR"])
    assert by_value.is_one
    assert by_value.chain[0].left in {first, stories.profile("chain_of_eight", "meta lead 2")}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("one", "other", "key"),
    [
        ("nobody@nowhere.example", "un@chaine.example", "nobody"),
        ("01 99 00 41 41", "un@chaine.example", "several"),
        ("clara@quatre.example", "clara@quatre.example", "one_record"),
        ("un@chaine.example", "5e1b412e-ac47-817e-ae3d-aadd3dd80d18", "nobody"),
    ],
)
def test_words_that_do_not_mean_one_person(con: duckdb.DuckDBPyConnection, one, other, key) -> None:
    with pytest.raises(whom.Unclear) as unclear:
        case.explain(con, one, other, ["FR"])
    assert unclear.value.key == key
    for language in LANGUAGES:
        assert words.say(language, key, **unclear.value.values)


@pytest.mark.slow
def test_the_command_looks_and_changes_nothing(told: Path, tmp_path: Path, capsys) -> None:
    company = make_company(tmp_path)
    company.home.warehouse.parent.mkdir(exist_ok=True)
    shutil.copy(told, company.home.warehouse)
    before = company.home.warehouse.read_bytes()
    records = [stories.profile("chain_of_eight", r) for r in ("meta lead 1", "meta lead 2")]
    for language, begins in (("en", "One person"), ("fr", "Une seule personne")):
        assert cli.main(["--home", str(tmp_path), "why", *records, "--language", language]) == 0
        assert capsys.readouterr().out.startswith(begins)
    assert cli.main(["--home", str(tmp_path), "why", "x", "y"]) == 1
    assert company.home.warehouse.read_bytes() == before
    assert not list(company.home.warehouse.parent.glob("*.wal"))


def test_before_the_first_run_it_says_what_to_do(tmp_path: Path, capsys) -> None:
    make_company(tmp_path)
    assert cli.main(["--home", str(tmp_path), "why", "a", "b"]) == 2
    assert "firsthand run" in capsys.readouterr().err


def _write(path: str, ready: multiprocessing.Event, done: multiprocessing.Event) -> None:
    with duckdb.connect(path) as con:
        con.execute("create table if not exists held as select 1")
        ready.set()
        done.wait(60)


def test_while_a_run_writes_it_waits_and_then_gives_up(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.warehouse.parent.mkdir()
    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    writer = context.Process(target=_write, args=(str(home.warehouse), ready, done))
    writer.start()
    try:
        assert ready.wait(60)
        with pytest.raises(WarehouseBusy), whom.opened(home, patience_seconds=0.2):
            pass
    finally:
        done.set()
        writer.join()
