"""Promises that all elements make."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reportkit.elements
from reportkit.elements import ELEMENTS, element
from reportkit.elements.pairing import Coded
from reportkit.elements.shape import Scope
from reportkit.messages import Language, catalogue, say

NAMES = [
    "identity-number",
    "credit-code",
    "person-name",
    "organisation-name",
    "phone",
    "date",
    "month",
    "year",
    "address",
    "amount",
    "integer",
    "code",
    "account",
    "text",
    "given-name",
    "surname",
    "postcode",
    "place",
    "vehicle-plate",
    "disability-certificate",
]
SCOPES = (
    Scope(),
    Scope(until=date(2026, 11, 30), future=False, unit="万元", minimum=0, maximum=500),
    Scope(values=("男", "女"), unit="元/月"),
    Scope(values=("是", "否")),
    Scope(values=("一级", "二级", "无")),
)
SCRAPS = st.lists(
    st.sampled_from(
        [
            *"0123456789０１２X年月日.-/,万元个 　'()（）:号一二三十百〇男女是否无劉張",
            "\n",
            "\u200b",
            "\u00a0",
            "2024",
            "138",
            "E+17",
            "370602",
            "有限公司",
        ]
    ),
    max_size=12,
).map("".join)
ANY = st.one_of(SCRAPS, st.text(max_size=20))


def test_the_registry_has_every_element_that_specs_may_name() -> None:
    assert sorted(ELEMENTS) == sorted(NAMES)


def test_an_unknown_element_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        element("shoe-size")


@pytest.mark.parametrize("name", NAMES)
@given(raw=ANY, scope=st.sampled_from(SCOPES))
@settings(max_examples=150, deadline=None)
def test_normalising_twice_is_normalising_once(name: str, raw: str, scope: Scope) -> None:
    once = element(name).normalise(raw, scope)
    assert element(name).normalise(once, scope) == once


@pytest.mark.parametrize("name", NAMES)
@given(raw=ANY, scope=st.sampled_from(SCOPES))
@settings(max_examples=80, deadline=None)
def test_every_text_gets_a_verdict_from_the_catalogue(name: str, raw: str, scope: Scope) -> None:
    kind = element(name)
    value = kind.normalise(raw, scope)
    code = kind.check(value, scope) if value else ""
    assert code == "" or code in catalogue()
    kind.mask(raw)
    assert not kind.resembles(raw) or raw.strip()


@pytest.mark.parametrize("name", NAMES)
@given(pairs=st.lists(st.tuples(ANY, ANY), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_comparing_is_symmetric_and_the_top_level_is_for_the_same(name: str, pairs: list[tuple[str, str]]) -> None:
    kind = element(name)
    clean = [(kind.normalise(a, Scope()), kind.normalise(b, Scope())) for a, b in pairs]
    known = [(a, b) for a, b in clean if a and b]
    left, right = [a for a, _ in known], [b for _, b in known]
    there, back = kind.compare(left, right), kind.compare(right, left)
    assert there.dtype == np.uint8
    assert there.tolist() == back.tolist()
    assert kind.compare(left, left).tolist() == [len(kind.levels) - 1] * len(left)
    assert all(level < len(kind.levels) for level in there)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("blank", ["", " ", "\u3000", "\u200b\u00a0", "\n"])
def test_what_looks_blank_is_blank(name: str, blank: str) -> None:
    assert element(name).normalise(blank, Scope()) == ""


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("text", "code")])
@pytest.mark.parametrize("none", ["无", "/", "—", "-", "暂无", "N/A", "空", "／"])
def test_what_offices_write_for_none_is_blank(name: str, none: str) -> None:
    assert element(name).normalise(none, Scope()) == ""


def test_every_code_that_an_element_returns_stands_in_the_catalogue() -> None:
    folder = Path(reportkit.elements.__file__).parent
    said = {
        code
        for file in folder.glob("*.py")
        for code in re.findall(r'(?:return|if|else) "([a-z]+(?:-[a-z]+)+)"', file.read_text("utf-8"))
    }
    assert len(said) > 25
    assert said <= catalogue().keys()


@pytest.mark.parametrize("code", ["digits-lost", "date-impossible", "code-unknown", "not-a-number"])
def test_messages_show_the_value_and_end_without_a_full_stop(code: str) -> None:
    for message in catalogue()[code].message.values():
        assert "{value}" in message
        assert not message.endswith((".", "。"))


@pytest.mark.parametrize(
    ("raw", "like"),
    [
        ("前岭村3号", True),
        ("幸福路12号", True),
        ("12号楼", True),
        ("前岭村", False),
        ("石良镇前岭村", True),
        ("302室", False),
        ("合格", False),
        ("2026", False),
    ],
)
def test_what_looks_like_an_address(raw: str, like: bool) -> None:  # noqa: FBT001 - the answer
    assert element("address").resembles(raw) is like


@pytest.mark.parametrize("name", NAMES)
def test_every_level_has_words_for_clerks_in_both_languages(name: str) -> None:
    for level in element(name).levels:
        for language in Language:
            assert say(f"level-{level}", language)


@pytest.mark.parametrize("name", NAMES)
@given(pairs=st.lists(st.tuples(ANY, ANY), min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_values_as_places_in_a_list_of_words_compare_as_texts_do(name: str, pairs: list[tuple[str, str]]) -> None:
    kind = element(name)
    clean = [(kind.normalise(a, Scope()), kind.normalise(b, Scope())) for a, b in pairs]
    known = [(a, b) for a, b in clean if a and b]
    words = sorted({word for pair in known for word in pair} | {"never asked for"})
    left, right = (np.array([words.index(pair[side]) for pair in known], dtype=np.int64) for side in (0, 1))
    found = kind.compare(Coded(words, left), Coded(words, right))
    assert found.tolist() == kind.compare([a for a, _ in known], [b for _, b in known]).tolist()
