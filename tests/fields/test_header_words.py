"""A header's words: name, unit, note, meaning, and whose."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.fields.headers import alike, attribute, bare, fold, is_running_number, lexicon, role, word

WORDS = st.text("姓名身份证号码户主联系电话地址日期金额本人必填ＡＢab（）()*： 12３", max_size=10)
few = settings(max_examples=80, deadline=None)


@pytest.mark.parametrize(
    ("header", "name", "unit", "note"),
    [
        ("津贴标准(元/月)*", "津贴标准", "元/月", ""),
        ("面积（㎡）", "面积", "m2", ""),
        ("住址（户籍所在地）", "住址", "", "户籍所在地"),
        ("年收入(单位：万元)", "年收入", "万元", ""),
        ("年收入（金额单位: 元）", "年收入", "元", ""),
        ("★ 姓　名：", "姓名", "", ""),
        ("3.联系电话", "联系电话", "", ""),
        ("（二）联系电话", "联系电话", "", ""),
        ("【备注】", "【备注】", "", "备注"),
    ],
)
def test_a_header_is_split_into_name_unit_and_note(header: str, name: str, unit: str, note: str) -> None:
    found = word(header)
    assert (found.name, found.unit, found.note) == (name, unit, note)


@few
@given(WORDS)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.lists(st.sampled_from("姓名身份证号Ab1"), min_size=1), st.sampled_from(["", " ", "\u3000", "\n", "*", "："]))
def test_white_space_width_and_signs_make_no_other_header(letters: list[str], between: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isascii() else c for c in letters)
    assert fold(between.join(letters)) == fold(wide) == "".join(letters).casefold()


@few
@given(WORDS.map(fold), WORDS.map(fold))
def test_likeness_is_symmetric_and_one_only_for_the_same(one: str, other: str) -> None:
    assert alike(one, other) == alike(other, one)
    assert 0.0 <= alike(one, other) <= 1.0
    assert (alike(one, other) == 1.0) == (one == other)


def test_words_of_one_meaning_are_more_alike_than_words_that_share_characters() -> None:
    assert alike("手机号码", "联系方式") > alike("手机号码", "身份证号码")
    assert alike("家庭住址", "居住地址") > alike("家庭住址", "家庭人口")
    assert alike("出生日期", "出生时间") > alike("出生日期", "检查日期")


def test_decoration_falls_off_but_never_the_whole_name() -> None:
    assert bare("本人姓名1") == "姓名"
    assert bare("人员信息") != ""
    assert bare("12") == "12"


@pytest.mark.parametrize("header", ["序号", " 序  号 ", "No.", "序", "基本情况>序号"])
def test_the_running_number_is_known_by_its_name(header: str) -> None:
    assert is_running_number(header)


@pytest.mark.parametrize("header", ["工单编号", "编号", "户号", "序列号", "序号>姓名"])
def test_a_number_that_names_a_thing_is_no_running_number(header: str) -> None:
    assert not is_running_number(header)


@pytest.mark.parametrize(
    ("levels", "whose"),
    [
        (("身份证号",), ""),
        (("户主身份证号",), "householder"),
        (("户主信息", "身份证号"), "householder"),
        (("监护人", "联系电话"), "guardian"),
        (("紧急联系人电话",), "contact"),
        (("法定代表人身份证号",), "representative"),
        (("与户主关系",), ""),
        (("家庭成员", "与户主的关系"), ""),
        (("配偶姓名",), "spouse"),
    ],
)
def test_a_header_says_whose_attribute_it_asks_for(levels: tuple[str, ...], whose: str) -> None:
    assert role(levels) == whose


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("公民身份号码", "identity_number"),
        ("手机", "phone"),
        ("现居住地址", "address"),
        ("户籍所在地", "registered_address"),
        ("出生年月", "birth_month"),
        ("出生年月日", "birth_date"),
        ("残疾证号", "disability_certificate"),
        ("统一社会信用代码", "credit_code"),
        ("孩子姓名", "name"),
    ],
)
def test_everyday_headers_mean_what_people_mean(name: str, meant: str) -> None:
    assert attribute(name)[0] == meant


@few
@given(WORDS.map(fold))
def test_how_sure_a_meaning_is_lies_between_nothing_and_one(name: str) -> None:
    meant, sure = attribute(name)
    assert 0.0 <= sure <= 1.0
    assert (meant == "") == (sure == 0.0)


def test_every_word_of_the_lexicon_means_its_own_attribute() -> None:
    shared = {"现居住地", "现居住地址"}
    for key, (_, words) in lexicon().attributes.items():
        for one in words - shared:
            assert attribute(one) == (key, 1.0), one


def test_a_word_of_nobody_means_nothing() -> None:
    assert attribute("zzqx") == ("", 0.0)
