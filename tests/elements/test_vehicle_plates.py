"""Plates of motor vehicles, GA 36-2018."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.elements import element
from reportkit.elements.shape import Scope

KIND = element("vehicle-plate")
SERIALS = st.text("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ", min_size=5, max_size=5)


@given(st.sampled_from("京沪鲁粤苏"), st.sampled_from("ABCFY"), SERIALS)
def test_a_plate_is_the_same_however_it_is_written(province: str, office: str, serial: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) for c in serial)
    written = [
        f"{province}{office}{serial}",
        f"{province}{office.lower()} {serial.lower()}",
        f"{province}{office}-{serial}",
        f"{province} {office}•{wide}",
        f"{province}{office}·{serial.replace('0', 'O').replace('1', 'I')}",
    ]
    plate = f"{province}{office}·{serial}"
    assert {KIND.normalise(one, Scope()) for one in written} == {plate}
    assert KIND.check(plate, Scope()) == ""
    assert KIND.resembles(written[1])


@pytest.mark.parametrize("good", ["鲁F·D12345", "粤B·FA1234", "京A·12345D", "鲁F·1234学", "鲁F·0A12警"])
def test_new_energy_and_special_plates_are_right(good: str) -> None:
    assert KIND.check(KIND.normalise(good, Scope()), Scope()) == ""


@pytest.mark.parametrize("wrong", ["鲁F·1234", "鲁F·1234567", "12345", "鲁·F12345", "鲁F·123456", "黑牌"])
def test_what_is_no_plate_is_said_to_be_none(wrong: str) -> None:
    value = KIND.normalise(wrong, Scope())
    assert KIND.check(value, Scope()) == "vehicle-plate-form"
    assert not KIND.resembles(wrong)


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("鲁F·12345", "鲁F12345", "same"),
        ("鲁F·1234B", "鲁F·12348", "near"),
        ("鲁F·12345", "鲁F·12354", "slip"),
        ("鲁F·12345", "F12345", "differ"),
        ("鲁F·12345", "12345", "part"),
        ("鲁F·12345", "鲁F·67890", "differ"),
    ],
)
def test_plates_agree_by_degrees(one: str, other: str, level: str) -> None:
    values = [KIND.normalise(text, Scope()) for text in (one, other)]
    assert KIND.levels[KIND.compare(values[:1], values[1:])[0]] == level


def test_a_mask_hides_what_tells_the_car() -> None:
    assert KIND.mask("鲁F·12345") == "鲁F·***45"
