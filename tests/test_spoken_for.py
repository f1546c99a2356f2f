"""What speaks for a pair, in French: every phrase the publication may hold, and nothing people gave."""

import re

from pipelines.places import ROOT
from pipelines.spoken_for import spoken_for

MACRO = ROOT / "dbt_project" / "macros" / "spoken_for.sql"
RULES = ROOT / "dbt_project" / "models" / "identity"


def test_each_phrase_of_the_macro_has_french_words():
    phrases = re.findall(r"then '([^']+)'", MACRO.read_text(encoding="utf-8"))
    assert len(phrases) > 10
    for phrase in phrases:
        value = "somebody@mail.example" if phrase.endswith(" ") else ""
        assert spoken_for("fr", phrase + value) != phrase + value


def test_each_reason_of_the_rules_has_french_words():
    told = "".join(path.read_text(encoding="utf-8") for path in RULES.glob("match__*.sql"))
    assert sorted(re.findall(r"'([a-z][^':]+ )' \|\|", told)) == [
        "judged one person by ", "judged two people by ", "names ", "the platform merged ",
    ]  # fmt: skip
    reasons = [
        ("names shopify:a:customer:1 as the same record", "nomme shopify:a:customer:1 comme la même fiche"),
        (
            "the platform merged hubspot:a:contact:1 and this record",
            "la plateforme a fusionné hubspot:a:contact:1 et cette fiche",
        ),
        (
            "judged one person by ines on 2026-11-02: she called",
            "jugés une personne par ines le 2026-11-02: she called",
        ),
        ("judged two people by ines on 2026-11-02", "jugés deux personnes par ines le 2026-11-02"),
    ]
    for english, french in reasons:
        assert spoken_for("fr", english) == french
        assert spoken_for("en", english) == english


def test_what_people_gave_stays_as_it_is():
    said = "both gave the e-mail address same.name@mail.example; same name; ours alone"
    assert spoken_for("fr", said) == (
        "tous deux ont donné l'adresse e-mail same.name@mail.example ; même nom ; ours alone"
    )
    assert spoken_for("fr", None) == spoken_for("en", None) == ""
