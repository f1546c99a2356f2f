"""What a person judges about a real company: landed, told, asked no more; killed while it is obeyed."""

import json
import shutil
from collections.abc import Iterator

import pytest
from town import Town

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def judged(whole: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Town, list[tuple]]]:
    """The town after its two best doubtful pairs were judged, and the pairs as they stood before."""
    town = whole.copy(tmp_path_factory.mktemp("judged") / "home")
    asked = town.published(
        "select left_profile_id, right_profile_id, left_customer_id, right_customer_id from review_queue"
        " order by queue_position limit 2"
    )
    assert len(asked) == 2, "nothing was in doubt"
    assert town.firsthand("judge", "apart", *asked[0][:2], "--by", "ines").code == 0
    assert (
        town.firsthand("judge", "together", *asked[1][:2], "--by", "ines", "--reason", "she called").code == 0
    )
    (town.root / "inbox" / "commands" / "nonsense.json").write_text('{"command": "dance"}')
    ran = town.firsthand("run")
    # What nobody can obey turns the run red, after all else was done.
    assert ran.code == 1, ran.text
    assert "nonsense.json: no such command" in ran.text
    yield town, asked
    shutil.rmtree(town.root)


def test_judgements_are_landed_listed_and_asked_no_more(judged: tuple[Town, list[tuple]]) -> None:
    town, asked = judged
    known = town.published("select left_profile_id, right_profile_id, verdict, judged_by from judgements")
    assert set(known) == {(*asked[0][:2], "apart", "ines"), (*asked[1][:2], "together", "ines")}
    assert not list((town.root / "inbox" / "commands").iterdir())
    assert (town.root / "data" / "refused" / "nonsense.json").exists()
    still = town.published("select left_customer_id, right_customer_id from review_queue")
    assert not {asked[0][2:], asked[1][2:]} & set(still)
    assert "2 judgements" in town.firsthand("judge", "list", "--language", "en").out


def test_who_judges_and_whom_is_for_marketing_alone(judged: tuple[Town, list[tuple]]) -> None:
    town, _ = judged
    tables = {name for (name,) in town.published("select table_name from duckdb_tables()", file="bi")}
    assert "customers" in tables
    assert not tables & {"judgements", "review_queue"}


def test_the_next_run_has_nothing_new(judged: tuple[Town, list[tuple]]) -> None:
    town, _ = judged
    snapshot = town.manifest["snapshot"]
    ran = town.firsthand("run")
    assert ran.code == 0, ran.text
    assert town.manifest["snapshot"] == snapshot


def test_killed_while_it_obeys_the_next_run_does_the_rest(judged: tuple[Town, list[tuple]]) -> None:
    town, asked = judged
    assert town.firsthand("judge", "withdraw", *asked[0][:2]).code == 0
    assert town.firsthand("run", FIRSTHAND_DIE_AT="inside_commit").code == -9
    assert [json.loads(p.read_text())["verdict"] for p in (town.root / "inbox" / "commands").iterdir()] == [
        "withdrawn"
    ]
    ran = town.firsthand("run")
    assert ran.code == 0, ran.text
    assert town.published("select verdict from judgements") == [("together",)]
    assert town.rows("select count(*) from door.judgements") == [(3,)]
