"""From pairs to groups, on random graphs: connected groups beside networkx, and what a cut may never do."""

import random
from itertools import pairwise

import duckdb
import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import grouping

# What a person judged one, and what the rules found.
BY_HAND, BY_RULE = 1000.0, 20.0


@pytest.fixture(scope="module")
def con():
    with duckdb.connect() as con:
        yield con


def connected(con, nodes, edges):
    """Groups as grouping.connect finds them, which is told the edges both ways round."""
    con.execute("create or replace temp table edges (a bigint, b bigint)")
    if edges:
        con.execute(
            "insert into edges select unnest(?::bigint[]), unnest(?::bigint[])",
            [*map(list, zip(*edges, strict=True))],
        )
    con.execute(
        "create or replace temp table grouped as select unnest(?::bigint[]) as n, n as cluster", [nodes]
    )
    grouping.connect(con)
    groups = {}
    for n, cluster in con.execute("select n, cluster from grouped").fetchall():
        groups.setdefault(cluster, set()).add(n)
    assert all(cluster in members for cluster, members in groups.items()), "named by a stranger"
    return {frozenset(members) for members in groups.values()}


def by_networkx(nodes, edges):
    graph = networkx.Graph(edges)
    graph.add_nodes_from(nodes)
    return {frozenset(group) for group in networkx.connected_components(graph)}


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    names=st.lists(st.integers(-(2**62), 2**62), min_size=2, max_size=40, unique=True),
    ends=st.lists(st.tuples(st.integers(0, 39), st.integers(0, 39)), max_size=60),
)
def test_connected_groups_are_those_of_networkx(con, names, ends):
    edges = [(names[a % len(names)], names[b % len(names)]) for a, b in ends]
    edges = [(a, b) for a, b in edges if a != b]
    assert connected(con, names, edges) == by_networkx(names, edges)


@pytest.mark.parametrize("length", [8, 5_000])
@pytest.mark.parametrize("order", ["in a row", "as it comes"])
def test_a_chain_is_one_group_however_long(con, length, order):
    nodes = list(range(length))
    if order == "as it comes":
        random.Random(length).shuffle(nodes)
    chain = list(pairwise(nodes))
    assert connected(con, nodes, chain) == {frozenset(nodes)}
    # Without one link in its middle it is two.
    del chain[length // 2]
    assert len(connected(con, nodes, chain)) == 2


def test_a_large_random_graph_is_grouped_as_by_networkx(con):
    rng = random.Random(3)
    edges = [(rng.randrange(20_000), rng.randrange(20_000)) for _ in range(12_000)]
    edges = [(a, b) for a, b in edges if a != b]
    assert connected(con, list(range(20_000)), edges) == by_networkx(range(20_000), edges)


@st.composite
def cases(draw):
    """Records under fewer personas, weighed pairs, and who contradicts whom."""
    size = draw(st.integers(2, 12))
    records = st.integers(0, size - 1)
    personas = {n: min(n, draw(records)) for n in range(size)}
    # A persona is one of its own records.
    personas = {n: n if personas[persona] != persona else persona for n, persona in personas.items()}
    weight = st.sampled_from([14.5, BY_RULE, 30.0, BY_HAND, BY_HAND + 20])
    pairs = draw(st.lists(st.tuples(records, records, weight), max_size=25))
    pairs = sorted(
        {(min(a, b), max(a, b)): w for a, b, w in pairs if a != b}.items(), key=lambda p: (-p[1], p[0])
    )
    own = sorted(set(personas.values()))
    contradictions = st.lists(st.tuples(st.sampled_from(own), st.sampled_from(own)), max_size=8)
    contrary = [(a, b) for a, b in draw(contradictions) if a != b]
    # Whoever was judged apart is compared for themselves.
    alone = [p for p in own if list(personas.values()).count(p) == 1]
    apart = []
    if len(alone) > 1:
        found = draw(st.lists(st.tuples(st.sampled_from(alone), st.sampled_from(alone)), max_size=4))
        apart = [(a, b) for a, b in found if a != b]
    return personas, [(a, b, w) for (a, b), w in pairs], contrary, apart


@settings(max_examples=400, deadline=None, derandomize=True)
@given(case=cases())
def test_a_cut_never_joins_what_contradicts_itself(case):
    personas, pairs, contrary, apart = case
    groups = grouping.regroup(personas, pairs, contrary, apart)
    assert set(groups) == set(personas)
    assert all(groups[name] == name for name in groups.values()), "named by one of its own"
    one = {(a, b) for a in personas for b in personas if groups[a] == groups[b]}
    met = {(personas[a], personas[b]) for a, b in one}
    by_hand = grouping.regroup(personas, [p for p in pairs if p[2] >= BY_HAND], [], apart)
    assert not met & set(apart), "judged apart, and together"
    for a, b in contrary:
        if (a, b) in met:
            # Only where people's judgements alone bring the two together.
            assert any(
                by_hand[x] == by_hand[y]
                for x in personas
                for y in personas
                if (personas[x], personas[y]) == (a, b)
            )
    for a, b, weight in pairs:
        if weight >= BY_HAND and groups[a] != groups[b]:
            left = {personas[n] for n in groups if groups[n] == groups[a]}
            right = {personas[n] for n in groups if groups[n] == groups[b]}
            assert any((x in left and y in right) or (y in left and x in right) for x, y in apart), (
                "parted without cause"
            )
    graph = networkx.Graph([(a, b) for a, b, _ in pairs])
    assert all(a == b or networkx.has_path(graph, a, b) for a, b in one), "nothing ties them"


def test_a_nameless_record_joins_the_one_it_fits_best_and_bridges_nobody():
    personas = {1: 1, 2: 2, 3: 3}
    assert grouping.regroup(personas, [(1, 3, 30.0), (2, 3, 20.0)], [(1, 2)], []) == {1: 1, 3: 1, 2: 2}
