"""What record linkage is told of every element."""

from __future__ import annotations

import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.elements import ELEMENTS, element
from reportkit.elements.shape import Scope

NAMES = sorted(ELEMENTS)
SHARED = {"", "household", "place"}
SCRAPS = st.lists(
    st.sampled_from([*"0123456789X-/年月日号路村 王李张明Jon'Smith", "370602", "13812345678", "1990-03-05"]), max_size=9
)
ANY = st.one_of(SCRAPS.map("".join), st.text(max_size=16))


def parts(name: str, *values: str) -> dict[str, list[str | None]]:
    column = pl.Series(values, dtype=pl.String)
    return {part.name: part.cut(column).to_list() for part in element(name).linking.parts}


@pytest.mark.parametrize("name", NAMES)
def test_agreement_is_a_share_for_each_level(name: str) -> None:
    kind = element(name)
    assert len(kind.linking.agreement) == len(kind.levels)
    assert sum(kind.linking.agreement) == pytest.approx(1)
    assert min(kind.linking.agreement) > 0
    assert 0 < kind.linking.usual < 1
    assert kind.linking.shared in SHARED


@pytest.mark.parametrize("name", NAMES)
@given(raws=st.lists(ANY, max_size=6))
@settings(max_examples=60, deadline=None)
def test_a_part_is_cut_the_same_way_each_time_one_for_each_value(name: str, raws: list[str]) -> None:
    kind = element(name)
    values = list(dict.fromkeys(value for raw in raws if (value := kind.normalise(raw, Scope()))))
    column = pl.Series(values, dtype=pl.String)
    for part in kind.linking.parts:
        cut = part.cut(column)
        assert cut.dtype == pl.String
        assert len(cut) == len(values)
        assert "" not in cut.to_list()
        assert cut.to_list() == [part.cut(column[at : at + 1])[0] for at in range(len(values))]


@pytest.mark.parametrize("name", [name for name in NAMES if element(name).linking.plain])
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_plain_value_is_canonical_as_it_stands(name: str, data: st.DataObject) -> None:
    kind = element(name)
    raw = data.draw(st.from_regex(re.compile(rf"\A{kind.linking.plain.strip('^$')}\Z", re.ASCII)))
    assert kind.normalise(raw, Scope()) == raw
    assert pl.Series([raw]).str.contains(kind.linking.plain).all()


def test_slips_leave_parts_on_which_two_records_still_meet() -> None:
    one, other, third = (
        parts("identity-number", number) for number in ("11010519491231002X", "110105194912310021", "21010519491231002X")
    )
    assert one["head"] == other["head"]
    assert one["tail"] == third["tail"]
    middle, short = parts("identity-number", "11010519491331002X"), parts("identity-number", "1101051949123100")
    assert one["ends"] == middle["ends"]
    assert one["start"] == short["start"]
    assert all(part == [None] for part in parts("identity-number", "1101051949").values())


def test_dates_meet_on_any_two_of_their_three_parts() -> None:
    assert parts("date", "1990-03-05", "1990-03", "1990") == {
        "year-and-month": ["1990-03", "1990-03", None],
        "month-and-day": ["03-05", None, None],
        "year-and-day": ["1990-05", None, None],
    }


def test_a_number_is_met_with_or_without_area_code_and_country() -> None:
    numbers = "0535-6250001", "6250001", "0535-6250001-8", "+1 (555) 625-0001", "110"
    assert parts("phone", *numbers)["tail"] == ["6250001"] * 4 + [None]


def test_only_numbers_that_name_one_thing_in_the_world_identify() -> None:
    assert {name for name in NAMES if element(name).linking.identifies} == {"identity-number", "credit-code", "vehicle-plate"}
    assert {name for name in NAMES if element(name).linking.shared == "household"} == {"phone", "address"}


def test_other_alphabets_and_spellings_meet_on_their_sound() -> None:
    assert parts("person-name", "Stephen Smyth", "SMITH, Steven", "张新", "章星")["sound"] == [
        "smt stfn",
        "smt stfn",
        "zan xin",
        "zan xin",
    ]
    assert parts("person-name", "J. Smith", "John Smith") == {
        "sound": ["j smt", "jn smt"],
        "first-word": [None, "jn"],
        "last-word": [None, "smt"],
    }


def test_an_organisation_is_an_element_by_its_short_name_too() -> None:
    assert element("organisation") is element("organisation-name")
