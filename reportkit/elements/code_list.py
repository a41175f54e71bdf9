"""Values of a code list, in the list's own spelling: ``1-男``, ``男性`` → ``男``; ``Ⅰ级`` → ``一级``; ``汉`` → ``汉族``.

A list reads a text by the first of these that names any of its values, and it has to be one alone: the same spelling but for
forms of characters; a number before it (``1-男``); words that mean the same (``synonyms.toml``); a bracketed note behind it; the
same but for a class word (结构, 残疾, 族) or a word for "by now"; one side of a stroke (中专/中技); an abbreviation that leaves out no
negation; the value and a few plain words more.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from importlib.resources import files

from rapidfuzz.distance import Indel

from reportkit.elements import marks
from reportkit.elements.numerals import whole
from reportkit.elements.shape import Element, Levels, Linking, Scope
from reportkit.elements.sounds import heard_alike
from reportkit.elements.standing import on_list
from reportkit.elements.writing import NONE, compact, settle, simplify, trim

_NUMBERED = re.compile(r"[(\[【]?([0-9]{1,3}|[A-Z](?=[-.、:)\]】]))[)\]】]?[-.、:)_ ]*(?=[^\d\s])(.+)", re.IGNORECASE)
_NOTE = re.compile(r"(.+?)\([^()]*\)")
_GRADE = "级类档等型期星孩胎季"
_HAN_GRADE = re.compile(f"第?([一二三四五六七八九十壹贰叁肆]+)(?=[{_GRADE}])")
_ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5", "VI": "6", "VII": "7", "VIII": "8", "IX": "9", "X": "10"}
_ROMAN_GRADE = re.compile(f"({'|'.join(sorted(_ROMAN, key=len, reverse=True))})(?=[{_GRADE}]|$)")
_CLASS = re.compile(
    "(?<=.)(?:族|残疾|结构|性质|性|级别|级|等级|等|类别|类型|类|型|档|户口|户|人员|家庭|状况|情况|程度|学历|文化程度|文化|毕业|致贫|返贫|对象|单位|行业|业|方式|原因|问题|事项|房屋|房|的)$"
)
_NOT_YET = re.compile("^(?:没有|没|尚未|还没有?)(?=..)")
_DECORATION = re.compile(r"[\s'‘’\"“”。*★☆·\-_()\[\]【】<>《》:]+")
_OR = re.compile("[、或]")
#: A word for "by now" or "is" before a value that needs none: 已停用 → 停用.
_DONE = re.compile("(?:已经?|正在?|属于?|系|为)(..+)")
_BETWEEN = re.compile(r"[、,;/+&]+")
_NEGATIVE = frozenset("不未非无没否")
#: Behind a value these make another of it: 低保转特困, 听力及言语.
_OTHERWISE = _NEGATIVE | frozenset("前待或和及与兼转改")
#: The dash alone is no way that offices say "none" to a choice: it stays and is found.
_NO_ANSWER = NONE - {"-", "--", "---", "―", "－", ".", "。", "、"}


@dataclass(frozen=True, slots=True)
class _CodeList:
    """A code list made ready: its readings, the surest first."""

    values: tuple[str, ...]
    readings: tuple[Callable[[str], Iterable[str]], ...]

    def read(self, text: str) -> str:
        """The list's value that a text means; "" where none or several come into question."""
        for reading in self.readings:
            found = set(reading(text))
            if found:
                return found.pop() if len(found) == 1 else ""
        return ""


@lru_cache(maxsize=1024)
def _prepare(values: tuple[str, ...]) -> _CodeList:
    keys, stems = _by(values, _key), _by(values, lambda value: _stem(_key(value)))
    numbers = _by([value for value in values if _NUMBERED.fullmatch(compact(value))], lambda value: _number(compact(value)))
    bare = _by(values, lambda value: _key(_word(compact(value))))
    parts = _alternatives(values)

    def plain(text: str) -> Iterable[str]:
        return keys.get(_key(text), ()) or bare.get(_key(text), ())

    def numbered(text: str) -> Iterable[str]:
        if text in numbers:
            return numbers[text]
        found = _synonymous(keys, _word(text)) or plain(_word(text)) if _NUMBERED.fullmatch(text) else ()
        return [value for value in found if not numbers or value in numbers.get(_number(text), ())]

    def noted(text: str) -> Iterable[str]:
        match = _NOTE.fullmatch(text)
        return (plain(match[1]) or _synonymous(keys, match[1])) if match else ()

    def done(text: str) -> Iterable[str]:
        match = _DONE.fullmatch(_key(text))
        return keys.get(match[1], ()) if match else ()

    return _CodeList(
        values,
        (
            plain,
            numbered,
            partial(_synonymous, keys),
            noted,
            lambda text: stems.get(_stem(_key(text)), ()),
            done,
            lambda text: parts.get(_key(text), ()) or _synonymous(parts, text),
            partial(_shortened, values),
            partial(_extended, values),
        ),
    )


def _by(values: Iterable[str], form: Callable[[str], str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for value in values:
        found[form(value)].append(value)
    return dict(found)


def _alternatives(values: Iterable[str]) -> dict[str, list[str]]:
    """What stands on either side of a value's stroke → the value: 中专, 中技 → 中专/中技."""
    found: dict[str, list[str]] = defaultdict(list)
    for value in values:
        sides = _OR.split(_key(value))
        for side in sides if len(sides) > 1 else ():
            found[side].append(value)
    return dict(found)


def _number(text: str) -> str:
    match = _NUMBERED.fullmatch(text)
    return match[1] if match else ""


def _word(text: str) -> str:
    match = _NUMBERED.fullmatch(text)
    return match[2] if match else text


@lru_cache(maxsize=65536)
def _key(text: str) -> str:
    """What stays of a spelling: no white space, signs or case; grades in digits."""
    text = simplify(compact(text)).upper()
    text = _ROMAN_GRADE.sub(lambda match: _ROMAN[match[1]], text) if text[:1] in "IVX" else text
    text = _HAN_GRADE.sub(lambda match: str(whole(match[1]) or match[1]), text)
    text = _BETWEEN.sub("、", _DECORATION.sub("", text)).strip("、") or text
    return _NOT_YET.sub("未", text)


def _stem(key: str) -> str:
    """Without the word for the class: 砖木结构 → 砖木, 视力残疾 → 视力."""
    return _CLASS.sub("", key)


def _synonymous(keys: dict[str, list[str]], text: str) -> list[str]:
    found: dict[str, None] = {}
    for words, beside in _synonyms().get(_key(text), ()):
        if not beside or any(word in keys for word in beside):
            found |= dict.fromkeys(value for word in words for value in keys.get(word, ()))
    return list(found)


@cache
def _synonyms() -> dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]:
    """A word's key → the sets that it stands in, as keys."""
    data = tomllib.loads(files("reportkit.elements").joinpath("synonyms.toml").read_text(encoding="utf-8"))
    found: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = defaultdict(list)
    for group in data["words"]:
        words = tuple(dict.fromkeys(map(_key, group["same"])))
        beside = tuple(map(_key, group.get("beside", ())))
        for word in words:
            found[word].append((words, beside))
    return dict(found)


def _shortened(values: tuple[str, ...], text: str) -> list[str]:
    """Values that a text of two characters or more abbreviates."""
    key = _key(text)
    return [value for value in values if len(key) >= 2 and _abbreviates(key, _key(value))]


def _extended(values: tuple[str, ...], text: str) -> list[str]:
    """Values of two characters or more that a text begins with, a few plain words more: 独居老人 → 独居."""
    key = _key(text)
    return [value for value in values if _extends(key, _key(value))]


def _extends(long: str, short: str) -> bool:
    if not 2 <= len(short) < len(long) <= len(short) + 3:
        return False
    rest = long[len(short) :]
    return long.startswith(short) and rest.isalpha() and not _OTHERWISE.intersection(rest)


def _abbreviates(short: str, long: str) -> bool:
    """One half at least (上门 → 上门认证, 一致 → 人户一致), or two thirds with the first character or the end (突发困难户 → 突发严重困难户)."""
    if not len(short) < len(long) <= 2 * len(short):
        return False
    cut = long.startswith(short) or long.endswith(short)
    thinned = (
        len(short) >= 3
        and 1.5 * len(short) >= len(long)
        and (short[0] == long[0] or long.endswith(short))
        and _within(short, long)
    )
    return (cut or thinned) and not any(character in _NEGATIVE and character not in short for character in long)


def _within(short: str, long: str) -> bool:
    rest = iter(long)
    return all(character in rest for character in short)


def normalise(raw: str, scope: Scope) -> str:
    """The list's own spelling; a text that names no value of it comes back cleaned. Without a list as text."""
    return raw if raw in scope.values else settle(partial(_step, scope.values), raw)


def _step(values: tuple[str, ...], text: str) -> str:
    if text in values:
        return text
    text = trim(text)
    if not text or not values:
        return text
    return _prepare(values).read(compact(text)) or ("" if text in _NO_ANSWER or compact(text) in _NO_ANSWER else text)


def check(value: str, scope: Scope) -> str:
    """On the list."""
    return "" if not scope.values or value in scope.values else "code-unknown"


def nearest(value: str, values: Sequence[str]) -> str:
    """The value of a list that is written or sounds most like another; "" where none is near or two are as near."""
    likeness = {one: max(Indel.normalized_similarity(_key(value), _key(one)), 0.9 * heard_alike(value, one)) for one in values}
    best = sorted(likeness, key=lambda one: -likeness[one])[:2]
    if not best or likeness[best[0]] < 0.5 or (len(best) > 1 and likeness[best[0]] == likeness[best[1]]):
        return ""
    return best[0]


def compare(left: Sequence[str], right: Sequence[str]) -> Levels:
    """Numbers and signs that hold a digit: slip, one wrong in four characters or more; near, two in six or more. Words are the same or not."""
    return marks.compare(left, right)


def mask(value: str) -> str:
    """Shown as it is."""
    return value


def resembles(_raw: str) -> bool:
    """Any word can stand on a list: a column's distribution tells, not a value."""
    return False


ELEMENT = Element(
    "code",
    normalise,
    check,
    compare,
    marks.LEVELS,
    mask,
    resembles,
    Linking(usual=0.3, agreement=(0.04, 0.01, 0.03, 0.92)),
    stands=on_list,
)
