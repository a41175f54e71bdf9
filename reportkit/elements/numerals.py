"""Chinese numerals: 二〇二四 → 2024, 三百零五 → 305, 廿一 → 21."""

from __future__ import annotations

import re

_DIGITS = dict(zip("〇零一二三四五六七八九", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)) | dict(
    zip("○OＯ两壹贰叁肆伍陆柒捌玖貳參陸", (0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 6), strict=True)
)
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_SHORT = {"廿": "二十", "卅": "三十"}

#: Characters of a numeral, for patterns.
NUMERAL = "〇零○一二两三四五六七八九十百千万亿廿卅壹贰叁肆伍陆柒捌玖拾佰仟萬億貳參陸"

_PLACED = re.compile(f"[{NUMERAL}]+")


def whole(text: str) -> int | None:
    """The number that a Chinese numeral writes; None where it is none.

    Digits one after another are read by place (二〇二四), others by unit (三百零五). A unit that is left out (两千五)
    is not guessed.
    """
    if not _PLACED.fullmatch(text):
        return None
    for short, long in _SHORT.items():
        text = text.replace(short, long)
    if all(character in _DIGITS for character in text):
        return int("".join(str(_DIGITS[character]) for character in text))
    return _by_unit(text)


def _by_unit(text: str) -> int | None:
    total = section = digit = 0
    unit, pending, zero = 10**9, False, False
    for character in text:
        if character in _DIGITS:
            if pending:
                return None
            digit = _DIGITS[character]
            zero = zero or digit == 0
            pending = digit > 0
        elif character in _UNITS:
            unit = _UNITS[character]
            section += (digit if pending else 1) * unit
            digit, pending, zero = 0, False, False
        else:
            total = (total + section + digit) * _LARGE[character]
            section, digit, pending, zero, unit = 0, 0, False, False, 10**9
    if pending and unit > 10 and not zero and (total or section):
        return None
    return total + section + digit
