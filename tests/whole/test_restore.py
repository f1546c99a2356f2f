"""Everything is lost but a backup and two keys: the same customers come back under the same numbers."""

import shutil
from pathlib import Path

import pytest
from town import Town, differences

pytestmark = pytest.mark.slow
KEY = {"FIRSTHAND_BACKUP_KEY": "a passphrase for tests"}


def test_after_a_restore_the_same_people_have_the_same_numbers(whole: Town, tmp_path: Path) -> None:
    file = tmp_path / "maison.backup"
    lost = whole.copy(tmp_path / "lost")
    ran = lost.firsthand("backup", str(file), **KEY)
    assert ran.code == 0, ran.text

    # A new machine: configuration and secrets, nothing else.
    town = Town.build(tmp_path / "new", whole.company, whole.base_url)
    shutil.copy(lost.root / "firsthand.yaml", town.root)
    for words in (("restore", str(file), "--dry-run"), ("restore", str(file)), ("run",)):
        ran = town.firsthand(*words, **KEY)
        assert ran.code == 0, ran.text

    assert town.raw_counts() == whole.raw_counts()
    found = differences(whole.tables(), town.tables())
    assert not found, "\n".join(found)
