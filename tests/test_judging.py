"""`firsthand judge` over a small publication: whom words mean, what it foresees, refuses and asks."""

import io
import json

import duckdb
import pytest
from homes import make_company

from pipelines import cli, doubtful, judging, reading
from pipelines.door import command, commands
from pipelines.judge_words import WORDS


def number(letter: str) -> str:
    return f"{letter * 8}-0000-8000-a000-000000000000"


A, B, C, D = (number(letter) for letter in "abcd")
# customer, record, first seen on
RECORDS = [
    (A, "files:files:lead:1", "2026-01-01"),
    (A, "meta:1:lead:2", "2026-02-01"),
    (B, "files:files:lead:3", "2025-01-01"),
    (C, "files:files:lead:4", "2026-03-01"),
    (C, "meta:1:lead:5", "2026-03-02"),
    (C, "meta:1:lead:6", "2026-03-03"),
    (D, "files:files:lead:7", "2026-04-01"),
]
LEFT, RIGHT = "files:files:lead:1", "files:files:lead:3"
SIDES = ("customer_id", "profile_id", "platform", "object", "name", "email", "phone", "place", "birth_date")
TABLES = f"""
create table customers (
    customer_id varchar, display_name varchar, order_count bigint,
    net_revenue_total decimal(18, 2), currency varchar
);
create table customer_permissions (
    customer_id varchar, channel varchar, purpose varchar, contact_value varchar, is_allowed boolean,
    reason varchar, basis varchar, occurred_at timestamptz
);
create table doubtful_records (
    customer_id varchar, profile_id varchar, platform varchar, object varchar, said_name varchar,
    email varchar, phone varchar, place varchar, birth_date varchar, company varchar,
    first_seen_at timestamptz, created_at timestamptz
);
create table customer_profiles (
    customer_id varchar, profile_id varchar, first_seen_at timestamptz, created_at timestamptz
);
create table customer_crosswalk (customer_number varchar, customer_id varchar, status varchar);
create table judgements (
    left_profile_id varchar, right_profile_id varchar, verdict varchar, judged_by varchar, reason varchar,
    judged_at timestamptz, left_customer_id varchar, right_customer_id varchar, is_in_effect boolean
);
create table review_queue (
    queue_position bigint, kind varchar, weight double, reason varchar, earlier_verdict varchar,
    {", ".join(f"{side}_{name} varchar" for side in ("left", "right") for name in (*SIDES, "company"))},
    left_created_at timestamptz, right_created_at timestamptz, evidence varchar
);
"""


@pytest.fixture
def home(tmp_path):
    home = make_company(tmp_path, language="en").home
    folder = home.serving / "current"
    folder.mkdir()
    with duckdb.connect(str(folder / "marketing.duckdb")) as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute(TABLES)
        for customer, record, day in RECORDS:
            con.execute("insert into customer_profiles values (?, ?, ?, ?)", [customer, record, day, day])
            con.execute(
                "insert into doubtful_records values (?, ?, 'x', 'lead', ?, ?, null, null, null, null, ?, ?)",
                [customer, record, f"Name {customer[0]}", "m@mail.example", day, day],
            )
        for customer, name in ((A, "Marie Durand"), (B, "M. Durand"), (C, "Paul Petit"), (D, "Zoé Blanc")):
            con.execute("insert into customers values (?, ?, 2, 31.5, 'EUR')", [customer, name])
            con.execute("insert into customer_crosswalk values (?, ?, 'current')", [customer, customer])
        con.execute("insert into customer_crosswalk values (?, ?, 'redirected')", [number("f"), A])
        con.execute("insert into customer_crosswalk values (?, null, 'erased')", [number("e")])
        doubt(con, 1, LEFT, A, RIGHT, B, "seen")
        doubt(con, 2, "files:files:lead:4", C, "files:files:lead:7", D, "other")
    return home


def doubt(con, place, left, left_customer, right, right_customer, evidence):
    row = dict.fromkeys([f"{side}_name" for side in ("left", "right")], "Marie") | {
        "queue_position": place,
        "kind": "cut",
        "weight": 8.0 / place,
        "reason": "both gave the e-mail address m@mail.example",
        "left_profile_id": left,
        "left_customer_id": left_customer,
        "right_profile_id": right,
        "right_customer_id": right_customer,
        "left_email": "m@mail.example",
        "evidence": evidence,
    }
    con.execute(
        f"insert into review_queue by name select {', '.join(f'? as {name}' for name in row)}",
        list(row.values()),
    )


@pytest.fixture
def judge(home, capsys):
    def run(*words):
        code = cli.main(["--home", str(home.root), "judge", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def publish(home, *judged):
    with duckdb.connect(str(home.serving / "current" / "marketing.duckdb")) as con:
        con.executemany("insert into judgements values (?, ?, ?, ?, ?, ?, ?, ?, ?)", judged)


def sent(home):
    return [commands.read(path) for path in command.waiting(home)]


# -- together and apart ----------------------------------------------------------------------------


def test_together_says_who_becomes_one_and_whose_number_stays(home, judge):
    code, out, _ = judge("together", LEFT, RIGHT, "--reason", "she called", "--by", "ines")
    assert code == 0
    assert f"one customer of 3 records. It keeps the number {B};\n{A} will answer" in out
    assert f"{LEFT}   Marie Durand   {A}" in out
    (said,) = sent(home)
    assert (said.verdict, said.made_by, said.reason, said.evidence) == (
        "together",
        "ines",
        "she called",
        "seen",
    )
    assert (said.left, said.right) == (LEFT, RIGHT)


def test_two_numbers_mean_the_records_that_came_first_old_numbers_too(home, judge):
    assert judge("together", number("f"), C)[0] == 0
    (said,) = sent(home)
    assert (said.left, said.right) == (LEFT, "files:files:lead:4")


def test_a_dry_run_says_the_same_and_sends_nothing(home, judge):
    code, out, _ = judge("together", A, B, "--dry-run")
    assert code == 0
    assert "one customer of 3 records" in out
    assert sent(home) == []


def test_apart_says_which_side_keeps_the_number(home, judge):
    code, out, _ = judge("apart", "meta:1:lead:5", "files:files:lead:4")
    assert code == 0
    assert f"{C} stays with the side of\nfiles:files:lead:4" in out
    assert "1 other records go where" in out
    assert sent(home)[0].verdict == "apart"


def test_one_number_means_both_records_of_a_customer_that_has_two(home, judge):
    assert judge("apart", A)[0] == 0
    assert {sent(home)[0].left, sent(home)[0].right} == {LEFT, "meta:1:lead:2"}


def test_one_number_of_many_records_is_asked_back_with_the_records(home, judge):
    code, out, _ = judge("apart", C)
    assert code == 1
    assert "has 3 records; name two of them" in out
    assert "meta:1:lead:6" in out
    assert judge("apart", B)[1].startswith(f"customer {B} has one record only")
    assert sent(home) == []


def test_two_customers_in_doubt_may_be_judged_apart_others_are_apart_already(home, judge):
    assert judge("apart", A, B)[0] == 0
    assert sent(home)[0].evidence == "seen"
    code, out, _ = judge("apart", A, D)
    assert code == 1
    assert "two customers already" in out
    # Other records of the same two people: they were asked about all the same.
    judge("apart", "meta:1:lead:2", RIGHT)
    assert sent(home)[1].evidence == "seen"
    # Named by records it is meant: they shall stay two whatever comes.
    assert judge("apart", LEFT, "files:files:lead:7")[0] == 0
    assert sent(home)[2].evidence is None


@pytest.mark.parametrize("words", [("together", "nobody:1:x:1", LEFT), ("apart", LEFT, number("9"))])
def test_whom_nobody_knows_is_an_error_that_says_where_to_look(home, judge, words):
    code, _, err = judge(*words)
    assert code == 2
    assert "neither a record" in err
    assert "firsthand customer" in err
    assert sent(home) == []


def test_the_erased_are_not_judged(home, judge):
    code, out, _ = judge("together", number("e"), A)
    assert code == 1
    assert "was erased" in out


def test_the_same_judgement_again_is_refused_also_while_it_waits(home, judge):
    judge("apart", LEFT, RIGHT, "--by", "ines")
    code, out, _ = judge("apart", RIGHT, LEFT)
    assert code == 1
    assert "ines judged them two people" in out
    assert "next run" in out
    # The other verdict is a change of mind, and counts.
    assert judge("together", RIGHT, LEFT)[0] == 0
    assert [said.verdict for said in sent(home)] == ["apart", "together"]


def test_a_judgement_that_another_one_contradicts_is_told(home, judge):
    publish(home, ("files:files:lead:3", "meta:1:lead:2", "apart", "jo", None, "2026-11-01", B, A, True))
    code, out, _ = judge("together", LEFT, RIGHT)
    assert code == 0
    assert "were judged apart by jo on 2026-11-01" in out


# -- withdraw and list -----------------------------------------------------------------------------


def test_withdraw_needs_a_judgement_and_finds_it_by_record_or_number(home, judge):
    assert judge("withdraw", LEFT, RIGHT)[0] == 1
    publish(
        home,
        (LEFT, "meta:1:lead:2", "together", "jo", "same phone", "2026-11-01", A, A, True),
        ("files:files:lead:4", "gone:1:x:9", "apart", "jo", None, "2026-11-02", C, None, None),
    )
    code, out, _ = judge("withdraw", A)
    assert code == 0
    assert "jo had judged them one on 2026-11-01" in out
    # A record that is no longer there can be withdrawn all the same.
    assert judge("withdraw", "gone:1:x:9", C)[0] == 0
    assert [said.verdict for said in sent(home)] == ["withdrawn", "withdrawn"]
    assert judge("withdraw", A)[0] == 1


def test_several_that_fit_are_named(home, judge):
    publish(
        home,
        (LEFT, "meta:1:lead:2", "together", "jo", None, "2026-11-01", A, A, True),
        (LEFT, RIGHT, "apart", "jo", None, "2026-11-02", A, B, True),
    )
    code, out, _ = judge("withdraw", A)
    assert code == 1
    assert f"{LEFT} {RIGHT}" in out
    assert sent(home) == []


def test_the_list_says_what_is_in_effect_and_what_waits(home, judge):
    assert judge("list")[1].strip() == "nothing was judged"
    publish(
        home,
        (LEFT, "meta:1:lead:2", "together", "jo", "same phone", "2026-11-01", A, A, True),
        ("files:files:lead:4", "gone:1:x:9", "apart", "jo", None, "2026-11-02", C, None, None),
    )
    judge("apart", LEFT, RIGHT, "--by", "ines")
    out = judge("list")[1]
    assert "together   by jo on 2026-11-01   in effect" in out
    assert "same phone" in out
    assert "by jo on 2026-11-02   no effect: a record is not there" in out
    assert out.index("by ines") < out.index("by jo on 2026-11-02")
    assert "waits for the next run" in out
    assert "3 judgements" in out


def test_a_broken_command_in_the_inbox_stops_no_list(home, judge):
    (home.commands / "x.json").write_text("{")
    assert judge("list")[0] == 0


# -- the queue -------------------------------------------------------------------------------------


def test_the_queue_shows_both_records_and_marks_what_agrees(home, judge):
    code, out, _ = judge("queue", "--limit", "1")
    assert code == 0
    assert "1. kept apart by a guard, weight 8.0" in out
    assert "both gave the e-mail address m@mail.example" in out
    assert "= name" in out
    assert "= e-mail" not in out
    assert "2. kept" not in out
    assert "2 pairs in doubt" in out


def test_a_short_queue_is_filled_up_with_those_behind_the_judged(home, judge):
    assert judge("apart", LEFT, RIGHT)[0] == 0
    out = judge("queue", "--limit", "1")[1]
    assert "1. kept" not in out and "2. kept apart by a guard" in out
    assert "1 pairs in doubt" in out
    # Of a pair the queue does not hold nothing is taken off its length.
    assert judge("together", "meta:1:lead:2", "files:files:lead:7")[0] == 0
    assert "1 pairs in doubt" in judge("queue")[1]


def test_next_asks_pair_by_pair_and_keeps_what_was_answered(home, judge, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("hm\ny\nn\n"))
    code, out, _ = judge("next", "--by", "ines")
    assert code == 0
    assert "y, n, s or q" in out
    assert "2 judged" in out
    assert [(said.verdict, said.evidence) for said in sent(home)] == [
        ("together", "seen"),
        ("apart", "other"),
    ]
    assert judge("queue")[1].strip() == "no pair is in doubt"


@pytest.mark.parametrize("typed", ["q\n", "", "s\ns\n", "p\nq\n"])
def test_who_skips_or_quits_judges_nobody(home, judge, monkeypatch, typed):
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    assert judge("next")[0] == 0
    assert sent(home) == []
    assert "2 pairs" in judge("queue")[1]


def test_it_speaks_french(home, judge, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("o\nq\n"))
    out = judge("next", "--language", "fr")[1]
    assert "Une seule personne ?" in out
    assert "séparées par une garde" in out
    assert sent(home)[0].verdict == "together"


def test_every_sentence_exists_in_both_languages():
    assert WORDS["fr"].keys() == WORDS["en"].keys()


def test_an_older_publication_has_neither_queue_nor_judgements(home, judge):
    with duckdb.connect(str(home.serving / "current" / "marketing.duckdb")) as con:
        con.execute("drop table review_queue; drop table judgements")
    assert judge("queue")[1].strip() == "no pair is in doubt"
    assert judge("together", LEFT, RIGHT)[0] == 0
    assert json.loads(next(home.commands.iterdir()).read_text())["verdict"] == "together"


# -- what moves, and everybody in doubt --------------------------------------------------------------

MAY = [
    # customer, channel, is allowed, why, on what it rests, when that was said
    (A, "email", True, "consent", "consent", "2026-05-01"),
    (A, "sms", True, "consent", "consent", "2026-01-01"),
    (A, "post", True, "legitimate_interest", "legitimate_interest", None),
    (C, "sms", True, "consent", "consent", "2026-01-01"),
]


@pytest.fixture
def permissions(home):
    def say(*more):
        with duckdb.connect(str(home.serving / "current" / "marketing.duckdb")) as con:
            con.executemany(
                "insert into customer_permissions values (?, ?, 'marketing', 'x', ?, ?, ?, ?)", [*MAY, *more]
            )

    return say


def test_orders_come_along_and_no_yes_spreads(judge, permissions):
    permissions()
    said = judge("together", A, B, "--dry-run")[1]
    assert "2 orders come to it, net 31.50 EUR." in said, "those of the number that leads elsewhere"
    assert "No permission ends, and a yes does not spread." in said
    assert "2 commandes lui reviennent, 31,50 EUR nets." in judge(
        "together", A, B, "--dry-run", "--language", "fr"
    )[1].replace("\xa0", " ")


def test_an_objection_ends_what_a_later_yes_did_not_bring_back(judge, permissions):
    permissions((B, "email", False, "objected", None, "2026-03-01"))
    said = judge("together", A, B, "--dry-run")[1]
    assert f"A no of {B} then holds for all of them; permissions that end: post 1, SMS 1." in said


def test_a_stop_ends_texts_and_calls_only(judge, permissions):
    permissions((B, "sms", False, "stopped", None, "2026-03-01"))
    assert "permissions that end: SMS 1." in judge("together", A, B, "--dry-run")[1]


def test_who_parts_keeps_their_orders_and_takes_no_foreign_no_along(judge, permissions):
    permissions((C, "email", False, "objected", None, "2026-03-01"))
    said = judge("apart", "files:files:lead:4", "meta:1:lead:5", "--dry-run")[1]
    assert "Of its 2 orders each stays with the record it was placed by." in said
    assert "A no said on one side no longer holds for the other." in said


@pytest.fixture
def groups(home):
    """A and B in doubt, B and C by a weaker pair; C and D as before."""
    path = home.serving / "current" / "marketing.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("set TimeZone = 'UTC'")
        doubt(con, 3, RIGHT, B, "meta:1:lead:5", C, "third")
        con.execute("update doubtful_records set email = 'p@mail.example' where profile_id = 'meta:1:lead:6'")
    with reading.opened(home) as con:
        yield con, judging.standing(con, home)


def test_a_group_is_whoever_is_in_doubt_with_anybody_of_it(groups):
    found = doubtful.group(*groups, A)
    assert found.people == [B, A, C, D], "the first known first"
    assert [row["evidence"] for row in found.links] == ["third", "other", "seen"], "the weakest first"
    assert len(found.records) == len(RECORDS)
    assert doubtful.group(*groups, number("9")) is None


def test_what_was_judged_since_is_in_doubt_no_more(home, groups, judge):
    assert judge("apart", RIGHT, "meta:1:lead:5")[0] == 0
    con, _ = groups
    stands = judging.standing(con, home)
    assert doubtful.group(con, stands, A).people == [B, A]
    assert doubtful.group(con, stands, D).people == [C, D]


def test_what_records_agree_on_is_told_and_what_few_say_as_well(groups):
    names, emails = doubtful.fields(doubtful.group(*groups, A).records)
    assert (names.name, names.values, names.given) == ("name", 4, 7)
    assert (emails.usual, emails.values, emails.given) == ("m@mail.example", 2, 7)


def test_an_answer_for_a_group_answers_every_doubt_in_it(groups):
    con, stands = groups
    found = doubtful.group(con, stands, A)
    asked = [judging.ordered(RIGHT, "meta:1:lead:5"), ("files:files:lead:1", "files:files:lead:3")]
    assert doubtful.answers(con, found, [B, A, C], "together") == asked
    assert doubtful.answers(con, found, [B, A, C], "apart") == asked
    # Whom no doubt joins is joined by the first record; to part them there is nothing to say.
    assert doubtful.answers(con, found, [A, D], "together") == [("files:files:lead:1", "files:files:lead:7")]
    for chosen, verdict in (([A, D], "apart"), ([A], "together"), ([A], "apart")):
        with pytest.raises(judging.Refused):
            doubtful.answers(con, found, chosen, verdict)


def test_a_crowd_is_a_group_of_one_customer_and_its_weakest_pair(home):
    with duckdb.connect(str(home.serving / "current" / "marketing.duckdb")) as con:
        con.execute("delete from review_queue")
        doubt(con, 1, "files:files:lead:4", C, "meta:1:lead:6", C, "crowd")
    with reading.opened(home) as con:
        stands = judging.standing(con, home)
        found = doubtful.group(con, stands, C)
        assert (found.people, len(found.records)) == ([C], 3)
        for verdict, says in (("together", "one customer already"), ("apart", "they are two customers")):
            assert doubtful.answers(con, found, [C], verdict) == [("files:files:lead:4", "meta:1:lead:6")]
            assert says in " ".join(doubtful.foreseen(con, found, [C], verdict, stands, "en"))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_a_groups_answers_change_is_told_before(groups, language):
    con, stands = groups
    found = doubtful.group(con, stands, A)
    together = " ".join(doubtful.foreseen(con, found, [B, A, C], "together", stands, language))
    # B came first: the others lead to it, with their orders.
    assert f"{B}" in together and f"{A}, {C}" in together and ("63.00" in together or "63,00" in together)
    apart = " ".join(doubtful.foreseen(con, found, [B, A, C], "apart", stands, language))
    assert apart == WORDS[language]["stay_apart"].format(customers=3)
