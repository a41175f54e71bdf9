"""What a cell looks like before its words are read: nothing, words, or a value; and what figures it states."""

from __future__ import annotations

import re
from datetime import date
from enum import IntEnum
from functools import lru_cache

from reportkit.elements.writing import simplifier


class Kind(IntEnum):
    """What a cell looks like: nothing, words, or a value (number, date, code, a dash for "none")."""

    BLANK = 0
    TEXT = 1
    VALUE = 2


_SPACE = re.compile(r"[\s\u200b\u200c\u200d\u2060\ufeff]+")

_DIGIT = "0-9０-９"
_VALUE = re.compile(
    rf"""
    [(（]?[-+−~≈<>≥≤＞＜]?[¥￥$€£]?[{_DIGIT}.．][{_DIGIT},，.．':：/／\-–—−~～xX*+%％‰]*            # numbers, dates, ids
        (?:[TtZ]?[{_DIGIT}:.]+)?(?:万|亿|千)?[元人户岁年月日号时分秒天㎡个件次台套只头亩吨]?[)）]?
    | [{_DIGIT}]{{2,4}}年[{_DIGIT}]{{1,2}}月(?:[{_DIGIT}]{{1,2}}[日号])?(?:[{_DIGIT}:：时分秒]*)
    | [〇○零一二三四五六七八九]{{4}}年.{{0,8}}
    | [-—–－―_/／\\]+
    | \#(?:REF|DIV/0|N/A|VALUE|NAME|NUM|NULL|SPILL|CALC)[!?]?
    | TRUE | FALSE
    """,
    re.VERBOSE,
)
_CODE = re.compile(r"(?=(?:[^0-9]*[0-9]){4})[A-Z0-9*\-]{7,}")
_ZERO = re.compile(
    r"[-+]?[0０]+(?:[.．][0０]*)?%?|\#(?:REF|DIV/0|N/A|VALUE|NAME|NUM|NULL)[!?]?|FALSE|1899-12-3[01].*|1900-01-0[01].*|-+"
)
_NUMBER = re.compile(r"[-+]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?|[-+]?[0-9]+(?:\.[0-9]*)?")
_TIME = re.compile(
    r"(?P<year>[0-9]{4})年度?|(?:(?P<of>[0-9]{4})年)?(?P<month>[0-9]{1,2})月份?(?:(?P<day>[0-9]{1,2})[日号])?"
    r"|(?P<iso>[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2})"
)
_RUNNING = re.compile(r"(?:No\.?)?[0-9]{1,6}[.、)]?|[①-⑳]", re.IGNORECASE)


@lru_cache(maxsize=65536)
def squeeze(text: str) -> str:
    """Without any white space, line breaks and zero-width characters included."""
    return _SPACE.sub("", text)


class _Folding(dict[int, str]):
    """Traditional characters as simplified ones, looked up when first met; a character of GB 2312 is simplified already."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if "\u3400" <= character <= "\u9fff" and not _is_gb2312(character):
            character = simplifier()(character)
        self[code] = character
        return character


def _is_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


_FOLDING = _Folding()


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Squeezed and in simplified characters, as words are compared: 合　計 → 合计. Names keep their own characters."""
    plain = _SPACE.sub("", text)
    return plain if plain.isascii() else plain.translate(_FOLDING)


@lru_cache(maxsize=65536)
def kind_of(text: str) -> Kind:
    """What a text looks like."""
    plain = squeeze(text)
    if not plain:
        return Kind.BLANK
    return Kind.VALUE if _VALUE.fullmatch(plain) or _CODE.fullmatch(plain) else Kind.TEXT


def is_zero(text: str) -> bool:
    """Whether a dragged formula may have left this: 0, an error, a date of day zero."""
    return bool(_ZERO.fullmatch(squeeze(text)))


def is_running(text: str) -> bool:
    """Whether it may be a running number."""
    return bool(_RUNNING.fullmatch(squeeze(text)))


def amount(text: str) -> float | None:
    """The number that a plain figure states; None for anything else."""
    plain = squeeze(text)
    return float(plain.replace(",", "")) if _NUMBER.fullmatch(plain) else None


def is_year(number: float) -> bool:
    """Whether a number may be a year."""
    return number.is_integer() and 1900 <= number <= 2100


def in_time(text: str) -> tuple[str, int] | None:
    """What a text names, year, month or day, and its place in line: 2021年 → ("year", 2021), 2月9日 → ("day", 39); else None."""
    found = _TIME.fullmatch(squeeze(text))
    if found is None:
        return None
    if found["year"]:
        return "year", int(found["year"])
    if found["iso"] or found["day"]:
        parts = re.split(r"[-/.]", found["iso"]) if found["iso"] else [found["of"] or 1, found["month"], found["day"]]
        return _day(*map(int, parts))
    return "month", int(found["of"] or 0) * 12 + int(found["month"])


def _day(year: int, month: int, day: int) -> tuple[str, int] | None:
    try:
        return "day", date(year, month, day).toordinal()
    except ValueError:
        return None
