"""Yotpo: pages up to an empty one, a token in the address, reviews that were taken back."""

from datetime import UTC, datetime

import pytest
from tape import asked, fetched, how_asked, http_of, module, stream
from tape import play as play_any

from connectors.stream import BadAnswer, BrokenToken, Reading, Since

TOKEN = ("POST oauth/token", {"access_token": "t1"})
REVIEWS = "GET v1/apps/KEY/reviews"
LEFT = "GET apps/KEY/unsubscribers"


def play(*answers: tuple):
    return play_any("yotpo", *answers, settings={"app_key": "KEY"})


def page(*rows: dict, path: str = REVIEWS) -> tuple:
    return path, {"reviews": list(rows)}


def read(name: str, client, since: Since | None = None):
    return fetched(stream("yotpo", name), client, "maison", since or Since(None))


def test_pages_go_on_up_to_an_empty_one_that_is_believed_when_it_is_said_again():
    client = play(TOKEN, page({"id": 1}), page(), page({"id": 2}), *[page()] * 3)
    assert [row["id"] for row in read("reviews", client)[0]] == [1, 2]
    assert [asked(client, place)["page"] for place in (1, 2, 3, 4)] == [1, 2, 2, 3]
    assert (asked(client, 1)["utoken"], asked(client, 1)["deleted"]) == ("t1", "true")
    assert "since_updated_at" not in asked(client, 1)


def test_what_changed_is_asked_for_by_day():
    client = play(TOKEN, *[page()] * 3)
    read("reviews", client, Since(datetime(2026, 11, 3, 22, tzinfo=UTC)))
    assert asked(client, 1)["since_updated_at"] == "2026-11-03"


def test_what_was_taken_back_is_deleted():
    rows = ({"id": 1, "deleted": True, "updated_at": "2026-11-03T10:00:00.000Z", "email": "a@b.example"},
            {"id": 2, "deleted": False})  # fmt: skip
    client = play(TOKEN, page(*rows), *[page()] * 3)
    pages = list(stream("yotpo", "reviews").fetch(client, "maison", Since(None)))
    assert [(one.op, [row["id"] for row in one.rows]) for one in pages] == [("upsert", [2]), ("delete", [1])]
    assert "email" not in pages[1].rows[0]


def test_a_token_that_is_refused_is_renewed_once_and_the_key_is_named_then():
    old = (REVIEWS, {"status": {"code": 401}}, 401)
    client = play(TOKEN, old, ("POST oauth/token", {"access_token": "t2"}), page({"id": 1}), *[page()] * 3)
    assert len(read("reviews", client)[0]) == 1
    assert asked(client)["utoken"] == "t2"
    assert how_asked(client, 0)["json"]["client_secret"] == "made-up-yotpo_secret"
    with pytest.raises(BrokenToken, match="YOTPO_SECRET"):
        read("reviews", play(("POST oauth/token", {}, 401)))


def test_the_secret_is_in_no_error():
    client = play(TOKEN, (REVIEWS, {}, 404))
    with pytest.raises(BadAnswer) as caught:
        read("reviews", client)
    assert "t1" not in str(caught.value)
    assert http_of(client).headers == {}


def test_who_left_is_listed_a_level_deeper():
    told = {"response": {"unsubscribers": [{"id": 7, "user_email": "a@b.example"}]}}
    client = play(TOKEN, (LEFT, told), *[(LEFT, {"response": {"unsubscribers": []}})] * 3)
    assert read("unsubscribers", client) == ([{"id": 7, "user_email": "a@b.example"}], {})


@pytest.mark.parametrize("body", [[], {}, {"reviews": {}}, 7])
def test_an_answer_of_another_shape_is_named(body):
    with pytest.raises(BadAnswer):
        read("reviews", play(TOKEN, (REVIEWS, body)))


def test_the_file_says_what_the_api_says():
    [export] = module("yotpo").EXPORTS
    cells = {"review_id": "7", "review_score": "5", "review_content": "Fine", "reviewer_email": "a@b.example",
             "review_creation_date": "2026-11-02T10:00:00.000Z"}  # fmt: skip
    assert export.to_row(cells, Reading(export.known)) == {
        "id": 7,
        "score": 5,
        "content": "Fine",
        "email": "a@b.example",
        "created_at": "2026-11-02T10:00:00+00:00",
    }
