"""What a number with a wrong check character may have been."""

from __future__ import annotations

from datetime import date

from desk import identity
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.elements import credit_code, identity_number, slips

UNTIL = date(2026, 11, 30)
NUMBERS = st.builds(
    lambda day, number: identity(number, f"{day:%Y%m%d}"), st.dates(date(1900, 1, 1), date(2020, 12, 31)), st.integers(0, 999)
)
CODES = st.text(credit_code.ALPHABET, min_size=17, max_size=17).map(lambda text: text + credit_code.check_character(text))
few = settings(max_examples=60, deadline=None)


@given(NUMBERS, st.integers(0, 16), st.integers(1, 9))
@few
def test_a_misread_digit_is_among_what_the_number_may_have_been(number: str, at: int, by: int) -> None:
    wrong = number[:at] + str((int(number[at]) + by) % 10) + number[at + 1 :]
    assert number in slips.identity_numbers(wrong, UNTIL)


@given(NUMBERS, st.integers(0, 15))
@few
def test_exchanged_neighbours_are_among_what_the_number_may_have_been(number: str, at: int) -> None:
    wrong = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    assert wrong == number or number in slips.identity_numbers(wrong, UNTIL)


@given(NUMBERS, st.integers(0, 17))
@few
def test_a_character_left_out_or_typed_twice_is_among_what_the_number_may_have_been(number: str, at: int) -> None:
    assert number in slips.identity_numbers(number[:at] + number[at + 1 :], UNTIL)
    assert number in slips.identity_numbers(number[:at] + number[at] + number[at:], UNTIL) or at == 17


@given(NUMBERS, st.integers(6, 16), st.sampled_from("OIlZ"))
@few
def test_a_letter_among_the_digits_can_only_be_one_digit(number: str, at: int, letter: str) -> None:
    assert slips.identity_numbers(number[:at] + letter + number[at + 1 :], UNTIL) == (number,)


@given(st.text("0123456789X", min_size=14, max_size=20))
@few
def test_whatever_a_number_may_have_been_is_valid_and_born(text: str) -> None:
    for one in slips.identity_numbers(text, UNTIL):
        born = identity_number.birth_date(one)
        assert born is not None
        assert born <= UNTIL
        assert one != text


@given(CODES, st.integers(0, 17), st.sampled_from(credit_code.ALPHABET))
@few
def test_a_misread_character_is_among_what_the_credit_code_may_have_been(code: str, at: int, character: str) -> None:
    wrong = code[:at] + character + code[at + 1 :]
    found = slips.credit_codes(wrong)
    assert (code in found) == (wrong != code)
    assert all(map(credit_code.is_valid, found))


@given(CODES)
@few
def test_letters_that_no_credit_code_has_are_the_digits_they_look_like(code: str) -> None:
    wrong = code[:8] + code[8:].replace("0", "O").replace("1", "I")
    assert slips.credit_codes(wrong) == (() if wrong == code else (code,))


def test_what_is_no_number_at_all_may_have_been_nothing() -> None:
    assert slips.identity_numbers("3706021956", UNTIL) == ()
    assert slips.identity_numbers("", UNTIL) == ()
    assert slips.credit_codes("91370602") == ()
