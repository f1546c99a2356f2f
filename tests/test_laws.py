"""The files of law: read whole, refused with a place where they are wrong, told in the docs as they are."""

import re
from pathlib import Path

import pytest

from pipelines import laws
from pipelines.places import ROOT

FRANCE = (laws.FOLDER / "FR.yml").read_text(encoding="utf-8")
DOCS = (ROOT / "docs" / "consent.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("recipient", ["consumer", "business"])
def test_the_docs_say_what_the_files_say(recipient: str) -> None:
    found = re.search(rf"<!-- {recipient}:[^\n]*-->\n(.*?)<!-- end -->", DOCS, re.S)
    assert found is not None
    assert found[1].strip() == laws.table(laws.read(), recipient)


def test_the_strictest_asks_for_what_any_asks_for() -> None:
    found = laws.rows(laws.read())
    for recipient in ("consumer", "business", "generic"):
        for channel in ("email", "sms", "phone", "post"):
            newest = {}
            for row in sorted(found, key=lambda row: row["valid_from"]):
                key = (row["channel"], row["purpose_group"], row["recipient"])
                if key == (channel, "promotional", recipient):
                    newest[row["jurisdiction"]] = row
            unknown = newest.pop(laws.UNKNOWN)
            strictness = [laws.STRICTER[row["regime"]] for row in newest.values()]
            assert laws.STRICTER[unknown["regime"]] == max(strictness)
            assert unknown["double_opt_in"] == any(row["double_opt_in"] for row in newest.values())
            assert not unknown["b2b_relevance"]
            assert not unknown["generic_addresses"]


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ("regime: opt_in", "regime: optin", "rules.0.regime"),
        ("channels: [email, sms, whatsapp]", "channels: [fax]", "rules.0.channels.0"),
        ("from: 2004-06-21", "from: last spring", "rules.0.from"),
        ("soft_opt_in_months: 36", "soft_optin_months: 36", "soft_optin_months"),
        ("    from: 2026-08-11", "    from: 2014-03-17", "said twice"),
        ("jurisdiction: FR", "jurisdiction: DE", "called like its jurisdiction"),
        ("rules:", "rules: [", "FR.yml"),
    ],
)
def test_a_wrong_file_is_named_with_its_place(tmp_path: Path, wrong: str, right: str, said: str) -> None:
    assert wrong in FRANCE
    (tmp_path / "FR.yml").write_text(FRANCE.replace(wrong, right, 1), encoding="utf-8")
    with pytest.raises(laws.LawError, match=re.escape(said)):
        laws.read(tmp_path)


def test_another_byte_is_another_law(tmp_path: Path) -> None:
    (tmp_path / "FR.yml").write_text(FRANCE, encoding="utf-8")
    before = laws.digest(laws.read(tmp_path))
    (tmp_path / "FR.yml").write_text(FRANCE.replace("soft_opt_in_months: 36", "soft_opt_in_months: 35"))
    assert laws.digest(laws.read(tmp_path)) != before


def test_when_and_how_often_one_may_call() -> None:
    found = laws.read()
    assert laws.hours(found, "FR", "phone") == "mon-fri 10:00-13:00, 14:00-20:00"
    assert laws.cap(found, "FR", "phone") == "4 in 30 days"
    assert laws.hours(found, "FR", "email") == ""
    assert laws.hours(found, laws.UNKNOWN, "phone") == laws.hours(found, "FR", "phone")
