"""Addresses: simplified, half-width, without inner white space; two with other numbers are two places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz.distance import Indel

from reportkit.elements.cuts import each
from reportkit.elements.distances import graded
from reportkit.elements.numerals import whole
from reportkit.elements.shape import Element, Levels, Linking, Part, Scope
from reportkit.elements.writing import compact, none, settle, simplify, words

_PLAIN = re.compile(r"[\u4e00-\u9fff0-9]+")
_NUMERAL = re.compile(r"[〇零一二三四五六七八九十百]+(?=[号组队栋幢座楼单元室层门弄巷])")
_NUMBERS = re.compile(r"\d+|[A-Z](?=[座栋幢区单])", re.ASCII)
_REGION = re.compile(r"^(?:[^\d]{2,3}?(?:省|自治区))?(?:[^\d省]{2,4}?市)?(?:[^\d市]{1,4}?(?:[县区旗](?![^\d]{0,2}[路街])|市))?")
_TOWN = re.compile(r"^[^\d]{1,6}?(?:街道办事处|街道|镇|乡)")
_SIGNS = words("路 街 村 镇 乡 社区 小区 号 室 栋 幢 单元 组 巷 里 弄 楼 区 县 市 省")


def normalise(raw: str, _scope: Scope) -> str:
    """``幸福路 １２ 号`` → ``幸福路12号``."""
    return simplify(raw) if _PLAIN.fullmatch(raw) and not none(raw) else settle(_step, raw)


def _step(text: str) -> str:
    text = simplify(compact(text))
    return "" if none(text) else text


def check(_value: str, _scope: Scope) -> str:
    """An address is never wrong by itself."""
    return ""


@lru_cache(maxsize=100_000)
def tail(address: str) -> str:
    """House, building, unit and room numbers joined by blanks: ``翠园小区3号楼2单元101室`` → ``3 2 101``; "" without any."""
    figures = _NUMERAL.sub(lambda match: str(whole(match[0]) or match[0]), address)
    return " ".join(number.lstrip("0") or "0" for number in _NUMBERS.findall(figures.upper()))


@lru_cache(maxsize=100_000)
def _core(address: str) -> str:
    """Without province, city, county and town, which are left out or written as one likes."""
    inner = _REGION.sub("", address)
    inner = _TOWN.sub("", inner) or inner
    inner = _NUMERAL.sub(lambda match: str(whole(match[0]) or match[0]), inner)
    return re.sub(r"[-()、,号楼栋幢座单元室户村社区居委会民第]", "", inner) or address


def compare(left: Sequence[str], right: Sequence[str]) -> Levels:
    """Other numbers: differ at once. The same core: the same place. One within the other, or alike: two grades between."""
    return graded(left, right, 3, _level)


def _level(left: str, right: str) -> int:
    if tail(left) != tail(right):
        return 0
    one, two = _core(left), _core(right)
    if one == two or one in two or two in one:
        return 2
    return int(Indel.normalized_similarity(one, two, score_cutoff=0.8) > 0)


def mask(value: str) -> str:
    """Shown as it is."""
    return value


def resembles(raw: str) -> bool:
    """At least six characters with two words of addresses, or one and a number; from four on both: ``前岭村3号``."""
    text = normalise(raw, Scope())
    if len(text) < 4 or len(text) > 60:
        return False
    signs, numbered = sum(sign in text for sign in _SIGNS), bool(tail(text))
    return (signs >= 2 and numbered) if len(text) < 6 else signs >= 2 or (signs >= 1 and numbered)


ELEMENT = Element(
    "address",
    normalise,
    check,
    compare,
    ("differ", "similar", "contained", "same"),
    mask,
    resembles,
    Linking(
        usual=2e-3,
        agreement=(0.3, 0.1, 0.2, 0.4),
        parts=(Part("tail", each(lambda value: numbers if len(numbers := tail(value)) > 2 else "")), Part("core", each(_core))),
        shared="household",
    ),
)
