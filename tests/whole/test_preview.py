"""`firsthand preview` over a real company: it tells what the run after the change does, and writes nothing."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest
import yaml
from town import Town

from pipelines.places import DBT_PROJECT

pytestmark = pytest.mark.slow
LOWER, HIGHER = "10", "28"


def previewed(town: Town, *words: str) -> dict:
    before = contents(town.root)
    ran = town.firsthand("preview", *words, "--json", "--limit", "0")
    assert ran.code == 0, ran.text
    assert contents(town.root) == before, "something of the company was written"
    return json.loads(ran.out)


def contents(root: Path) -> dict[str, str]:
    """Every file with a hash of what is in it."""
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def owners(town: Town) -> dict[str, str]:
    return dict(town.rows("select profile_id, customer_id from identity.int_customer_profiles"))


def test_without_a_change_nothing_changes(whole: Town) -> None:
    found = previewed(whole)
    assert found["tried"] == []
    assert (found["merges"], found["parts"]) == ([], [])
    assert found["counts"]["customers_after"] == len(set(owners(whole).values()))


def test_a_lower_threshold_is_told_as_the_run_then_does_it(whole: Town, tmp_path: Path) -> None:
    found = previewed(whole, "--threshold", LOWER)
    assert found["merges"], "no pair is between the two thresholds: choose another company"
    town = whole.copy(tmp_path / "home")
    settings = yaml.safe_load((town.root / "firsthand.yaml").read_text())
    settings["matching"] = {"threshold_bits": float(LOWER), "full_rebuild_on": "never"}
    (town.root / "firsthand.yaml").write_text(yaml.safe_dump(settings))
    ran = town.firsthand("run")
    assert ran.code == 0, ran.text
    before, after = owners(whole), owners(town)
    came_from: dict[str, set[str]] = {}
    went_to: dict[str, set[str]] = {}
    for profile, number in after.items():
        came_from.setdefault(number, set()).add(before[profile])
        went_to.setdefault(before[profile], set()).add(number)
    assert {one["customer_id"]: {s["customer_id"] for s in one["joins"]} for one in found["merges"]} == {
        number: old for number, old in came_from.items() if len(old) > 1
    }
    assert {one["customer_id"]: {s["customer_id"] for s in one["becomes"]} for one in found["parts"]} == {
        number: new for number, new in went_to.items() if len(new) > 1
    }
    assert found["counts"]["customers_before"] == len(went_to)
    assert found["counts"]["customers_after"] == len(came_from)
    assert found["counts"]["numbers_redirect"] == len(went_to.keys() - came_from.keys())
    assert all(one["reason"] and float(LOWER) <= one["weight"] for one in found["merges"])
    shutil.rmtree(town.root)


def test_a_higher_threshold_parts_and_gives_numbers_back(whole: Town) -> None:
    found = previewed(whole, "--threshold", HIGHER)
    assert found["parts"]
    mine = whole.rows("select profile_id, own_number from identity.int_customer_profiles")
    known = {number for _, number in mine}
    for one in found["parts"]:
        sides = [side["customer_id"] for side in one["becomes"]]
        assert one["customer_id"] in sides, "the founder keeps the number"
        assert set(sides) <= known
    counts = found["counts"]
    assert counts["customers_after"] == counts["customers_before"] + counts["numbers_come_back"]
    assert counts["numbers_redirect"] == 0


def test_an_edited_list_parts_who_shared_only_what_is_on_it(whole: Town, tmp_path: Path) -> None:
    tied = whole.rows(
        """
        select one.customer_id, split_part(features.email, '@', 1), left_profile_id
        from identity.int_identity__pairs as pairs
        inner join identity.int_customer_profiles as one on pairs.left_profile_id = one.profile_id
        inner join identity.int_profile_features as features on pairs.left_profile_id = features.profile_id
        where pairs.reason = 'both gave the e-mail address ' || features.email
        qualify count(*) over (partition by one.customer_id) = 1
            and (select count(*) from identity.int_customer_profiles where customer_id = one.customer_id) = 2
        order by left_profile_id limit 1
        """
    )
    assert tied, "nobody is tied by an address alone: choose another company"
    customer, local_part, _ = tied[0]
    mine = tmp_path / "mine.csv"
    ours = (DBT_PROJECT / "seeds" / "role_addresses.csv").read_text()
    mine.write_text(ours.rstrip("\n") + f"\n{local_part}\n")
    found = previewed(whole, "--seed", f"role_addresses={mine}")
    assert customer in {one["customer_id"] for one in found["parts"]}
    assert found["tried"] == [f"role_addresses: {mine}"]
    assert (DBT_PROJECT / "seeds" / "role_addresses.csv").read_text() == ours


def test_a_person_reads_it(whole: Town) -> None:
    ran = whole.firsthand("preview", "--threshold", HIGHER, "--limit", "2", "--language", "en")
    assert ran.code == 0, ran.text
    assert f"threshold_bits 14.5 -> {float(HIGHER)}" in ran.out
    assert "Would part (2 of " in ran.out
    assert "Nothing was written." in ran.out
