"""How names sound: Pinyin without tones, character by character, with the readings that surnames have.

Phrases are not asked for: they misread names (冯河, 黄建行) as often as they help.
"""

from __future__ import annotations

from functools import cache, lru_cache

#: Surnames whose reading as a name is not their first one elsewhere.
_SURNAMES = {
    "单": "shan", "仇": "qiu", "区": "ou", "解": "xie", "曾": "zeng", "查": "zha", "盖": "ge", "朴": "piao", "任": "ren",
    "缪": "miao", "翟": "zhai", "乐": "yue", "晁": "chao", "种": "chong", "秘": "bi", "折": "she", "冼": "xian", "员": "yun",
    "纪": "ji", "燕": "yan", "葛": "ge", "尹": "yin", "覃": "qin", "宓": "mi", "黑": "he", "繁": "po", "逄": "pang", "隗": "wei",
    "牟": "mou", "卜": "bu", "车": "che", "召": "shao", "华": "hua", "宁": "ning", "应": "ying", "柏": "bai", "句": "gou",
    "那": "na", "能": "nai", "便": "pian", "令": "ling", "长": "zhang", "不": "fou", "重": "chong", "万": "wan",
}  # fmt: skip
_COMPOUND = {"尉迟": "yuchi", "万俟": "moqi", "长孙": "zhangsun", "澹台": "tantai", "单于": "chanyu", "令狐": "linghu"}


@lru_cache(maxsize=200_000)
def sounds(name: str) -> str:
    """A key that names which sound alike share: ``张新`` → ``zan xin``.

    Syllables are joined by blanks; zh = z, ch = c, sh = s, ng = n, l = n; other letters stay as they are.
    """
    return " ".join(_blur(syllable) for syllable in syllables(name))


@lru_cache(maxsize=200_000)
def syllables(name: str) -> tuple[str, ...]:
    """Pinyin of each character of a canonical name; runs of other letters in lower case."""
    han = [character for character in name if is_han(character)]
    if not han:
        return tuple("".join(c if c.isalnum() else " " for c in name.casefold()).split())
    first = _SURNAMES.get(han[0]) or _reading(han[0])
    found = [first, *map(_reading, han[1:])]
    compound = _COMPOUND.get("".join(han[:2]))
    return (compound, *found[2:]) if compound else tuple(found)


#: The same for patterns (Rust's).
HAN = "[\u3400-\U0003ffff]"


def is_han(character: str) -> bool:
    """Whether a character is a Chinese one."""
    return "\u3400" <= character <= "\U0003ffff"


@cache
def _reading(character: str) -> str:
    from pypinyin import Style, pinyin  # noqa: PLC0415 - its tables take 0.2 s to load

    return str(pinyin(character, style=Style.NORMAL)[0][0])


@cache
def _blur(syllable: str) -> str:
    """What speakers of many dialects do not keep apart."""
    if syllable[:2] in ("zh", "ch", "sh"):
        syllable = syllable[0] + syllable[2:]
    if syllable.endswith("ng"):
        syllable = syllable[:-1]
    return "n" + syllable[1:] if syllable[:1] == "l" and len(syllable) > 1 else syllable


@lru_cache(maxsize=200_000)
def broadly(name: str) -> str:
    """``sounds`` for those who do not keep h and f apart either: 黄 and 房, 胡 and 福."""
    return " ".join(
        _H_AS_F.get(syllable[:-1] if syllable.endswith("ng") else syllable, syllable) for syllable in sounds(name).split(" ")
    )


#: 胡 hu is said fu, 花 hua fa, and so on, before the vowels that both have.
_H_AS_F = {"hu": "fu", "hua": "fa", "huai": "fai", "huan": "fan", "hui": "fei", "hun": "fen", "huo": "fo"}
