"""Candidate pairs compared and weighed."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from villagers import FIELDS, frame, messy

from reportkit.linkage import scoring
from reportkit.linkage.blocking import Pairs
from reportkit.linkage.comparison import MISSING, levels_of
from reportkit.linkage.patterns import rarity
from reportkit.linkage.scoring import Compared, compare_all, joined
from reportkit.linkage.values import Column, encode

SHARED = np.array([False, False, True, True])


def made() -> tuple[list[Column], Pairs]:
    rows = messy(4)
    left, right = (np.array(one, dtype=np.int32) for one in zip(*combinations(range(len(rows)), 2), strict=True))
    return encode(frame(rows), FIELDS), Pairs(left, right)


def same(one: Compared, other: Compared) -> bool:
    parts = [(one.left, other.left), (one.right, other.right), *zip(one.levels, other.levels, strict=True)]
    parts += zip(one.rare, other.rare, strict=True)
    return all(np.array_equal(a, b) for a, b in parts)


@pytest.mark.parametrize("most", [1, 100, 10**6])
def test_pairs_in_batches_are_compared_as_all_at_once(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    columns, pairs = made()
    whole = compare_all(columns, SHARED, [pairs])
    monkeypatch.setattr(scoring, "_BATCH", most)
    batches = [Pairs(pairs.left[at : at + 77], pairs.right[at : at + 77]) for at in range(0, len(pairs.left), 77)]
    assert same(compare_all(columns, SHARED, batches), whole)
    parts = [compare_all(columns, SHARED, [one]) for one in batches]
    assert same(joined(*parts), whole)


def test_levels_are_those_of_the_fields_and_rarity_is_summed_for_own_and_shared_ones_apart() -> None:
    columns, pairs = made()
    found = compare_all(columns, SHARED, [pairs])
    wanted = levels_of(columns, pairs.left, pairs.right)
    assert all(np.array_equal(one, other) for one, other in zip(found.levels, wanted, strict=True))
    bits = [rarity(column, level, pairs.left) for column, level in zip(columns, wanted, strict=True)]
    assert found.rare[0] == pytest.approx(bits[0] + bits[1])
    assert found.rare[1] == pytest.approx(bits[2] + bits[3])


def test_without_pairs_there_is_nothing_of_every_field() -> None:
    columns, _ = made()
    found = compare_all(columns, SHARED, [])
    assert (found.number, [len(one) for one in found.levels]) == (0, [0] * 4)


def test_some_of_the_pairs_keep_what_was_compared() -> None:
    columns, pairs = made()
    found = compare_all(columns, SHARED, [pairs])
    rows = np.flatnonzero(found.levels[0] != MISSING)[::7]
    assert same(found.where(rows), compare_all(columns, SHARED, [Pairs(pairs.left[rows], pairs.right[rows])]))
