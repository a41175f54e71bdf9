"""Scored pairs → clusters: connected components, split where their evidence contradicts itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree

from reportkit.linkage.hashing import Hashes
from reportkit.linkage.values import Codes

Ids = NDArray[np.int64]
Scores = NDArray[np.float64]
#: Evidence for and against every pair (left, right): positive where it is one thing, ``NEVER``, ``CONTRADICTED`` or ``ALWAYS`` where no model counts.
Evidence = Callable[[Codes, Codes], Scores]

#: Persons decided that a pair is not one thing, or that it is; below both, identifiers that contradict each other, which no model outweighs.
NEVER, ALWAYS, CONTRADICTED = -1e12, 1e9, -1e6
#: No pair says more for or against a cluster than this.
_MOST = 12.0
#: Components of more records are first taken apart at their less sure pairs: all pairs would be too many.
_LARGE = 300
_SURER = (0.9, 0.99, 0.999, 0.99999)


@dataclass(frozen=True, slots=True)
class Edges:
    """Joined pairs and how sure each is."""

    left: Codes
    right: Codes
    probability: Scores

    def where(self, chosen: NDArray[np.bool_] | Ids) -> Edges:
        """Some of them."""
        return Edges(self.left[chosen], self.right[chosen], self.probability[chosen])


def components(edges: Edges, identity: Codes, content: Callable[[Ids], Hashes], evidence: Evidence) -> Ids:
    """The cluster of every record: the number of its first record.

    A component of which all pairs are joined is a cluster. In any other, all its pairs are weighed, and parts are brought together
    as long as what speaks for it outweighs what speaks against it (greedy additive edge contraction, Keuper et al. 2015), so that no
    one pair glues two things.

    Args:
        edges: joined pairs.
        identity: code of each record's valid identifier, -1 for none; no cluster holds two.
        content: gives a hash of what records hold, which settles ties whatever the order of rows.
        evidence: weighs pairs.
    """
    size = len(identity)
    label, edges = _no_giants(size, edges)
    doubted = _incomplete(label, edges) | _contradictory(label, identity)
    cluster = _first(label)
    inside = edges.where(doubted[label[edges.left]])
    if not len(inside.left):
        return cluster
    members = np.flatnonzero(doubted[label])
    members = members[np.lexsort((content(members), label[members]))]
    ends = np.flatnonzero(np.r_[label[members][1:] != label[members][:-1], True]) + 1
    groups = np.split(members, ends[:-1])
    cluster[members] = members
    for group, parts in zip(groups, _contracted(groups, inside, identity, evidence), strict=True):
        for part in parts:
            cluster[group[part]] = group[part].min()
    return cluster


def _reached(size: int, edges: Edges) -> Ids:
    graph = coo_array((np.ones(len(edges.left), dtype=np.int8), (edges.left, edges.right)), shape=(size, size))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def _no_giants(size: int, edges: Edges) -> tuple[Ids, Edges]:
    """Connected components, those of more than ``_LARGE`` records by their surer pairs; and the pairs that lie in one."""
    label = _reached(size, edges)
    for least in _SURER:
        giants = np.bincount(label)[label] > _LARGE
        if not giants.any():
            break
        edges = edges.where(~giants[edges.left] | (edges.probability >= least))
        label = _reached(size, edges)
    return label, edges


def _incomplete(label: Ids, edges: Edges) -> NDArray[np.bool_]:
    """Components with a pair that was not joined, by label."""
    sizes = np.bincount(label)
    joined = np.bincount(label[edges.left], minlength=len(sizes))
    return np.asarray(joined < sizes * (sizes - 1) // 2)


def _contradictory(label: Ids, identity: Codes) -> NDArray[np.bool_]:
    """Components with more than one valid identifier, by label."""
    has = identity >= 0
    low = np.full(int(label.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    high = np.full(len(low), -1)
    np.minimum.at(low, label[has], identity[has])
    np.maximum.at(high, label[has], identity[has])
    return np.asarray(high > low)


def _first(label: Ids) -> Ids:
    first = np.full(int(label.max(initial=-1)) + 1, len(label), dtype=np.int64)
    np.minimum.at(first, label, np.arange(len(label)))
    return first[label]


def _contracted(groups: list[Ids], edges: Edges, identity: Codes, evidence: Evidence) -> list[list[list[int]]]:
    """For each group of records its parts, as places in the group."""
    small = [group for group in groups if len(group) <= _LARGE]
    weighed = iter(_weighed(small, evidence))
    return [_parts(next(weighed) if len(group) <= _LARGE else _sparse(group, edges, identity)) for group in groups]


def _weighed(groups: list[Ids], evidence: Evidence) -> list[Scores]:
    """Evidence on all pairs of each group, as a square."""
    if not groups:
        return []
    corners = [np.triu_indices(len(group), 1) for group in groups]
    left = np.concatenate([group[one] for group, (one, _) in zip(groups, corners, strict=True)])
    right = np.concatenate([group[other] for group, (_, other) in zip(groups, corners, strict=True)])
    found = evidence(np.minimum(left, right).astype(np.int32), np.maximum(left, right).astype(np.int32))
    found = np.where(np.abs(found) < -CONTRADICTED, np.clip(found, -_MOST, _MOST), found)
    tables, at = [], 0
    for group, (one, other) in zip(groups, corners, strict=True):
        table = np.zeros((len(group), len(group)))
        table[one, other] = table[other, one] = found[at : at + len(one)]
        at += len(one)
        tables.append(table)
    return tables


def _sparse(group: Ids, edges: Edges, identity: Codes) -> Scores:
    """Evidence in a group too large to weigh every pair: its joined pairs, and identifiers that differ."""
    place = {int(record): n for n, record in enumerate(group)}
    mine = np.isin(edges.left, group)
    table = np.zeros((len(group), len(group)))
    for one, other, sure in zip(edges.left[mine], edges.right[mine], edges.probability[mine], strict=True):
        table[place[int(one)], place[int(other)]] = table[place[int(other)], place[int(one)]] = sure
    valid = identity[group] >= 0
    table[valid[:, None] & valid[None, :] & (identity[group][:, None] != identity[group][None, :])] = CONTRADICTED
    return table


def _parts(table: Scores) -> list[list[int]]:
    """Parts of a group, the best two brought together as long as what speaks for it outweighs what speaks against it."""
    members = [[n] for n in range(len(table))]
    table = table.copy()
    np.fill_diagonal(table, -np.inf)
    while len(members) > 1:
        at = int(table.argmax())
        one, other = sorted(divmod(at, len(table)))
        if table[one, other] <= 0:
            break
        members[one] += members.pop(other)
        table[one] += table[other]
        table[:, one] = table[one]
        table = np.delete(np.delete(table, other, axis=0), other, axis=1)
        table[one, one] = -np.inf
    return members


def weakest(size: int, edges: Edges) -> Scores:
    """For each record the weakest link that holds it in its cluster, 1 for a record alone.

    Links are those of the maximum spanning forest: of several ways to hold a cluster together the surest.
    """
    score = np.ones(size)
    forest = minimum_spanning_tree(
        coo_array((2.0 - edges.probability, (edges.left, edges.right)), shape=(size, size)).tocsr()
    ).tocoo()
    for ends in (forest.row, forest.col):
        np.minimum.at(score, ends, 2.0 - forest.data)
    return score
