"""Trustpilot: pages that lead to the next, tokens for a key and a secret, reviews that were edited."""

import base64
from urllib.parse import urlsplit

import pytest
from tape import asked, fetched, how_asked, module, stream
from tape import play as play_any

from connectors.stream import BadAnswer, BrokenToken, MissingPermission, Reading, Since

NEXT = [{"rel": "next-page", "href": "https://api.trustpilot.com/elsewhere"}]
TOKENS = "POST v1/oauth/oauth-business-users-for-applications/accesstoken"
TOKEN = (TOKENS, {"access_token": "t1", "expires_in": "359999"})
REVIEWS = "GET v1/private/business-units/unit/reviews"


def play(*answers: tuple):
    return play_any("trustpilot", *answers, settings={"business_unit": "unit"})


def page(*rows: dict, links: list | None = None) -> tuple:
    return REVIEWS, {"reviews": list(rows), "links": links or []}


def read(client):
    return fetched(stream("trustpilot", "reviews"), client, "maison", Since(None))[0]


def test_pages_go_on_for_as_long_as_they_lead_to_a_next():
    client = play(
        TOKEN, page({"id": "a"}, links=NEXT), page(links=NEXT), page({"id": "b"}, links=NEXT), page()
    )
    assert [row["id"] for row in read(client)] == ["a", "b"]
    assert [asked(client, place)["page"] for place in (1, 2, 3, 4)] == [1, 2, 2, 3]
    # Where the link leads is not believed: the address is ours.
    assert {urlsplit(how_asked(client, place)["url"]).hostname for place in range(5)} == {"platform.example"}
    assert asked(client, 1)["orderBy"] == "createdat.asc"


def test_a_key_and_a_secret_give_a_token_which_is_said_instead_of_them():
    client = play(TOKEN, page())
    read(client)
    told = how_asked(client, 0)
    assert told["data"] == {"grant_type": "client_credentials"}
    basic = told["headers"]["Authorization"].removeprefix("Basic ")
    assert base64.b64decode(basic) == b"made-up-trustpilot_key:made-up-trustpilot_secret"
    assert how_asked(client, 1)["headers"]["Authorization"] == "Bearer t1"


def test_a_token_that_is_refused_is_renewed_once():
    client = play(TOKEN, (REVIEWS, {}, 401), (TOKENS, {"access_token": "t2"}), page({"id": "a"}))
    assert len(read(client)) == 1
    assert how_asked(client)["headers"]["Authorization"] == "Bearer t2"


@pytest.mark.parametrize(
    ("answers", "error", "said"),
    [
        (((TOKENS, {}, 401),), BrokenToken, "TRUSTPILOT_SECRET"),
        ((TOKEN, (REVIEWS, {}, 403)), MissingPermission, "business_unit"),
        ((TOKEN, (REVIEWS, {"reviews": {}})), BadAnswer, "no list"),
        ((TOKEN, (REVIEWS, {"reviews": [], "links": 7})), BadAnswer, "no list"),
        (((TOKENS, {}),), BadAnswer, "access_token"),
    ],
)
def test_an_error_says_what_to_do(answers, error, said):
    with pytest.raises(error, match=said):
        read(play(*answers))


def test_a_review_changed_when_it_was_edited_or_else_when_it_was_written():
    rows = {"id": "a", "createdAt": "1", "updatedAt": "2"}, {"id": "b", "createdAt": "1", "updatedAt": None}
    assert [row["changed_at"] for row in read(play(TOKEN, page(*rows)))] == ["2", "1"]


def test_the_file_says_what_the_api_says():
    [export] = module("trustpilot").EXPORTS
    cells = {"review_id": "a", "review_stars": "5", "review_content": "Fine", "email": "a@b.example",
             "reference_id": "#1044", "review_created_utc": "2026-11-02 10:00:00"}  # fmt: skip
    assert export.to_row(cells, Reading(export.known)) == {
        "id": "a",
        "stars": 5,
        "text": "Fine",
        "referralEmail": "a@b.example",
        "referenceId": "#1044",
        "createdAt": "2026-11-02T10:00:00+00:00",
    }
