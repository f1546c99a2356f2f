"""Audiences: what a condition means, held to an evaluator of another hand; and that no text becomes SQL."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from audience_oracle import World
from audience_worlds import DAY, DAYS, TABLES, WHOSE, conditions, fill, tables, worlds
from homes import make_company
from hypothesis import HealthCheck, given, settings

from pipelines import cli
from pipelines.audiences import asking, compiling, store, tree, vocabulary
from pipelines.audiences.problems import WORDS, Problem, Wrong
from pipelines.company import Company
from pipelines.config import ConfigError

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
TITLE = {"fr": "Essai", "en": "Trial"}
PAYLOADS = (
    "x'; drop table customers; --", 'x" or "1"="1', "1) or (1=1", "$v0", "read_csv('/etc/passwd')",
    "customers\0", "c.customer_id", "country\" is null or true --", "';attach 'x.db' as y;--",
)  # fmt: skip


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with tables() as con:
        yield con


def written(where: Any, name: str = "trial") -> tree.Audience:
    return tree.read(name, store.written(TITLE, where))


def compiled(con: duckdb.DuckDBPyConnection, where: Any, **others: Any) -> compiling.Question:
    def find(name: str) -> tree.Audience:
        return written(others[name], name)

    return compiling.compile(written(where), vocabulary.read(con, DAY), find)


def members(con: duckdb.DuckDBPyConnection, where: Any, **others: Any) -> set[str]:
    question = compiled(con, where, **others)
    return {row[0] for row in con.execute(question.sql, question.values).fetchall()}


def problems(con: duckdb.DuckDBPyConnection, where: Any, **others: Any) -> list[Problem]:
    with pytest.raises(Wrong) as wrong:
        compiled(con, where, **others)
    return list(wrong.value.problems)


def people(con: duckdb.DuckDBPyConnection, *rows: dict[str, Any], **things: list[dict[str, Any]]) -> None:
    whole = [dict.fromkeys(TABLES["customers"]) | row for row in rows]
    told = {t: [dict.fromkeys(TABLES[t]) | row for row in things.get(t, [])] for t in WHOSE}
    fill(con, World(whole, told, WHOSE, DAYS, {}, DAY))


def test_an_audience_means_what_the_page_says(
    con: duckdb.DuckDBPyConnection, request: pytest.FixtureRequest
) -> None:
    """Fifty random audiences of random people; --examples 20 makes it a thousand."""

    @given(worlds(), conditions)
    @settings(
        deadline=None,
        max_examples=50 * request.config.getoption("--examples"),
        suppress_health_check=list(HealthCheck),
    )
    def holds(world: World, where: dict[str, Any]) -> None:
        fill(con, world)
        assert members(con, where, **world.audiences) == world.members(where)

    holds()


def test_what_is_unknown_is_not_true_and_its_contrary_is(con: duckdb.DuckDBPyConnection) -> None:
    people(
        con,
        {"customer_id": "paris", "country": "FR"},
        {"customer_id": "liege", "country": "BE"},
        {"customer_id": "nowhere"},
    )
    assert members(con, {"field": "country", "is": "FR"}) == {"paris"}
    assert members(con, {"not": {"field": "country", "is": "FR"}}) == {"liege", "nowhere"}
    abroad = {"all": [{"not": {"field": "country", "is": "FR"}}, {"field": "country", "known": True}]}
    assert members(con, abroad) == {"liege"}


def test_days_count_from_the_publication_and_both_ends_are_as_the_page_says(
    con: duckdb.DuckDBPyConnection,
) -> None:
    days = {"90": date(2026, 8, 22), "89": date(2026, 8, 23), "0": DAY, "tomorrow": date(2026, 11, 21)}
    people(
        con,
        *({"customer_id": who, "last_order_on": day} for who, day in days.items()),
        orders=[{"customer_id": who, "order_date": day} for who, day in days.items()],
    )
    assert members(con, {"field": "last_order_on", "last_days": 90}) == {"89", "0"}
    assert members(con, {"field": "last_order_on", "before_days": 90}) == {"90"}
    assert members(con, {"field": "last_order_on", "next_days": 1}) == {"tomorrow"}
    assert members(con, {"count": "orders", "last_days": 90, "at_least": 1}) == {"89", "0"}
    assert members(con, {"never": "orders", "last_days": 90}) == {"90", "tomorrow"}


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize(
    "template",
    [
        {"field": "country", "is": "@"},
        {"field": "country", "in": ["FR", "@"]},
        {"field": "country", "contains": "@"},
        {"field": "country", "starts_with": "@"},
        {"field": "@", "is": "FR"},
        {"field": "@", "known": True},
        {"field": "country", "@": "FR"},
        {"@": "country", "is": "FR"},
        {"field": "order_count", "at_least": "@"},
        {"field": "can_email", "is": "@"},
        {"field": "last_order_on", "from": "@"},
        {"field": "last_order_on", "last_days": "@"},
        {"count": "@", "at_least": 1},
        {"count": "orders", "at_least": "@"},
        {"count": "orders", "until": "@", "at_least": 1},
        {"sum": "@", "at_least": 1},
        {"sum": "orders.@", "at_least": 1},
        {"happened": "@"},
        {"never": "orders", "where": {"field": "@", "is": "x"}},
        {"never": "orders", "where": {"not": {"field": "status", "is": "@"}}},
        {"happened": "customer_ownership", "where": {"field": "owned_channels", "holds": "@"}},
        {"audience": "@"},
        {"all": [{"any": [{"not": {"field": "country", "is": "@"}}]}]},
    ],
)
def test_no_text_of_an_audience_becomes_sql(
    con: duckdb.DuckDBPyConnection, template: dict[str, Any], payload: str
) -> None:
    people(con, {"customer_id": "a", "country": payload}, {"customer_id": "b"})
    whole = json.dumps(template)
    try:
        question = compiled(con, json.loads(whole.replace("@", json.dumps(payload)[1:-1])))
    except Wrong as wrong:
        assert wrong.problems, "said in words, and nothing was asked"
    else:
        assert question.sql == compiled(con, json.loads(whole.replace("@", "plain"))).sql
        assert payload in question.values.values()
        con.execute(question.sql, question.values).fetchall()
    assert con.execute("select count(*) from customers").fetchone() == (2,)


def test_titles_are_data_and_yaml_makes_no_objects() -> None:
    for text in (
        "title: x\nwhere: !!python/object/apply:os.system ['true']",
        "title: &a x\nwhere: {field: country, is: *a}",
        "title: x\ntitle: y\nwhere: {field: country, is: FR}",
        "title: x\nwhere: " + "{not: " * 2000 + "1" + "}" * 2000,
        "title: x\nwhere: {field: country, is: FR}\nsql: drop table customers",
        "x" * 100_000,
        "title: [1]\nwhere: {field: country, is: FR}",
        "- 1",
        "",
        "title: x\nwhere: {? [1, 2] : 3}",
    ):
        with pytest.raises(Wrong):
            tree.read("trial", text)
    title = "'; drop table customers; --"
    assert (
        tree.read("t", store.written({"fr": title, "en": title}, {"field": "x", "known": True})).title["fr"]
        == title
    )


@pytest.mark.parametrize(
    ("where", "place", "word"),
    [
        ({"field": "contry", "is": "FR"}, "where.field", "no_field"),
        ({"all": [{"field": "country", "is": False}]}, "where.all[1].is", "quotes"),
        ({"not": {"field": "country", "at_least": 3}}, "where.not", "not_of_kind"),
        ({"field": "best_email", "is": "x"}, "where.is", "only_known"),
        ({"field": "country", "is": "marie@maison.example"}, "where.is", "address"),
        ({"any": [{"field": "country", "is": "+33 6 39 98 12 34"}]}, "where.any[1].is", "address"),
        ({"field": "country"}, "where", "no_comparison"),
        ({"count": "orders"}, "where", "no_comparison"),
        ({"count": "orders", "last_days": 0, "at_least": 1}, "where.last_days", "days"),
        ({"count": "orders", "last_days": None, "at_least": 1}, "where.last_days", "days"),
        ({"count": "customer_ownership", "last_days": 3, "at_least": 1}, "where", "no_day"),
        ({"sum": "orders.status", "at_least": 1}, "where.sum", "not_a_number"),
        ({"sum": "orders", "at_least": 1}, "where.sum", "no_sum"),
        ({"field": "order_count", "at_least": 1e300}, "where.at_least", "value"),
        ({"field": "order_count", "at_least": float("nan")}, "where.at_least", "value"),
        ({"field": "country", "in": []}, "where.in", "values"),
        ({"all": []}, "where.all", "list"),
        ({"all": [{}], "any": [{}]}, "where", "two_conditions"),
        ({"happened": "orders", "where": {"happened": "orders"}}, "where.where", "not_on_rows"),
        ({"happened": "orders", "where": None}, "where.where", "no_condition"),
        ({"audience": "nobody"}, "where.audience", "no_such_audience"),
    ],
)
def test_an_error_names_its_place(
    con: duckdb.DuckDBPyConnection, where: dict[str, Any], place: str, word: str
) -> None:
    found = problems(con, where)
    assert (place, word) in {(one.place, one.word) for one in found}
    for language in WORDS:
        assert all(one.text(language).startswith(one.place) for one in found)


def test_campaigns_and_prices_are_nobodys_number(con: duckdb.DuckDBPyConnection) -> None:
    for text in ("120208412345678901", "2026-11-20", "00123", "75011"):
        assert compiled(con, {"field": "country", "is": text}).values == {"v0": text}


def test_both_languages_have_the_same_words() -> None:
    assert WORDS["fr"].keys() == WORDS["en"].keys()


def test_no_audience_leans_on_itself_however_far_round(con: duckdb.DuckDBPyConnection) -> None:
    round_trip = {"a": {"not": {"audience": "b"}}, "b": {"all": [{"audience": "trial"}]}}
    found = problems(con, {"audience": "a"}, **round_trip)
    assert [one.word for one in found] == ["circle"]
    assert found[0].facts["way"] == "trial > a > b > trial"
    assert [one.word for one in problems(con, {"audience": "trial"})] == ["circle"]


def test_audiences_that_double_at_each_step_are_refused(con: duckdb.DuckDBPyConnection) -> None:
    chain = {f"n{i}": {"all": [{"audience": f"n{i + 1}"}] * 8} for i in range(7)}
    chain["n7"] = {"field": "country", "known": True}
    assert {one.word for one in problems(con, {"audience": "n0"}, **chain)} <= {"inside", "too_many"}
    long = {f"m{i}": {"audience": f"m{i + 1}"} for i in range(50)}
    assert problems(con, {"audience": "m0"}, **long)


# -- on disk -----------------------------------------------------------------------------------------


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return make_company(tmp_path)


def text_of(country: str, title: str = "Essai") -> str:
    return store.written({"fr": title, "en": title}, {"field": "country", "is": country})


def test_every_version_is_kept_and_none_is_written_again(company: Company) -> None:
    home = company.home
    assert store.save(home, "spring", text_of("FR"), "ines", AT)[0].version == 1
    kept, is_new = store.save(home, "spring", text_of("FR"), "ines", AT)
    assert (kept.version, is_new) == (1, False)
    assert store.save(home, "spring", text_of("BE"), "a\nb: c", AT, after=1)[0].version == 2
    with pytest.raises(store.Changed):
        store.save(home, "spring", text_of("CA"), "bob", AT, after=1)
    told = [(one.number, one.saved_by, one.text) for one in store.history(home, "spring")]
    assert told == [(1, "ines", text_of("FR")), (2, "a b: c", text_of("BE"))]
    assert store.read(home, "spring").audience.text == text_of("BE")
    files = list((home.root / "audiences").rglob("*.yaml"))
    assert len(files) == 3
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in files)


def test_who_saved_it_may_be_erased_and_the_version_stays(company: Company) -> None:
    store.save(company.home, "spring", text_of("FR"), "ines@maison.example", AT)
    (path,) = (company.home.root / "audiences" / "versions" / "spring").glob("*.yaml")
    path.write_text(text_of("FR"))
    assert [(one.saved_by, one.text) for one in store.history(company.home, "spring")] == [
        ("?", text_of("FR"))
    ]
    assert not store.read(company.home, "spring").is_edited


def test_a_file_edited_by_hand_is_asked_and_leaves_only_once_saved(company: Company) -> None:
    store.save(company.home, "spring", text_of("FR"), "ines", AT)
    path = company.home.root / "audiences" / "spring.yaml"
    path.write_text(text_of("BE"))
    assert store.read(company.home, "spring").is_edited
    with pytest.raises(store.Changed):
        store.saved(company.home, "spring")
    assert store.save(company.home, "spring", path.read_text(), "ines", AT)[0].version == 2
    assert store.saved(company.home, "spring").version == 2


@pytest.mark.parametrize("name", ["../firsthand", "..", "a/b", "A", "", "x" * 65, ".hidden", "a.b", "a\n"])
def test_a_name_is_no_path(company: Company, name: str) -> None:
    (company.home.root / "audiences").mkdir(exist_ok=True)
    with pytest.raises(KeyError):
        store.read(company.home, name)
    with pytest.raises(ConfigError):
        store.save(company.home, name, text_of("FR"), "ines", AT)
    assert store.history(company.home, name) == []
    assert not list((company.home.root / "audiences").iterdir())


# -- on a publication --------------------------------------------------------------------------------

CUSTOMERS = """
create table customers as select
    'c' || i as customer_id, 'Person ' || i as display_name, 'P' as first_name, 'L' as last_name,
    if(i % 2 = 0, 'lead', 'ambassador') as stage, 'active' as activity, if(i % 3 = 0, 'FR', 'BE') as country,
    'fr' as language, i::integer as order_count, cast(i * 10 as decimal(18, 2)) as net_revenue_total,
    cast(i as decimal(18, 2)) as net_revenue_12m, 'p' || (i // 2) || '@mail.example' as best_email,
    if(i < 6, '+3363998000' || i, null) as best_phone, null::varchar as postal_address,
    i <> 7 as can_email, i < 6 as can_sms, i < 6 as can_call, false as can_post,
    if(i = 7, 'unsubscribed', null) as why_not_email, if(i < 6, null, 'no_number') as why_not_sms,
    if(i < 6, null, 'no_number') as why_not_call, 'no_address' as why_not_post,
    i::integer as contacts_last_30d
from range(10) as r (i)
"""


def publish(company: Company, day: str = "2026-11-20") -> None:
    folder = company.home.serving / "000001-x"
    folder.mkdir()
    with duckdb.connect(str(folder / "marketing.duckdb")) as con:
        con.execute(CUSTOMERS)
        con.execute(
            "create table orders as select 'o' || i as order_id, 'c' || i as customer_id,"
            " date '2026-11-20' - i::integer as order_date from range(10) as r (i)"
        )
    said = {"day": day, "built_at": f"{day}T04:00:00+00:00"}
    (folder / "manifest.json").write_text(json.dumps(said))
    (company.home.serving / "current").symlink_to(folder.name)


def test_figures_add_up_and_say_why(company: Company) -> None:
    publish(company)
    store.save(company.home, "half", text_of("FR"), "ines", AT)
    with asking.opened(company.home) as asker:
        figures = asker.figures(written({"field": "order_count", "at_least": 4}), ["half", "wrong", "trial"])
    assert (figures.matching, figures.everybody, figures.day) == (6, 10, DAY)
    assert (figures.net_revenue_total, figures.net_revenue_12m) == (390, 39)
    assert figures.by_stage == {"ambassador": 3, "lead": 3}
    email = figures.reach["email"]
    # c4 and c5 share an address, c8 and c9 too, and c7 who is alone with c6's may not be written to.
    assert (email.reachable, email.excluded) == (3, {"same_point_as_another": 2, "unsubscribed": 1})
    assert figures.reach["phone"].excluded == {"no_contact_point": 4}
    assert all(one.reachable + sum(one.excluded.values()) == 6 for one in figures.reach.values())
    # France allows four calls in 30 days: none of c4 and c5 lives there; nobody is counted.
    assert figures.reach["phone"].at_cap == 0
    assert figures.overlap == {"half": 2}
    with asking.opened(company.home) as asker:
        everybody = asker.figures(written({"field": "stage", "known": True}))
    assert everybody.matching == 10


def test_who_was_called_as_often_as_their_law_allows_is_told(company: Company) -> None:
    publish(company)
    path = company.home.serving / "current" / "marketing.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("update customers set country = 'FR', contacts_last_30d = 4 where customer_id = 'c5'")
    with asking.opened(company.home) as asker:
        assert asker.figures(written({"field": "order_count", "at_least": 4})).reach["phone"].at_cap == 1


def test_a_sample_is_the_same_twice_and_holds_no_address(company: Company) -> None:
    publish(company)
    where = written({"field": "order_count", "at_least": 2})
    with asking.opened(company.home) as asker:
        first, second = asker.sample(where, 3), asker.sample(where, 3)
    assert first == second
    assert len(first) == 3
    assert "mail.example" not in json.dumps(first, default=str)


def test_windows_hang_on_the_publication_and_not_on_today(company: Company) -> None:
    publish(company, "2026-11-18")
    with asking.opened(company.home) as asker:
        assert asker.count(written({"happened": "orders", "last_days": 2})) == 2
        assert asker.count(written({"happened": "orders", "last_days": 2, "before_days": 2})) == 0


@pytest.mark.parametrize("name", [path.stem for path in store.SHIPPED.glob("*.yaml")])
def test_a_shipped_audience_is_whole(company: Company, name: str) -> None:
    kept = store.read(company.home, name)
    assert kept.is_shipped
    assert set(kept.audience.title) == {"fr", "en"}
    assert all(kept.audience.note.values())
    assert yaml.safe_load(kept.audience.text)["where"]


def test_the_command_line(company: Company, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    publish(company)

    def said(*words: str, code: int = 0) -> str:
        assert cli.main(["--home", str(company.home.root), "audience", *words]) == code
        out = capsys.readouterr()
        return out.out + out.err

    path = tmp_path / "many.yaml"
    path.write_text(store.written(TITLE, {"field": "order_count", "at_least": 4}))
    assert "6" in said("check", str(path), "--language", "en")
    assert "version 1" in said("save", str(path))
    assert "version 1" in said("list")
    assert said("show", "many") == said("show", "many", "--version", "1") == path.read_text()
    assert json.loads(said("count", "many", "--json"))["matching"] == 6
    assert "6 people" not in said("count", "many", "--language", "fr")
    assert said("sample", "many", "--size", "2").count("\n") == 2
    assert said("history", "many").startswith("   1  ")
    path.write_text("title: x\nwhere: {field: nonsense, is: 1}")
    assert "n'a pas de champ" in said("check", str(path), "--language", "fr", code=2)
    assert "there is no audience" in said("count", "nobody", code=2)
