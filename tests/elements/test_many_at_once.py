"""What is read of many values at once is what is read of each."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.elements import element
from reportkit.elements.address import tail
from reportkit.elements.numbered import NONE, read
from reportkit.elements.sounds import Heard, sounds, syllables

NAMES = st.lists(
    st.text("单于解曾黄房张小新·A尉迟", min_size=1, max_size=6).filter(lambda name: not name.isascii() and name != "·"),
    max_size=6,
)
PLACES = st.lists(
    st.builds(
        lambda place, numbers: place + "".join(number + word for number, word in numbers),
        st.sampled_from(["幸福路", "福山区前岭村", "臧家庄镇三里店"]),
        st.lists(
            st.tuples(
                st.sampled_from(["3", "03", "12", "101", "十二", "零", "A", "b", "1234567890123456789"]),
                st.sampled_from(["号楼", "座", "单元", "室", "号", "-", "#", ""]),
            ),
            max_size=4,
        ),
    ),
    max_size=6,
)


def names(values: list[str]) -> pl.Series:
    return pl.Series("name", [value for value in values if any(c >= "\u3400" for c in value)], dtype=pl.String)


@given(NAMES.map(names))
@settings(deadline=None)
def test_many_names_are_heard_as_each_is(values: pl.Series) -> None:
    heard = Heard.of(values)
    assert heard.written().to_list() == [" ".join(syllables(name)) for name in values]
    assert heard.blurred().written().to_list() == [sounds(name) for name in values]


@given(PLACES)
@settings(deadline=None)
def test_two_addresses_agree_where_their_numbers_do_one_after_another(addresses: list[str]) -> None:
    numbers = read(pl.Series("address", addresses, dtype=pl.String))
    places = pl.int_range(len(addresses), eager=True).to_numpy()
    for at, address in enumerate(addresses):
        found = numbers.agree(places, places * 0 + at)
        assert found.tolist() == [tail(other) == tail(address) for other in addresses]


@pytest.mark.parametrize(
    ("address", "numbers"),
    [
        ("翠园小区3号楼2单元101室", {"building": 3, "unit": 2, "room": 101}),
        ("翠园小区3-2-101", {"building": 3, "unit": 2, "room": 101}),
        ("翠园小区三号楼101", {"building": 3, "room": 101}),
        ("翠园小区A座101", {"building": -ord("A"), "room": 101}),
        ("幸福路012号", {"door": 12}),
        ("前岭村5组7号8号", {"group": 5, "door": 7}),
        ("前岭村", {}),
    ],
)
def test_each_number_of_an_address_has_its_kind(address: str, numbers: dict[str, int]) -> None:
    kinds = ("lane", "group", "door", "building", "unit", "floor", "room")
    column = read(pl.Series("address", ["幸福路9号", address, "3号楼"], dtype=pl.String)).table[:, 1].tolist()
    assert {kind: number for kind, number in zip(kinds, column, strict=True) if number != NONE} == numbers


@pytest.mark.parametrize("name", ["person-name", "address", "place"])
def test_cutting_parts_leaves_the_values_as_they_are(name: str) -> None:
    values = pl.Series("value", ["前岭村3号", "12 High St", "张新", "翠园小区三号楼101"])
    for part in element(name).linking.parts:
        part.cut(values)
    assert values.to_list() == ["前岭村3号", "12 High St", "张新", "翠园小区三号楼101"]
