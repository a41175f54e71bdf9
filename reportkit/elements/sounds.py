"""How names sound: Pinyin without tones, character by character, with the readings that surnames have.

Phrases are not asked for: they misread names (冯河, 黄建行) as often as they help.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import polars as pl

from reportkit import arrays as np
from reportkit.elements.characters import Points, first

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Surnames whose reading as a name is not their first one elsewhere.
_SURNAMES = {
    "单": "shan", "仇": "qiu", "区": "ou", "解": "xie", "曾": "zeng", "查": "zha", "盖": "ge", "朴": "piao", "任": "ren",
    "缪": "miao", "翟": "zhai", "乐": "yue", "晁": "chao", "种": "chong", "秘": "bi", "折": "she", "冼": "xian", "员": "yun",
    "纪": "ji", "燕": "yan", "葛": "ge", "尹": "yin", "覃": "qin", "宓": "mi", "黑": "he", "繁": "po", "逄": "pang", "隗": "wei",
    "牟": "mou", "卜": "bu", "车": "che", "召": "shao", "华": "hua", "宁": "ning", "应": "ying", "柏": "bai", "句": "gou",
    "那": "na", "能": "nai", "便": "pian", "令": "ling", "长": "zhang", "不": "fou", "重": "chong", "万": "wan",
}  # fmt: skip
_COMPOUND = {"尉迟": "yuchi", "万俟": "moqi", "长孙": "zhangsun", "澹台": "tantai", "单于": "chanyu", "令狐": "linghu"}


@lru_cache(maxsize=20_000)
def sounds(name: str) -> str:
    """A key that names which sound alike share: ``张新`` → ``zan xin``.

    Syllables are joined by blanks; zh = z, ch = c, sh = s, ng = n, l = n; other letters stay as they are.
    """
    return " ".join(_blur(syllable) for syllable in syllables(name))


def syllables(name: str) -> tuple[str, ...]:
    """Pinyin of each character of a canonical name; runs of other letters in lower case."""
    han = [character for character in name if is_han(character)]
    if not han:
        return tuple("".join(c if c.isalnum() else " " for c in name.casefold()).split())
    found = [_SURNAMES.get(han[0]) or _reading(han[0]), *map(_reading, han[1:])]
    compound = _COMPOUND.get("".join(han[:2]))
    return (compound, *found[2:]) if compound else tuple(found)


def heard_alike(one: str, other: str) -> bool:
    """Whether two names sound alike; how their characters are read is only looked up where both have as many syllables."""
    return _size(one) == _size(other) and sounds(one) == sounds(other)


def _size(name: str) -> int:
    """The number of a name's syllables, or of its words where it is in letters."""
    han = "".join(filter(is_han, name))
    return len(han) - (han[:2] in _COMPOUND) if han else len(syllables(name))


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


@cache
def _broad(syllable: str) -> str:
    """A blurred syllable for those who do not keep h and f apart either: 黄 and 房, 胡 and 福."""
    return _H_AS_F.get(syllable, syllable)


#: 胡 hu is said fu, 花 hua fa, and so on, before the vowels that both have.
_H_AS_F = {"hu": "fu", "hua": "fa", "huai": "fai", "huan": "fan", "hui": "fei", "hun": "fen", "huo": "fo"}

# -- many names at once --------------------------------------------------------------------------------------

#: Syllables of a name that are told apart; the last stands for all that follow.
_SYLLABLES = 4
_CODES = 0x40000
_PLAIN = HAN + "{1,4}"


@dataclass(frozen=True, slots=True)
class Heard:
    """How names with Chinese characters sound: a row a name of places in ``known``, 0 behind the last syllable."""

    rows: NDArray[np.int32]
    known: tuple[str, ...]

    @classmethod
    def of(cls, names: pl.Series) -> Heard:
        """The syllables of names; those of up to four Chinese characters and nothing else are read character by character at once."""
        places = {"": 0}
        plain = names.str.contains(f"^{_PLAIN}$").to_numpy()
        rows = np.zeros((len(names), _SYLLABLES), dtype=np.int32)
        rows[plain] = _read(first(names.filter(plain), _SYLLABLES), places)
        others = [_row(syllables(name), places) for name in names.filter(~plain).to_list()]
        rows[~plain] = np.array(others, dtype=np.int32).reshape(-1, _SYLLABLES)
        return cls(rows, tuple(places))

    def blurred(self) -> Heard:
        """As ``sounds`` writes them."""
        return self._by(_blur)

    def broad(self) -> Heard:
        """Blurred names without a difference of h and f."""
        return self._by(_broad)

    def _by(self, form: Callable[[str], str]) -> Heard:
        places = {"": 0}
        written = (" ".join(map(form, syllable.split(" "))) for syllable in self.known)
        table = np.array([places.setdefault(syllable, len(places)) for syllable in written], dtype=np.int32)
        return Heard(table[self.rows], tuple(places))

    def same(self, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which pairs of names sound the same."""
        numbers = np.ascontiguousarray(self.rows).view(np.int64)
        found: NDArray[np.bool_] = (numbers[left] == numbers[right]).all(axis=1)
        return found

    def written(self) -> pl.Series:
        """The syllables joined by blanks."""
        known = pl.Series([syllable or None for syllable in self.known], dtype=pl.String)
        columns = [known.gather(self.rows[:, at]).alias(str(at)) for at in range(_SYLLABLES)]
        return pl.select(pl.concat_str(columns, separator=" ", ignore_nulls=True)).to_series()


def _read(points: Points, places: dict[str, int]) -> NDArray[np.int32]:
    """Places of the syllables of names in Chinese characters, by a table of all characters; new syllables get a place."""
    seen = np.zeros(_CODES, dtype=np.bool_)
    seen[points] = True
    characters = [chr(code) for code in np.flatnonzero(seen).tolist() if code]
    inner, begin = (np.zeros(_CODES, dtype=np.int32) for _ in range(2))
    for character in characters:
        reading = _reading(character)
        inner[ord(character)] = places.setdefault(reading, len(places))
        reading = _SURNAMES.get(character, reading)
        begin[ord(character)] = places.setdefault(reading, len(places))
    rows = inner[points]
    rows[:, 0] = begin[points[:, 0]]
    for compound, reading in _COMPOUND.items():
        at = np.flatnonzero((points[:, 0] == ord(compound[0])) & (points[:, 1] == ord(compound[1])))
        rows[at, 0] = places.setdefault(reading, len(places))
        rows[at, 1:] = np.pad(rows[at, 2:], ((0, 0), (0, 1)))
    return rows


def _row(found: Sequence[str], places: dict[str, int]) -> list[int]:
    """Places of a name's syllables, those behind the third as one."""
    parts = [*found[: _SYLLABLES - 1], " ".join(found[_SYLLABLES - 1 :])] + [""] * _SYLLABLES
    return [places.setdefault(part, len(places)) for part in parts[:_SYLLABLES]]
