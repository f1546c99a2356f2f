"""Whom an address means, however it is spelt: as many as by folding every address there is."""

import itertools

import duckdb
import pytest

from pipelines import normalise, reading

SPELT = [
    f"{local}{tag}@{domain}"
    for local, tag, domain in itertools.product(
        ("ann.lee", "annlee", "a.n.n.lee", "ann", "annlees", "bo"),
        ("", "+news", "+a.b"),
        ("mail.example", "gmail.example", "googlemail.example"),
    )
] + ["+tag@mail.example", "...@gmail.example"]


@pytest.fixture(scope="module")
def con():
    with duckdb.connect() as con:
        con.execute(
            "create table customer_permissions (customer_id varchar, contact_value varchar, channel varchar)"
        )
        con.execute("create table customers (customer_id varchar, best_email varchar, best_phone varchar)")
        # Every third address is nobody's, so that it is looked for in its other spellings.
        for place, address in enumerate(SPELT):
            if place % 3:
                con.execute("insert into customer_permissions values (?, ?, 'email')", [f"c{place}", address])
        con.execute("insert into customer_permissions values ('p', '+33639981234', 'phone')")
        con.execute("insert into customers values ('b', 'only.best@mail.example', '+33639985678')")
        yield con


@pytest.mark.parametrize("address", SPELT)
def test_an_address_means_who_gave_it_or_else_another_spelling(con, address):
    given = con.execute("select customer_id, contact_value from customer_permissions").fetchall()
    same = {who for who, value in given if value == address} or {
        who for who, value in given if normalise.email_match(value) == normalise.email_match(address)
    }
    assert reading.find(con, f" {address.upper()} ", ["FR"]).customer_ids == sorted(same)


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("06 39 98 12 34", ["p"]),
        ("+33 6 39 98 56 78", ["b"]),
        ("Only.Best@Mail.example", ["b"]),
        ("+33 6 39 98 00 00", []),
        ("@", []),
        ("a@b", []),
        ("no one", []),
    ],
)
def test_a_phone_an_only_best_address_and_what_is_none(con, words, who):
    assert reading.find(con, words, ["FR", "BE"]).customer_ids == who
