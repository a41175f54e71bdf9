"""How two records compare, field by field."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from desk import identity
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance.OSA import distance as edits
from villagers import FIELDS, Person, frame, slipped

from reportkit.elements import element
from reportkit.linkage.comparison import MISSING, compare, confirms, contradicts, levels_of
from reportkit.linkage.values import encode

ROWS = st.lists(
    st.tuples(
        st.sampled_from(["王芳", "王方", "李强", None]),
        st.sampled_from([identity(1), identity(2), slipped(identity(1)), slipped(identity(1), 3), None]),
        st.sampled_from(["13900000001", "13900000002", "0535-6250001", None]),
        st.sampled_from(["前岭村1号", "石良镇前岭村1号", "前岭村2号", None]),
    ),
    min_size=2,
    max_size=7,
)


def pairs(number: int) -> tuple[np.ndarray, np.ndarray]:
    every = np.array(list(combinations(range(number), 2)), dtype=np.int64)
    return every[:, 0], every[:, 1]


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_every_pair_has_the_level_that_its_element_gives_and_a_blank_says_nothing(rows: list[Person]) -> None:
    left, right = pairs(len(rows))
    columns = encode(frame(rows), FIELDS)
    for column, levels in zip(columns, levels_of(columns, left, right), strict=True):
        at = [field.name for field in FIELDS].index(column.field.name)
        kind = element(column.field.element)
        for i, j, level in zip(left, right, levels, strict=True):
            one, other = rows[i][at], rows[j][at]
            wanted = MISSING if one is None or other is None else int(kind.compare([one], [other])[0])
            assert level == wanted


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_right_numbers_settle_a_pair_and_a_wrong_one_only_where_it_is_too_far_from_a_right_one(rows: list[Person]) -> None:
    left, right = pairs(len(rows))
    columns = {column.field.name: column for column in encode(frame(rows), FIELDS)}
    if "身份证号" not in columns:
        return
    good = {identity(1), identity(2)}
    number = columns["身份证号"]
    same, other = confirms(number, left, right), contradicts(number, left, right, compare(number, left, right))
    for i, j, confirmed, denied in zip(left, right, same, other, strict=True):
        one, another = rows[i][1], rows[j][1]
        assert confirmed == (one == another and one in good)
        one_right = one is not None and another is not None and (one in good or another in good)
        assert denied == (one_right and one != another and ({one, another} <= good or edits(str(one), str(another)) > 2))


@pytest.mark.parametrize("number", ["379802194008026", "3.79802194008E+17", "379802********6288", "护照E12345678", "不详"])
def test_what_is_left_of_a_number_or_is_none_contradicts_nothing(number: str) -> None:
    column = encode(frame([("王芳", identity(1), None, None), ("王芳", number, None, None)]), FIELDS)[1]
    left, right = pairs(2)
    assert not contradicts(column, left, right, compare(column, left, right)).any()
