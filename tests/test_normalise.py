"""One spelling per contact point, the same at the door (Python) and in dbt (SQL)."""

import re
from pathlib import Path
from random import Random

import duckdb
import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.dbt_functions import read_phone
from pipelines.normalise import email_contact, email_match, name_match, phone_e164

MACRO = Path(__file__).parent.parent / "dbt_project" / "macros" / "normalise_email.sql"
# What was typed, what we write to, the mailbox behind it.
ADDRESSES = [
    ("Jeanne.Test@Mail.Example", "jeanne.test@mail.example", "jeanne.test@mail.example"),
    ("  jeanne@mail.example\n", "jeanne@mail.example", "jeanne@mail.example"),
    ("jeanne+shop@mail.example", "jeanne+shop@mail.example", "jeanne@mail.example"),
    ("+shop@mail.example", "+shop@mail.example", "+shop@mail.example"),
    ("Made.Up.Tester+x@GoogleMail.com", "made.up.tester+x@googlemail.com", "madeuptester@gmail.com"),
    ("made.up.tester@gmail.com", "made.up.tester@gmail.com", "madeuptester@gmail.com"),
    ("made.up+x@googlemail.example", "made.up+x@googlemail.example", "madeup@gmail.example"),
    ("<mailto:jeanne@mail.example>", "jeanne@mail.example", "jeanne@mail.example"),
    ("jea\u200bnne@mail.example\u00a0", "jeanne@mail.example", "jeanne@mail.example"),
    ("jean\u0065\u0301@mail.example", "jean\u00e9@mail.example", "jean\u00e9@mail.example"),
    ("jeanne@mail", None, None),
    ("jeanne@mail.example, other@mail.example", None, None),
    ("jeanne@@mail.example", None, None),
    ("jeanne@mail.example.", None, None),
    ("", None, None),
    ("none", None, None),
]


def in_sql(addresses):
    template = jinja2.Template(
        MACRO.read_text(encoding="utf-8")
        + "select {{ email_contact('a') }} as contact, {{ email_match('contact') }} from said"
    )
    with duckdb.connect() as con:
        con.execute("create table said (a varchar)")
        con.executemany("insert into said values (?)", [[a] for a in addresses])
        return con.execute(template.render()).fetchall()


@pytest.mark.parametrize(("typed", "contact", "match"), ADDRESSES)
def test_an_address_has_one_spelling(typed, contact, match):
    assert (email_contact(typed), email_match(typed)) == (contact, match)


def test_dbt_says_the_same():
    assert in_sql([typed for typed, *_ in ADDRESSES]) == [(contact, match) for _, contact, match in ADDRESSES]


# Dots alone are nobody's mailbox: nothing to agree on.
LOCAL = st.text("ab.+-_'\u00c9 <", max_size=7).map("a{}".format)
DOMAIN = st.sampled_from(["mail.example", "GMAIL.com", "googlemail.com", "x.test", "broken"])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.builds("{}@{}".format, LOCAL, DOMAIN), min_size=1, max_size=30))
def test_dbt_says_the_same_of_anything(addresses):
    assert in_sql(addresses) == [(email_contact(a), email_match(a)) for a in addresses]


@pytest.mark.parametrize(
    ("typed", "region", "e164"),
    [
        ("06 39 98 12 34", "FR", "+33639981234"),
        ("+33 (0)6.39.98.12.34", "FR", "+33639981234"),
        ("0033639981234", "FR", "+33639981234"),
        ("639981234", "FR", "+33639981234"),
        ("(514) 555-0123", "CA", "+15145550123"),
        ("+1 514 555 0123", "FR", "+15145550123"),
        ("12", "FR", None),
        ("call me", "FR", None),
        (None, "FR", None),
    ],
)
def test_a_number_has_one_spelling(typed, region, e164):
    assert phone_e164(typed, region) == e164


def test_a_name_has_one_spelling():
    assert name_match("Jean-Fran\u00e7ois") == name_match(" JEAN francois ") == "jean francois"
    assert name_match("-") is None


def test_a_number_that_sql_reads_is_read_as_phonenumbers_does():
    """Spellings of three countries at random, some of them no numbers, behind every order of regions."""
    rng = Random(7)
    heads = ["0", "+33", "0033", "+32", "0032", "+1", "1", "", "04", "+324", "06", "3", "32"]
    # Towns of Belgium, an island behind +1, a city whose code begins like Switzerland's.
    heads += ["02", "081", "+322", "1876", "418"]
    typed = [head + "".join(rng.choices("0123456789", k=rng.randint(6, 10))) for head in heads * 60]
    typed += [re.sub(r"(\d\d)(?=\d)", r"\1 ", text) for text in typed]
    regions = ["FR", "FR BE CA", "BE FR CA", "CA FR BE", "FR FR BE CA", "US", "DE FR"]
    asked = [(text, region) for text in typed for region in regions]
    macro = (MACRO.parent / "plain_phone.sql").read_text(encoding="utf-8")
    macro += "{% set read = plain_phone(phone_digits('typed'), 'regions') %}"
    macro += "select typed, regions, {{ read }} as e164, {{ plain_phone_kind(read) }} as kind from asked"
    with duckdb.connect() as con:
        con.execute("create table asked (typed varchar, regions varchar)")
        con.executemany("insert into asked values (?, ?)", asked)
        query = f"from ({jinja2.Template(macro).render()}) where e164 is not null"
        plain = con.execute(query).fetchall()
    assert len(plain) > 500
    for text, region, e164, kind in plain:
        # A range nobody was given yet has no kind for phonenumbers; its first digit says what it is kept for.
        assert read_phone(text, region) in (f"{e164}|{kind}", f"{e164}|unknown"), (text, region)
