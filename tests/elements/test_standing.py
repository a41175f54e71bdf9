"""What stands as it is would come out of normaliser and check untouched: the quick way and the slow way agree on every element."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from desk import identity
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit import records
from reportkit.elements import ELEMENTS
from reportkit.elements.shape import Scope

#: Usual values of each element; a quick way that knew none of them would be no way at all.
USUAL = {
    "identity-number": (identity(1), identity(2), "11010519491231002X"),
    "credit-code": ("91350100M000100Y43",),
    "disability-certificate": ("11010519491231002X43", "11010519491231002X11B2"),
    "person-name": ("王芳", "欧阳小红"),
    "organisation-name": ("烟台嘉禾机械有限公司",),
    "phone": ("13812345678",),
    "date": ("2024-03-05", "1949-10-01", "2024-12-31"),
    "month": ("2024-03", "1999-12"),
    "year": ("2024", "1000"),
    "address": ("前岭村3号", "幸福路12号"),
    "amount": ("0", "1200", "0.5", "99999999999999"),
    "integer": ("0", "3", "65"),
    "code": ("男", "一级"),
    "account": ("6217001234567890123", "123456789012"),
    "text": ("王芳，前岭村", "a-b", "没有"),
    "given-name": ("志鹏",),
    "surname": ("刘",),
    "postcode": ("264003",),
    "place": ("烟台市",),
    "vehicle-plate": ("鲁F·12345", "鲁F·D12345"),
}
SCOPES = (
    Scope(),
    Scope(until=date(2026, 11, 30), future=False),
    Scope(values=("男", "女", "一级", "无"), minimum=1, maximum=100),
    Scope(values=("100", "200.5", "０", "1,200"), minimum=0.5),
    Scope(minimum=-5, maximum=65, unit="万元"),
    Scope(until=date(1950, 1, 1)),
)
ODD = "0123456789XxE.-+/·,'万元年月日号 　\x1f\u200b１Ａ男女无王芳劉没有暂空村鲁FBDIOZ长期一二"


@st.composite
def written(draw: st.DrawFn) -> str:
    """A usual value of any element, often with a slip, or a heap of characters."""
    text = draw(st.one_of(st.sampled_from([one for some in USUAL.values() for one in some]), st.text(ODD, max_size=20)))
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(["", *ODD])) + text[at + draw(st.integers(0, 1)) :]
    return text


@pytest.mark.parametrize("name", sorted(ELEMENTS))
@settings(max_examples=150, deadline=None)
@given(texts=st.lists(st.one_of(written(), st.text(max_size=12)), min_size=1, max_size=20), scope=st.sampled_from(SCOPES))
def test_a_value_that_stands_is_canonical_as_written_and_right(name: str, texts: list[str], scope: Scope) -> None:
    kind = ELEMENTS[name]
    assert kind.stands is not None
    told = kind.stands(pl.Series(texts, dtype=pl.String), scope).to_list()
    wrong = [
        t for t, stands in zip(texts, told, strict=True) if stands and (kind.normalise(t, scope), kind.check(t, scope)) != (t, "")
    ]
    assert wrong == []
    assert None not in told


@pytest.mark.parametrize("name", sorted(ELEMENTS))
@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.one_of(st.none(), written().filter(str.strip)), min_size=1, max_size=20), scope=st.sampled_from(SCOPES))
def test_a_column_reads_alike_whether_its_element_has_a_quick_way_or_not(
    name: str, texts: list[str | None], scope: Scope
) -> None:
    column = pl.Series("x", texts, dtype=pl.String)
    quick = records._judge(column, ELEMENTS[name], scope)
    slow = records._judge(column, replace(ELEMENTS[name], stands=None), scope)
    assert [one.to_list() for one in quick] == [one.to_list() for one in slow]


@pytest.mark.parametrize("name", sorted(ELEMENTS))
def test_usual_values_stand(name: str) -> None:
    scope = Scope(values=("男", "一级")) if name == "code" else Scope()
    stands = ELEMENTS[name].stands
    assert stands is not None
    assert [text for text, good in zip(USUAL[name], stands(pl.Series(USUAL[name]), scope), strict=True) if not good] == []


@pytest.mark.parametrize("name", sorted(ELEMENTS))
def test_a_long_column_reads_as_its_values_do_in_a_short_one(name: str) -> None:
    texts = [*USUAL[name], " 无", "劉　芳", "１２", "2024.3.5", "99年2月", "3.70602194503071E+17", None]
    scope = Scope(values=("男", "一级"), maximum=60, until=date(2026, 11, 30), future=False)
    short, long = (pl.Series("x", texts * times, dtype=pl.String) for times in (1, 10_000))
    for few, many in zip(*(records._judge(column, ELEMENTS[name], scope) for column in (short, long)), strict=True):
        assert many.to_list() == few.to_list() * 10_000
