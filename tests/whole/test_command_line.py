"""What the command line tells about a published company, compared with the tables it tells it from."""

import json
import shutil

import pytest
from town import Town

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def told(whole: Town) -> tuple[str, str, str]:
    """A customer with several records: number, an e-mail address, a number of old."""
    return whole.published(
        """
        select c.customer_id, c.best_email, max(x.customer_number)
        from customers as c inner join customer_crosswalk as x using (customer_id)
        where x.status = 'redirected' and c.best_email is not null and c.order_count > 1
        group by all order by c.customer_id limit 1
        """
    )[0]


def test_a_customer_is_found_by_number_old_number_and_any_spelling(whole: Town, told) -> None:
    number, email, old = told
    for words in (number, email, f"  {email.upper()} "):
        ran = whole.firsthand("customer", words)
        assert ran.code == 0, ran.text
        assert f"number {number}" in ran.out
    ran = whole.firsthand("customer", old)
    assert ran.out.startswith(f"{old} is now:")
    assert f"number {number}" in ran.out


def test_a_customer_is_told_with_evidence_acts_and_reasons(whole: Town, told) -> None:
    number, _, old = told
    out = whole.firsthand("customer", number).out
    for (day,) in whole.published(
        "select valid_from from customer_stages where customer_id = ? and axis = 'stage'", number
    ):
        assert f"  {day}  " in out
    for (profile,) in whole.published(
        "select profile_id from customer_profiles where customer_id = ?", number
    ):
        assert profile in out
    for (value,) in whole.published(
        "select contact_value from customer_permissions where customer_id = ?", number
    ):
        assert f"[{value}]" in out
    assert "came first: its number is the customer's" in out
    assert old in out
    assert "paid an order (shopify" in out


def test_the_same_in_french(whole: Town, told) -> None:
    out = whole.firsthand("customer", told[0], "--language", "fr").out
    for said in ("Étapes", "Peut-on ?", "Pourquoi ces", "a payé une commande", "numéro"):
        assert said in out


def test_a_customer_is_told_with_the_source_of_each_field_and_what_lost(whole: Town) -> None:
    number = whole.published(
        """
        select customer_id from customer_fields where field = 'best_email'
        group by all having count(*) > 1 order by 1 limit 1
        """
    )[0][0]
    out = whole.firsthand("customer", number).out
    fields = whole.published(
        "select value, is_winner, platform from customer_fields"
        " where customer_id = ? and field = 'best_email'",
        number,
    )
    told = [line for line in out.splitlines() if not line.endswith("]")]
    for value, is_winner, platform in fields:
        assert any(
            value in line and platform in line and (f"not {value}" in line) != is_winner for line in told
        ), value


@pytest.mark.parametrize("group", ["household", "account"])
def test_a_customer_is_told_with_household_and_company(whole: Town, group: str) -> None:
    group_id, number, reason = whole.published(
        f"""
        select {group}_id, customer_id, reason from {group}_members
        inner join {group}s using ({group}_id) order by size desc, customer_id limit 1
        """
    )[0]
    others = whole.published(
        f"select customer_id from {group}_members where {group}_id = ? and customer_id <> ?", group_id, number
    )
    out = whole.firsthand("customer", number).out
    assert group_id in out
    assert all(other in out for (other,) in others)
    if group == "household":
        assert reason in out
    listed = whole.firsthand("customer", group_id).out
    assert all(member in listed for (member,) in [*others, (number,)])
    french = whole.firsthand("customer", number, "--language", "fr").out
    assert "Foyer " in french if group == "household" else "Entreprise " in french


def test_nobody_and_several_are_said(whole: Town) -> None:
    ran = whole.firsthand("customer", "nobody@nowhere.example")
    assert ran.code == 1
    assert "nobody has nobody@nowhere.example" in ran.out
    shared = whole.published(
        "select contact_value, count(distinct customer_id) from customer_permissions"
        " group by 1 having count(distinct customer_id) > 1 order by 1 limit 1"
    )
    if shared:
        ran = whole.firsthand("customer", shared[0][0])
        assert f"{shared[0][1]} customers share" in ran.out


def test_customers_as_lines_and_as_json(whole: Town) -> None:
    count = whole.manifest["counts"]["customers"]
    ran = whole.firsthand("customers", "--json", "--limit", "0")
    assert len({json.loads(line)["customer_id"] for line in ran.out.splitlines()}) == count
    assert "@" not in ran.out, "addresses leave by an export only"
    ambassadors = whole.published("select count(*) from customers where stage = 'ambassador'")[0][0]
    ran = whole.firsthand("customers", "--stage", "ambassador", "--limit", "0")
    assert len(ran.out.splitlines()) == ambassadors + 1


def test_the_demo_s_story_has_every_stage_and_adds_up(whole: Town) -> None:
    from pipelines import demo_story, reading
    from pipelines.home import Home

    with reading.opened(Home(whole.root)) as con:
        numbers = demo_story.varied(con)
        stories = [demo_story.short(con, number, "en") for number in numbers]
        totals = demo_story.totals(con, "en")
    stages = dict(whole.published("select customer_id, stage from customers"))
    assert {stages[number] for number in numbers} == set(stages.values())
    for story in stories:
        assert "because: " in story
        assert "be reached by: " in story
    assert f"{whole.manifest['counts']['customers']:,} customers" in totals


def test_the_doctor_finds_a_home_that_just_ran_in_order(whole: Town, tmp_path) -> None:
    town = whole.copy(tmp_path / "home")
    ran = town.firsthand("doctor")
    assert ran.code == 0, ran.text
    for platform in ("meta", "typeform", "shopify", "brevo"):
        assert f"{platform}: accepted" in ran.out
    assert f"{town.manifest['counts']['customers']} customers, published" in ran.out
    (town.root / ".env").write_text((town.root / ".env").read_text().replace("sim-meta-token", "old"))
    ran = town.firsthand("doctor")
    assert ran.code == 1
    assert "META_TOKEN" in ran.out
    shutil.rmtree(town.root)


def test_the_funnel_of_any_day_adds_up_to_the_histories(whole: Town) -> None:
    day = "2026-06-30"
    ran = whole.firsthand("funnel", "--as-of", day, "--table", "flow", "--json")
    told = [json.loads(line) for line in ran.out.splitlines()]
    stock = {row["stage"]: row["stock_count"] for row in told if row["month"] == "2026-06-01"}
    histories = whole.published(
        """
        select value, count(*) from customer_stages
        where axis = 'stage' and valid_from <= ?::date and coalesce(valid_to > ?::date, true) group by value
        """,
        day,
        day,
    )
    assert stock == dict(histories)


def test_the_funnel_is_printed_as_it_is_published(whole: Town) -> None:
    entered, rate = whole.published(
        "select entered_count, conversion_rate from funnel_conversion"
        " where from_stage = 'lead' and to_stage = 'first_time_customer' and cohort_month is null"
    )[0]
    out = whole.firsthand("funnel", "--language", "en").out
    line = next(line for line in out.splitlines() if "lead  " in line and "first-time customer" in line)
    assert f" {entered} " in line
    assert (f"{100 * rate:.1f} %" in line) if rate is not None else ("too few" in line)
    assert "How long people stay" in out


def test_a_customers_story_is_told_day_by_day(whole: Town) -> None:
    number, friend = whole.published(
        """
        select r.referrer_customer_id, c.display_name from referrals as r
        inner join customers as c on r.referee_customer_id = c.customer_id
        where r.status = 'converted' order by all limit 1
        """
    )[0]
    out = whole.firsthand("customer", number, "--language", "en").out
    story = out.split("Their story\n")[1].split("\n\n")[0].splitlines()
    days = [line.split()[0] for line in story]
    assert days == sorted(days)
    for day, name in whole.published(
        "select order_date, order_name from orders where customer_id = ? and cancelled_at is null", number
    ):
        assert any(line.startswith(f"  {day}") and line.endswith(f"[{name}]") for line in story)
    assert any(f"{friend}, whom they sent, bought" in line for line in story)
    assert any("-> first-time customer" in line or "-> ambassador" in line for line in story)
    reasons = whole.published("select reason_en from next_acts where customer_id = ?", number)
    assert [reason in out for (reason,) in reasons] == [True] * len(reasons)
    assert ("Next: " in out) == bool(reasons)
