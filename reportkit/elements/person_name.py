"""Names of persons: ``张 三`` → ``张三``, ``劉海芳`` → ``刘海芳``, ``买买提•吐尔逊`` → ``买买提·吐尔逊``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reportkit.elements import names
from reportkit.elements.latin import fold_person
from reportkit.elements.shape import Element, Levels, Linking, Part, Scope
from reportkit.elements.sounds import sounds
from reportkit.elements.spoken import spoken, words_of
from reportkit.elements.standing import matching
from reportkit.elements.writing import SIMPLIFIED, clean, none, settle, simplify

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
    """As ``names`` grades them; in letters whatever the order of the words and without titles."""
    return names.compare(left, right, _MANNER)


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


_MANNER = names.Manner(fold_person, whole=True)
_STANDS = f"^[{SIMPLIFIED}]{{2,4}}$"

ELEMENT = Element(
    "person-name",
    normalise,
    check,
    compare,
    names.LEVELS,
    mask,
    resembles,
    Linking(
        usual=5e-3,
        agreement=(0.04, 0.02, 0.01, 0.02, 0.03, 0.02, 0.03, 0.83),
        parts=(Part("sound", spoken(fold_person)), Part("first-word", words_of(0)), Part("last-word", words_of(-1))),
        plain=_STANDS,
    ),
    stands=matching(_STANDS),
)
