"""Words typed to get past a field: each one is known, and who begins like one is somebody."""

from pathlib import Path

import duckdb
import jinja2
import pytest

MACRO = Path(__file__).parent.parent / "dbt_project" / "macros" / "is_placeholder.sql"
WORDS = {
    "name": "test tests testing tester essai user asdf asdfgh qwe qwerty azerty xx xxx aa aaaa foo bar none"
    " null nom prenom first last name unknown inconnu inconnue anonym anonymous",
    "email": "nomail@x.example no-email@x.example sansmail@x.example pasdemail@x.example"
    " pas-de-mail@x.example aucuncourriel@x.example fakemail@x.example faux.mail@x.example"
    " none@x.example null@x.example aucun@x.example na@x.example n.a@x.example"
    " test@x.example test12@x.example asdf@x.example azerty@x.example"
    " qwerty@x.example xxx@x.example aaaa@x.example noreply@x.example no-reply@x.example"
    " nepasrepondre@x.example toto@toto.example m****e@x.example",
    "phone": "+33000000000 +33611111111 +33612345678 +336123456789 +33698765432 +33687654321",
}
SOMEBODY = {
    "name": "teresa estelle uma asma aaron nora noel nathan anna laurent lastic prudence firmin",
    "email": "nora@x.example sanson@x.example pascal@x.example teresa@x.example marie@marie.example"
    " a@b.example",
    "phone": "+33639981234 +33639980111 +15145550123",
}


def asked(kind: str, values: str) -> list[str]:
    """Those that are nobody's."""
    macro = MACRO.read_text(encoding="utf-8") + "{{ is_placeholder(kind, 'value') }}"
    question = jinja2.Template(macro).render(kind=f"'{kind}'")
    with duckdb.connect() as con:
        found = con.execute(
            f"select value from (select unnest(?) as value) where {question}", [values.split()]
        )
        return [value for (value,) in found.fetchall()]


@pytest.mark.parametrize("kind", WORDS)
def test_a_word_for_nothing_is_known(kind):
    assert asked(kind, WORDS[kind]) == WORDS[kind].split()


@pytest.mark.parametrize("kind", SOMEBODY)
def test_who_begins_like_one_is_somebody(kind):
    assert asked(kind, SOMEBODY[kind]) == []
