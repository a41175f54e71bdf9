"""What standards promise, and what masks and likenesses owe to the people behind the numbers."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from stdnum import luhn as other_luhn
from stdnum.cn import uscc

from reportkit.elements import account, address, credit_code, element
from reportkit.elements.shape import Scope

few = settings(max_examples=150, deadline=None)
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
BODIES = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["91", "92", "93", "52", "12"]), st.from_regex(r"\A[0-9]{6}\Z"), st.text(ALPHABET, min_size=9, max_size=9)
    ),
)
CODES = BODIES.map(lambda body: body + credit_code.check_character(body))
CARDS = st.from_regex(r"\A62[0-9]{13,16}\Z").map(
    lambda body: body + str(next(d for d in range(10) if account.luhn(f"{body}{d}")))
)
NUMBERS = {
    "identity-number": st.from_regex(r"\A[1-9][0-9]{16}[0-9X]\Z"),
    "phone": st.from_regex(r"\A1[3-9][0-9]{9}\Z"),
    "account": st.from_regex(r"\A[0-9]{16,19}\Z"),
}


@few
@given(CODES, st.integers(0, 17), st.integers(1, 30))
def test_every_single_wrong_character_of_a_credit_code_is_found(code: str, place: int, shift: int) -> None:
    """GB 32100: 31 is prime, so no weight hides a slip."""
    assert uscc.is_valid(code) == credit_code.is_valid(code)
    wrong = code[:place] + ALPHABET[(ALPHABET.index(code[place]) + shift) % 31] + code[place + 1 :]
    assert element("credit-code").check(wrong, Scope()) != ""


@few
@given(CODES, CODES)
def test_two_valid_credit_codes_are_one_organisation_or_two_never_nearly_one(one: str, other: str) -> None:
    assert credit_code.compare([one], [other])[0] == (3 if one == other else 0)


@few
@given(CARDS, st.integers(0, 14), st.integers(1, 9))
def test_luhn_finds_every_single_wrong_digit(card: str, place: int, shift: int) -> None:
    """ISO/IEC 7812, held against another implementation."""
    assert other_luhn.is_valid(card)
    wrong = card[:place] + str((int(card[place]) + shift) % 10) + card[place + 1 :]
    assert account.luhn(wrong) == other_luhn.is_valid(wrong) == False  # noqa: E712 - three alike


@pytest.mark.parametrize("name", NUMBERS)
@given(data=st.data())
@few
def test_a_mask_shows_at_most_ten_characters_and_keeps_the_length(name: str, data: st.DataObject) -> None:
    number = data.draw(NUMBERS[name])
    mask = element(name).mask(number)
    assert len(mask) == len(number)
    assert mask.count("*") >= len(number) - 10 >= 1
    assert all(shown in ("*", digit) for shown, digit in zip(mask, number, strict=True))


@few
@given(st.lists(st.integers(1, 99), min_size=2, max_size=3), st.lists(st.integers(1, 99), min_size=2, max_size=3))
def test_addresses_with_other_numbers_are_other_places_and_with_fewer_contained(one: list[int], other: list[int]) -> None:
    def at(numbers: list[int]) -> str:
        return "烟台市幸福小区" + "".join(
            f"{number}{word}" for number, word in zip(numbers, ("号楼", "单元", "室"), strict=False)
        )

    assume(one != other)
    size = min(len(one), len(other))
    assert address.compare([at(one)], [at(other)])[0] == (3 if one[:size] == other[:size] else 0)


@few
@given(
    st.sampled_from(["", "山东省", "山东省烟台市", "烟台市", "烟台市芝罘区"]),
    st.integers(1, 200),
    st.sampled_from(["号", " 号", "号 "]),
)
def test_an_address_is_one_place_with_more_or_less_region_before_it(region: str, number: int, sign: str) -> None:
    kind = element("address")
    full, short = (kind.normalise(text, Scope()) for text in (f"{region}幸福路{number}{sign}", f"幸福路{number}号"))
    assert kind.compare([full], [short])[0] >= 3


@few
@given(st.dates(min_value=date(1930, 1, 1), max_value=date(2026, 1, 1)))
def test_month_and_year_of_a_date_are_its_beginnings(day: date) -> None:
    text = str(day)
    assert element("date").normalise(text, Scope()) == text
    assert element("month").normalise(text, Scope()) == text[:7]
    assert element("year").normalise(text, Scope()) == text[:4]
