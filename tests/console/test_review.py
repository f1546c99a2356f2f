"""Pairs in doubt: shown as they are published, answered once, by name, into the inbox; and the audit log."""

import json

import pytest
from test_contents import text

from pipelines import reading
from pipelines.door import commands
from pipelines.home import Home

pytestmark = pytest.mark.slow


@pytest.fixture
def pairs(console_town):
    with reading.opened(Home(console_town.root)) as con:
        found = reading.rows(con, "from review_queue order by queue_position")
    assert len(found) > 1
    return found


@pytest.fixture
def inbox(console_town):
    """What was sent, oldest first; away again after the test."""
    folder = Home(console_town.root).commands
    before = set(folder.glob("*.json"))

    def sent():
        return [commands.read(path) for path in sorted(set(folder.glob("*.json")) - before)]

    yield sent
    for path in set(folder.glob("*.json")) - before:
        path.unlink()


def answer(steward, row, verdict, **more):
    return steward.post(
        "/review", left=row["left_profile_id"], right=row["right_profile_id"], verdict=verdict, **more
    )


def test_pairs_are_shown_side_by_side_with_what_would_change(steward, pairs):
    page = steward.get("/review")
    said = text(page.text)
    for row in pairs[:10]:
        for side in ("left", "right"):
            assert row[f"{side}_profile_id"] in said
            assert not row[f"{side}_email"] or row[f"{side}_email"] in said
    assert f"{len(pairs)} pairs in doubt" in said
    assert said.count("If they are one person") == said.count("If they are two") == min(10, len(pairs))
    assert "With the next run they are one customer of" in said


def test_an_answer_goes_into_the_inbox_by_name_and_can_be_taken_back(steward, pairs, inbox, caplog):
    caplog.set_level("INFO", logger="console")
    row = pairs[0]
    pair = (row["left_profile_id"], row["right_profile_id"])
    assert answer(steward, row, "apart", reason="two sisters").headers["location"] == "/review?sent=yes"
    [said] = inbox()
    assert (said.command, said.made_by, said.verdict, said.reason) == (
        "judge",
        "steward",
        "apart",
        "two sisters",
    )
    assert ((said.left, said.right), said.evidence) == (pair, row["evidence"])
    assert said.id in caplog.text and pair[0] not in caplog.text
    page = text(steward.get("/review?sent=yes").text)
    assert f"{len(pairs) - 1} pairs in doubt" in page
    assert f"apart: {pair[0]}, {pair[1]} (steward): two sisters" in page
    # Once more is no answer: it is not in doubt any more.
    assert answer(steward, row, "together").status_code == 400
    assert answer(steward, row, "withdrawn").status_code == 303
    assert [one.verdict for one in inbox()] == ["apart", "withdrawn"]
    page = text(steward.get("/review").text)
    assert f"{len(pairs)} pairs in doubt" in page and "two sisters" not in page


@pytest.mark.parametrize("verdict", ["", "maybe", "withdrawn", "together; drop"])
def test_what_is_no_answer_is_refused(steward, pairs, inbox, verdict):
    assert answer(steward, pairs[0], verdict).status_code == 400
    assert inbox() == []


@pytest.mark.parametrize(
    ("left", "right"), [("", ""), ("files:files:lead:1", "files:files:lead:1"), ("../../x", "y")]
)
def test_only_a_pair_in_doubt_is_judged_here(steward, inbox, left, right):
    assert steward.post("/review", left=left, right=right, verdict="together").status_code == 400
    assert inbox() == []


@pytest.mark.parametrize("reason", ["x" * 2001, "two\nlines", "\x1b[31m"])
def test_a_reason_is_a_line_of_words(steward, pairs, inbox, reason):
    assert answer(steward, pairs[0], "apart", reason=reason).status_code == 400
    assert inbox() == []


def test_a_reason_with_markup_is_shown_as_it_was_typed(steward, pairs, inbox):
    assert answer(steward, pairs[1], "apart", reason="<img src=x onerror=alert(1)>").status_code == 303
    assert "<img" not in steward.get("/review").text


def test_everybody_in_doubt_is_on_one_page_and_answered_for_at_once(steward, pairs, inbox, caplog):
    caplog.set_level("INFO", logger="console")
    row = pairs[0]
    number, other = row["left_customer_id"], row["right_customer_id"]
    assert f'href="/review/group/{number}"' in steward.get("/review").text
    said = text(steward.get(f"/review/group/{number}").text)
    for part in (
        row["left_profile_id"],
        row["right_profile_id"],
        row["reason"],
        "the weakest",
        number,
        other,
    ):
        assert part in said
    assert "they are one customer of" in said and "the judgements keep them so" in said
    assert row["left_profile_id"] not in caplog.text
    answer = steward.post(
        f"/review/group/{number}",
        verdict="together",
        reason="one letter-box",
        **{number: "yes", other: "yes"},
    )
    assert answer.headers["location"] == "/review?sent=yes"
    [judged] = inbox()
    assert {judged.left, judged.right} == {row["left_profile_id"], row["right_profile_id"]}
    assert (judged.verdict, judged.made_by, judged.reason) == ("together", "steward", "one letter-box")
    assert judged.evidence == row["evidence"]
    # Answered, it is nobody's doubt any more.
    assert steward.get(f"/review/group/{number}").status_code == 404


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"verdict": "maybe"},
        {"verdict": "apart", "STRANGER": "yes"},
        {"verdict": "apart", "reason": "a\nb"},
    ],
)
def test_no_answer_for_a_group_is_refused(steward, pairs, inbox, form):
    stranger = "99999999-0000-8000-a000-000000000000"
    filled = {name.replace("STRANGER", stranger): value for name, value in form.items()}
    number = pairs[0]["left_customer_id"]
    assert steward.post(f"/review/group/{number}", **filled).status_code == 400
    assert steward.get(f"/review/group/{number}?who={stranger}").status_code == 400
    assert steward.get(f"/review/group/{stranger}").status_code == 404
    assert inbox() == []


def test_the_audit_log_is_shown_and_whether_it_is_whole(visitor, console_town):
    admin = visitor("admin")
    admin.get("/")
    admin.post("/language", language="en", back="/")
    file = console_town.root / "data" / "audit.jsonl"
    kept = file.read_bytes()
    lines = [json.loads(line) for line in kept.splitlines()]
    assert lines
    page = text(admin.get("/audit").text)
    assert f"{len(lines)} entries, all as they were written" in page
    for line in lines[-5:]:
        assert f"{line['n']} {line['at'][:10]}" in page and line["what"] in page
    try:
        file.write_bytes(kept.replace(b'"by":"firsthand"', b'"by":"firsthanb"', 1))
        assert "NOT WHOLE: entry" in text(admin.get("/audit").text)
        file.write_bytes(b"no entry\n")
        assert "NOT WHOLE" in text(admin.get("/audit").text)
    finally:
        file.write_bytes(kept)
