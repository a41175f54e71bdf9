"""What records meet on."""

from __future__ import annotations

from itertools import combinations

import polars as pl
import pytest
from desk import identity
from hypothesis import given, settings
from hypothesis import strategies as st
from villagers import FIELDS, Person, frame, slipped, villagers

from reportkit.linkage.keys import Key, keys_of, rule
from reportkit.linkage.values import encode

ROWS = st.lists(
    st.tuples(
        st.sampled_from(["王芳", "王方", "李强", None]),
        st.sampled_from([identity(1), identity(2), slipped(identity(1), 16), None]),
        st.sampled_from(["13900000001", "13900000002", "0535-6250001", None]),
        st.sampled_from(["前岭村1号", "石良镇前岭村1号", "前岭村2号", None]),
    ),
    min_size=2,
    max_size=8,
)
few = settings(max_examples=60, deadline=None)


def keys(rows: list[Person]) -> list[Key]:
    return keys_of(encode(frame(rows), FIELDS))


def part_of(key: Key, value: str | None) -> str | None:
    """What a record shows of a value, cut by itself."""
    if value is None or key.part is None:
        return value
    found: str | None = key.part.cut(pl.Series([value]))[0]
    return found


def shown(key: Key, rows: list[Person]) -> list[str | None]:
    at = [field.name for field in FIELDS].index(key.column.field.name)
    return [part_of(key, row[at]) for row in rows]


@few
@given(ROWS)
def test_records_have_one_code_where_they_show_the_same_and_none_where_they_show_nothing(rows: list[Person]) -> None:
    for key in keys(rows):
        words = shown(key, rows)
        for i, j in combinations(range(len(rows)), 2):
            assert (key.codes_of()[i] == key.codes_of()[j] >= 0) == (words[i] == words[j] is not None), key.name
        assert [code < 0 for code in key.codes_of()] == [word is None for word in words]


@few
@given(ROWS)
def test_a_rule_of_two_keys_asks_for_both(rows: list[Person]) -> None:
    for one, other in combinations(keys(rows), 2):
        made = rule((one, other))
        first, second = shown(one, rows), shown(other, rows)
        for i, j in combinations(range(len(rows)), 2):
            both = first[i] == first[j] is not None and second[i] == second[j] is not None
            assert (made.codes[i] == made.codes[j] >= 0) == both, made.name


def test_keys_and_rules_are_named_by_fields_and_parts() -> None:
    found = {key.name: key for key in keys(villagers(10))}
    assert {"姓名", "姓名:sound", "身份证号", "身份证号:head", "身份证号:tail", "联系电话"} <= set(found)
    assert rule((found["姓名:sound"], found["联系电话"])).name == "姓名:sound+联系电话"


def test_a_field_that_is_the_same_for_all_is_no_key() -> None:
    rows: list[Person] = [(name, None, "13900000001", None) for name, *_ in villagers(10)]
    assert {key.column.field.name for key in keys(rows)} == {"姓名"}


def test_a_part_agrees_by_chance_as_often_as_the_values_make_it() -> None:
    rows: list[Person] = [(name, None, None, None) for name, *_ in villagers(290)]
    key = next(one for one in keys(rows) if one.name == "姓名:sound")
    words = shown(key, rows)
    agree = sum(one == other is not None for one, other in combinations(words, 2))
    every = len(words) * (len(words) - 1) / 2
    assert key.chance == pytest.approx(max(agree / every, key.column.chance))


def test_a_whole_value_costs_nothing_and_a_part_costs_its_cutting_once() -> None:
    found = {key.name: key for key in keys(villagers(30))}
    whole, part = found["联系电话"], found["联系电话:tail"]
    assert whole.effort == 0.0
    assert part.effort == 30.0
    assert len(part.codes_of()) == 30
    assert part.effort == 0.0
