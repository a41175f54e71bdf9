"""Identity numbers, credit codes and accounts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from reportkit.elements import account, credit_code, element, identity_number
from reportkit.elements.shape import Scope

NOW = Scope(until=date(2026, 11, 30), future=False)
#: The example of GB 11643-1999, annex.
STANDARD = "11010519491231002X"


def weigh(seventeen: str) -> str:
    """ISO 7064 MOD 11-2 by its definition, powers of two from the right: not the table of weights that the package has."""
    total = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(seventeen))
    check = (1 - total) % 11
    return "X" if check == 10 else str(check)


DAYS = st.dates(date(1900, 1, 1), date(2026, 11, 1))


@st.composite
def numbers(draw: st.DrawFn) -> str:
    region = draw(st.integers(110000, 659999))
    seventeen = f"{region}{draw(DAYS):%Y%m%d}{draw(st.integers(0, 999)):03}"
    return seventeen + weigh(seventeen)


@given(numbers())
def test_a_number_built_by_the_standard_passes_however_it_is_written(number: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) for c in number)
    spaced = f"'{number[:6]} {number[6:14]}\u3000{number[14:]}\u200b"
    kind = element("identity-number")
    for written in (number, number.lower(), wide, spaced, f"{number[:6]}-{number[6:14]}-{number[14:]}"):
        assert kind.normalise(written, NOW) == number
    assert kind.check(number, NOW) == ""
    assert identity_number.is_valid(number)
    assert kind.resembles(spaced)


@given(numbers(), st.integers(0, 16), st.integers(1, 9))
def test_every_single_wrong_digit_is_found(number: str, place: int, shift: int) -> None:
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert element("identity-number").check(wrong, NOW) != ""


@given(numbers(), st.integers(0, 15))
def test_two_exchanged_neighbours_are_found(number: str, place: int) -> None:
    wrong = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert wrong == number or element("identity-number").check(wrong, NOW) != ""


@given(numbers())
def test_a_first_generation_number_becomes_the_18_digits_of_the_same_person(number: str) -> None:
    if number[6:8] == "19":
        assert element("identity-number").normalise(number[:6] + number[8:17], NOW) == number


@given(numbers())
def test_birth_date_and_sex_are_read_from_the_number(number: str) -> None:
    assert identity_number.birth_date(number) == date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    assert identity_number.sex(number) == ("女" if int(number[16]) % 2 == 0 else "男")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (STANDARD, ""),
        ("110105194912310021", "identity-number-check-digit"),
        ("1101051949123100", "identity-number-length"),
        ("1101051949123100211", "identity-number-length"),
        ("11010519491231OO2X", "identity-number-character"),
        ("370602********1234", "identity-number-character"),
        ("110105194913310025", "identity-number-birth-date"),
        ("110105205001010025", "identity-number-birth-date"),
        ("110105491331002", "identity-number-birth-date"),
        ("3.70602194503071E+17", "digits-lost"),
        ("370602194503071000", "digits-lost"),
        ("H12345678", ""),
        ("E12345678", ""),
    ],
)
def test_what_is_wrong_with_an_identity_number_is_said(written: str, code: str) -> None:
    kind = element("identity-number")
    assert kind.check(kind.normalise(written, NOW), NOW) == code


def test_a_number_that_excel_rounded_is_never_repaired() -> None:
    written = "3.70602194503071E+17"
    assert element("identity-number").normalise(written, NOW) == written


def test_two_valid_numbers_a_slip_apart_from_nobody_are_two_people() -> None:
    twin_a, twin_b = ("37060220100101" + rest for rest in ("123", "125"))
    twins = [twin_a + weigh(twin_a)], [twin_b + weigh(twin_b)]
    assert element("identity-number").compare(*twins).tolist() == [0]


@pytest.mark.parametrize(
    ("other", "level"),
    [
        (STANDARD, "same"),
        ("110105194912310021", "slip"),
        ("110105194913210021", "near"),
        ("11010519491231002", "slip"),
        ("110105194912310", "part"),
        ("1.10105194912310E+17", "part"),
        ("110105194912310000", "near"),
        ("110105********002X", "part"),
        ("110105********0021", "differ"),
        ("370602194912310021", "differ"),
        ("370602", "differ"),
    ],
)
def test_the_checksum_and_what_is_left_of_a_number_say_how_two_differ(other: str, level: str) -> None:
    kind = element("identity-number")
    assert kind.levels[kind.compare([STANDARD], [other])[0]] == level
    assert kind.levels[kind.compare([other], [STANDARD])[0]] == level


def test_masks_keep_what_is_needed_to_find_the_row() -> None:
    assert element("identity-number").mask("370602194503071234") == "370602********1234"
    assert element("phone").mask("13812345678") == "138****5678"
    assert element("account").mask("6217001234567890123") == "6217***********0123"


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=8, max_size=8), st.sampled_from(["91", "92", "12", "51", "93"]))
def test_credit_codes_agree_with_an_independent_check(body: str, kind: str) -> None:
    seventeen = f"{kind}370602{body}0"
    code = seventeen + uscc.calc_check_digit(seventeen)
    assert credit_code.is_valid(code)
    assert element("credit-code").normalise(f" {code[:8].lower()} {code[8:]}", NOW) == code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("91350100M000100Y43", ""),
        ("91350100M000100Y44", "credit-code-check-digit"),
        ("91350100M000100Y4", "credit-code-length"),
        ("9135O100M000100Y43", "credit-code-character"),
        ("370602200012345", "credit-code-old"),
        ("9.1350100E+17", "digits-lost"),
    ],
)
def test_what_is_wrong_with_a_credit_code_is_said(written: str, code: str) -> None:
    kind = element("credit-code")
    assert kind.check(kind.normalise(written, NOW), NOW) == code


@pytest.mark.parametrize(
    ("written", "value", "code"),
    [
        ("6217 0012 3456 7890 123", "6217001234567890123", ""),
        ("'６２１７００１２３４５６７８９０１２３", "6217001234567890123", ""),
        ("6.217E+18", "6.217E+18", "digits-lost"),
        ("6217001234567890000", "6217001234567890000", "digits-lost"),
        ("农行6217001234567890123", "农行6217001234567890123", "account-character"),
    ],
)
def test_accounts_keep_their_digits(written: str, value: str, code: str) -> None:
    kind = element("account")
    assert (kind.normalise(written, NOW), kind.check(value, NOW)) == (value, code)


def test_luhn_knows_the_example_of_its_standard() -> None:
    assert account.luhn("79927398713")
    assert not account.luhn("79927398710")


def test_someone_born_tomorrow_is_a_finding() -> None:
    seventeen = f"370602{NOW.until + timedelta(days=1):%Y%m%d}001"
    assert element("identity-number").check(seventeen + weigh(seventeen), NOW) == "identity-number-birth-date"


@pytest.mark.parametrize("raw", ["3.70602195603121E+17", "3.7060219560312e+17", "370602195603121000", "370602560312123"])
def test_what_a_spreadsheet_left_of_an_identity_number_looks_like_one(raw: str) -> None:
    assert element("identity-number").resembles(raw)


@pytest.mark.parametrize(
    "raw", ["6.22202160812345E+18", "3.70602195613121E+17", "622202195603121000000", "123456789012345000", "1.5E+17"]
)
def test_what_is_left_of_another_number_does_not(raw: str) -> None:
    assert not element("identity-number").resembles(raw)
