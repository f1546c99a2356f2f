"""The builder's form: every audience comes back as it was, and what is wrong stands beside its field."""

from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from audience_worlds import DAY, TEXTS, conditions, tables
from hypothesis import given, settings
from hypothesis import strategies as st

from console.builder import fields, trees, values
from console.builder.nodes import Group, Leaf, Slot
from pipelines.audiences import store, tree, vocabulary
from pipelines.audiences.vocabulary import Vocabulary

FEW = {
    ("customers", "country"): ["BE", "FR", "NO"],
    ("customers", "stage"): ["lead"],
    ("orders", "status"): ["paid"],
}
SHIPPED = sorted(path.stem for path in store.SHIPPED.glob("*.yaml"))


@pytest.fixture(scope="module")
def known() -> Vocabulary:
    with tables() as con:
        return vocabulary.read(con, DAY)


def few(table: str, field: str) -> list[str]:
    return FEW.get((table, field), [])


def through_a_browser(root: Group) -> Group:
    """As it is posted, and read again."""
    return fields.read(dict(parse_qsl(urlencode(fields.write(root)), keep_blank_values=True)))


@given(conditions)
@settings(deadline=None, max_examples=300)
def test_an_audience_comes_back_as_it_was(known: Vocabulary, where: dict[str, Any]) -> None:
    made = trees.tree(through_a_browser(trees.of_tree(where, few)), known)
    assert made.where == where
    assert made.problems == []


@given(conditions)
@settings(deadline=None, max_examples=100)
def test_each_condition_knows_its_place(known: Vocabulary, where: dict[str, Any]) -> None:
    """As the reader of the YAML counts places."""
    made = trees.tree(trees.of_tree(where, few), known)
    audience = tree.read("trial", store.written({"fr": "x", "en": "x"}, made.where))
    found = set()

    def go(node: Any) -> None:
        found.add(node.place)
        for inner in node.parts if isinstance(node, tree.Group) else filter(None, [node.rows]):
            go(inner)

    go(audience.where)
    assert set(made.places.values()) <= found
    leaves = {path for path, node in _nodes(trees.of_tree(where, few)) if isinstance(node, Leaf)}
    assert len({made.places[path] for path in leaves}) == len(leaves)


def _nodes(root: Group) -> Any:
    from console.builder.nodes import walk

    return walk(root)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_audience_comes_back(known: Vocabulary, name: str) -> None:
    import yaml

    where = yaml.safe_load(store.text_of(store.SHIPPED / f"{name}.yaml"))["where"]
    assert trees.tree(through_a_browser(trees.of_tree(where, trees.no_choices)), known).where == where


@given(st.text(max_size=30) | st.sampled_from(TEXTS))
def test_any_text_is_typed_and_read_again(text: str) -> None:
    assert values.typed(values.shown(text), "text") == text
    assert values.listed(values.shown([text, "FR", text]), "text") == [text, "FR", text]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("3", "number", 3),
        ("19,99", "number", 19.99),
        ("-.5", "number", -0.5),
        ("three", "number", "three"),
        ("٣", "days", "٣"),
        ("2026-11-20", "date", date(2026, 11, 20)),
        ("2026-02-30", "date", "2026-02-30"),
        ('"', "text", '"'),
        ('""', "text", ""),
        ('"\\ud800"x', "text", '"\\ud800"x'),
    ],
)
def test_what_is_no_value_of_its_kind_stays_text(text: str, kind: str, value: Any) -> None:
    assert values.typed(text, kind) == value


def test_conditions_are_added_and_removed() -> None:
    root = Group()
    assert fields.step(root, {"do": "add:r", "a.r": "field:country"}) == "r.0"
    assert fields.step(root, {"do": "add:r", "a.r": "group:none"}) == "r.1"
    assert fields.step(root, {"do": "add:r.1", "a.r.1": "happened:orders"}) == "r.1.0"
    assert fields.step(root, {"do": "add:r.1.0", "a.r.1.0": "field:status"}) == "r.1.0.w.0"
    status = Leaf("field", "status")
    happened = Leaf("happened", "orders", rows=Group("all", [status]))
    assert root == Group("all", [Leaf("field", "country"), Group("none", [happened])])
    assert fields.step(root, {"do": "remove:r.1.0.w"}) == "r.1.0"
    assert fields.step(root, {"do": "remove:r.0"}) == "r"
    assert root == Group("all", [Group("none", [Leaf("happened", "orders")])])


@pytest.mark.parametrize(
    "form",
    [
        {"do": "add:r.9", "a.r.9": "field:x"},
        {"do": "add:r", "a.r": "sql:drop table customers"},
        {"do": "add:r", "a.r": "field:" + "x" * 101},
        {"do": "add:r"},
        {"do": "remove:r"},
        {"do": "remove:../../x"},
        {"do": "drop:r"},
    ],
)
def test_a_step_that_is_none_changes_nothing(form: dict[str, str]) -> None:
    root = Group("all", [Leaf("field", "country", [Slot("is", "FR")])])
    fields.step(root, form)
    assert root == Group("all", [Leaf("field", "country", [Slot("is", "FR")])])


@given(
    st.dictionaries(
        st.from_regex(r"[gkwvtla]\.r(\.[0-9w])*(\.[0-9])?", fullmatch=True),
        st.sampled_from(["all", "none", "field:country", "happened:orders", "is", "x", "", "sum:x", "%"]),
    )
)
def test_whatever_is_posted_is_read(known: Vocabulary, form: dict[str, str]) -> None:
    root = fields.read(form)
    trees.tree(root, known)
    assert fields.read(fields.write(root)) == root
