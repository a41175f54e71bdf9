"""Names of organisations: simplified, half-width, without inner white space between Chinese characters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz.distance import Indel

from reportkit.elements.cuts import each
from reportkit.elements.distances import graded
from reportkit.elements.shape import Element, Levels, Linking, Part, Scope
from reportkit.elements.writing import clean, none, settle, simplify, words

_PLAIN = re.compile(r"[\u4e00-\u9fff]+")
_SPACES = re.compile(r"(?<![A-Za-z]) | (?![A-Za-z])")
_FORMS = sorted(
    words("""
        股份有限公司 有限责任公司 有限公司 集团公司 总公司 分公司 公司 集团 农民专业合作社 专业合作社 合作社 合作联社
        个体工商户 个人独资企业 普通合伙 有限合伙 经营部 门市部 服务部 经销处 营业部 工作室
    """),
    key=lambda form: (-len(form), form),
)
_FORM = re.compile(rf"(?:\((?:{'|'.join(_FORMS)})\)|{'|'.join(_FORMS)})$")
_PLACE = re.compile(r"^(?:.{2,3}?(?:省|自治区))?(?:.{2,4}?市)?(?:.{1,4}?[区县旗])?(?:.{1,4}?(?:镇|乡|街道))?(?=.{2})")
_SIGNS = (
    *_FORMS,
    *words("""
        厂 店 超市 商行 商店 商场 饭店 酒店 宾馆 餐馆 医院 卫生院 卫生室 学校 小学 中学 大学 幼儿园 银行 信用社 加油站 网吧
        委员会 办事处 派出所 中心 局 协会 研究院 事务所
    """),
)


def normalise(raw: str, _scope: Scope) -> str:
    """``鑫 泰机械（烟台）有限公司`` → ``鑫泰机械(烟台)有限公司``."""
    return simplify(raw) if _PLAIN.fullmatch(raw) and not none(raw) else settle(_step, raw)


def _step(text: str) -> str:
    text = simplify(_SPACES.sub("", clean(text)))
    return "" if none(text) else text


def check(_value: str, _scope: Scope) -> str:
    """A name is never wrong by itself."""
    return ""


@lru_cache(maxsize=100_000)
def core(name: str) -> str:
    """Without leading place, legal form and brackets: ``东营市嘉禾机械有限公司`` → ``嘉禾机械``."""
    inner = _FORM.sub("", _PLACE.sub("", name))
    inner = re.sub(r"[()（）\s·.,-]", "", inner)
    return inner.casefold() if len(inner) > 1 else name


def compare(left: Sequence[str], right: Sequence[str]) -> Levels:
    """Core: the same without place and legal form. Similar: cores of at least 0.8 likeness."""
    return graded(left, right, 3, _level)


def _level(left: str, right: str) -> int:
    one, two = core(left), core(right)
    if one == two or (min(len(one), len(two)) >= 4 and (one.endswith(two) or two.endswith(one))):
        return 2
    return int(Indel.normalized_similarity(one, two, score_cutoff=0.8) > 0)


def mask(value: str) -> str:
    """Shown as it is."""
    return value


def resembles(raw: str) -> bool:
    """At least four characters that end as organisations do."""
    text = normalise(raw, Scope())
    return 4 <= len(text) <= 40 and text.rstrip(")").endswith(_SIGNS)


ELEMENT = Element(
    "organisation-name",
    normalise,
    check,
    compare,
    ("differ", "similar", "core", "same"),
    mask,
    resembles,
    Linking(
        usual=1e-3,
        agreement=(0.08, 0.12, 0.2, 0.6),
        parts=(Part("core", each(core)), Part("head", each(lambda value: core(value)[:4]))),
    ),
)
