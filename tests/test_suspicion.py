"""Which clusters are worth a look, and in which order."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st
from test_holding import clusters

from reportkit.linkage import Clusters
from reportkit.records import ID
from reportkit.suspicion import bridges, suspects

Edge = tuple[int, int, float]


def found(size: int, *edges: Edge) -> Clusters:
    one = clusters(size, edges)
    return replace(one, frame=one.frame.rename({"_id": ID}))


def ring(first: int, number: int, sure: float) -> list[Edge]:
    """Records of which each is linked with the next: no bridge, but few links."""
    records = range(first, first + number)
    return [*((a, a + 1, sure) for a in records[:-1]), (first, first + number - 1, sure)]


def test_a_link_without_which_a_cluster_falls_apart_is_a_bridge_and_named() -> None:
    two_triangles = [(a, b, 0.99) for one in ((0, 1, 2), (3, 4, 5)) for a, b in combinations(one, 2)]
    (one,) = suspects(found(6, *two_triangles, (2, 3, 0.97)))
    assert (one.kind, one.link, one.members, one.links) == ("bridge", (2, 3), (0, 1, 2, 3, 4, 5), 7)


def test_bridges_come_first_then_thin_clusters_then_weak_links_each_the_weakest_first() -> None:
    weak = [(0, 1, 0.94), (2, 3, 0.91)]
    thin = ring(4, 6, 0.96)
    bridge = [(10, 11, 0.98), (11, 12, 0.97), (13, 14, 0.93), (14, 15, 0.99)]
    kinds = [(one.kind, one.probability) for one in suspects(found(16, *weak, *thin, *bridge))]
    assert kinds == [("bridge", 0.93), ("bridge", 0.97), ("thin", 0.96), ("weak", 0.91), ("weak", 0.94)]


def test_a_cluster_whose_links_are_all_sure_or_all_there_is_not_listed() -> None:
    sure = [(0, 1, 1.0), (1, 2, 0.9995)]
    full = [(a, b, 0.96) for a, b in combinations((3, 4, 5, 6), 2)]
    assert suspects(found(9, *sure, *full, (7, 8, 0.99))) == []


@given(st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] < pair[1]), max_size=16))
def test_a_bridge_is_what_parts_two_records_when_it_is_gone(links: set[tuple[int, int]]) -> None:
    cut = bridges(sorted(links))
    for link in links:
        assert (link in cut) == (not _reaches(*link, links - {link}))


def _reaches(start: int, end: int, links: set[tuple[int, int]]) -> bool:
    seen, ahead = {start}, [start]
    while ahead:
        here = ahead.pop()
        for left, right in links:
            other = right if left == here else left if right == here else here
            if other not in seen:
                seen.add(other)
                ahead.append(other)
    return end in seen
