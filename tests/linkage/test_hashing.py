"""Integers as hashes."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.linkage.hashing import contents, mixed
from reportkit.linkage.values import LinkField, encode

FIELDS = (LinkField("a", "code"), LinkField("b", "code"))
ROWS = st.lists(st.tuples(*[st.sampled_from(["x", "y", "z", None])] * 2), min_size=1, max_size=12)


def hashes(rows: list[tuple[str | None, ...]]) -> list[int]:
    columns = encode(pl.DataFrame(rows, schema={"a": pl.String, "b": pl.String}, orient="row"), FIELDS)
    return [int(one) for one in contents(columns, np.arange(len(rows)))]


def test_integers_are_mixed_as_the_published_generator_mixes_them() -> None:
    # The first outputs of SplitMix64 from seed 0: its state grows by the golden gamma before each is mixed.
    gamma = np.uint64(0x9E3779B97F4A7C15)
    states = np.array([0, gamma, 2 * int(gamma) % 2**64], dtype=np.uint64)
    assert mixed(states).tolist() == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]


def test_no_two_integers_have_one_hash() -> None:
    assert len(np.unique(mixed(np.arange(200_000, dtype=np.uint64)))) == 200_000


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_records_have_one_hash_if_they_hold_the_same_and_else_two(rows: list[tuple[str | None, ...]]) -> None:
    found = hashes(rows)
    assert all((found[i] == found[j]) == (rows[i] == rows[j]) for i in range(len(rows)) for j in range(i))


@settings(max_examples=60, deadline=None)
@given(ROWS, st.randoms(use_true_random=False))
def test_what_a_record_holds_is_hashed_and_not_where_it_stands(rows: list[tuple[str | None, ...]], random: object) -> None:
    order = list(range(len(rows)))
    random.shuffle(order)  # type: ignore[attr-defined]
    straight = hashes(rows)
    assert hashes([rows[n] for n in order]) == [straight[n] for n in order]
