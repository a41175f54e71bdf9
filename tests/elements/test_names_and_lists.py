"""Names of people and organisations, addresses, code lists, free text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.elements import address, code_list, element
from reportkit.elements.person_name import sounds
from reportkit.elements.shape import Scope
from reportkit.elements.sounds import heard_alike


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("张 三", "张三"),
        ("\u3000张三\u200b", "张三"),
        ("劉海芳", "刘海芳"),
        ("李乾坤", "李乾坤"),
        ("买买提•吐尔逊", "买买提·吐尔逊"),
        ("买买提．吐尔逊", "买买提·吐尔逊"),
        ("张三(户主)", "张三"),
        ("John  Smith", "John Smith"),
        ("张三\n", "张三"),
    ],
)
def test_names_are_written_one_way(written: str, value: str) -> None:
    assert element("person-name").normalise(written, Scope()) == value


def grade(name: str, one: str, other: str) -> str:
    kind = element(name)
    values = [kind.normalise(text, Scope()) for text in (one, other)]
    return kind.levels[kind.compare(values[:1], values[1:])[0]]


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("张静雪", "张静雪", "same"),
        ("李丽", "李莉", "homophone"),
        ("张静雪", "张金雪", "sounds"),
        ("黄伟", "房伟", "sounds"),
        ("王志鹏", "王忘鹏", "near"),
        ("王志鹏", "王鹏志", "near"),
        ("王志鹏", "王鹏", "part"),
        ("王丽丽", "王丽", "part"),
        ("买买提·吐尔逊", "买买提", "part"),
        ("王志鹏", "王大鹏", "distant"),
        ("王志鹏", "李四光", "differ"),
        ("王志鹏", "李志鹏", "differ"),
        ("王小明", "Wang Xiaoming", "homophone"),
        ("王小明", "Xiaoming WANG", "homophone"),
        ("John Smith", "SMITH, John", "same"),
        ("Dr. Patrick O'Brien", "Patrick O Brien", "same"),
        ("Jane McDonald", "Jane MacDonald", "same"),
        ("Peter van der Berg", "Peter Vanderberg", "same"),
        ("John Smith", "Jon Smyth", "sounds"),
        ("John Smith", "Johm Smith", "near"),
        ("Bill Smith", "William Smith", "near"),
        ("Mary Ann Smith", "Mary Smith", "part"),
        ("J. Smith", "John Smith", "initial"),
        ("Smith", "John Smith", "initial"),
        ("John Smith", "Mary Smith", "differ"),
        ("J. Jones", "John Smith", "differ"),
    ],
)
def test_names_agree_by_degrees(one: str, other: str, level: str) -> None:
    assert grade("person-name", one, other) == level


@pytest.mark.parametrize(
    ("name", "one", "other", "level"),
    [
        ("given-name", "JOSÉ", "Jose", "same"),
        ("given-name", "Mary-Ann", "mary ann", "same"),
        ("given-name", "Stephen", "Steven", "sounds"),
        ("given-name", "Catherine", "Kathryn", "sounds"),
        ("given-name", "Robert", "Bob", "near"),
        ("given-name", "Elizabeth", "Elizapeth", "near"),
        ("given-name", "Mary Ann", "Mary", "part"),
        ("given-name", "J", "John", "initial"),
        ("given-name", "J", "Mary", "differ"),
        ("given-name", "Harrison", "Harris", "near"),
        ("given-name", "Joshua", "Jessica", "differ"),
        ("given-name", "志鹏", "忘鹏", "near"),
        ("given-name", "志鹏", "鹏", "part"),
        ("given-name", "志鹏", "大鹏", "distant"),
        ("surname", "O'Brien", "OBRIEN", "same"),
        ("surname", "McDonald", "MacDonald", "same"),
        ("surname", "Müller", "Muller", "same"),
        ("surname", "Smith", "Smyth", "sounds"),
        ("surname", "Thompson", "Thomson", "near"),
        ("surname", "Smith-Jones", "Jones", "part"),
        ("surname", "Rodriguez", "Rdrgz", "sounds"),
        ("surname", "Lee", "Lou", "differ"),
        ("surname", "黄", "房", "sounds"),
        ("surname", "冶", "治", "near"),
        ("surname", "欧阳", "欧", "part"),
        ("place", "St. Helens", "SAINT HELENS", "same"),
        ("place", "Nth Sydney", "North Sydney", "same"),
        ("place", "New South Wales", "NSW", "part"),
        ("place", "Melborne", "Melbourne", "sounds"),
        ("place", "Brisbame", "Brisbane", "near"),
        ("place", "烟台市", "烟台", "part"),
        ("place", "山东省烟台市福山区", "福山区", "part"),
        ("place", "Perth", "Sydney", "differ"),
        ("postcode", "sw1a 1aa", "SW1A1AA", "same"),
        ("postcode", "12345-6789", "12345", "same"),
        ("postcode", "2138", "02138", "same"),
        ("postcode", "264003", "264030", "slip"),
        ("postcode", "264003", "264099", "part"),
        ("postcode", "SW1A 1AA", "SW1A 2BB", "part"),
        ("postcode", "264003", "100010", "differ"),
    ],
)
def test_names_of_persons_and_places_agree_by_degrees(name: str, one: str, other: str, level: str) -> None:
    assert grade(name, one, other) == level
    assert grade(name, other, one) == level


@pytest.mark.parametrize(
    ("name", "other"), [("单丽", "山丽"), ("曾华", "增华"), ("解放", "谢放"), ("任青", "人青"), ("张新", "章星")]
)
def test_surnames_sound_as_surnames(name: str, other: str) -> None:
    assert sounds(name) == sounds(other)


def test_a_digit_in_a_name_is_doubtful() -> None:
    assert element("person-name").check("张3", Scope()) == "name-character"


SEX, KIN, GRADES = ("男", "女"), ("户主", "配偶", "子", "女", "父亲"), ("一级", "二级", "三级", "四级")


@pytest.mark.parametrize(
    ("values", "written", "value"),
    [
        (SEX, "1-男", "男"),
        (SEX, "(2)女", "女"),
        (SEX, " 男 性", "男"),
        (SEX, "女儿", "女儿"),
        (KIN, "女儿", "女"),
        (KIN, "长子", "子"),
        (KIN, "老伴", "配偶"),
        (KIN, "本人", "户主"),
        (KIN, "02-配偶", "配偶"),
        (GRADES, "Ⅰ级", "一级"),
        (GRADES, "3级", "三级"),
        (GRADES, "IV", "四级"),
        (GRADES, "五级", "五级"),
        (("汉族", "回族"), "漢", "汉族"),
        (("A类", "B类"), "a", "A类"),
        (("砖混", "砖木"), "砖混结构", "砖混"),
        (("视力残疾", "听力残疾"), "视力", "视力残疾"),
        (("是", "否"), "√", "是"),
        (("是", "否"), "×", "否"),
        (("有", "无"), "无", "无"),
        (("健康", "残疾"), "无", ""),
        (("健康", "残疾"), "/", ""),
        (("满意", "不满意"), "不满意", "不满意"),
        (("脱贫不稳定户", "边缘易致贫户"), "脱贫稳定户", "脱贫稳定户"),
        (("1-一般", "2-重大"), "2", "2-重大"),
        (("1-一般", "2-重大"), "重大", "2-重大"),
        (("低保", "特困"), "低保、特困", "低保、特困"),
        ((), " 随 便 ", "随便"),
    ],
)
def test_a_code_list_reads_what_people_write(values: tuple[str, ...], written: str, value: str) -> None:
    assert element("code").normalise(written, Scope(values=values)) == value


def test_what_is_not_on_the_list_is_found_and_the_nearest_named() -> None:
    school = ("小学", "初中", "高中")
    assert element("code").check("初种", Scope(values=school)) == "code-unknown"
    assert code_list.nearest("初种", school) == "初中"
    assert code_list.nearest("农民", ("群众", "党员")) == ""


def test_synonyms_never_make_one_value_another_of_the_same_list() -> None:
    for values in (SEX, KIN, GRADES, ("儿子", "长子"), ("无", "有", "否", "是")):
        assert [element("code").normalise(value, Scope(values=values)) for value in values] == list(values)


def test_addresses_lose_their_spaces_and_keep_their_numbers() -> None:
    assert element("address").normalise("幸福路 １２ 号", Scope()) == "幸福路12号"
    assert address.tail("翠园小区3号楼2单元101室") == "3 2 101"
    assert address.tail("翠园小区三号楼") == "3"


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("烟台市福山区清洋街道翠园小区3号楼2单元101室", "翠园小区3号楼2单元101室", "contained"),
        ("翠园小区3号楼2单元101室", "翠园小区三号楼2单元101", "contained"),
        ("翠园小区3号楼2单元101室", "翠园小区3-2-101", "contained"),
        ("翠园小区3号楼2单元101室", "翠园小区3号楼", "contained"),
        ("烟台市福山区清洋街道翠园小区3号楼2单元101室", "翠园小区3号楼2单元102室", "differ"),
        ("前岭村3组12号", "石良镇前岭村12号", "contained"),
        ("前岭村3组12号", "前岭村4组12号", "differ"),
        ("前岭村", "前岭村12号", "differ"),
        ("前岭村3组", "前岭村12号", "part"),
        ("翠园花苑3号楼101室", "翠圆花苑3号楼101室", "differ"),
        ("翠园国际花苑小区3号楼101室", "翠圆国际花苑小区3号楼101室", "similar"),
        ("12 High St.", "12 high street", "same"),
        ("Flat 2, 12 High Street", "2/12 High St", "same"),
        ("Flat 2, 12 High Street", "12 High St", "contained"),
        ("12 Wallaby Street", "12 Walaby Street", "similar"),
        ("12 Wallaby Street, Yass", "12 Wallaby St", "contained"),
        ("12 High Street", "14 High Street", "part"),
        ("12 High Street", "High Street", "part"),
        ("12 High Street", "12 Station Road", "differ"),
        ("Hauptstraße 5", "5 Hauptstr.", "same"),
    ],
)
def test_addresses_agree_by_degrees(one: str, other: str, level: str) -> None:
    assert grade("address", one, other) == level
    assert grade("address", other, one) == level


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("烟台市嘉禾机械有限公司", "烟台市嘉禾机械有限公司", "same"),
        ("烟台市嘉禾机械有限公司", "嘉禾机械有限责任公司", "core"),
        ("嘉禾机械有限公司", "嘉和机械有限公司", "similar"),
        ("嘉禾机械有限公司", "嘉禾", "part"),
        ("烟台市嘉禾机械有限公司", "鲁东水产有限公司", "differ"),
        ("The Acme Mfg. Co., Ltd.", "ACME Manufacturing GmbH", "core"),
        ("Acme Manufacturing Inc", "Manufacturing Acme LLC", "core"),
        ("Acme Manufacturing Inc", "Acme Manufactring", "similar"),
        ("International Business Machines Corp.", "IBM", "part"),
        ("Zeppelin Systems", "Zeppelin Holdings Ltd", "part"),
        ("Acme Holdings", "Global Holdings", "differ"),
    ],
)
def test_organisations_agree_by_degrees(one: str, other: str, level: str) -> None:
    assert grade("organisation-name", one, other) == level
    assert grade("organisation-name", other, one) == level


def test_organisations_are_written_one_way() -> None:
    assert element("organisation-name").normalise("嘉 禾机械（烟台）有限公司", Scope()) == "嘉禾机械(烟台)有限公司"


@pytest.mark.parametrize(
    ("name", "one", "other", "level"),
    [
        ("code", "123-45-6789", "123456789", "same"),
        ("code", "1234567", "1234576", "slip"),
        ("code", "1234567", "1243576", "near"),
        ("code", "123", "124", "differ"),
        ("code", "听力残疾", "视力残疾", "differ"),
        ("text", "您好，谢谢！", "您好谢谢", "same"),
        ("text", "drainage blocked near the school", "drainage blocked near school", "similar"),
        ("text", "水管漏水", "道路破损", "differ"),
        ("phone", "0535-6250001", "6250001", "same"),
        ("phone", "+1 (555) 625-0001", "555-625-0001", "same"),
        ("phone", "0535-6250001-8", "0535-6250001", "same"),
        ("phone", "13812345678", "13812345687", "slip"),
        ("phone", "13812345678", "13812346687", "near"),
        ("phone", "13812345678", "13912345678", "slip"),
        ("phone", "13812345678", "15066667777", "differ"),
    ],
)
def test_marks_and_texts_agree_by_degrees(name: str, one: str, other: str, level: str) -> None:
    assert grade(name, one, other) == level
    assert grade(name, other, one) == level


def test_text_keeps_its_words_and_punctuation() -> None:
    assert element("text").normalise(" 您好，\n 谢谢！ ", Scope()) == "您好，谢谢！"


@pytest.mark.parametrize(
    ("name", "yes", "no"),
    [
        ("person-name", "王小明", "幸福路12号"),
        ("organisation-name", "嘉禾机械有限公司", "王小明"),
        ("address", "幸福路12号3单元", "王小明"),
        ("phone", "13812345678", "20240305"),
        ("credit-code", "91350100M000100Y43", "91350100M000100Y44"),
        ("integer", "12人", "3.5"),
        ("amount", "1,200元", "若干"),
        ("month", "2024年3月", "2024"),
        ("year", "2012年", "20120"),
    ],
)
def test_columns_can_be_told_by_their_values(name: str, yes: str, no: str) -> None:
    assert element(name).resembles(yes)
    assert not element(name).resembles(no)


@given(st.text("尉迟玉张章新欣 ab·ＡbC单于", max_size=5), st.text("尉迟玉张章新欣 ab·ＡbC单于", max_size=5))
def test_names_are_heard_alike_just_where_their_keys_are_the_same(one: str, other: str) -> None:
    assert heard_alike(one, other) == (sounds(one) == sounds(other))
