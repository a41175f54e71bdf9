"""Scored pairs → clusters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.linkage.clustering import ALWAYS, NEVER, Edges, components, weakest

few = settings(max_examples=200, deadline=None)
Pair = tuple[int, int]
Weighed = Mapping[Pair, float]


def edges(bits: Weighed) -> Edges:
    """Pairs for which more speaks than against, as linkage joins them."""
    joined = sorted(pair for pair, weight in bits.items() if weight > 0)
    sure = [1 / (1 + 2.0 ** -min(bits[pair], 60.0)) for pair in joined]
    left, right = (np.array([pair[n] for pair in joined], dtype=np.int32) for n in range(2))
    return Edges(left, right, np.array(sure, dtype=np.float64))


def evidence(bits: Weighed) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    def weigh(left: np.ndarray, right: np.ndarray) -> np.ndarray:
        return np.array([bits.get((i, j), 0.0) for i, j in zip(left.tolist(), right.tolist(), strict=True)])

    return weigh


def clusters(size: int, bits: Weighed, identity: Sequence[int] = (), content: Sequence[int] = ()) -> list[int]:
    """The cluster of each record; identifiers that differ forbid a pair."""
    known = list(identity) or [-1] * size
    bits = dict(bits) | {
        (i, j): NEVER for i, j in combinations(range(size), 2) if min(known[i], known[j]) >= 0 and known[i] != known[j]
    }
    hashes = np.array(list(content) or range(size), dtype=np.uint64)
    return components(edges(bits), np.array(known, dtype=np.int32), lambda members: hashes[members], evidence(bits)).tolist()


@st.composite
def graphs(draw: st.DrawFn, weights: Sequence[float], most: int = 8) -> tuple[int, dict[Pair, float]]:
    size = draw(st.integers(1, most))
    pairs = list(combinations(range(size), 2))
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=14, unique=True)) if pairs else []
    return size, {pair: draw(st.sampled_from(weights)) for pair in chosen}


def reached(size: int, pairs: Sequence[Pair]) -> list[int]:
    """The first record that each record reaches, by walking from it."""
    found = []
    for start in range(size):
        seen, waiting = {start}, [start]
        while waiting:
            at = waiting.pop()
            new = {b for a, b in pairs if a == at} | {a for a, b in pairs if b == at}
            waiting += new - seen
            seen |= new
        found.append(min(seen))
    return found


@few
@given(graphs([0.5, 2.0, 9.0]))
def test_where_nothing_speaks_against_a_cluster_is_all_that_pairs_reach(graph: tuple[int, dict[Pair, float]]) -> None:
    size, bits = graph
    assert clusters(size, bits) == reached(size, list(bits))


@few
@given(graphs([-30.0, -4.0, -0.5, 0.5, 2.0, 9.0]))
def test_a_cluster_hangs_together_by_pairs_that_were_joined_and_bears_its_first_records_number(
    graph: tuple[int, dict[Pair, float]],
) -> None:
    size, bits = graph
    found = clusters(size, bits)
    inside = [pair for pair, weight in bits.items() if weight > 0 and found[pair[0]] == found[pair[1]]]
    assert found == reached(size, inside)


@few
@given(graphs([-30.0, -0.5, 0.5, 9.0, 40.0]), st.lists(st.integers(-1, 2), min_size=8, max_size=8))
def test_no_cluster_holds_two_identifiers(graph: tuple[int, dict[Pair, float]], identity: list[int]) -> None:
    size, bits = graph
    found = clusters(size, bits, identity[:size])
    for cluster in set(found):
        assert len({identity[n] for n in range(size) if found[n] == cluster} - {-1}) <= 1


@few
@given(graphs([-30.0, -0.5, 0.5, 9.0]))
def test_no_two_clusters_are_left_that_more_speaks_for_joining_than_against(graph: tuple[int, dict[Pair, float]]) -> None:
    size, bits = graph
    found = clusters(size, bits)
    for one, other in combinations(sorted(set(found)), 2):
        between = [bits.get((i, j), 0.0) for i, j in combinations(range(size), 2) if {found[i], found[j]} == {one, other}]
        assert sum(max(min(bit, 12.0), -12.0) for bit in between) <= 0


@few
@given(graphs([-30.0, 0.5, 9.0, ALWAYS]), st.sets(st.sampled_from(list(combinations(range(8), 2))), max_size=3))
def test_decisions_that_do_not_contradict_each_other_all_stand(graph: tuple[int, dict[Pair, float]], never: set[Pair]) -> None:
    size, bits = graph
    never = {pair for pair in never if pair[1] < size and bits.get(pair) != ALWAYS}
    bits = bits | dict.fromkeys(never, NEVER)
    always = [pair for pair, weight in bits.items() if weight == ALWAYS]
    together = reached(size, always)
    if any(together[i] == together[j] for i, j in never):
        return
    found = clusters(size, bits)
    assert all(found[i] == found[j] for i, j in always)
    assert all(found[i] != found[j] for i, j in never)


@few
@given(graphs([-9.0, -2.0, 1.0, 3.0, 7.0]), st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_change_what_is_together(graph: tuple[int, dict[Pair, float]], random: object) -> None:
    size, bits = graph
    order = list(range(size))
    random.shuffle(order)  # type: ignore[attr-defined]
    moved = {(min(order[i], order[j]), max(order[i], order[j])): weight for (i, j), weight in bits.items()}
    content = [order.index(n) for n in range(size)]
    straight, other = clusters(size, bits, content=range(size)), clusters(size, moved, content=content)
    assert all((straight[i] == straight[j]) == (other[order[i]] == other[order[j]]) for i, j in combinations(range(size), 2))


def test_two_that_are_decided_to_differ_are_apart_however_many_others_are_said_to_be_both() -> None:
    found = clusters(4, {(0, 2): ALWAYS, (0, 3): ALWAYS, (1, 2): ALWAYS, (1, 3): ALWAYS, (0, 1): NEVER})
    assert found[0] != found[1]


def test_a_component_that_contradicts_itself_is_split_at_its_weakest_pair() -> None:
    chain = {(0, 1): 9.0, (1, 2): 1.0, (2, 3): 8.0}
    assert clusters(4, chain, [7, -1, -1, 8]) == [0, 0, 2, 2]
    assert clusters(4, {(0, 1): 1.0, (1, 2): 9.0, (2, 3): 8.0}, [7, -1, -1, 8]) == [0, 1, 1, 1]
    assert clusters(4, chain, [7, -1, -1, 7]) == [0, 0, 0, 0]


def test_one_weak_pair_does_not_glue_two_things() -> None:
    thing = dict.fromkeys((*combinations(range(3), 2), *combinations(range(3, 6), 2)), 9.0)
    against = {(i, j): -5.0 for i in range(3) for j in range(3, 6)}
    assert clusters(6, thing | against | {(2, 3): 2.0}) == [0, 0, 0, 3, 3, 3]


def test_a_contradiction_elsewhere_does_not_touch_a_cluster() -> None:
    bits = {(0, 1): 9.0, (1, 2): 1.0, (3, 4): 1.0, (4, 5): 2.0}
    assert clusters(6, bits, [7, -1, 8, 9, 9, -1]) == [0, 0, 2, 3, 3, 3]


@pytest.mark.parametrize("size", [301, 700])
def test_a_crowd_in_a_row_is_taken_apart_by_identifiers_without_weighing_every_pair(size: int) -> None:
    """Each record is joined with the next; the first and the last are two persons."""
    bits = {(n, n + 1): 30.0 for n in range(size - 1)} | {(size // 2, size // 2 + 1): 1.0}
    found = clusters(size, bits, [7, *[-1] * (size - 2), 8])
    assert found[0] != found[-1]
    assert found == [0] * (size // 2 + 1) + [size // 2 + 1] * (size - size // 2 - 1)


def test_no_records_no_clusters() -> None:
    assert clusters(0, {}) == []


# -- the weakest link ----------------------------------------------------------------------------------------


@few
@given(st.integers(1, 7), st.randoms(use_true_random=False))
def test_a_records_score_is_the_weakest_link_of_the_surest_tree_that_holds_it(size: int, random: object) -> None:
    pairs = [pair for pair in combinations(range(size), 2) if random.random() < 0.6]  # type: ignore[attr-defined]
    sure = random.sample(range(50, 100), len(pairs))  # type: ignore[attr-defined]
    wanted, home = [1.0] * size, list(range(size))
    for weight, (i, j) in sorted(zip(sure, pairs, strict=True), reverse=True):
        if home[i] != home[j]:
            home = [home[i] if at == home[j] else at for at in home]
            wanted[i], wanted[j] = min(wanted[i], weight / 100), min(wanted[j], weight / 100)
    left, right = (np.array([pair[n] for pair in pairs], dtype=np.int32) for n in range(2))
    found = weakest(size, Edges(left, right, np.array(sure, dtype=np.float64) / 100))
    assert found.tolist() == pytest.approx(wanted)
