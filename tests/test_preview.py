"""`firsthand preview`: in what two answers to who is who differ, and what is refused before it starts."""

import hashlib
import json
import shutil
from pathlib import Path

import duckdb
import pytest
import retold
from homes import make_company

from pipelines import cli, dbt_parsed
from pipelines.config import Config
from pipelines.home import Home
from pipelines.places import DBT_PROJECT
from pipelines.previewing import changes, comparison, words
from pipelines.previewing.comparison import Comparison
from pipelines.resemblance import weights
from pipelines.warehouse_file import warehouse

TABLES = """
create schema was; create schema identity; create schema contracts;
create table was.customer_profiles (profile_id varchar, customer_id varchar);
create table was.pairs (
    left_profile_id varchar, right_profile_id varchar, weight double, best_rule varchar, reason varchar
);
create table was.names (customer_id varchar, display_name varchar);
create table was.household_members (customer_id varchar, household_id varchar);
create table identity.int_customer_profiles (n bigint, profile_id varchar, customer_id varchar);
create table identity.int_identity__pairs as from was.pairs;
create table identity.int_identity__weighed (left_n bigint, right_n bigint, weight double);
create table contracts.profiles (
    profile_id varchar, first_name varchar, last_name varchar, full_name varchar, email varchar,
    phone varchar, first_seen_at timestamptz
);
"""


def compared(before: dict[str, str], after: dict[str, str], limit: int = 0, more: str = "") -> Comparison:
    """Profile -> number, before and after; every profile is called by its id."""
    con = duckdb.connect()
    con.execute(TABLES)
    for n, (profile, number) in enumerate(before.items()):
        con.execute("insert into was.customer_profiles values (?, ?)", [profile, number])
        con.execute(
            "insert into identity.int_customer_profiles values (?, ?, ?)", [n, profile, after[profile]]
        )
        con.execute(
            "insert into contracts.profiles values (?, ?, null, null, ?, null, '2026-11-20')",
            [profile, profile.title(), f"{profile}@poste.example"],
        )
    con.execute(more)
    return comparison.compare(con, limit)


def test_nothing_changes_where_everybody_stays_who_they_are():
    found = compared({"a": "1", "b": "1", "c": "2"}, {"a": "1", "b": "1", "c": "2"})
    assert found.is_empty
    assert (found.merges, found.parts, found.rules) == ([], [], [])
    assert found.counts["customers_before"] == found.counts["customers_after"] == found.counts["numbers_stay"]
    lines = "\n".join(words.report(found, [], 14.5, "en"))
    assert "Nobody would merge, nobody would part: 2 customers, 3 records." in lines


MERGE = (
    {"a": "1", "b": "1", "c": "2", "d": "3", "e": "4"},
    {"a": "1", "b": "1", "c": "1", "d": "1", "e": "4"},
)
PAIRS = """
insert into was.names values ('1', 'Ines Martin'), ('3', null);
insert into was.household_members values ('1', 'h1'), ('4', 'h1'), ('4', 'h2');
insert into identity.int_identity__pairs values
    ('a', 'b', 30, 'same_email', 'within one customer before'), ('b', 'c', 15, 'resemblance', 'names alike'),
    ('a', 'd', 22, 'same_phone', 'both gave the phone number'), ('a', 'e', 40, 'same_email', 'cut again');
"""


def test_a_merge_says_whose_number_stays_who_joins_and_what_ties_them_best():
    found = compared(*MERGE, more=PAIRS)
    (group,) = found.merges
    assert (group["customer_id"], group["records"]) == ("1", 4)
    assert [(s["customer_id"], s["name"], s["records"], s["is_part"]) for s in group["joins"]] == [
        ("1", "Ines Martin", 2, False),
        ("2", "C", 1, False),
        ("3", "D", 1, False),
    ]
    assert (group["rule"], group["weight"]) == ("same_phone", 22)
    assert found.rules == [{"rule": "same_phone", "merged_groups": 1, "parting_customers": 0}]
    assert found.parts == []
    assert found.counts == {
        "records": 5,
        "records_moved": 2,
        "customers_before": 4,
        "customers_after": 2,
        "merged_groups": 1,
        "merging_customers": 3,
        "parting_customers": 0,
        "numbers_stay": 2,
        "numbers_redirect": 2,
        "numbers_come_back": 0,
        "households": 2,
        "households_touched": 1,
    }


def test_a_part_says_which_numbers_come_back_and_what_no_longer_holds():
    lost = """
        insert into was.pairs values ('a', 'b', 16, 'resemblance', 'names alike');
        insert into was.pairs values ('b', 'c', 30, 'same_email', 'both gave it');
        insert into identity.int_identity__weighed values (0, 1, 9.5);
    """
    found = compared({"a": "1", "b": "1", "c": "1"}, {"a": "1", "b": "2", "c": "2"}, more=lost)
    (customer,) = found.parts
    assert (customer["customer_id"], customer["records"]) == ("1", 3)
    assert [(s["customer_id"], s["records"], s["joins_others"]) for s in customer["becomes"]] == [
        ("1", 1, False),
        ("2", 2, False),
    ]
    assert (customer["rule"], customer["weight"], customer["weight_now"]) == ("resemblance", 16, 9.5)
    assert found.counts["numbers_stay"] == found.counts["numbers_come_back"] == 1
    assert (found.counts["numbers_redirect"], found.counts["records_moved"]) == (0, 2)
    lines = "\n".join(words.report(found, ["threshold_bits 14.5 -> 17"], 17, "en"))
    assert "was held by: names alike (16.0 bits); now 9.5 bits" in lines
    assert "its own number again" in lines


def test_a_pair_that_still_holds_was_cut():
    lost = """
        insert into was.pairs values ('a', 'b', 16, 'resemblance', 'names alike');
        insert into identity.int_identity__weighed values (0, 1, 16);
    """
    found = compared({"a": "1", "b": "1"}, {"a": "1", "b": "2"}, more=lost)
    assert "would contradict itself" in "\n".join(words.report(found, [], 14.5, "en"))


def test_who_goes_from_one_to_another_is_in_both_lists():
    found = compared({"a": "1", "b": "1", "c": "2"}, {"a": "1", "b": "2", "c": "2"})
    assert [one["customer_id"] for one in found.parts] == ["1"]
    assert [(s["customer_id"], s["joins_others"]) for s in found.parts[0]["becomes"]] == [
        ("1", False),
        ("2", True),
    ]
    assert [one["customer_id"] for one in found.merges] == ["2"]
    assert [(s["customer_id"], s["is_part"]) for s in found.merges[0]["joins"]] == [
        ("2", False),
        ("1", True),
    ]
    assert found.counts["numbers_redirect"] == found.counts["numbers_come_back"] == 0
    assert found.counts["numbers_stay"] == 2


def test_two_customers_may_change_their_records_at_once():
    """The founders swap sides: both numbers stay, each with other records."""
    found = compared(
        {"a": "1", "b": "1", "c": "2", "d": "2"}, {"a": "1", "d": "1", "c": "2", "b": "2"}
    ).counts
    assert (found["merged_groups"], found["parting_customers"], found["records_moved"]) == (2, 2, 2)
    assert (found["customers_before"], found["customers_after"], found["numbers_stay"]) == (2, 2, 2)


def test_the_limit_is_of_examples_largest_first_and_never_of_counts():
    before = {"a": "1", "b": "2", "c": "3", "d": "4", "e": "5"}
    found = compared(before, {"a": "1", "b": "1", "c": "3", "d": "3", "e": "3"}, limit=1)
    assert [one["records"] for one in found.merges] == [3]
    assert found.counts["merged_groups"] == 2
    assert "Would merge (1 of 2)" in "\n".join(words.report(found, [], 14.5, "en"))


def test_it_speaks_french_and_every_sentence_exists_in_both_languages():
    assert words.WORDS["en"].keys() == words.WORDS["fr"].keys()
    lines = "\n".join(words.report(compared(*MERGE, more=PAIRS), ["a", "b"], 14.5, "fr"))
    assert "4 -> 2, pour 5 fiches" in lines
    assert "parce que : both gave the phone number (22.0 bits)" in lines


# What is refused before anything starts


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["--threshold", "40"], "--threshold 40.0: Input should be less than or equal to 30"),
        (["--threshold", "nan"], "--threshold nan"),
        (["--most-per-key", "1"], "--most-per-key 1: Input should be greater"),
        (["--weights", "{folder}/none.json"], "No such file"),
        (["--weights", "{folder}/roles.csv"], "no file of weights"),
        (["--seed", "role_addresses"], "such as role_addresses=mine.csv"),
        (["--seed", "consent_policies={folder}/roles.csv"], "no list that matching reads; those are "),
        (["--seed", "nobody={folder}/roles.csv"], "role_addresses"),
        (["--seed", "role_addresses={folder}/none.csv"], "no CSV in UTF-8"),
        (["--seed", "role_addresses={folder}/other.csv"], "its first line must be local_part"),
        (["--seed", "role_addresses={folder}/wide.csv"], "row 3 has 2 of 1 columns"),
        (["--config", "{folder}/none.yaml"], "No such file"),
        (["--config", "{folder}/abroad.yaml"], "countries says how numbers are read"),
        (["--config", "{folder}/wrong.yaml"], "matching.threshold_bits"),
        (["--limit", "-1"], "--limit"),
        ([], "there is no warehouse"),
    ],
)
def test_wrong_use_ends_at_once_with_2_and_makes_nothing(tmp_path, capsys, given, says):
    home, folder = tmp_path / "home", tmp_path / "files"
    home.mkdir()
    folder.mkdir()
    make_company(home)
    for name, text in {
        "roles.csv": "local_part\ninfo\n",
        "other.csv": "word\ninfo\n",
        "wide.csv": "local_part\ninfo\nan,other\n",
        "abroad.yaml": "company: x\ncountries: [CA]\n",
        "wrong.yaml": "company: x\nmatching: {threshold_bits: 3}\n",
    }.items():
        (folder / name).write_text(text)
    words = [word.format(folder=folder) for word in given]
    code = cli.main(["--home", str(home), "preview", *words])
    err = capsys.readouterr().err
    assert code == 2, err
    assert says in err
    assert sorted(path.name for path in home.iterdir()) == [".env", "firsthand.yaml"]


def test_a_warehouse_where_nothing_is_settled_is_refused(tmp_path, capsys):
    company = make_company(tmp_path)
    with warehouse(company.home) as con:
        con.execute("create table nothing (n integer)")
    assert cli.main(["--home", str(tmp_path), "preview"]) == 2
    assert "`firsthand run` first" in capsys.readouterr().err


def test_options_go_before_the_changed_file_and_what_differs_is_told(tmp_path):
    company = make_company(tmp_path)
    other = tmp_path / "other.yaml"
    other.write_text("company: x\nmatching: {threshold_bits: 12, most_per_key: 50}\n")
    mine = tmp_path / "mine.json"
    mine.write_text(weights.SHIPPED.read_text())
    found = changes.read(
        company.home, company.config, settings=other, threshold=13.5, weights_file=mine, lists=["nicknames=n"]
    )
    assert found.told == [
        "threshold_bits 14.5 -> 13.5",
        "most_per_key 60 -> 50",
        f"weights shipped -> {mine}",
        "nicknames: n",
    ]
    assert found.config.matching.threshold_bits == 13.5


def test_lists_that_come_before_matching_are_none_of_it(tmp_path):
    company = make_company(tmp_path)
    known = changes.lists_of_matching(dbt_parsed.ensure_manifest(company))
    assert {"role_addresses", "nicknames", "placeholder_values", "first_names"} <= set(known)
    assert not {"consent_policies", "event_points", "customer_labels"} & set(known)


def test_a_list_is_put_in_place_of_ours_and_nothing_else_is(tmp_path):
    company = make_company(tmp_path)
    mine = tmp_path / "mine.csv"
    mine.write_text("local_part\nvip\n")
    manifest = dbt_parsed.ensure_manifest(company)
    (tmp_path / "aside").mkdir()
    project, changed = changes.project_with({"role_addresses": mine}, manifest, tmp_path / "aside")
    assert (project / "seeds" / "role_addresses.csv").read_text() == mine.read_text()
    ours = dbt_parsed.DBT_PROJECT / "seeds" / "nicknames.csv"
    assert (project / "seeds" / "nicknames.csv").read_bytes() == ours.read_bytes()
    nodes = json.loads(changed.read_text())["nodes"]
    seeds = [node for node in nodes.values() if node["resource_type"] == "seed"]
    assert {node["root_path"] for node in seeds} == {str(project)}
    assert "vip" not in (dbt_parsed.DBT_PROJECT / "seeds" / "role_addresses.csv").read_text()


def test_settings_without_a_change_are_the_companys_own(tmp_path):
    company = make_company(tmp_path)
    assert changes.read(company.home, company.config).told == []
    assert (
        changes.read(company.home, company.config).config
        == company.config
        == Config(company=company.config.company)
    )


# Over a real warehouse

LOWER, HIGHER = 10.0, 28.0


@pytest.fixture
def home(told: Path, tmp_path: Path) -> Home:
    """A company of its own around the warehouse of all stories."""
    root = tmp_path / "home"
    (root / "data").mkdir(parents=True)
    shutil.copy(told, root / "data" / "warehouse.duckdb")
    return make_company(root).home


def previewed(home: Home, capsys, *words: str) -> dict:
    before = contents(home.root)
    code = cli.main(["--home", str(home.root), "preview", *words, "--json", "--limit", "0"])
    said = capsys.readouterr()
    assert code == 0, said.err
    assert contents(home.root) == before, "something of the company was written"
    return json.loads(said.out)


def contents(root: Path) -> dict[str, str]:
    """Every file with a hash of what is in it."""
    found = sorted(path for path in root.rglob("*") if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def ask(home: Home, query: str) -> list[tuple]:
    with warehouse(home, read_only=True) as con:
        return con.execute(query).fetchall()


def owners(home: Home) -> dict[str, str]:
    return dict(ask(home, "select profile_id, customer_id from identity.int_customer_profiles"))


@pytest.mark.slow
def test_without_a_change_nothing_changes(home, capsys):
    found = previewed(home, capsys)
    assert (found["tried"], found["merges"], found["parts"]) == ([], [], [])
    assert found["counts"]["customers_after"] == len(set(owners(home).values()))


@pytest.mark.slow
@pytest.mark.parametrize("threshold", [LOWER, HIGHER])
def test_another_threshold_is_told_as_a_build_then_does_it(home, capsys, threshold):
    found = previewed(home, capsys, "--threshold", str(threshold))
    assert found["merges"] if threshold == LOWER else found["parts"]
    before = owners(home)
    matching = Config(company="x").matching.for_dbt() | {"threshold_bits": threshold}
    retold.dbt(
        home.warehouse, "build", "--select", "+int_customer_profiles",
        "--exclude-resource-type", "unit_test", matching=matching,
    )  # fmt: skip
    came_from: dict[str, set[str]] = {}
    went_to: dict[str, set[str]] = {}
    for profile, number in owners(home).items():
        came_from.setdefault(number, set()).add(before[profile])
        went_to.setdefault(before[profile], set()).add(number)
    assert {one["customer_id"]: {s["customer_id"] for s in one["joins"]} for one in found["merges"]} == {
        number: old for number, old in came_from.items() if len(old) > 1
    }
    assert {one["customer_id"]: {s["customer_id"] for s in one["becomes"]} for one in found["parts"]} == {
        number: new for number, new in went_to.items() if len(new) > 1
    }
    counts = found["counts"]
    assert (counts["customers_before"], counts["customers_after"]) == (len(went_to), len(came_from))
    assert counts["numbers_redirect"] == len(went_to.keys() - came_from.keys())
    assert counts["numbers_come_back"] == len(came_from.keys() - went_to.keys())
    assert all(one["reason"] for one in found["merges"] + found["parts"])


@pytest.mark.slow
def test_an_edited_list_parts_who_shared_only_what_is_on_it(home, capsys, tmp_path):
    tied = ask(
        home,
        """
        with sizes as (
            select customer_id, count(*) as records from identity.int_customer_profiles group by customer_id
        )
        select one.customer_id, split_part(features.email, '@', 1)
        from identity.int_identity__pairs as pairs
        inner join identity.int_customer_profiles as one on pairs.left_profile_id = one.profile_id
        inner join sizes on one.customer_id = sizes.customer_id and sizes.records = 2
        inner join identity.int_profile_features as features on pairs.left_profile_id = features.profile_id
        where pairs.reason = 'both gave the e-mail address ' || features.email
        order by pairs.left_profile_id limit 1
        """,
    )
    assert tied, "nobody in the stories is tied by an address alone"
    customer, local_part = tied[0]
    ours = DBT_PROJECT / "seeds" / "role_addresses.csv"
    text, mine = ours.read_text(), tmp_path / "mine.csv"
    mine.write_text(text.rstrip("\n") + f"\n{local_part}\n")
    found = previewed(home, capsys, "--seed", f"role_addresses={mine}")
    assert customer in {one["customer_id"] for one in found["parts"]}
    assert found["tried"] == [f"role_addresses: {mine}"]
    assert ours.read_text() == text


@pytest.mark.slow
def test_a_person_reads_it(home, capsys):
    words = ["--threshold", str(HIGHER), "--limit", "2", "--language", "en"]
    assert cli.main(["--home", str(home.root), "preview", *words]) == 0
    said = capsys.readouterr().out
    assert f"threshold_bits 14.5 -> {HIGHER}" in said
    assert "Would part (2 of " in said
    assert "Nothing was written." in said
