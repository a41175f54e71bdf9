"""What identifiers and names settle of a pair before the model is asked."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from desk import identity
from villagers import FIELDS, Person, frame, slipped, villagers

from reportkit.linkage.blocking import Pairs
from reportkit.linkage.scoring import compare_all
from reportkit.linkage.settlement import Settled, identifier_of, settler, shared_of
from reportkit.linkage.values import Column, LinkField, encode

NUMBER = LinkField("身份证号", "identity-number", "person.identity_number", key=True)
OWNER = LinkField("房主身份证号", "identity-number", "owner.identity_number", key=True)
NAME = LinkField("姓名", "person-name", "person.name")
SITE = LinkField("坐落", "address", key=True)
CREDIT = LinkField("统一社会信用代码", "credit-code", key=True)
DAY = LinkField("检查日期", "date", key=True)
VALUES = {
    "身份证号": identity(1),
    "房主身份证号": identity(2),
    "姓名": "王芳",
    "坐落": "前岭村1号",
    "统一社会信用代码": "91110000600037341L",
    "检查日期": "2024-03-05",
    "电话": "13900000001",
    "金额": "100",
}


def columns(*fields: LinkField) -> list[Column]:
    return encode(frame([tuple(VALUES[field.name] for field in fields)], fields), fields)


@pytest.mark.parametrize(
    ("fields", "entity", "wanted"),
    [
        ((NAME, NUMBER), "person", "身份证号"),
        ((SITE, NUMBER), "person", "身份证号"),
        ((SITE, OWNER), "house", None),
        ((CREDIT, DAY), "hazard", None),
        ((CREDIT,), "enterprise", "统一社会信用代码"),
        ((NAME, LinkField("身份证号", "identity-number")), "", "身份证号"),
        ((NAME, LinkField("身份证号", "identity-number")), "matter", None),
        ((NAME,), "person", None),
    ],
)
def test_an_identifier_in_the_key_names_the_rows_own_thing_unless_the_key_needs_more(
    fields: tuple[LinkField, ...], entity: str, wanted: str | None
) -> None:
    found = identifier_of(columns(*fields), entity)
    assert (found.field.name if found else None) == wanted


@pytest.mark.parametrize(
    ("entity", "wanted"), [("person", [False, True, True, False]), ("enterprise", [False] * 4), ("", [False, True, True, False])]
)
def test_phone_and_address_are_a_households_where_rows_are_about_persons(entity: str, wanted: list[bool]) -> None:
    fields = (NAME, LinkField("电话", "phone"), LinkField("坐落", "address"), LinkField("金额", "amount"))
    assert shared_of(columns(*fields), entity).tolist() == wanted


def test_without_names_nothing_is_a_households() -> None:
    assert shared_of(columns(LinkField("电话", "phone"), LinkField("坐落", "address")), "").tolist() == [False, False]


# -- pairs ---------------------------------------------------------------------------------------------------


def settled(rows: list[Person], fields: tuple[LinkField, ...] = FIELDS, entity: str = "person") -> dict[tuple[int, int], Settled]:
    """What is settled of each pair of rows."""
    made = encode(frame(rows, fields), fields)
    every = np.array(list(combinations(range(len(rows)), 2)), dtype=np.int32)
    pairs = compare_all(made, shared_of(made, entity), [Pairs(every[:, 0], every[:, 1])])
    found = settler(made, entity, pairs).settle(pairs)
    return {
        (int(i), int(j)): Settled(found.same[n], found.other[n], found.named[n], found.unsure[n])
        for n, (i, j) in enumerate(every)
    }


NUMBERS = [identity(1), identity(2), slipped(identity(1)), None]
NAMES = ["王芳", "王方", "孙强", None]


def test_two_right_numbers_say_same_or_other_whatever_the_rest_says() -> None:
    rows: list[Person] = [(name, number, "13900000001", "前岭村1号") for name in NAMES for number in NUMBERS]
    for (i, j), found in settled(rows).items():
        one, other = rows[i][1], rows[j][1]
        both = {one, other} <= {identity(1), identity(2)}
        assert found.same == (both and one == other)
        if both and one != other:
            assert found.other


def test_one_number_under_names_that_have_nothing_in_common_is_not_settled_as_one_thing() -> None:
    rows: list[Person] = [
        *villagers(20),
        ("孙佳怡", identity(700), "13700000001", "后岭村1号"),
        ("周大海", identity(700), "13700000002", "后岭村2号"),
        ("孙家怡", identity(700), "13700000003", "后岭村3号"),
        (None, identity(700), "13700000004", "后岭村4号"),
    ]
    found = settled(rows)
    assert found[20, 21].same
    assert not found[20, 21].named
    assert found[20, 22].named
    assert found[20, 23].named


def test_names_that_have_nothing_in_common_are_other_people_where_no_number_says_otherwise() -> None:
    found = settled([*villagers(20), ("孙佳怡", None, "13700000001", "后岭村1号"), ("周大海", None, "13700000001", "后岭村1号")])
    assert found[20, 21].other


def test_one_fact_that_agrees_joins_nobody() -> None:
    found = settled(
        [
            *villagers(20),
            ("孙佳怡", None, "13700000001", None),
            ("孙佳怡", None, None, None),
            ("孙佳怡", None, "13700000001", None),
        ]
    )
    assert found[20, 21].unsure
    assert not found[20, 22].unsure


def test_several_key_fields_deny_where_one_differs_and_a_day_where_it_is_another() -> None:
    rows: list[Person] = [
        ("91110000600037341L", "2024-03-05"),
        ("91110000600037341L", "2024-03-06"),
        ("91110000600037341L", "2024-03-05"),
        ("91370600MA3C0000XX", "2024-03-05"),
    ]
    found = settled(rows, (CREDIT, DAY), "hazard")
    assert found[0, 1].other
    assert not found[0, 2].other
    assert found[0, 3].other


@pytest.mark.parametrize("whose", [("householder.name", "person.name"), ("", "")], ids=["by concept", "by what rows show"])
def test_the_householders_name_is_not_the_rows_own(whose: tuple[str, str]) -> None:
    fields = (
        LinkField("户主", "person-name", whose[0]),
        LinkField("成员", "person-name", whose[1]),
        NUMBER,
    )
    families = [
        (f"王{'芳强敏洋静'[n // 3 % 5]}{'一二三四五六七八'[n // 15]}", name) for n, (name, *_) in enumerate(villagers(60))
    ]
    rows: list[Person] = [(head, name, identity(n)) for n, (head, name) in enumerate(families)]
    rows += [(head, name, identity(n)) for n, (head, name) in enumerate(families[:20])]
    # One member of the first family without a number, and a stranger under another householder with the same name.
    rows += [(families[0][0], "孙小妹", None), ("周大海", families[0][1], None)]
    found = settled(rows, fields)
    assert found[0, 80].other
    assert not found[0, 81].other
