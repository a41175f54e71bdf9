"""Pairs counted by their pattern of levels."""

from __future__ import annotations

from collections import Counter

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.linkage.comparison import MISSING
from reportkit.linkage.patterns import count, rarity
from reportkit.linkage.values import Column, LinkField, encode_one

PAIR = st.tuples(
    st.sampled_from([0, 1, 2, MISSING]),
    st.sampled_from([0, 3, MISSING]),
    st.sampled_from([-3.0, 0.0, 2.0]),
    st.sampled_from([-5.0, 0.0, 100.0, -100.0]),
    st.sampled_from([0, 1, 2]),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(PAIR, max_size=30))
def test_there_are_as_many_patterns_as_kinds_of_pairs_and_each_pair_finds_its_own(pairs: list[tuple[float, ...]]) -> None:
    one, other, own, shared, told = (np.array([pair[n] for pair in pairs]) for n in range(5))
    levels = [one.astype(np.uint8), other.astype(np.uint8)]
    found = count(levels, [own.astype(np.float32), shared.astype(np.float32)], told.astype(np.uint8))
    kinds = list(zip(found.levels[0], found.levels[1], found.rare_own, found.rare_shared, found.told, strict=True))
    assert Counter(dict(zip(kinds, found.counts, strict=True))) == Counter(pairs)
    assert [kinds[n] for n in found.of] == pairs
    assert found.number == len(set(pairs))


def test_bits_of_rarity_are_counted_in_whole_bits() -> None:
    none = np.zeros(2, dtype=np.uint8)
    found = count([none], [np.array([1.4, 0.6], dtype=np.float32), np.zeros(2, dtype=np.float32)], none)
    assert (found.number, found.rare_own.tolist(), found.counts.tolist()) == (1, [1.0], [2.0])


# -- rarity --------------------------------------------------------------------------------------------------


def names() -> Column:
    """A name that half of the records hold, a hundred that two hold each."""
    values = ["王伟"] * 200 + [f"欧阳{chr(0x4E00 + n)}" for n in range(100) for _ in range(2)]
    return encode_one(pl.Series("姓名", values), LinkField("姓名", "person-name"))


def test_a_rare_value_that_agrees_counts_for_more_and_a_common_one_for_less() -> None:
    column = names()
    same = np.full(2, column.top, dtype=np.uint8)
    common, rare = rarity(column, same, np.array([0, 200], dtype=np.int32))
    assert common < 0 < rare
    # Half of all records hold the common name, and a quarter of all pairs agree: twice as likely as on the average.
    assert common == pytest.approx(-1.0, abs=0.15)


def test_values_that_do_not_agree_are_neither_rare_nor_common() -> None:
    column = names()
    levels = np.array([0, 1, column.top - 1, MISSING], dtype=np.uint8)
    assert rarity(column, levels, np.array([0, 0, 200, 200], dtype=np.int32)).tolist() == [0.0] * 4
