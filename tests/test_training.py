"""`firsthand train-matcher`: what it learns from a made-up company, and what it refuses to learn from."""

import json
import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from homes import make_company

from benchmarks.labelled import company as labelled
from benchmarks.labelled.rows import COLUMNS
from pipelines import cli
from pipelines.home import Home
from pipelines.resemblance import recipe, weights
from pipelines.resemblance.recipe import COMPARISONS
from pipelines.training import Refused, em, kept, keys, lessons, prior, records, table
from pipelines.training.em import Seen
from pipelines.training.lessons import Lesson
from pipelines.training.prior import Prior
from pipelines.why.words import LEVELS

Make = Callable[..., duckdb.DuckDBPyConnection]


@pytest.fixture
def people() -> Make:
    """A table of records, each column an SQL expression over their number, from 0 on."""

    def make(count: int, **columns: str) -> duckdb.DuckDBPyConnection:
        con = duckdb.connect()
        texts = dict.fromkeys((*keys.COLUMNS, *keys.STANDINGS.values()), "null") | columns
        listed = ", ".join(f"({text})::varchar as {name}" for name, text in texts.items())
        con.execute(f"create table people as select i as n, {listed} from range({count}) as r(i)")
        return con

    return make


# -- keys --------------------------------------------------------------------------------------------


def test_a_key_is_counted_before_anybody_is_compared(people: Make) -> None:
    con = people(1000, email="'m' || i // 4", email_standing="if(i < 100, 'crowd', null)")
    counted = keys.count(con, keys.parse("email"))
    # 225 mailboxes of four, six pairs each; a crowd's are none.
    assert (counted.records, counted.filled, counted.largest, counted.pairs) == (1000, 900, 4, 1350)
    assert keys.fault(counted) is None


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        (
            "country",
            "if(i % 10 = 0, 'ca', 'fr')",
            "country is nearly constant: one value is on 1,800 records",
        ),
        ("national_id", "if(i < 10, 'x' || i // 2, null)", "national_id is too empty: 10 of 2,000 records"),
        ("city", "'town' || i % 40", "city would make 49,000 pairs, more than the 40,000 allowed"),
        ("mailbox", "'m' || i // 2 * 2 + if(i < 200, 0, i)", "mailbox brings 100 pairs together"),
    ],
)
def test_a_key_nobody_can_learn_on_is_refused(people: Make, column: str, values: str, said: str) -> None:
    con = people(2000, **{column: values, "email": "'m' || i // 4", "phone": "'p' || i // 4"})
    with pytest.raises(Refused, match=said):
        keys.choose(con, ["email", column], most_pairs=40_000)
    # Asked for by nobody, it is left out, and the others do.
    assert [one.key.word for one in keys.choose(con, [])[0]] == ["email", "phone"]


def test_one_key_alone_is_refused(people: Make) -> None:
    con = people(2000, email="'m' || i // 4")
    with pytest.raises(Refused, match="2 blocking keys are needed, and 1 will do"):
        keys.choose(con, ["email"])
    with pytest.raises(Refused, match="phone is too empty"):
        keys.choose(con, [])


def test_a_column_there_is_not_is_named_with_those_there_are(people: Make) -> None:
    with pytest.raises(Refused, match="no column mail; there are email"):
        keys.choose(people(10), ["email", "mail"])


# -- prior -------------------------------------------------------------------------------------------


def test_the_prior_counts_each_pair_once_and_believes_the_recall(people: Make) -> None:
    # Every two records are one person by their mailbox, and once more by their number.
    con = people(2000, email="'m' || i // 2", phone="'p' || i // 2", first_name="'f' || i // 2")
    found = prior.count(con, recall=0.5)
    assert found.fired == 1000
    assert found.others == 2.0
    assert found.probability == pytest.approx(2000 / (2000 * 1999 / 2))


def test_an_office_address_is_no_sure_rule(people: Make) -> None:
    con = people(2000, email="'m' || i // 2", first_name="'f' || i // 2", email_standing="'role'")
    with pytest.raises(Refused, match="hardly fire: 0 pairs among 2,000"):
        prior.count(con, recall=0.7)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (Prior(50_000, 99, 0.7), "hardly fire"),
        (Prior(50_000, 240, 0.7), "hardly fire"),
        (Prior(5_000, 20_000, 0.7), "makes no sense"),
        (Prior(5_000, 2_000, 0.01), "makes no sense"),
    ],
)
def test_a_prior_nobody_can_believe_is_refused(given: Prior, said: str) -> None:
    with pytest.raises(Refused, match=said):
        prior.checked(given)


def test_a_prior_within_reason_is_believed() -> None:
    assert prior.checked(Prior(50_000, 250, 0.7)).fired == 250
    assert prior.checked(Prior(5_000, 17_000, 0.7)).fired == 17_000


def test_too_few_records_and_a_recall_that_is_no_share_are_refused(people: Make) -> None:
    with pytest.raises(Refused, match="999 records are too few"):
        prior.count(people(999), recall=0.7)
    for recall in (0, -1, 1.1):
        with pytest.raises(Refused, match="a share"):
            prior.count(people(10), recall=recall)


# -- lessons -----------------------------------------------------------------------------------------


@pytest.fixture
def shipped() -> weights.Weights:
    return weights.read()


def drawn(level: tuple[str, str], seen: Seen, shipped: weights.Weights) -> Lesson:
    found = {(one.comparison, one.level): one for one in lessons.draw({level: seen}, shipped)}
    assert len(found) == sum(len(c.levels) for c in COMPARISONS)
    return found[level]


def test_bits_are_how_much_likelier_a_level_is_for_one_person() -> None:
    assert lessons.bits(Seen(0.5, 0.5 / 1024, 100_000, 1e6)) == 10.0
    # Never met among pairs of one person is not never: half a pair in a thousand.
    assert lessons.bits(Seen(0.0, 0.5, 1000, 1e6)) == -10.0


def test_what_is_learned_replaces_what_was_shipped(shipped: weights.Weights) -> None:
    one = drawn(("phone", "same"), Seen(0.5, 0.5 / 2**18, 10_000, 1e7), shipped)
    assert (one.shipped, one.bits, one.note) == (shipped.bits["phone"]["same"], 18.0, "")


def test_no_level_moves_further_than_people_differ(shipped: weights.Weights) -> None:
    before = shipped.bits["last_name"]["differs"]
    assert (
        drawn(("last_name", "differs"), Seen(0.0, 0.9, 1e6, 1e6), shipped).bits == before - lessons.FARTHEST
    )


def test_a_rare_level_stays_as_shipped(shipped: weights.Weights) -> None:
    # Nine pairs of one person are not enough for an agreement, however many strangers there are.
    rare = drawn(("email", "typo"), Seen(0.0009, 0.01, 10_000, 1e6), shipped)
    assert (rare.bits, rare.note) == (shipped.bits["email"]["typo"], "rare")
    assert drawn(("email", "typo"), Seen(0.0011, 0.0001, 10_000, 1e6), shipped).note == ""


def test_what_nobody_has_stays_as_shipped(shipped: weights.Weights) -> None:
    found = lessons.draw({}, shipped)
    assert all(one.bits == one.shipped for one in found)
    assert {one.note for one in found if one.level == "same"} == {"thin"}


@pytest.mark.parametrize("level", sorted(lessons.GUARDS))
def test_a_guard_is_never_made_weaker(level: tuple[str, str], shipped: weights.Weights) -> None:
    before = shipped.bits[level[0]][level[1]]
    weaker, stronger = 2.0 ** (before + 4), 2.0 ** (before - 4)
    lenient = drawn(level, Seen(min(weaker, 1) * 0.9, min(1 / weaker, 1) * 0.9, 1e6, 1e15), shipped)
    assert (lenient.bits, lenient.note) == (before, "guard")
    severe = drawn(level, Seen(min(stronger, 1) * 0.9, min(1 / stronger, 1) * 0.9, 1e15, 1e15), shipped)
    assert severe.bits == pytest.approx(before - 4, abs=0.11)


def test_guards_are_levels_of_the_recipe_and_every_kind_of_household_is_one() -> None:
    known = {(c.name, level.name) for c in COMPARISONS for level in c.levels}
    assert known > lessons.GUARDS
    assert {
        ("first_name", "differs"),
        ("first_name", "two_names"),
        ("phone", "same_landline"),
    } <= lessons.GUARDS


def test_an_agreement_worth_less_than_a_disagreement_is_refused(shipped: weights.Weights) -> None:
    seen = {("phone", "near"): Seen(0.01, 0.09, 1e5, 1e6), ("phone", "differs"): Seen(0.5, 0.5, 1e5, 1e6)}
    with pytest.raises(Refused, match=r"without sense.*: phone near -3.\d, differs \+0.0"):
        lessons.draw(seen, shipped)


# -- the file and the table --------------------------------------------------------------------------


def test_each_training_is_a_file_of_its_own_that_scoring_reads(
    tmp_path: Path, shipped: weights.Weights
) -> None:
    found = [*lessons.draw({}, shipped)]
    counted = keys.Counted(keys.parse("email"), 5000, 4000, 9, 1234)
    paths = [
        kept.write(
            Home(tmp_path), found, shipped.threshold, Prior(5000, 1000, 0.7), [counted], date(2026, 11, 20)
        )
        for _ in range(2)
    ]
    assert [path.name for path in paths] == ["weights-1.json", "weights-2.json"]
    assert stat.S_IMODE(paths[1].stat().st_mode) == 0o600
    read = weights.read(paths[1])
    assert (read.bits, read.threshold, read.version) == (shipped.bits, shipped.threshold, "company-2")
    said = json.loads(paths[1].read_text())["trained"]
    assert said["recipe"] == recipe.fingerprint()
    assert (said["on"], said["records"], said["keys"]) == ("2026-11-20", 5000, {"email": 1234})


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_table_shows_both_and_says_why(language: str) -> None:
    shown = table.lines(
        [Lesson("phone", "same", 15.0, 18.5), Lesson("phone", "same_landline", 9.0, 9.0, "guard")], language
    )
    assert LEVELS["phone", "same"][language] in shown[1]
    assert "+15.0   +18.5" in shown[1]
    assert shown[2].endswith(table.WORDS[language]["guard"])
    assert table.WORDS["en"].keys() == table.WORDS["fr"].keys()


def test_before_the_first_run_it_says_what_to_do(tmp_path: Path, capsys) -> None:
    make_company(tmp_path)
    assert cli.main(["--home", str(tmp_path), "train-matcher"]) == 2
    assert "firsthand run" in capsys.readouterr().err


# -- a small company ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company's folder whose warehouse holds two thousand made-up records, matched."""
    folder = tmp_path_factory.mktemp("trained")
    rows = [{name: row[name] for name in COLUMNS if name != "true_cluster_id"} for row in made()]
    pq.write_table(pa.Table.from_pylist(rows), folder / "records.parquet")
    home = folder / "home"
    home.mkdir()
    make_company(home)
    words = ["match", str(folder / "records.parquet"), "--out", str(folder / "groups.csv")]
    assert cli.main(["--home", str(home), *words, "--keep", str(folder / "matched")]) == 0
    (home / "data").mkdir(exist_ok=True)
    (folder / "matched" / "data" / "warehouse.duckdb").rename(home / "data" / "warehouse.duckdb")
    return home


def made() -> list[dict[str, str]]:
    from random import Random

    from benchmarks.labelled.rows import numbered

    return numbered(labelled.rows(820, 23), Random(23))


@pytest.mark.slow
def test_a_small_company_teaches_sense_and_writes_only_what_was_asked(trained: Path, capsys) -> None:
    before = Home(trained).warehouse.read_bytes()
    said = ["--home", str(trained), "train-matcher", "--language", "en"]
    assert cli.main([*said, "--dry-run"]) == 0
    assert not (trained / "data" / "matcher").exists()
    assert cli.main(said) == 0
    shown = capsys.readouterr()
    assert "learning on email" in shown.err
    assert "same e-mail address" in shown.out
    assert "data/matcher/weights-1.json" in shown.out
    assert Home(trained).warehouse.read_bytes() == before
    learned, shipped = weights.read(trained / "data" / "matcher" / "weights-1.json"), weights.read()
    assert learned.bits != shipped.bits
    assert learned.bits["email"]["same"] > 14
    assert learned.bits["first_name"]["same"] > 2 > -2 > learned.bits["email"]["differs"]
    for comparison, level in lessons.GUARDS:
        assert learned.bits[comparison][level] <= shipped.bits[comparison][level]


@pytest.mark.slow
def test_they_are_used_once_the_settings_say_so(trained: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    shipped = weights.read().bits
    own = shipped | {"first_name": dict.fromkeys(shipped["first_name"], 0.0)}
    (home / "mine.json").write_text(json.dumps({"version": "x", "threshold": 14.5, "bits": own}))
    make_company(home, matching={"weights": "mine.json"})
    words = ["match", str(trained.parent / "records.parquet"), "--out", str(tmp_path / "groups.csv")]
    assert cli.main(["--home", str(home), *words, "--keep", str(tmp_path / "matched")]) == 0

    def first_names(warehouse: Path) -> set[float]:
        with duckdb.connect(str(warehouse), read_only=True) as con:
            found = con.execute("select distinct bits_first_name from identity.match__resemblance").fetchall()
            return {round(bits, 6) for (bits,) in found}

    assert first_names(tmp_path / "matched" / "data" / "warehouse.duckdb") == {0.0}
    assert len(first_names(Home(trained).warehouse)) > 3


@pytest.mark.slow
def test_keys_that_leave_something_unlearned_are_refused(trained: Path) -> None:
    with records.taken(Home(trained)) as con:
        chosen, _ = keys.choose(con, ["first_name,last_name", "first_name,email"])
        with pytest.raises(Refused, match="untrained: first_name, last_name"):
            em.learn(con, chosen, prior.count(con, 0.7), lambda line: None)
