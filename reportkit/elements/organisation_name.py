"""Names of organisations: simplified, half-width, without inner white space between Chinese characters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from reportkit import arrays as np
from reportkit.elements import companies
from reportkit.elements.cuts import each
from reportkit.elements.pairing import Flags, Pairing
from reportkit.elements.shape import Element, Levels, Linking, Part, Scope
from reportkit.elements.sounds import is_han, sounds
from reportkit.elements.standing import matching
from reportkit.elements.writing import SIMPLIFIED, clean, none, settle, simplify, words

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


@lru_cache(maxsize=200_000)
def core(name: str) -> str:
    """Without leading place, legal form and brackets: ``东营市嘉禾机械有限公司`` → ``嘉禾机械``, ``The Acme Co., Ltd.`` → ``acme``."""
    if not any(map(is_han, name)):
        return companies.core(name) or name
    inner = _FORM.sub("", _PLACE.sub("", name))
    inner = re.sub(r"[()（）\s·.,-]", "", inner)
    return inner.casefold() if len(inner) > 1 else name


def compare(left: Sequence[str], right: Sequence[str]) -> Levels:
    """Core: the same without place and legal form. Similar: cores of at least 0.8 likeness, or of the same sound; distant: of 0.65.

    Part: one core begins with the other or has all its words, or is its first letters.
    """
    pairs = Pairing.of(left, right)
    cores = pairs.by(core)
    same = pairs.equal | cores.by(_sorted).equal
    alike = cores.likeness(0.65, ~same)
    heard = cores.by(sounds).equal & (cores.shorter >= 3)
    distant = cores.by(companies.telling).likeness(0.65, alike > 0) > 0
    within, part = _within(cores, ~same), companies.part(cores)
    return np.select(
        [pairs.equal, same | (within & (cores.shorter >= 4)), (alike >= 0.8) | heard, part | within, distant],
        [5, 4, 3, 2, 1],
        0,
    ).astype(np.uint8)


def _sorted(name: str) -> str:
    return " ".join(sorted(name.split()))


def _within(cores: Pairing, asked: Flags) -> Flags:
    """Where one core in Chinese characters begins or ends with the other."""
    found = np.zeros(len(cores), dtype=np.bool_)
    ends = (
        cores.by(lambda name: name[:2] if name and is_han(name[0]) else ""),
        cores.by(lambda name: name[-2:] if name and is_han(name[-1]) else ""),
    )
    rows = np.flatnonzero(asked & (ends[0].equal | ends[1].equal)).tolist()
    words = cores.words
    found[rows] = [
        _begins(words[a], words[b]) for a, b in zip(cores.left[rows].tolist(), cores.right[rows].tolist(), strict=True)
    ]
    return found


def _begins(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return long.startswith(short) or long.endswith(short)


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
    ("differ", "distant", "part", "similar", "core", "same"),
    mask,
    resembles,
    Linking(
        usual=1e-3,
        agreement=(0.05, 0.04, 0.06, 0.1, 0.2, 0.55),
        parts=(Part("core", each(core)), Part("head", each(lambda value: companies.head(core(value))))),
    ),
    stands=matching(f"^[{SIMPLIFIED}]+$"),
)
