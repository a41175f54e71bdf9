"""Names of persons: ``张 三`` → ``张三``, ``劉海芳`` → ``刘海芳``, ``买买提•吐尔逊`` → ``买买提·吐尔逊``."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from rapidfuzz.distance import OSA, JaroWinkler

from reportkit.elements.cuts import each
from reportkit.elements.distances import equal, matrix, one_by_one, unequal
from reportkit.elements.shape import Element, Levels, Linking, Part, Scope
from reportkit.elements.sounds import sounds, syllables
from reportkit.elements.writing import clean, none, settle, simplify

__all__ = ["ELEMENT", "sounds"]

_SPACES = re.compile(r"(?<=[\u3400-\u9fff·]) (?=[\u3400-\u9fff·])")
_DOTS = re.compile(r" ?[•‧∙⋅・･●﹒.．。] ?(?=[\u3400-\u9fff])")
_ROLE = re.compile(r"\((?:户主|本人|已故|故|亡|已亡|男|女)\)$")
_HAN_NAME = re.compile(r"[\u3400-\u9fff]{2,4}|[\u3400-\u9fff]{1,12}(?:·[\u3400-\u9fff]{1,12}){1,3}")
_DIGIT = re.compile(r"\d")


def normalise(raw: str, _scope: Scope) -> str:
    """No white space between Chinese characters, simplified, the middle dot ``·``; a bracketed role (户主) is left out."""
    return simplify(raw) if _HAN_NAME.fullmatch(raw) and not none(raw) else settle(_step, raw)


def _step(text: str) -> str:
    text = clean(text)
    if none(text):
        return ""
    return _ROLE.sub("", _DOTS.sub("·", _SPACES.sub("", simplify(text)))).strip()


def check(value: str, _scope: Scope) -> str:
    """Digits, or more than 25 characters in a Chinese name."""
    return "name-character" if _DIGIT.search(value) or (len(value) > 25 and not value.isascii()) else ""


def compare(left: Sequence[str], right: Sequence[str]) -> Levels:
    """Four grades of likeness; Latin names by spelling, whatever the order of their words."""
    levels: Levels = np.where(equal(left, right), 4, 0).astype(np.uint8)
    rest = unequal(levels)
    if rest:
        one, two = [left[at] for at in rest], [right[at] for at in rest]
        graded = _slips(one, two)
        near = _may_be_alike(one, two)
        graded[near] = np.maximum(graded[near], one_by_one([one[at] for at in near], [two[at] for at in near], _level))
        levels[rest] = graded
    return levels


def _may_be_alike(left: list[str], right: list[str]) -> list[int]:
    """Pairs that sound alike or are not Chinese; all others differ. Each name is spoken once."""
    heard: dict[str, int] = {}
    numbers = {name: heard.setdefault(sounds(name), len(heard)) for name in dict.fromkeys([*left, *right])}
    one, two = (np.fromiter(map(numbers.__getitem__, side), dtype=np.int64, count=len(side)) for side in (left, right))
    latin = np.fromiter((name.isascii() for name in numbers), dtype=np.bool_, count=len(numbers))
    spelt = np.zeros(len(heard), dtype=np.bool_)
    spelt[[number for number, ascii_only in zip(numbers.values(), latin, strict=True) if ascii_only]] = True
    near: list[int] = np.flatnonzero((one == two) | spelt[one] | spelt[two]).tolist()
    return near


def _slips(left: list[str], right: list[str]) -> Levels:
    """1 where one character of at least three differs and the surname stays."""
    one, two = matrix(left), matrix(right)
    width = max(one.shape[1], two.shape[1], 3)
    one, two = (np.pad(side, ((0, 0), (0, width - side.shape[1]))) for side in (one, two))
    long = ((one > 0).sum(axis=1) >= 3) & ((one > 0).sum(axis=1) == (two > 0).sum(axis=1))
    return np.asarray(long & (one[:, 0] == two[:, 0]) & ((one != two).sum(axis=1) == 1), dtype=np.uint8)


def _level(left: str, right: str) -> int:
    if left.isascii() or right.isascii():
        return _latin(left.casefold(), right.casefold())
    if sounds(left) != sounds(right):
        return 0
    return 3 if syllables(left) == syllables(right) else 2


def _latin(left: str, right: str) -> int:
    if left == right or sorted(syllables(left)) == sorted(syllables(right)):
        return 3
    if JaroWinkler.similarity(left, right) >= 0.93:
        return 2
    return int(min(len(left), len(right)) > 3 and OSA.distance(left, right, score_cutoff=1) <= 1)


def mask(value: str) -> str:
    """Names are shown: without them nobody could look a finding up."""
    return value


#: The commonest surnames cover nine of ten people; enough for guessing a column, never for judging a name.
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛"
    "闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷"
    "盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
)
_COMPOUND = ("欧阳", "上官", "司马", "诸葛", "司徒", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "夏侯", "端木", "南宫")


def resembles(raw: str) -> bool:
    """Two or three characters after a common surname, a compound surname, or a name with ``·``."""
    name = normalise(raw, Scope())
    if not _HAN_NAME.fullmatch(name):
        return False
    return "·" in name or name.startswith(_COMPOUND) or (name[0] in _SURNAMES and len(name) <= 3)


ELEMENT = Element(
    "person-name",
    normalise,
    check,
    compare,
    ("differ", "slip", "alike", "homophone", "same"),
    mask,
    resembles,
    Linking(usual=5e-3, agreement=(0.04, 0.03, 0.02, 0.03, 0.88), parts=(Part("sound", each(sounds)),)),
)
