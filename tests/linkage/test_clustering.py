"""Scored pairs → clusters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.linkage.clustering import components

few = settings(max_examples=150, deadline=None)
Edge = tuple[int, int, float]


def clusters(size: int, edges: Sequence[Edge], identity: Sequence[int] = ()) -> list[int]:
    left, right = (np.array([edge[at] for edge in edges], dtype=np.int64) for at in (0, 1))
    sure = np.array([edge[2] for edge in edges], dtype=np.float64)
    return [int(one) for one in components(size, left, right, sure, np.array(identity or [-1] * size, dtype=np.int64))]


@st.composite
def graphs(draw: st.DrawFn, identities: int) -> tuple[int, list[Edge], list[int]]:
    size = draw(st.integers(1, 9))
    pairs = [(i, j) for j in range(size) for i in range(j)]
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=12, unique=True)) if pairs else []
    sure = draw(st.lists(st.sampled_from([0.91, 0.95, 0.99]), min_size=len(chosen), max_size=len(chosen)))
    known = draw(st.lists(st.integers(-1, identities - 1), min_size=size, max_size=size))
    return size, [(i, j, one) for (i, j), one in zip(chosen, sure, strict=True)], known


def reached(size: int, edges: Sequence[Edge]) -> list[set[int]]:
    """What each record reaches, by walking from it."""
    found = []
    for start in range(size):
        seen, open_ones = {start}, [start]
        while open_ones:
            at = open_ones.pop()
            new = {b for a, b, _ in edges if a == at} | {a for a, b, _ in edges if b == at}
            open_ones += new - seen
            seen |= new
        found.append(seen)
    return found


@few
@given(graphs(identities=0))
def test_without_identifiers_a_cluster_is_all_that_pairs_reach(graph: tuple[int, list[Edge], list[int]]) -> None:
    size, edges, _ = graph
    assert clusters(size, edges) == [min(seen) for seen in reached(size, edges)]


@few
@given(graphs(identities=3))
def test_no_cluster_holds_two_identifiers_and_none_is_split_without_need(graph: tuple[int, list[Edge], list[int]]) -> None:
    size, edges, identity = graph
    found = clusters(size, edges, identity)
    members = {label: {n for n in range(size) if found[n] == label} for label in found}
    held = {label: {identity[n] for n in one} - {-1} for label, one in members.items()}
    assert all(label == min(one) for label, one in members.items())
    assert all(len(one) <= 1 for one in held.values())
    # A cluster hangs together by its own pairs, and two that a pair joins would bring two identifiers together.
    inside = [(a, b, sure) for a, b, sure in edges if found[a] == found[b]]
    assert [min(seen) for seen in reached(size, inside)] == found
    for a, b, _ in edges:
        assert found[a] == found[b] or len(held[found[a]] | held[found[b]]) > 1


def test_a_component_that_contradicts_itself_is_split_at_its_weakest_pair() -> None:
    chain = [(0, 1, 0.99), (1, 2, 0.91), (2, 3, 0.98)]
    assert clusters(4, chain, [7, -1, -1, 8]) == [0, 0, 2, 2]
    assert clusters(4, [(0, 1, 0.91), (1, 2, 0.99), (2, 3, 0.98)], [7, -1, -1, 8]) == [0, 1, 1, 1]
    assert clusters(4, chain, [7, -1, -1, 7]) == [0, 0, 0, 0]


def test_a_contradiction_elsewhere_does_not_touch_a_cluster() -> None:
    edges = [(0, 1, 0.99), (1, 2, 0.91), (3, 4, 0.91), (4, 5, 0.92)]
    assert clusters(6, edges, [7, -1, 8, 9, 9, -1]) == [0, 0, 2, 3, 3, 3]


def test_no_records_no_clusters() -> None:
    assert clusters(0, []) == []
