from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.linkfile import in_order


def ordered(ids: list[str]) -> list[str]:
    return pl.Series(ids)[in_order(pl.Series(ids, dtype=pl.String))].to_list()


@pytest.mark.parametrize(
    "ids",
    [
        ["9", "010", "11"],
        ["r2", "r10", "s1"],
        ["rec-2-dup-10", "rec-10-dup-2", "rec-10-dup-10", "rec-10-org"],
        ["1", "01", "2"][:0] or ["01", "1", "2"],
        ["7", "99999999999999999999998", "99999999999999999999999"],
    ],
)
def test_numbers_in_ids_stand_by_their_size(ids: list[str]) -> None:
    assert ordered(ids[::-1]) == ids


@given(st.lists(st.text(alphabet="a-0129\n村", max_size=9), unique=True, max_size=20), st.randoms(use_true_random=False))
def test_the_order_of_ids_is_theirs_alone(ids: list[str], luck: object) -> None:
    shuffled = list(ids)
    luck.shuffle(shuffled)  # type: ignore[attr-defined]
    assert ordered(ids) == ordered(shuffled)
    assert sorted(ordered(ids)) == sorted(ids)


@given(st.lists(st.integers(0, 10**12), unique=True, max_size=30))
def test_texts_of_numbers_stand_as_the_numbers_do(numbers: list[int]) -> None:
    assert ordered([str(one) for one in numbers]) == [str(one) for one in sorted(numbers)]
