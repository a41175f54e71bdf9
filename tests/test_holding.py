"""Clusters keep to what persons decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from villagers import nothing

from reportkit.holding import Held, hold
from reportkit.linkage import DECIDED, Clusters

Pair = tuple[int, int]


def clusters(size: int, edges: Sequence[tuple[int, int, float]], doubtful: Sequence[tuple[int, int, float]] = ()) -> Clusters:
    schema = {"left": pl.UInt32, "right": pl.UInt32, "probability": pl.Float64, "why": pl.String}
    home = list(range(size))
    for left, right, _ in edges:
        one, other = sorted((home[left], home[right]))
        home = [one if at == other else at for at in home]
    frame = pl.DataFrame(
        {"_id": range(size), "cluster": home, "score": [1.0] * size},
        schema={"_id": pl.UInt32, "cluster": pl.UInt32, "score": pl.Float64},
    )
    made = [pl.DataFrame([(*one, "姓名=") for one in lines], schema=schema, orient="row") for lines in (edges, doubtful)]
    return replace(nothing(), frame=frame, edges=made[0], doubtful=made[1])


def held(found: Clusters, same: Sequence[Pair] = (), different: Sequence[Pair] = ()) -> Held:
    lines = [(*one, True) for one in same] + [(*one, False) for one in different]
    return hold(found, pl.DataFrame(lines, schema=DECIDED, orient="row"))


def groups(found: Held) -> list[list[int]]:
    frame = found.clusters.frame
    return sorted(part["_id"].sort().to_list() for part in frame.partition_by("cluster"))


def test_what_was_decided_to_be_the_same_is_joined_though_the_model_saw_no_link() -> None:
    found = held(clusters(4, [(0, 1, 0.95)]), same=[(1, 3)])
    assert groups(found) == [[0, 1, 3], [2]]
    assert found.clusters.frame["cluster"].to_list() == [0, 0, 2, 0]
    assert found.clusters.edges.select("left", "right", "probability", "why").rows()[1] == (1, 3, 1.0, "decided")
    assert found.clusters.frame["score"].to_list() == [0.95, 0.95, 1.0, 1.0]


def test_what_was_decided_to_be_different_is_never_in_one_cluster_and_the_weakest_link_gives_way() -> None:
    found = held(clusters(3, [(0, 1, 0.97), (1, 2, 0.93)]), different=[(0, 2)])
    assert groups(found) == [[0, 1], [2]]
    assert found.clusters.edges.select("left", "right").rows() == [(0, 1)]


def test_a_decided_pair_is_open_no_more_nor_one_that_the_decision_settles_with_it() -> None:
    doubtful = [(0, 2, 0.6), (0, 3, 0.7), (1, 3, 0.7), (2, 3, 0.55)]
    start = clusters(4, [(0, 1, 0.99)], doubtful)
    assert held(start, different=[(0, 3)]).clusters.doubtful.select("left", "right").rows() == [(0, 2), (2, 3)]
    assert held(start, same=[(0, 3)]).clusters.doubtful.select("left", "right").rows() == [(0, 2), (2, 3)]


def test_of_decisions_that_contradict_each_other_the_earlier_gives_way_and_is_named() -> None:
    found = held(clusters(3, []), same=[(1, 2), (0, 1)], different=[(0, 2)])
    assert groups(found) == [[0], [1, 2]]
    assert found.refused.rows() == [(0, 1)]


def test_clusters_that_nobody_decided_about_stay_as_they_are() -> None:
    start = clusters(5, [(0, 1, 0.92), (3, 4, 0.91)])
    found = held(start, different=[(0, 1)])
    assert groups(found) == [[0], [1], [2], [3, 4]]
    assert held(start).clusters is start


@given(st.data())
def test_no_decision_to_part_is_ever_broken_and_no_row_is_lost(data: st.DataObject) -> None:
    size = 8
    pair = st.tuples(st.integers(0, size - 2), st.integers(1, size - 1)).filter(lambda one: one[0] < one[1])
    edges = [(*one, data.draw(st.floats(0.9, 1))) for one in data.draw(st.lists(pair, unique=True, max_size=9))]
    decided = data.draw(st.dictionaries(pair, st.booleans(), max_size=6))
    found = held(
        clusters(size, edges), [one for one, same in decided.items() if same], [one for one, same in decided.items() if not same]
    )
    home = dict(found.clusters.frame.select("_id", "cluster").iter_rows())
    refused = set(found.refused.rows())
    assert sorted(home) == list(range(size))
    for (left, right), same in decided.items():
        assert (home[left] == home[right]) == (same and (left, right) not in refused)
    assert all(home[left] == home[right] for left, right in found.clusters.edges.select("left", "right").iter_rows())
    assert all(home[one] <= one for one in home)
