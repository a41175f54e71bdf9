"""What wrong cells most likely should hold: told where it is likely, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from desk import identity
from forms import field, records, template
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.checks import check
from reportkit.elements import credit_code
from reportkit.messages import Language, catalogue
from reportkit.templates import Template
from reportkit.wording import worded

END = date(2026, 11, 30)
PEOPLE = template(
    field("姓名", "person-name"),
    field("身份证号", "identity-number", required=True),
    field("性别", "code", "男", "女", required=True),
    field("出生日期", "date"),
    field("年龄", "integer"),
    field("残疾证号", "disability-certificate"),
    field("残疾类别", "code", "视力", "听力", "言语", "肢体", "智力", "精神", "多重"),
    field("残疾等级", "code", "一级", "二级", "三级", "四级"),
    key=["身份证号"],
)
BORN = [date(1950 + n, 1 + n, 10 + n) for n in range(8)]


def person(n: int) -> list[str]:
    """A row in which everything is right: women have even sequence numbers; 肢体三级."""
    day = BORN[n]
    age = END.year - day.year - (1 if (day.month, day.day) > (11, 30) else 0)
    number = identity(2 * n + n % 2, f"{day:%Y%m%d}")
    return [f"王{'芳强敏洋静磊丽勇'[n]}", number, "女男"[n % 2], day.isoformat(), str(age), f"{number}43", "肢体", "三级"]


def suggested(n: int, *, of: Template = PEOPLE, **changed: str) -> dict[str, str]:
    """Field → suggestion of the findings on a row of which some cells are written otherwise."""
    rows = [person(n) for n in range(8)]
    for name, value in changed.items():
        rows[n][[one.name for one in PEOPLE.fields].index(name)] = value
    found = check(records(of, *rows), END).frame
    assert set(found["row"]) <= {n + 3}
    return dict(found.select("field", "suggestion").iter_rows())


def misread(number: str, at: int, by: int = 1) -> str:
    return number[:at] + str((int(number[at]) + by) % 10) + number[at + 1 :]


@pytest.mark.parametrize("at", [7, 9, 10, 11, 12, 13])
def test_a_digit_misread_in_the_birth_date_is_mended_by_the_rows_birthday(at: int) -> None:
    number = person(2)[1]
    assert suggested(2, 身份证号=misread(number, at), 残疾证号="") == {"身份证号": number}


@pytest.mark.parametrize("at", [6, 7, 9, 11])
def test_neighbours_exchanged_in_the_birth_date_are_mended_by_the_rows_birthday(at: int) -> None:
    number = person(3)[1]
    wrong = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    assert suggested(3, 身份证号=wrong, 残疾证号="") == {"身份证号": number}


def test_where_several_numbers_are_as_likely_none_is_suggested() -> None:
    assert suggested(2, 身份证号=misread(person(2)[1], 15), 残疾证号="") == {"身份证号": ""}


def test_a_letter_among_the_digits_is_mended_by_the_check_digit_alone() -> None:
    number = person(2)[1]
    letter = number[:15] + "O" + number[16:]
    assert suggested(2, 身份证号=letter, 出生日期="", 年龄="", 残疾证号="") == {"身份证号": number}


def test_the_certificate_tells_a_number_that_excel_rounded_or_that_is_missing() -> None:
    number = person(2)[1]
    assert suggested(2, 身份证号=number[:15] + "000") == {"身份证号": number}
    assert suggested(2, 身份证号=f"{number[0]}.{number[1:15]}E+17") == {"身份证号": number}
    assert suggested(2, 身份证号="") == {"身份证号": number}
    assert suggested(2, 身份证号=number[:15] + "000", 残疾证号="") == {"身份证号": ""}


def test_another_rows_number_settles_which_of_several_was_meant() -> None:
    householders = template(field("户主身份证号", "identity-number"), field("身份证号", "identity-number"), key=["身份证号"])
    number = identity(7, "19560312")
    rows = [(number, number), (misread(number, 15), identity(8, "19800101"))]
    found = check(records(householders, *rows), END).frame
    assert found.select("field", "suggestion").rows() == [("户主身份证号", number)]


@pytest.mark.parametrize("written", ["1952-02-31", "1952-13-12", "1952.3", "2052-03-12", "03/12/1952", "不详"])
def test_a_birthday_that_is_none_is_told_by_the_number(written: str) -> None:
    assert suggested(2, 出生日期=written)["出生日期"] == "1952-03-12"


def test_another_date_that_is_none_has_no_suggestion() -> None:
    of = template(field("姓名", "person-name"), field("检查日期", "date"), key=["姓名"])
    found = check(records(of, ("王芳", "2026-06-31"), ("李强", "2026-06-30")), END).frame
    assert found.select("code", "suggestion").rows() == [("date-impossible", "")]


def test_sex_and_age_that_are_missing_or_no_word_are_told_by_the_number() -> None:
    assert suggested(2, 性别="")["性别"] == "女"
    assert suggested(3, 性别="3")["性别"] == "男"
    assert suggested(2, 年龄="约七十")["年龄"] == "74"


def test_a_certificate_is_made_of_number_category_and_grade() -> None:
    number = person(2)[1]
    assert suggested(2, 残疾证号=number) == {"残疾证号": f"{number}43"}
    assert suggested(2, 残疾证号=misread(number, 15) + "43B1") == {"残疾证号": f"{number}43B1"}
    assert suggested(2, 残疾证号=number, 残疾等级="") == {"残疾证号": ""}
    assert suggested(2, 残疾类别="肢提")["残疾类别"] == "肢体"


def test_a_word_that_is_on_no_list_is_told_the_nearest() -> None:
    of = template(field("姓名", "person-name"), field("房屋结构", "code", "砖木", "砖混", "框架", "土木"), key=["姓名"])
    found = check(records(of, ("王芳", "框驾"), ("李强", "竹子")), END).frame
    assert found["suggestion"].to_list() == ["框架", ""]


# -- organisations' codes -----------------------------------------------------------------------------------

FIRMS = template(field("统一社会信用代码", "credit-code"), key=["统一社会信用代码"])


def firm(number: int) -> str:
    inside = f"MA3{number:05}"
    whole = f"91370602{inside}{credit_code.organisation_check(inside)}"
    return whole + credit_code.check_character(whole)


CODES = [firm(n) for n in range(100, 130)]


def test_the_organisation_codes_own_check_digit_is_that_of_the_standard() -> None:
    assert credit_code.organisation_check("D2143569") == "X"


@given(st.integers(0, 29), st.integers(8, 15), st.integers(1, 9))
@settings(max_examples=30, deadline=None)
def test_a_suggested_credit_code_is_the_right_one(n: int, at: int, by: int) -> None:
    right = CODES[n]
    wrong = right[:at] + "0123456789"[(ord(right[at]) + by) % 10] + right[at + 1 :]
    found = check(records(FIRMS, *[[one] for one in CODES], [wrong]), END).frame
    assert set(found["suggestion"]) <= {right, ""}


def test_a_letter_that_no_credit_code_has_is_the_digit_it_looks_like() -> None:
    wrong = CODES[0].replace("0", "O")
    found = check(records(FIRMS, [wrong], *[[one] for one in CODES[1:]]), END).frame
    assert found.select("code", "suggestion").rows() == [("credit-code-character", CODES[0])]


def test_a_credit_code_of_another_row_is_suggested_for_one_that_is_a_slip_from_it() -> None:
    wrong = CODES[3][:12] + ("7" if CODES[3][12] != "7" else "8") + CODES[3][13:]
    found = check(records(FIRMS, [wrong], *[[one] for one in CODES]), END).frame
    assert found["suggestion"].to_list() == [CODES[3]]


# -- digits that Excel lost ---------------------------------------------------------------------------------

PAID = template(
    field("户主姓名", "person-name", concept="householder.name"),
    field("户主身份证号", "identity-number", concept="householder.identity_number"),
    field("姓名", "person-name", concept="person.name"),
    field("身份证号", "identity-number", concept="person.identity_number"),
    field("银行账号", "account", concept="person.account"),
)
HEAD, WIFE = identity(7, "19560312"), identity(8, "19580604")
CARD, OTHER_CARD = "6217001234567891235", "6217001234567812225"


def rounded(number: str) -> str:
    """As Excel keeps a number that was typed as one."""
    return number[:15] + "0" * (len(number) - 15)


def shown(number: str) -> str:
    """As Excel shows it, saved as text."""
    return f"{number[0]}.{number[1:15]}E+{len(number) - 1}"


def meant(*rows: tuple[str, ...], of: Template = PAID) -> dict[str, str]:
    """Field → suggestion of findings about digits that are lost."""
    found = check(records(of, *rows), END).frame.filter(code="digits-lost")
    return dict(found.select("field", "suggestion").iter_rows())


@pytest.mark.parametrize("lost", [rounded, shown])
def test_a_number_that_excel_rounded_is_told_by_the_same_persons_other_row(lost: Callable[[str], str]) -> None:
    whole = ("王强", HEAD, "李芳", WIFE, CARD)
    assert meant(whole, ("王强", HEAD, "李芳", lost(WIFE), CARD)) == {"身份证号": WIFE}
    assert meant(whole, ("王强", HEAD, "李芳", WIFE, lost(CARD))) == {"银行账号": CARD}
    assert meant(whole, ("王强", HEAD, "李芳", lost(WIFE), lost(CARD))) == {"身份证号": WIFE, "银行账号": CARD}


def test_a_householders_number_stands_in_his_own_row() -> None:
    assert meant(("王强", rounded(HEAD), "李芳", WIFE, ""), ("王强", HEAD, "王强", HEAD, "")) == {"户主身份证号": HEAD}


def test_a_namesake_who_was_born_on_another_day_is_another_person() -> None:
    other = identity(9, "19700101")
    assert meant(("王强", HEAD, "李芳", other, CARD), ("王强", HEAD, "李芳", rounded(WIFE), rounded(CARD))) == {
        "身份证号": "",
        "银行账号": "",
    }


def test_a_number_that_begins_alike_under_another_name_is_another_persons() -> None:
    assert meant(("王强", HEAD, "李静", WIFE, CARD), ("王强", HEAD, "李芳", rounded(WIFE), rounded(CARD))) == {
        "身份证号": "",
        "银行账号": "",
    }


def test_a_number_that_ends_in_zeros_by_chance_may_hold_a_slip_instead() -> None:
    number = next(one for n in range(1000) if (one := identity(n, "19520312")).endswith("000"))
    wrong = misread(number, 10)
    of = template(field("姓名", "person-name"), field("身份证号", "identity-number"), field("出生日期", "date"), entity="person")
    others = [(f"王{c}", identity(n, f"195{n}0312"), f"195{n}-03-12") for n, c in enumerate("芳强敏洋静")]
    assert meant(*others, ("李强", wrong, "1952-03-12"), of=of) == {"身份证号": number}


@pytest.mark.parametrize(
    ("left", "suggestion"),
    [
        ("6.21700123456789E+18", CARD),
        ("6.2170012345679E+18", CARD),
        ("6.2170012345678E+18", CARD),
        ("6.21700123456790E+18", ""),
        ("6.21700123456788E+18", ""),
        ("6.21700123456789E+17", ""),
    ],
)
def test_the_last_digit_that_is_left_is_cut_or_rounded(left: str, suggestion: str) -> None:
    assert meant(("王强", HEAD, "李芳", WIFE, CARD), ("王强", HEAD, "李芳", WIFE, left)) == {"银行账号": suggestion}


def test_of_two_whole_numbers_that_begin_alike_none_is_suggested() -> None:
    rows = [("王强", HEAD, "李芳", WIFE, card) for card in ("6217001234567891235", "6217001234567891003")]
    assert meant(*rows, ("王强", HEAD, "李芳", WIFE, rounded(CARD))) == {"银行账号": ""}
    assert meant(*rows[:1], ("王强", HEAD, "李芳", WIFE, rounded(OTHER_CARD))) == {"银行账号": ""}


def test_a_whole_number_that_the_rows_sex_denies_is_not_suggested() -> None:
    of = template(
        field("姓名", "person-name"), field("身份证号", "identity-number"), field("性别", "code", "男", "女"), entity="person"
    )
    rows = [(f"王{'芳强敏洋静磊'[n]}", identity(n, f"195{n}0312"), "女男"[n % 2]) for n in range(6)]
    woman = rows[2][1]
    assert meant(*rows, (rows[2][0], rounded(woman), "女"), of=of) == {"身份证号": woman}
    assert meant(*rows, (rows[2][0], rounded(woman), "男"), of=of) == {"身份证号": ""}


def test_an_enterprises_code_is_told_by_its_name() -> None:
    of = template(field("企业名称", "organisation-name"), field("统一社会信用代码", "credit-code"), entity="enterprise")
    whole = "91370602166543217"
    whole += credit_code.check_character(whole)
    names = [("海州食品有限公司", whole), ("东河机械有限公司", CODES[0])]
    assert meant(*names, ("海州食品有限公司", shown(whole)), of=of) == {"统一社会信用代码": whole}
    assert meant(*names, ("东河机械有限公司", shown(whole)), of=of) == {"统一社会信用代码": ""}


# -- words --------------------------------------------------------------------------------------------------


def test_a_message_names_the_suggestion_and_has_no_empty_bracket_without_one() -> None:
    of = template(field("姓名", "person-name"), field("房屋结构", "code", "砖木", "砖混", "框架"), key=["姓名"])
    found = check(records(of, ("王芳", "框驾"), ("李强", "竹子")), END)
    assert worded(found, catalogue(), Language.ZH)["message"].to_list() == [
        "“框驾”不在可选值中（建议：框架）",
        "“竹子”不在可选值中",
    ]
    assert worded(found, catalogue(), Language.EN)["message"][1] == "“竹子” is not one of the allowed values"
