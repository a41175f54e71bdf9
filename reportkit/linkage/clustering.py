"""Scored pairs → clusters: connected components, split where identifiers contradict each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree

Ids = NDArray[np.int64]
Scores = NDArray[np.float64]


def components(size: int, left: Ids, right: Ids, probability: Scores, identity: Ids) -> Ids:
    """The cluster of every record: the smallest record in it.

    Args:
        size: number of records.
        left: one side of each joined pair.
        right: the other side.
        probability: how sure each pair is.
        identity: code of each record's valid identifier, -1 for none; no cluster holds two.
    """
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    torn = _contradictory(label, identity)
    cluster = _smallest(label)
    inside = np.isin(label[left], torn)
    if inside.any():
        for record in np.flatnonzero(np.isin(label, torn)):
            cluster[record] = record
        _rejoin(cluster, left[inside], right[inside], probability[inside], identity)
    return cluster


def _contradictory(label: NDArray[np.int32], identity: Ids) -> NDArray[np.int32]:
    """Components with more than one valid identifier."""
    has = identity >= 0
    pairs = np.unique(np.stack([label[has].astype(np.int64), identity[has]], axis=1), axis=0)
    labels, counts = np.unique(pairs[:, 0], return_counts=True)
    return labels[counts > 1].astype(np.int32)


def _smallest(label: NDArray[np.int32]) -> Ids:
    first = np.full(int(label.max(initial=-1)) + 1, len(label), dtype=np.int64)
    np.minimum.at(first, label, np.arange(len(label)))
    return first[label]


def _rejoin(cluster: Ids, left: Ids, right: Ids, probability: Scores, identity: Ids) -> None:
    """Join the surest pairs first and leave out those that would bring two identifiers together."""
    known = {int(record): int(identity[record]) for record in np.unique(np.r_[left, right])}
    members = {record: [record] for record in known}
    for at in np.lexsort((right, left, -probability)):
        one, other = int(cluster[left[at]]), int(cluster[right[at]])
        if one == other or (known[one] >= 0 and known[other] >= 0 and known[one] != known[other]):
            continue
        low, high = min(one, other), max(one, other)
        known[low] = max(known[low], known[high])
        members[low] += members.pop(high)
        cluster[members[low]] = low


def weakest(size: int, left: Ids, right: Ids, probability: Scores) -> Scores:
    """For each record the weakest link that holds it in its cluster, 1 for a record alone.

    Links are those of the maximum spanning forest: of several ways to hold a cluster together the surest.
    """
    score = np.ones(size)
    forest = minimum_spanning_tree(coo_array((2.0 - probability, (left, right)), shape=(size, size)).tocsr()).tocoo()
    for ends in (forest.row, forest.col):
        np.minimum.at(score, ends, 2.0 - forest.data)
    return score
